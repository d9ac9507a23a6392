"""Figures of the report, as the study lists them."""

from pathlib import Path

import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.figure import FigureKind, FigureSpec
from cdisc_aclf.model.spec import DatasetSpec, VariableSpec
from cdisc_aclf.study.figures import read_figures

HEADER = "kind,title,dataset,paramcd,group,flag,grade,days,marks\n"
NAMES = ("USUBJID", "PARAMCD", "TRTP", "AVAL", "CNSR")
ADTTE = DatasetSpec(
    name="ADTTE",
    label="",
    observation_class="",
    structure="",
    key=("USUBJID",),
    variables=tuple(
        VariableSpec(
            name=name,
            label="",
            data_type="text",
            length=1,
            core="Req",
            role="",
            codelists=(),
            origin="",
            source="",
            method="",
            comment="",
        )
        for name in NAMES
    ),
    file="adtte.csv",
)


def written(folder: Path, line: str) -> Path:
    (folder / "specs" / "adam").mkdir(parents=True)
    (folder / "specs" / "adam" / "figures.csv").write_text(HEADER + line, "utf-8")
    return folder


def test_a_row_is_a_figure(tmp_path: Path):
    line = "survival,Survival,ADTTE,OS,TRTP,ITTFL,,0 28 84,28 84\n"
    assert read_figures(written(tmp_path, line), {"ADTTE": ADTTE}) == (
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
    )


def test_a_study_without_the_table_has_no_figures(tmp_path: Path):
    assert read_figures(tmp_path, {"ADTTE": ADTTE}) == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("pie,S,ADTTE,OS,TRTP,ITTFL,,0,28\n", r"figures.csv:2: kind 'pie' is none of survival, course, shift, events"),
        ("survival,S,ADXX,OS,TRTP,ITTFL,,0,28\n", r"figures.csv:2: no dataset 'ADXX'"),
        ("survival,S,ADTTE,OS,TRTA,ITTFL,,0,28\n", r"figures.csv:2: ADTTE has no TRTA"),
        ("shift,S,ADTTE,OS,TRTP,ITTFL,ATOXGRH,,\n", r"figures.csv:2: ADTTE has no CHG, ADY, ATOXGRH, BTOXGRH"),
        ("survival,S,ADTTE,OS,TRTP,ITTFL,,day 1,28\n", r"figures.csv:2: days and marks are numbers"),
    ],
)
def test_a_figure_that_cannot_be_drawn_is_refused_with_its_line(tmp_path: Path, line: str, message: str):
    with pytest.raises(DefinitionError, match=message):
        read_figures(written(tmp_path, line), {"ADTTE": ADTTE})
