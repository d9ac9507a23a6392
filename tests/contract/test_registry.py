"""The command that turns a registry record alone into FHIR and back."""

import json
from pathlib import Path
from typing import Any

import pytest

from cdisc_aclf.cli import main
from cdisc_aclf.fhir.push.package import read_package
from cdisc_aclf.study.shipped import first_study

RECORD = first_study() / "specs" / "protocol" / "NCT07409259.txt"


def types(bundle: Path) -> set[str]:
    return {entry["resource"]["resourceType"] for entry in json.loads(bundle.read_text("utf-8"))["entry"]}


def test_the_record_of_the_study_comes_back_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["registry", str(RECORD), "--out", str(tmp_path / "out"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["values"], told["came_back"]) == (125, 125)
    back = json.loads((tmp_path / "out" / "record.json").read_text("utf-8"))
    assert back["protocolSection"]["identificationModule"]["nctId"] == "NCT07409259"
    assert back["protocolSection"]["contactsLocationsModule"]["locations"][0]["geoPoint"] == {
        "lat": 23.11667, "lon": 113.25,
    }  # fmt: skip
    for version in ("r5", "r4b"):
        assert "PlanDefinition" in types(tmp_path / "out" / "fhir" / version / "bundle.json")


def test_what_was_made_of_a_record_is_a_package_that_can_be_pushed(tmp_path: Path):
    assert main(["registry", str(RECORD), "--out", str(tmp_path / "out")]) == 0
    for version in ("r5", "r4b"):
        made = read_package(tmp_path / "out" / "fhir" / version)
        assert {resource.source for resource in made} == {"protocol:NCT07409259"}


@pytest.fixture
def other(tmp_path: Path) -> Path:
    record: dict[str, Any] = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000000", "briefTitle": "Saline"},
            "newModule": {"a": 1},
        }
    }
    path = tmp_path / "other.json"
    path.write_text(json.dumps(record), "utf-8")
    return path


def test_another_record_has_no_schedule_of_this_study_and_an_unknown_field_is_reported(
    other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["registry", str(other), "--out", str(tmp_path / "out"), "--fail-on", "warning"]) == 1
    assert types(tmp_path / "out" / "fhir" / "r5" / "bundle.json") == {"Group", "ResearchStudy"}
    said = capsys.readouterr().out
    assert "protocolSection.newModule.a" in said
    assert "2 of 3 values come back" in said


def test_what_is_no_record_is_an_input_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "record.json"
    path.write_text("[]", "utf-8")
    assert main(["registry", str(path), "--out", str(tmp_path / "out")]) == 3
    assert not (tmp_path / "out").exists()
    assert "is a list, and no record" in capsys.readouterr().err


def test_unmapped_elements_are_printed_with_their_reasons(capsys: pytest.CaptureFixture[str]):
    assert main(["unmapped", "--json"]) == 0
    losses = json.loads(capsys.readouterr().out)
    assert {("registry record", "R5"), ("R5", "R4B")} <= {(loss["origin"], loss["form"]) for loss in losses}
    assert all(loss["why"] for loss in losses)


def test_the_former_name_of_a_command_works_and_its_new_one_is_told(capsys: pytest.CaptureFixture[str]):
    assert main(["losses", "--json"]) == 0
    former = capsys.readouterr()
    assert "losses is called unmapped now" in former.err
    assert main(["unmapped", "--json"]) == 0
    assert capsys.readouterr().out == former.out
