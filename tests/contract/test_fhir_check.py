"""What scripts rely on when FHIR JSON of anybody is checked: each fault with its place, and exit codes."""

import json
from pathlib import Path

import pytest

from cdisc_aclf.cli import main

PATIENT = {"fullUrl": "https://x.org/Patient/1", "resource": {"resourceType": "Patient", "id": "1"}}
STATUS = {"resourceType": "Observation", "id": "2", "status": "finall", "code": {"text": "ALT"}}


def saved(path: Path, *resources: object) -> str:
    path.write_text("\n".join(json.dumps(each) for each in resources), "utf-8")
    return str(path)


def bundle(*entries: object) -> dict[str, object]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [*entries]}


def told(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, str]]:
    return [(found["rule"], found["key"], found["variable"]) for found in json.loads(capsys.readouterr().out)]


def test_a_bundle_without_fault_is_exit_code_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["fhir", "check", saved(tmp_path / "b.json", bundle(PATIENT))]) == 0
    assert "0 issues" in capsys.readouterr().out


@pytest.mark.parametrize("version", ["r5", "r4b"])
def test_a_code_that_fhir_does_not_have_is_exit_code_1_in_either_version(
    version: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = saved(tmp_path / "b.json", bundle({"fullUrl": "https://x.org/Observation/2", "resource": STATUS}))
    assert main(["fhir", "check", "--fhir", version, "--json", file]) == 1
    assert told(capsys) == [("FHIR-CODE", "2", "status")]


def test_a_reference_out_of_the_bundle_is_a_fault_unless_the_bundle_is_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    results = {**STATUS, "status": "final", "subject": {"reference": "Patient/9"}}
    file = saved(tmp_path / "b.json", bundle({"fullUrl": "https://x.org/Observation/2", "resource": results}))
    assert main(["fhir", "check", "--json", file]) == 1
    assert told(capsys) == [("FHIR-REFERENCE", "2", "subject.reference")]
    assert main(["fhir", "check", "--open", file]) == 0


def test_each_line_of_a_bulk_file_is_named_by_its_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = saved(tmp_path / "Observation.ndjson", {**STATUS, "status": "final"}, STATUS)
    assert main(["fhir", "check", file]) == 1
    [line, _] = capsys.readouterr().out.splitlines()
    assert "Observation.ndjson:2" in line
    assert "'finall'" in line


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "no JSON"),
        (b"[1]", "no FHIR resource"),
        (b'{"a":NaN}', "NaN"),
        (b"\xff\xfe", "not UTF-8"),
        (None, "opened"),
    ],
)
def test_what_is_no_fhir_is_one_line_and_exit_code_3(
    text: bytes | None, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    if text is not None:
        (tmp_path / "x.json").write_bytes(text)
    assert main(["fhir", "check", str(tmp_path / "x.json")]) == 3
    [line] = capsys.readouterr().err.splitlines()
    assert why in line
    assert "x.json" in line
