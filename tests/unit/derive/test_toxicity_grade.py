"""CTCAE v5.0, as published by NCI: each limit of each grade, the value at it, and the nearest ones beside it.

Expected grades are read off the published text, a row per line of it.
"""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.derive.toxicity_grade import add_toxicity_grade
from cdisc_aclf.study.specs import read_references
from cdisc_aclf.study.study_toml import read_study

ROOT = Path(__file__).resolve().parents[3]
CRITERIA = read_references(ROOT)["ctcae_criteria"]
BY_OPTION = {
    option: CRITERIA.filter(pl.col("option").is_null() | (pl.col("option") == option))
    for option in ("absolute", "baseline")
}
NUMBERS = ("AVAL", "BASE", "ANRLO", "ANRHI")


def grades(  # noqa: PLR0913 - a result, its range and its baseline
    paramcd: str,
    direction: str,
    *values: float | None,
    option: str = "absolute",
    base: float | None = None,
    low: float | None = None,
    high: float | None = None,
    indicator: str | None = None,
) -> list[str | None]:
    frame = pl.DataFrame(
        {"AVAL": list(values), "BASE": base, "ANRLO": low, "ANRHI": high, "PARAMCD": paramcd, "BNRIND": indicator},
        schema={**dict.fromkeys(NUMBERS, pl.Float64), "PARAMCD": pl.String, "BNRIND": pl.String},
    )
    graded = add_toxicity_grade(frame, direction, criteria=BY_OPTION[option])
    return graded[f"ATOXGR{direction[0]}"].to_list()


@pytest.mark.parametrize(
    ("paramcd", "lower_limit", "bands"),
    [
        # <LLN - 100 g/L; <100 - 80; <80
        ("HGB", 130, {130: "0", 129.9: "1", 100: "1", 99.9: "2", 80: "2", 79.9: "3", 10: "3"}),
        # <LLN - 3.0; <3.0 - 2.0; <2.0 - 1.0; <1.0
        ("WBC", 3.5, {3.5: "0", 3.49: "1", 3.0: "1", 2.99: "2", 2.0: "2", 1.99: "3", 1.0: "3", 0.99: "4"}),
        # <LLN - 1.5; <1.5 - 1.0; <1.0 - 0.5; <0.5
        ("NEUT", 1.8, {1.8: "0", 1.79: "1", 1.5: "1", 1.49: "2", 1.0: "2", 0.99: "3", 0.5: "3", 0.49: "4", 0: "4"}),
        # <LLN - 75; <75 - 50; <50 - 25; <25
        ("PLAT", 100, {100: "0", 99: "1", 75: "1", 74: "2", 50: "2", 49: "3", 25: "3", 24: "4"}),
        # <LLN - 30 g/L; <30 - 20; <20
        ("ALB", 40, {40: "0", 39.9: "1", 30: "1", 29.9: "2", 20: "2", 19.9: "3"}),
    ],
)
def test_a_low_value_at_a_limit_has_the_lower_grade(paramcd: str, lower_limit: float, bands: dict[float, str]):
    assert grades(paramcd, "LOW", *bands, low=lower_limit) == list(bands.values())


@pytest.mark.parametrize(
    ("paramcd", "upper_limit", "bands"),
    [
        # increase of >0 - 20 g/L above ULN; >20 - 40; >40
        ("HGB", 175, {175: "0", 175.1: "1", 195: "1", 195.1: "2", 215: "2", 215.1: "3"}),
        # >100 x 10^9/L is grade 3, and there is no other
        ("WBC", 9.5, {9.5: "0", 100: "0", 100.01: "3"}),
        # >1.2 - 1.5; >1.5 - 2.5; >2.5
        ("INR", None, {1.2: "0", 1.21: "1", 1.5: "1", 1.51: "2", 2.5: "2", 2.51: "3", 9: "3"}),
    ],
)
def test_a_high_value_at_a_limit_has_the_lower_grade(paramcd: str, upper_limit: float | None, bands: dict[float, str]):
    assert grades(paramcd, "HIGH", *bands, high=upper_limit) == list(bands.values())


def test_bilirubin_of_a_normal_baseline_is_a_multiple_of_the_upper_limit():
    # >ULN - 1.5 x ULN; >1.5 - 3.0; >3.0 - 10.0; >10.0
    bands = {21: "0", 21.1: "1", 31.5: "1", 31.6: "2", 63: "2", 63.1: "3", 210: "3", 210.1: "4"}
    assert grades("BILI", "HIGH", *bands, base=20, high=21, indicator="NORMAL") == list(bands.values())


def test_bilirubin_of_an_abnormal_baseline_is_a_multiple_of_the_baseline():
    # >1.0 - 1.5 x baseline; >1.5 - 3.0; >3.0 - 10.0; >10.0
    bands = {350: "0", 351: "1", 525: "1", 526: "2", 1050: "2", 1051: "3", 3500: "3", 3501: "4", 20: "0"}
    assert grades("BILI", "HIGH", *bands, base=350, high=21, indicator="HIGH") == list(bands.values())


@pytest.mark.parametrize("paramcd", ["ALT", "AST"])
def test_aminotransferases_of_a_normal_baseline_are_multiples_of_the_upper_limit(paramcd: str):
    # >ULN - 3.0 x ULN; >3.0 - 5.0; >5.0 - 20.0; >20.0
    bands = {40: "0", 40.1: "1", 120: "1", 120.1: "2", 200: "2", 200.1: "3", 800: "3", 800.1: "4"}
    assert grades(paramcd, "HIGH", *bands, base=30, high=40, indicator="NORMAL") == list(bands.values())


@pytest.mark.parametrize("paramcd", ["ALT", "AST"])
def test_grade_1_of_aminotransferases_begins_at_one_and_a_half_of_an_abnormal_baseline(paramcd: str):
    # 1.5 - 3.0 x baseline; >3.0 - 5.0; >5.0 - 20.0; >20.0
    bands = {200: "0", 299.9: "0", 300: "1", 600: "1", 600.1: "2", 1000: "2", 1000.1: "3", 4000: "3", 4000.1: "4"}
    assert grades(paramcd, "HIGH", *bands, base=200, high=40, indicator="HIGH") == list(bands.values())


def test_creatinine_is_a_multiple_of_the_upper_limit_or_of_the_baseline_whichever_is_worse():
    # >ULN - 1.5 x ULN; >1.5 - 3.0 x baseline or x ULN; >3.0 x baseline or >3.0 - 6.0 x ULN; >6.0 x ULN
    by_limit = {100: "0", 100.1: "1", 150: "1", 150.1: "2", 300: "2", 300.1: "3", 600: "3", 600.1: "4"}
    assert grades("CREAT", "HIGH", *by_limit, base=300, high=100) == list(by_limit.values())
    by_baseline = {75: "0", 75.1: "2", 150: "2", 150.1: "3"}
    assert grades("CREAT", "HIGH", *by_baseline, base=50, high=100) == list(by_baseline.values())


def test_the_international_ratio_is_a_multiple_of_the_baseline_where_the_study_assumes_anticoagulation():
    # >1 - 1.5 x baseline; >1.5 - 2.5; >2.5
    bands = {2: "0", 2.01: "1", 3: "1", 3.01: "2", 5: "2", 5.01: "3"}
    assert grades("INR", "HIGH", *bands, base=2, option="baseline") == list(bands.values())


def test_grade_0_says_that_nothing_is_met_and_a_missing_grade_that_nobody_knows():
    assert grades("BILI", "HIGH", 20, None, base=20, high=21, indicator="NORMAL") == ["0", None]
    assert grades("NEUT", "LOW", 1.6, 1.2) == [None, "2"]  # without a lower limit 1.6 may be grade 0 or 1
    assert grades("BILI", "HIGH", 300, high=21) == [None]  # no baseline: abnormal or not?
    assert grades("CREAT", "HIGH", 90, 200, 700, high=100) == [None, "2", "4"]


def test_a_baseline_without_a_range_does_not_matter_where_both_readings_agree():
    assert grades("BILI", "HIGH", 20, 40, base=30, high=21) == ["0", None]


def test_a_parameter_without_criteria_in_the_direction_has_neither_grade_nor_name():
    frame = pl.DataFrame({
        "PARAMCD": ["PT", "BILI", "ALB"], "AVAL": [14.0, 20.0, 41.0], "BASE": [14.0, 20.0, 41.0],
        "ANRLO": [9.0, 3.0, 40.0], "ANRHI": [13.0, 21.0, 55.0], "BNRIND": ["HIGH", "NORMAL", "NORMAL"],
    })  # fmt: skip
    both = frame.pipe(add_toxicity_grade, "LOW", criteria=CRITERIA).pipe(
        add_toxicity_grade, "HIGH", criteria=BY_OPTION["absolute"]
    )
    assert both.select("ATOXGRL", "ATOXDSCL", "ATOXGRH", "ATOXDSCH").rows() == [
        (None, None, None, None),
        (None, None, "0", "Blood bilirubin increased"),
        ("0", "Hypoalbuminemia", None, None),
    ]


def test_limits_are_compared_as_decimals():
    assert 2.1 > 3 * 0.7  # in binary, which would make it grade 3
    assert grades("CREAT", "HIGH", 2.1, base=0.7, high=0.7) == ["2"]


@pytest.mark.parametrize("absurd", [1e12, 1e40, float("inf"), float("nan")])
def test_a_number_that_is_no_laboratory_result_has_no_grade_and_stops_nothing(absurd: float):
    assert grades("BILI", "HIGH", absurd, 20, base=20, high=21, indicator="NORMAL") == [None, "0"]
    assert grades("BILI", "HIGH", 30, base=absurd, high=absurd, indicator="HIGH") == [None]


def _bilirubin(value: Decimal, base: Decimal, upper: Decimal) -> str:
    """Grade by the published text, another way round."""
    times = value / max(base, upper)
    return next(
        (grade for grade, limit in (("4", 10), ("3", 3), ("2", Decimal("1.5")), ("1", 1)) if times > limit), "0"
    )


@settings(deadline=None, max_examples=100)
@given(st.decimals(1, 4000, places=1), st.decimals(1, 600, places=1), st.sampled_from([Decimal(21), Decimal("20.5")]))
def test_every_bilirubin_has_the_grade_of_the_published_text(value: Decimal, base: Decimal, upper: Decimal):
    indicator = "HIGH" if base > upper else "NORMAL"
    found = grades("BILI", "HIGH", float(value), base=float(base), high=float(upper), indicator=indicator)
    assert found == [_bilirubin(value, base, upper)]


def test_the_rows_of_the_table_are_within_their_lists():
    assert set(CRITERIA["direction"]) == {"LOW", "HIGH"}
    assert set(CRITERIA["baseline"]) == {"ANY", "NORMAL", "ABNORMAL"}
    assert set(CRITERIA["of"]) == {"LLN", "ULN", "BASE", None}
    assert set(CRITERIA["boundary"]) == {"included", "excluded"}
    assert set(CRITERIA["grade"]) <= set("1234")
    assert {*CRITERIA["option"], None} == {None, *read_study(ROOT).decisions["inr_grading"].options}
    assert CRITERIA.filter(pl.col("of").is_null() != pl.col("multiple").is_null()).is_empty()
    assert CRITERIA.group_by("paramcd", "direction").agg(pl.col("term").n_unique())["term"].max() == 1
