"""The analysis section: counts and estimates that a reader can add up by hand."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest

from cdisc_aclf.model.figure import FigureKind, FigureSpec
from cdisc_aclf.model.run import Run, SubmittedDataset
from cdisc_aclf.model.spec import DatasetSpec
from cdisc_aclf.report.analysis import analysis_section

Parse = Callable[[str], SimpleNamespace]

ADSL = pl.DataFrame(
    {
        "USUBJID": ["1", "2", "3", "4", "5"],
        "ITTFL": ["Y", "Y", "Y", "Y", "N"],
        "TRT01P": ["A", "A", "A", "B", None],
        "TRT01A": ["A", "A", "A", "B", None],
    }
)
ADTTE = pl.DataFrame(
    {
        "USUBJID": ["1", "2", "3", "4", "5", "1"],
        "PARAMCD": ["OS"] * 5 + ["OTHER"],
        "TRTP": ["A", "A", "A", "B", None, "A"],
        "AVAL": [10.0, 30.0, 84.0, 84.0, 3.0, 1.0],
        "CNSR": [0, 1, 2, 1, 0, 0],
    }
)
ADLB = pl.DataFrame(
    {
        "USUBJID": ["1", "1", "1", "2", "2", "4", "3"],
        "PARAMCD": ["ALT"] * 7,
        "TRTP": ["A"] * 5 + ["B", "A"],
        "ADY": [1, 4, 7, 1, 4, 1, 4],
        "AVAL": [50.0, 90.0, 70.0, 20.0, None, 30.0, 900.0],
        "CHG": [None, 40.0, 20.0, None, None, None, None],
        "BTOXGRH": ["1", "1", "1", "0", "0", "0", None],
        "ATOXGRH": ["1", "2", "1", "0", None, "0", "4"],
    }
)
ADAE = pl.DataFrame(
    {
        "USUBJID": ["1", "1", "2", "4", "4"],
        "TRTA": ["A", "A", "A", "B", "B"],
        "AEDECOD": ["Drowsy", "Drowsy", "Drowsy", None, "Drowsy"],
        "AETERM": ["sleepy", "sleepy", "sleepy", "itch", "sleepy"],
        "TRTEMFL": ["Y", "Y", "Y", "Y", None],
        "AETOXGR": ["1", "3", "2", None, "5"],
    }
)
FIGURES = (
    FigureSpec(
        kind=FigureKind.SURVIVAL,
        title="Survival",
        dataset="ADTTE",
        paramcd="OS",
        group="TRTP",
        flag="ITTFL",
        grade="",
        days=(0, 28, 84),
        marks=(28.0, 84.0),
    ),
    FigureSpec(
        kind=FigureKind.SHIFT,
        title="ALT",
        dataset="ADLB",
        paramcd="ALT",
        group="TRTP",
        flag="ITTFL",
        grade="ATOXGRH",
        days=(),
        marks=(),
    ),
    FigureSpec(
        kind=FigureKind.EVENTS,
        title="Events",
        dataset="ADAE",
        paramcd="",
        group="TRTA",
        flag="ITTFL",
        grade="AETOXGR",
        days=(),
        marks=(),
    ),
)


def shown(run: Run, parse: Parse, **frames: pl.DataFrame) -> SimpleNamespace:
    given: Mapping[str, pl.DataFrame] = {"ADSL": ADSL, "ADTTE": ADTTE, "ADLB": ADLB, "ADAE": ADAE} | frames
    datasets = {
        name: SubmittedDataset(
            DatasetSpec(
                name=name,
                label="",
                observation_class="",
                structure="",
                key=(),
                variables=(),
                file=f"specs/adam/{name}.csv",
            ),
            frame,
        )
        for name, frame in given.items()
    }
    return parse(analysis_section(replace(run, datasets=datasets, figures=FIGURES)))


def plain(cells: list[str]) -> list[str]:
    return [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in cells]


def test_events_and_censored_subjects_of_each_arm_are_counted_and_the_estimate_stands_beside(run: Run, parse: Parse):
    # arm A: of three one dies on day 10, so 2/3 are alive on day 28 and 84; log-log limits by hand:
    # S = 2/3, Greenwood 1/(3*2) = 0.1667, error 1.95996*0.40825/0.405465 = 1.97342, log(-log S) = -0.90272
    # lower exp(-exp(-0.90272+1.97342)) = 0.0541, upper exp(-exp(-0.90272-1.97342)) = 0.9452
    assert [plain(cells) for cells in shown(run, parse).tables["Kaplan-Meier estimate"][1:]] == [
        ["A", "3", "1", "2", "0", "66.7 % (5.4 to 94.5)", "66.7 % (5.4 to 94.5)"],
        ["B", "1", "0", "1", "0", "100.0 %", "100.0 %"],
    ]


def test_a_shift_counts_each_subject_once_at_its_worst_grade(run: Run, parse: Parse):
    assert shown(run, parse).tables["Subjects by worst grade after baseline"] == [
        ["Arm", "At baseline", "0", "1", "2", "3", "4", "not graded"],
        ["A", "0", "0", "0", "0", "0", "0", "1"],
        ["A", "1", "0", "0", "1", "0", "0", "0"],
        ["A", "not graded", "0", "0", "0", "0", "1", "0"],
        ["B", "0", "0", "0", "0", "0", "0", "1"],
    ]


def test_an_event_counts_a_subject_once_and_only_when_it_emerged_under_treatment(run: Run, parse: Parse):
    assert shown(run, parse).tables["Subjects by worst grade of each event"] == [
        ["Event", "Arm", "1", "2", "3", "4", "5", "not graded", "Any grade"],
        ["Any event", "A (N=3)", "0", "1", "1", "0", "0", "0", "2"],
        ["Any event", "B (N=1)", "0", "0", "0", "0", "0", "1", "1"],
        ["Drowsy", "A (N=3)", "0", "1", "1", "0", "0", "0", "2"],
        ["Drowsy", "B (N=1)", "0", "0", "0", "0", "0", "0", "0"],
        ["itch", "A (N=3)", "0", "0", "0", "0", "0", "0", "0"],
        ["itch", "B (N=1)", "0", "0", "0", "0", "0", "1", "1"],
    ]


def test_an_arm_without_any_event_is_shown_with_none(run: Run, parse: Parse):
    rows = shown(run, parse, ADAE=ADAE.filter(pl.col("TRTA") == "A")).tables["Subjects by worst grade of each event"]
    assert rows[2] == ["Any event", "B (N=1)", "0", "0", "0", "0", "0", "0", "0"]


def test_a_subject_without_the_population_flag_or_an_arm_is_in_no_figure(run: Run, parse: Parse):
    page = shown(run, parse, ADSL=ADSL.with_columns(ITTFL=pl.Series(["N", "N", "N", "Y", "Y"])))
    assert [plain(cells) for cells in page.tables["Kaplan-Meier estimate"][1:]] == [
        ["B", "1", "0", "1", "0", "100.0 %", "100.0 %"]
    ]


def test_a_figure_without_records_says_so(run: Run, parse: Parse):
    assert shown(run, parse, ADTTE=ADTTE.clear()).text.count("No record.") == 1


def test_a_picture_has_a_text_for_those_who_do_not_see_it(run: Run, parse: Parse):
    pictures = [attributes for name, attributes in shown(run, parse).elements if name == "img"]
    assert [picture["alt"] for picture in pictures] == ["Kaplan-Meier curves: Survival"]
    assert pictures[0]["src"].startswith("data:image/svg+xml;base64,")


@pytest.mark.parametrize("name", ["ADSL"])
def test_a_run_without_analysis_data_says_so(run: Run, parse: Parse, name: str):
    without = {key: data for key, data in run.datasets.items() if key != name}
    assert "no analysis data" in parse(analysis_section(replace(run, datasets=without, figures=FIGURES))).text
