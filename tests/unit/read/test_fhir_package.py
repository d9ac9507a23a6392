from pathlib import Path

import pytest

from cdisc_aclf.errors import InputError
from cdisc_aclf.model.load import Loadable
from cdisc_aclf.read.fhir_package import read_base, read_package


def bulk(folder: Path, name: str, text: str) -> None:
    (folder / "ndjson").mkdir(exist_ok=True)
    (folder / "ndjson" / f"{name}.ndjson").write_bytes(text.encode())


def test_a_resource_keeps_its_text_and_has_its_identifier_as_source(tmp_path: Path):
    text = '{"resourceType":"Patient","id":"1","identifier":[{"system":"urn:s","value":"PL21-01-001"}],"value":1.50}'
    bulk(tmp_path, "Patient", f"{text}\n")
    assert read_package(tmp_path) == [Loadable("Patient/1", text, "PL21-01-001")]


def test_the_source_is_what_a_provenance_names_where_there_is_one(tmp_path: Path):
    bulk(tmp_path, "Observation", '{"resourceType":"Observation","id":"1","identifier":{"value":"PL21|LB|1"}}\n')
    bulk(
        tmp_path,
        "Provenance",
        '{"resourceType":"Provenance","id":"p","target":[{"reference":"Observation/1"}],"entity":'
        '[{"role":"source","what":{"display":"lab:17"}},{"role":"source","what":{"identifier":{"value":"lab:18"}}}]}\n',
    )
    assert {made.reference: made.source for made in read_package(tmp_path)} == {
        "Observation/1": "lab:17, lab:18",
        "Provenance/p": "",
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"resourceType":"Patient"}\n', r"Patient\.ndjson:1: is no resource"),
        ('{"resourceType":"Patient","id":"1"}\n\n{"resourceType":"Patient","id":"2"}\n', r"Patient\.ndjson:2: is no"),
        ('{"resourceType":"Patient","id":"1"}\n{"resourceTy', r"Patient\.ndjson:2: is no resource"),
        ("[]\n", r"Patient\.ndjson:1: is no resource"),
        ('{"resourceType":"Patient","id":"1"}\n' * 2, "Patient/1 is there twice"),
    ],
)
def test_a_package_that_cannot_be_read_is_refused_with_file_and_line(text: str, problem: str, tmp_path: Path):
    bulk(tmp_path, "Patient", text)
    with pytest.raises(InputError, match=problem):
        read_package(tmp_path)


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path):
    bulk(tmp_path, "Patient", "")
    (tmp_path / "ndjson" / "Patient.ndjson").write_bytes(b"\xff\n")
    with pytest.raises(InputError, match=r"Patient\.ndjson: is not UTF-8"):
        read_package(tmp_path)


def test_a_folder_without_bulk_data_is_no_package(tmp_path: Path):
    with pytest.raises(InputError, match="has no Bulk Data files"):
        read_package(tmp_path)


def test_the_base_is_what_the_manifest_was_asked_below(tmp_path: Path):
    (tmp_path / "manifest.json").write_text('{"request":"https://x.org/fhir/$export"}')
    assert read_base(tmp_path) == "https://x.org/fhir"
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(InputError, match="is not the manifest"):
        read_base(tmp_path)
