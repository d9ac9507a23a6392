"""What scripts rely on when a package is pushed: exit codes, the report, and nothing left unsaid."""

import csv
import json
from pathlib import Path

import pytest

from cdisc_aclf.cli import main


@pytest.fixture
def package(tmp_path: Path) -> Path:
    bulk = tmp_path / "package" / "fhir" / "r5" / "ndjson"
    bulk.mkdir(parents=True)
    (bulk / "Patient.ndjson").write_text('{"resourceType":"Patient","id":"1"}\n')
    (bulk.parents[1] / "sources.csv").write_text("resource,source\nPatient/1,demographics:2\n")
    return tmp_path / "package"


def test_a_server_that_is_not_there_is_exit_code_3_and_every_resource_is_reported_as_not_sent(
    package: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["fhir", "push", "--server", "http://127.0.0.1:9", "--package", str(package), "--retries", "0"]) == 3
    said = capsys.readouterr()
    [line] = said.err.splitlines()
    assert "http://127.0.0.1:9: cannot be reached" in line
    assert "1 resources: 1 not sent" in said.out
    with package.with_name("package.push.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["resource"], row["source"], row["done"]) == ("Patient/1", "demographics:2", "not sent")
    assert sorted(path.name for path in package.parent.iterdir()) == ["package", "package.push.csv"]


def test_a_package_that_is_not_there_is_exit_code_3_and_leaves_no_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["fhir", "push", "--server", "http://127.0.0.1:9", "--package", str(tmp_path / "nowhere")]) == 3
    [line] = capsys.readouterr().err.splitlines()
    assert "nowhere/fhir/r5/ndjson: has no Bulk Data files" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong",
    [["--server", "somewhere"], ["--max-entries", "0"], ["--retries", "-1"], ["--withdrawn", "burn"], ["--fhir", "r3"]],
)
def test_a_push_that_cannot_be_is_exit_code_2(wrong: list[str], package: Path):
    arguments = ["fhir", "push", "--server", "http://127.0.0.1:9", "--package", str(package), *wrong]
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(str(stop.code))
    assert code == 2


def test_the_outcome_as_json_lists_what_is_open(package: Path, capsys: pytest.CaptureFixture[str]):
    arguments = ["--server", "http://127.0.0.1:9", "--package", str(package), "--retries", "0", "--json"]
    assert main(["fhir", "push", *arguments]) == 3
    said = json.loads(capsys.readouterr().out)
    assert said["done"] == {"not sent": 1}
    assert said["open"][0]["resource"] == "Patient/1"
