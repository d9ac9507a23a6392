"""The whole way on the synthetic study, as a user goes it: simulate, then build."""

import csv
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cdisc_aclf.model.issue import Issue
from cdisc_aclf.model.run import Run
from cdisc_aclf.pipelines.convert import convert
from cdisc_aclf.pipelines.simulate import simulate
from cdisc_aclf.study.definition import open_study
from cdisc_aclf.study.shipped import first_study

PROTOCOL = "protocol"


def converted(folder: Path, *, clean: bool, seed: int) -> Run:
    simulate(first_study(), folder, subjects=20, seed=seed, clean=clean)
    dictionaries = {path.stem: path for path in (folder / "dictionaries").iterdir()}
    return convert(open_study(first_study()), folder / "raw", dictionaries=dictionaries, progress=lambda _: None)


def about_data(run: Run) -> list[Issue]:
    return [issue for issue in run.issues if issue.form != PROTOCOL]


@pytest.fixture(scope="module", params=[1, 2])
def dirty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    folder = tmp_path_factory.mktemp("dirty") / "export"
    return converted(folder, clean=False, seed=request.param), folder


def test_every_planted_fault_is_reported_under_its_rule_at_its_place(dirty: tuple[Run, Path]):
    run, folder = dirty
    records = {(issue.rule, issue.form, issue.record) for issue in run.issues}
    subjects = {(issue.rule, issue.subject[-6:]) for issue in run.issues}
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    missing = [
        fault
        for fault in truth
        if (fault["row"] and (fault["rule"], fault["form"], fault["row"]) not in records)
        or (not fault["row"] and (fault["rule"], fault["subject"][-6:]) not in subjects)
    ]
    assert truth
    assert missing == []


def test_every_parameter_that_answers_an_outcome_measure_has_values(dirty: tuple[Run, Path]):
    run, _ = dirty
    with (first_study() / "specs" / "adam" / "outcomes.csv").open(encoding="utf-8", newline="") as file:
        results = list(csv.DictReader(file))
    for row in results:
        frame = run.datasets[row["dataset"]].frame
        values = frame.select(row["variables"].split()[0], *(["PARAMCD"] if row["paramcd"] else []))
        made = set(values.drop_nulls()["PARAMCD"]) if row["paramcd"] else set()
        assert set(row["paramcd"].split()) <= made, row["result"]
        assert values.drop_nulls().height, row["result"]


def test_nothing_is_found_in_clean_data(tmp_path: Path):
    assert about_data(converted(tmp_path / "export", clean=True, seed=1)) == []


def test_every_raw_record_is_submitted_or_waits_or_is_left_out_for_a_reason(dirty: tuple[Run, Path]):
    run, folder = dirty
    for reconciled in run.reconciliation:
        with (folder / "raw" / f"{reconciled.form.name}.csv").open(encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in csv.reader(file)) - 1
        assert reconciled.records == rows
        assert reconciled.submitted + reconciled.waiting + reconciled.left_out + reconciled.lost == rows
        assert reconciled.lost == 0


def test_every_raw_record_of_a_finished_form_has_its_record_in_the_dataset(dirty: tuple[Run, Path]):
    run, folder = dirty
    for form, dataset in (("demographics", "DM"), ("lab", "LB"), ("adverse_event", "AE"), ("visit", "SV")):
        with (folder / "raw" / f"{form}.csv").open(encoding="utf-8", newline="") as file:
            assert run.datasets[dataset].frame.height == sum(1 for _ in csv.DictReader(file))


def test_two_builds_in_other_places_zones_and_locales_give_the_same_bytes(tmp_path: Path):
    hashes = []
    for number, zone in enumerate(("UTC", "Pacific/Apia")):
        home = tmp_path / str(number)
        home.mkdir()
        environment = os.environ | {"TZ": zone, "LC_ALL": ("C", "C.UTF-8")[number], "PYTHONHASHSEED": str(number)}
        arguments = [sys.executable, "-m", "cdisc_aclf", "demo", "--out", "demo", "--quiet"]
        subprocess.run(arguments, cwd=home, env=environment, check=True, capture_output=True)
        files = sorted(path for path in (home / "demo").rglob("*") if path.is_file())
        hashes.append({str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    assert len(hashes[0]) > 30
    assert hashes[0] == hashes[1]


def test_every_output_of_the_demo_says_that_it_is_synthetic(tmp_path: Path):
    arguments = [sys.executable, "-m", "cdisc_aclf", "demo", "--out", str(tmp_path / "demo"), "--quiet", "--json"]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout)["synthetic"] == "SYNTHETIC"
    package = tmp_path / "demo" / "package"
    assert "SYNTHETIC" in (package / "SYNTHETIC.txt").read_text("utf-8")
    assert "SYNTHETIC" in (package / "report" / "index.html").read_text("utf-8")
    for version in ("r5", "r4b"):
        bundle = json.loads((package / "fhir" / version / "bundle.json").read_text("utf-8"))
        for entry in bundle["entry"]:
            assert [tag["code"] for tag in entry["resource"]["meta"]["security"]] == ["HTEST"]
    for form in (tmp_path / "demo" / "export" / "raw").glob("*.csv"):
        with form.open(encoding="utf-8", newline="") as file:
            assert {row["environment"] for row in csv.DictReader(file)} == {"SYNTHETIC"}
