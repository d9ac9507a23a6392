"""Nothing lost: the records of an export, counted by hand in its CSV files, are in the datasets or are listed."""

import csv
import io
from pathlib import Path

import pytest

from cdisc_aclf.model.run import Run
from cdisc_aclf.pipelines.convert import convert
from cdisc_aclf.pipelines.simulate import simulate
from cdisc_aclf.study.definition import open_study
from cdisc_aclf.study.shipped import first_study

Forms = dict[str, list[dict[str, str]]]

YES, NO = "是", "否"
VITAL_SIGNS = ("temperature", "pulse", "respiration", "systolic", "diastolic", "weight", "height")
CHILD_PUGH = ("encephalopathy", "ascites", "bilirubin", "albumin", "inr", "total", "grade")
COSSH_ACLF = ("inr", "west_haven", "neutrophils", "bilirubin", "urea", "age", "score")
SYMPTOMS = ("fatigue", "anorexia", "nausea", "jaundice", "consciousness", "total")


def export(folder: Path, *, clean: bool) -> Forms:
    simulate(first_study(), folder, subjects=20, seed=1, clean=clean)
    raw = (folder / "raw").iterdir()
    return {path.stem: list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""))) for path in raw}


def built(folder: Path) -> Run:
    dictionaries = {path.stem: path for path in (folder / "dictionaries").iterdir()}
    return convert(open_study(first_study()), folder / "raw", dictionaries=dictionaries, progress=lambda _: None)


def filled(rows: list[dict[str, str]], *columns: str) -> int:
    return sum(bool(row[column]) for row in rows for column in columns)


def not_met(row: dict[str, str]) -> int:
    """How many criteria of an eligibility form are not met."""
    failed = {"incl": NO, "excl": YES}
    return sum(answer == failed.get(column.rstrip("0123456789")) for column, answer in row.items())


def records_of(forms: Forms) -> dict[str, int]:
    """How many records each dataset made from forms must have."""
    count = {form: len(rows) for form, rows in forms.items()}
    return {
        "DM": count["demographics"],
        "SV": count["visit"],
        "LB": count["lab"],
        "AE": count["adverse_event"],
        "CM": count["concomitant"],
        "PR": count["procedure"],
        "EX": sum(row["given"] == YES for row in forms["infusion"]),
        "DS": count["demographics"] + count["randomisation"] + count["disposition"],
        "MH": count["medical_history"] + 3 * count["hbv_history"],
        "MB": filled(forms["hbv_history"], "hbsag", "hbeag", "hbv_dna"),
        "VS": filled(forms["vital_signs"], *VITAL_SIGNS),
        "RS": filled(forms["child_pugh"], *CHILD_PUGH)
        + filled(forms["he_ascites"], "west_haven", "ascites")
        + filled(forms["cossh_aclf"], *COSSH_ACLF)
        + filled(forms["symptom_score"], *SYMPTOMS),
        "IE": sum(map(not_met, forms["eligibility"])),
        "SS": filled(forms["survival"], "status", "last_alive_date"),
        "DD": filled(forms["death"], "cause", "place"),
    }


@pytest.mark.parametrize("clean", [True, False], ids=["clean", "dirty"])
def test_every_raw_record_is_in_the_datasets_or_listed_with_a_reason(tmp_path: Path, *, clean: bool):
    forms = export(tmp_path / "export", clean=clean)
    run = built(tmp_path / "export")
    expected = records_of(forms)
    assert {name: run.datasets[name].frame.height for name in expected} == expected
    left_out = {"eligibility": sum(not not_met(row) for row in forms["eligibility"])}
    assert {reconciled.form.name for reconciled in run.reconciliation} == forms.keys()
    for reconciled in run.reconciliation:
        name = reconciled.form.name
        assert reconciled.left_out == left_out.get(name, 0), name
        assert reconciled.submitted + reconciled.left_out == reconciled.records == len(forms[name]), name
        assert bool(reconciled.form.left_out) or not reconciled.left_out, name
    assert [issue for issue in run.issues if issue.rule == "RAW-LOST"] == []


def test_a_form_on_which_nothing_was_measured_is_lost_and_says_so(tmp_path: Path):
    [first, *_] = export(tmp_path / "export", clean=True)["vital_signs"]
    path = tmp_path / "export" / "raw" / "vital_signs.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    unmeasured = ",".join("" if column in VITAL_SIGNS else value for column, value in first.items())
    path.write_text("".join([lines[0], f"{unmeasured}\n", *lines[2:]]), "utf-8")
    run = built(tmp_path / "export")
    [lost] = [issue for issue in run.issues if issue.rule == "RAW-LOST"]
    assert (lost.form, lost.record, lost.subject) == ("vital_signs", "2", first["subject"])
