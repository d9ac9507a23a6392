from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest

from cdisc_aclf.model.run import Run, SubmittedDataset
from cdisc_aclf.report.page import report_html
from cdisc_aclf.report.subjects import ArmStatus, status_by_arm

Parse = Callable[[str], SimpleNamespace]
BY_ARM = "Subjects by arm and status"


@pytest.fixture
def statuses(run: Run) -> dict[str, ArmStatus]:
    return {
        status.arm: status for status in status_by_arm(run.datasets["DM"].frame, run.datasets["DS"].frame)
    }  # fmt: skip


def test_subjects_are_counted_by_arm_and_those_without_by_its_reason(page: SimpleNamespace):
    assert page.tables[BY_ARM] == [
        [
            "Arm", "Subjects", "Consented", "Randomised", "Treated", "Died",
            "Completed", "Ended early", "Ongoing", "How participation ended",
        ],
        ["Control Group", "2", "2", "2", "0", "0", "0", "1", "1", "LOST TO FOLLOW-UP 1"],
        ["Study Group", "3", "3", "3", "2", "2", "1", "2", "0", "DEATH 1DEATH (in DM only) 1"],
        ["SCREEN FAILURE", "2", "2", "0", "0", "0", "0", "2", "0", "SCREEN FAILURE 1SCREEN FAILURE (in DM only) 1"],
        [
            "All subjects", "7", "7", "5", "2", "2", "1", "5", "1",
            "DEATH 1DEATH (in DM only) 1LOST TO FOLLOW-UP 1SCREEN FAILURE 1SCREEN FAILURE (in DM only) 1",
        ],
    ]  # fmt: skip


def test_completed_ended_early_and_ongoing_add_up_to_the_subjects(statuses: dict[str, ArmStatus]):
    for status in statuses.values():
        assert status.completed + status.ended.total() + status.ongoing == status.subjects


def test_the_end_of_treatment_is_not_the_end_of_participation(statuses: dict[str, ArmStatus]):
    assert "ADVERSE EVENT" not in statuses["Study Group"].ended
    assert statuses["Control Group"].ongoing == 1


def test_the_last_end_of_participation_counts(run: Run):
    dm = run.datasets["DM"].frame.head(1)
    ends = pl.DataFrame({"USUBJID": ["PL21-01"] * 2, "DSDECOD": ["LOST TO FOLLOW-UP", "COMPLETED"]})
    ds = ends.with_columns(DSCAT=pl.lit("DISPOSITION EVENT"), DSSCAT=pl.lit("STUDY PARTICIPATION"))
    assert status_by_arm(dm, ds)[0].completed == 1


def test_an_end_without_a_term_is_counted_as_such(run: Run):
    dm = run.datasets["DM"].frame.head(1)
    ds = run.datasets["DS"].frame.with_columns(DSDECOD=pl.lit(None, pl.String))
    assert status_by_arm(dm, ds)[0].ended == {"REASON MISSING": 1}


def test_the_bar_has_the_shares_of_the_counts(page: SimpleNamespace):
    bars = [attributes["viewbox"] for element, attributes in page.elements if element == "svg"]
    blocks = [(block["x"], block["width"]) for element, block in page.elements if element == "rect"]
    assert bars == ["0 0 2 1", "0 0 3 1", "0 0 2 1", "0 0 7 1"]
    assert blocks[-3:] == [("0", "1"), ("1", "5"), ("6", "1")]


def test_without_ds_nothing_is_said_about_ends(run: Run, parse: Parse):
    without = {name: dataset for name, dataset in run.datasets.items() if name != "DS"}
    page = parse(report_html(replace(run, datasets=without)))
    assert page.tables[BY_ARM][0] == ["Arm", "Subjects", "Consented", "Randomised", "Treated", "Died"]
    assert page.tables[BY_ARM][-1] == ["All subjects", "7", "7", "5", "2", "2"]
    assert "This run has no DS" in page.text


def test_a_dm_without_records_has_a_total_of_none(run: Run, parse: Parse):
    dm = run.datasets["DM"]
    empty = SubmittedDataset(dm.spec, dm.frame.clear())
    page = parse(report_html(replace(run, datasets={**run.datasets, "DM": empty})))
    assert page.tables[BY_ARM][1:] == [["All subjects", "0", "0", "0", "0", "0", "0", "0", "0", ""]]
