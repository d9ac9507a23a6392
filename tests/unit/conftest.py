from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.model.run import FormReconciliation, Run, SubmittedDataset
from cdisc_aclf.model.spec import ColumnSpec, DatasetSpec, FormSpec
from cdisc_aclf.model.study import Decision, Study
from cdisc_aclf.model.trial import Identification, Trial
from cdisc_aclf.report.page import report_html

VOID = {"col", "input", "meta", "wbr"}


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.text = ""
        self.open: list[str] = []
        self.caption = ""
        self.feed(html)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.caption = ""
        elif tag == "tr":
            self.tables.setdefault(self.caption, []).append([])
        elif tag in {"td", "th"}:
            self.tables[self.caption][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"script", "style"}:
            self.text += data
        if "caption" in self.open:
            self.caption += data
        elif {"td", "th"} & set(self.open):
            self.tables[self.caption][-1][-1] += data


@pytest.fixture
def parse() -> Callable[[str], SimpleNamespace]:
    """What stands on a page: `text`, `tables` by caption as rows of text, `elements` as name and attributes."""

    def parsed(html: str) -> SimpleNamespace:
        page = _Page(html)
        return SimpleNamespace(text=page.text, tables=page.tables, elements=page.elements)

    return parsed


def dataset(name: str, label: str, structure: str, frame: pl.DataFrame) -> SubmittedDataset:
    spec = DatasetSpec(
        name=name,
        label=label,
        observation_class="Findings",
        structure=structure,
        key=("USUBJID",),
        variables=(),
        file=f"/study/specs/sdtm/{name.lower()}.csv",
    )
    return SubmittedDataset(spec, frame)


def form(name: str, label: str, label_zh: str, columns: tuple[ColumnSpec, ...], left_out: str = "") -> FormSpec:
    return FormSpec(
        name=name,
        label=label,
        label_zh=label_zh,
        key=("subject",),
        left_out=left_out,
        columns=columns,
        file=f"/study/specs/raw/{name}.csv",
    )


DM = pl.DataFrame(
    [
        ("PL21-01", "Study Group", None, "2026-01-10T09:00", None),
        ("PL21-02", "Study Group", None, "2026-01-11T09:00", "Y"),
        ("PL21-03", "Control Group", None, None, None),
        ("PL21-04", "Control Group", None, None, None),
        ("PL21-05", None, "SCREEN FAILURE", None, None),
        ("PL21-06", None, "SCREEN FAILURE", None, None),
        ("PL21-07", "Study Group", "ASSIGNED, NOT TREATED", None, "Y"),
    ],
    schema=["USUBJID", "ARM", "ARMNRS", "RFXSTDTC", "DTHFL"],
    orient="row",
).with_columns(RFICDTC=pl.lit("2026-01-05"))
DS = pl.DataFrame(
    [
        ("PL21-01", "PROTOCOL MILESTONE", None, "RANDOMIZED"),
        ("PL21-01", "DISPOSITION EVENT", "STUDY TREATMENT", "ADVERSE EVENT"),
        ("PL21-01", "DISPOSITION EVENT", "STUDY PARTICIPATION", "COMPLETED"),
        ("PL21-02", "DISPOSITION EVENT", "STUDY PARTICIPATION", "DEATH"),
        ("PL21-03", "DISPOSITION EVENT", "STUDY PARTICIPATION", "LOST TO FOLLOW-UP"),
        ("PL21-04", "DISPOSITION EVENT", "STUDY TREATMENT", "COMPLETED"),
        ("PL21-05", "DISPOSITION EVENT", "STUDY PARTICIPATION", "SCREEN FAILURE"),
    ],
    schema=["USUBJID", "DSCAT", "DSSCAT", "DSDECOD"],
    orient="row",
)
LB = pl.DataFrame(
    {
        "USUBJID": ["PL21-01", "PL21-01", "PL21-02", "PL21-02"],
        "LBTESTCD": ["ALT", "BILI", "ALT", "BILI"],
        "raw_record": ["lab:2", "lab:3", "lab:4", "lab:5"],
    }
)
DEMOGRAPHICS = form(
    "demographics",
    "Consent and demographics",
    "知情同意与人口学",
    (
        ColumnSpec(
            name="subject",
            label="Subject number",
            label_zh="受试者编号",
            kind="text",
            codelist="",
            targets=("DM.SUBJID", "*.USUBJID"),
            ignored="",
        ),
        ColumnSpec(
            name="initials",
            label="Initials of the name",
            label_zh="姓名缩写",
            kind="text",
            codelist="",
            targets=(),
            ignored="identifies a person",
        ),
    ),
)
LAB = form(
    "lab",
    "Laboratory",
    "实验室检查",
    (
        ColumnSpec(
            name="result",
            label="Result",
            label_zh="结果",
            kind="result",
            codelist="",
            targets=("LB.LBORRES", "RS.RSORRES"),
            ignored="",
        ),
        ColumnSpec(
            name="lab_flag",
            label="Flag",
            label_zh="异常标记",
            kind="choice",
            codelist="LABFLAG",
            targets=("SUPPLB.LBFLAG",),
            ignored="",
        ),
    ),
    left_out="the sample was not drawn",
)
CHILD_PUGH = form(
    "child_pugh",
    "Child-Pugh",
    "Child-Pugh评分",
    (
        ColumnSpec(
            name="ascites",
            label="Ascites, points",
            label_zh="腹水得分",
            kind="integer",
            codelist="",
            targets=("RS.RSSTRESN",),
            ignored="",
        ),
    ),
)
ISSUES = (
    Issue(
        rule="SD-TERM",
        severity=Severity.ERROR,
        message="not a term of the codelist",
        dataset="LB",
        form="lab",
        record="17",
        subject="PL21-01",
        key="LBTESTCD=ALT, LBDTC=2026-01-10",
        variable="LBORRESU",
        value="<script>alert('x')</script> & \"毫克\"",
    ),
    Issue(
        rule="SD-TERM", severity=Severity.ERROR, message="not a term of the other codelist", dataset="DM",
        form="demographics", record="3", subject="PL21-02", variable="SEX", value="=1+1",
    ),
    Issue(rule="RAW-NUMBER", severity=Severity.WARNING, message="not a number", form="lab", variable="result"),
    Issue(rule="PROTOCOL-HE-SCORE", severity=Severity.WARNING, message="The formula takes the HE grade",
            form="protocol", record="outcomesModule.primaryOutcomes[0].description", value="HE grade"),
    Issue(rule="results_converted", severity=Severity.NOTE, message="converted", dataset="LB", count=1240),
    Issue(rule="PROTOCOL-NAME", severity=Severity.NOTE, message="The name ends in a comma", form="protocol",
            record="armsInterventionsModule.armGroups[0].label", value="Control Group,"),
)  # fmt: skip


@pytest.fixture
def run() -> Run:
    """A small study with something of everything, counted by hand in the tests."""
    return Run(
        study=Study(
            id="PL21",
            country="CHN",
            time_zone="+08:00",
            real_environment="PROD",
            record="protocol/record.txt",
            fhir_base="urn:pl21",
            standards={"sdtmig": "3.4", "ctcae": "5.0"},
            decisions={
                "age": Decision(
                    choice="completed years at consent", why="limits apply then", rejected="age at randomisation"
                )
            },
            folder=Path("/study"),
        ),
        trial=Trial(identification=Identification(nct_id="NCT07409259", official_title="Exosomes <2×10^11> in ACLF")),
        synthetic="SIMULATION <v1>",
        forms={each.name: each for each in (DEMOGRAPHICS, LAB, CHILD_PUGH)},
        reconciliation=(
            FormReconciliation(form=DEMOGRAPHICS, records=7, submitted=7, waiting=0, waits_for=(), left_out=0, lost=0),
            FormReconciliation(form=LAB, records=10, submitted=4, waiting=0, waits_for=("RS",), left_out=5, lost=1),
            FormReconciliation(
                form=CHILD_PUGH, records=1200, submitted=0, waiting=1200, waits_for=("MH", "RS"), left_out=0, lost=0
            ),
        ),
        datasets={
            "DM": dataset("DM", "Demographics", "One record per subject", DM),
            "LB": dataset("LB", "Laboratory Test Results", "One record per lab test", LB),
            "DS": dataset("DS", "Disposition", "One record per event", DS),
            "TS": dataset("TS", "Trial Summary", "One record per parameter", pl.DataFrame({"TSPARMCD": ["TITLE"]})),
        },
        resources={"ResearchStudy": 1, "Observation": 1500},
        issues=ISSUES,
        dictionaries=("MedDRA 28.0",),
    )


@pytest.fixture
def page(run: Run, parse: Callable[[str], SimpleNamespace]) -> SimpleNamespace:
    return parse(report_html(run))
