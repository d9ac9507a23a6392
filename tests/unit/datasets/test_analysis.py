"""Rules across the datasets of ADaM: each holds on a small true study, and each is broken by one cell."""

from datetime import date

import polars as pl
import pytest

from cdisc_aclf.datasets.analysis import RULES, validate_analysis
from cdisc_aclf.model.spec import DatasetSpec, VariableSpec

SUBJECTS = ["PL21-1", "PL21-2"]
START, DEATH = date(2026, 1, 10), date(2026, 2, 6)


def spec(name: str, key: tuple[str, ...], standard: str, **copies: str) -> DatasetSpec:
    variables = tuple(
        VariableSpec(
            name=variable,
            label="",
            data_type="text",
            length=20,
            core="Req",
            role="",
            codelists=(),
            origin="Predecessor",
            source="",
            method="",
            comment="",
            predecessor=original,
        )
        for variable, original in copies.items()
    )
    return DatasetSpec(
        name=name,
        label="",
        observation_class="",
        structure="",
        key=key,
        variables=variables,
        file=f"specs/{standard}/{name.lower()}.csv",
    )


SPECS = {
    "DM": spec("DM", ("USUBJID",), "sdtm"),
    "LB": spec("LB", ("USUBJID", "LBSEQ"), "sdtm"),
    "ADSL": spec("ADSL", ("USUBJID",), "adam", SEX="DM.SEX"),
    "ADLB": spec("ADLB", ("USUBJID", "PARAMCD", "ADT"), "adam", SEX="ADSL.SEX", LBTESTCD="LB.LBTESTCD"),
    "ADTTE": spec("ADTTE", ("USUBJID", "PARAMCD"), "adam"),
}


def study() -> dict[str, pl.DataFrame]:
    """Two subjects; the first has three bilirubin results and dies on day 28."""
    trace = pl.lit("lab:2").alias("raw_record")
    dm = pl.DataFrame({"USUBJID": SUBJECTS, "SEX": ["M", "F"]})
    lb = pl.DataFrame({"USUBJID": ["PL21-1"] * 3, "LBSEQ": [1, 2, 3], "LBTESTCD": ["BILI"] * 3})
    adlb = pl.DataFrame(
        {
            "USUBJID": ["PL21-1"] * 3,
            "SEX": ["M"] * 3,
            "LBTESTCD": ["BILI"] * 3,
            "PARAMCD": ["BILI"] * 3,
            "AVISIT": ["Baseline", "Day 4", "Day 7"],
            "AVISITN": [1, 4, 7],
            "TRTSDT": [START] * 3,
            "ADT": [date(2026, 1, 9), START, date(2026, 1, 16)],
            "ADY": [-1, 1, 7],
            "AVAL": [400.0, 300.0, 350.0],
            "AVALC": ["four hundred", "three hundred", "three hundred and fifty"],
            "ABLFL": ["Y", None, None],
            "BASE": [400.0] * 3,
            "CHG": [None, -100.0, -50.0],
            "PCHG": [None, -25.0, -12.5],
            "ATOXDSCH": [None, "Blood bilirubin increased", "Blood bilirubin increased"],
            "ATOXGRH": [None, "0", "0"],
            "LBSEQ": [1, 2, 3],
        }
    )
    adtte = pl.DataFrame(
        {
            "USUBJID": SUBJECTS,
            "PARAMCD": ["OS"] * 2,
            "STARTDT": [START] * 2,
            "ADT": [DEATH, date(2026, 4, 3)],
            "AVAL": [28.0, 84.0],  # 10 January is day 1, so 6 February is day 28 and 3 April day 84
            "CNSR": [0, 1],
            "EVNTDESC": ["Death", None],
            "CNSDTDSC": [None, "End of week 12"],
            "SRCDOM": ["DM", "LB"],
            "SRCSEQ": [None, None],
        },
        schema_overrides={"SRCSEQ": pl.Int64},
    )
    frames = {"DM": dm, "LB": lb, "ADSL": dm, "ADLB": adlb, "ADTTE": adtte}
    return {name: frame.with_columns(trace) for name, frame in frames.items()}


def broken(frames: dict[str, pl.DataFrame]) -> list[tuple[str, str, str, str]]:
    datasets = {name: (SPECS[name], frame) for name, frame in frames.items()}
    analysed = {name: datasets[name] for name in ("ADSL", "ADLB", "ADTTE")}
    found = validate_analysis(analysed, {name: datasets[name] for name in ("DM", "LB")})
    return [(issue.rule, issue.dataset, issue.variable, issue.value) for issue in found]


def test_a_true_study_breaks_no_rule():
    assert broken(study()) == []


CANARIES = [
    ("ADLB", 0, "USUBJID", "PL21-3", "AD-SUBJECT"),
    ("ADSL", 1, "USUBJID", "PL21-3", "AD-SUBJECT"),
    ("ADSL", 1, "USUBJID", "PL21-3", "AD-SUBJECT-MISSING"),
    ("ADSL", 0, "SEX", "F", "AD-COPY"),
    ("ADLB", 2, "LBTESTCD", "ALT", "AD-COPY"),
    ("ADLB", 2, "LBSEQ", 4, "AD-SOURCE"),
    ("ADTTE", 1, "SRCSEQ", 9, "AD-SOURCE"),
    ("ADLB", 1, "ABLFL", "Y", "AD-BASELINE"),
    ("ADLB", 2, "BASE", 401.0, "AD-BASE"),
    ("ADLB", 0, "BASE", None, "AD-BASE"),
    ("ADLB", 0, "ABLFL", None, "AD-BASE"),
    ("ADLB", 1, "CHG", -99.0, "AD-CHANGE"),
    ("ADLB", 1, "AVAL", None, "AD-CHANGE"),
    ("ADLB", 1, "PCHG", -24.0, "AD-PERCENT"),
    ("ADLB", 1, "ADY", 0, "AD-DAY"),
    ("ADLB", 0, "ADY", None, "AD-DAY"),
    ("ADLB", 2, "AVISITN", 4, "AD-ONE-TO-ONE"),
    ("ADLB", 2, "AVALC", "three hundred", "AD-ONE-TO-ONE"),
    ("ADTTE", 0, "CNSDTDSC", "Lost", "AD-EVENT"),
    ("ADTTE", 0, "EVNTDESC", None, "AD-EVENT"),
    ("ADTTE", 1, "CNSDTDSC", None, "AD-EVENT"),
    ("ADTTE", 0, "AVAL", 27.0, "AD-DURATION"),
    ("ADTTE", 0, "ADT", date(2026, 1, 9), "AD-ORDER"),
    ("ADLB", 1, "ATOXGRH", None, "AD-GRADE"),
    ("ADLB", 0, "ATOXGRH", "1", "AD-GRADE"),
]


@pytest.mark.parametrize(("dataset", "row", "variable", "value", "rule"), CANARIES)
def test_one_wrong_cell_breaks_the_rule(dataset: str, row: int, variable: str, value: object, rule: str):
    frames = study()
    frame = frames[dataset]
    cells = frame[variable].to_list()
    cells[row] = value
    frames[dataset] = frame.with_columns(pl.Series(variable, cells, frame.schema[variable]))
    assert rule in {name for name, *_ in broken(frames)}


def test_every_rule_has_a_canary():
    assert {rule.name for rule in RULES} == {rule for *_, rule in CANARIES}


def test_the_percent_of_a_baseline_of_0_is_null():
    frames = study()
    frames["ADLB"] = frames["ADLB"].with_columns(
        BASE=pl.lit(0.0),
        AVAL=pl.Series([0.0, 1.0, 1.0]),
        CHG=pl.Series([None, 1.0, 1.0]),
        AVALC=pl.lit(None, pl.String),
    )
    assert {(rule, variable) for rule, _, variable, _ in broken(frames)} == {("AD-PERCENT", "PCHG")}
    frames["ADLB"] = frames["ADLB"].with_columns(PCHG=pl.lit(None, pl.Float64))
    assert broken(frames) == []


def test_an_issue_names_subject_key_and_raw_record():
    frames = study()
    frames["ADLB"] = frames["ADLB"].with_columns(ADY=pl.Series([-1, 1, 8]))
    datasets = {name: (SPECS[name], frame) for name, frame in frames.items()}
    [issue] = validate_analysis(
        {name: datasets[name] for name in ("ADSL", "ADLB")}, {name: datasets[name] for name in ("DM", "LB")}
    )
    assert (issue.form, issue.record, issue.subject) == ("lab", "2", "PL21-1")
    assert issue.key == "PARAMCD=BILI, ADT=2026-01-16"
    assert (issue.variable, issue.value) == ("ADY", "8")


def test_a_study_without_adsl_is_not_validated():
    assert validate_analysis({}, {"DM": (SPECS["DM"], study()["DM"])}) == []
