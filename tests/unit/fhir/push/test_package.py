from pathlib import Path

import pytest

from cdisc_aclf.errors import InputError
from cdisc_aclf.fhir.push.outcome import Loadable
from cdisc_aclf.fhir.push.package import read_base, read_package


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fhir" / "r5").mkdir(parents=True)
    (tmp_path / "fhir" / "sources.csv").write_text("resource,source\n")
    return tmp_path / "fhir" / "r5"


def bulk(folder: Path, name: str, text: str) -> None:
    (folder / "ndjson").mkdir(exist_ok=True)
    (folder / "ndjson" / f"{name}.ndjson").write_bytes(text.encode())


def test_a_resource_keeps_its_text_and_has_the_record_that_it_was_made_from(folder: Path):
    text = '{"resourceType":"Patient","id":"1","value":1.50}'
    bulk(folder, "Patient", text + '\n{"resourceType":"Patient","id":"2"}\n')
    (folder.parent / "sources.csv").write_text("resource,source\nPatient/1,demographics:2 death:4\n")
    assert read_package(folder) == [
        Loadable("Patient/1", text, "demographics:2 death:4"),
        Loadable("Patient/2", '{"resourceType":"Patient","id":"2"}', ""),
    ]


@pytest.mark.parametrize("text", [None, "reference,source\nPatient/1,lab:2\n"])
def test_a_package_that_does_not_say_where_its_resources_come_from_is_refused(text: str | None, folder: Path):
    bulk(folder, "Patient", '{"resourceType":"Patient","id":"1"}\n')
    (folder.parent / "sources.csv").unlink()
    if text:
        (folder.parent / "sources.csv").write_text(text)
    with pytest.raises(InputError, match=r"sources\.csv: does not say which record"):
        read_package(folder)


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
def test_a_package_that_cannot_be_read_is_refused_with_file_and_line(text: str, problem: str, folder: Path):
    bulk(folder, "Patient", text)
    with pytest.raises(InputError, match=problem):
        read_package(folder)


def test_a_file_that_is_not_utf_8_is_named(folder: Path):
    bulk(folder, "Patient", "")
    (folder / "ndjson" / "Patient.ndjson").write_bytes(b"\xff\n")
    with pytest.raises(InputError, match=r"Patient\.ndjson: is not UTF-8"):
        read_package(folder)


def test_a_folder_without_bulk_data_is_no_package(folder: Path):
    with pytest.raises(InputError, match="has no Bulk Data files"):
        read_package(folder)


def test_the_base_is_what_the_manifest_was_asked_below(folder: Path):
    (folder / "manifest.json").write_text('{"request":"https://x.org/fhir/$export"}')
    assert read_base(folder) == "https://x.org/fhir"
    (folder / "manifest.json").write_text("[]")
    with pytest.raises(InputError, match="is not the manifest"):
        read_base(folder)
