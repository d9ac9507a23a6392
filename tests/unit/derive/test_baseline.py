"""ADaMIG 1.3 sections 3.3.4 and 3.3.8, decision analysis_baseline."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.derive.baseline import (
    BASELINES,
    add_base,
    add_baseline_flag,
    add_change,
    add_shift,
    add_side_of_treatment,
)
from cdisc_aclf.study.study_toml import read_study

DOSE = "2026-01-10T10:00"


@pytest.mark.parametrize(
    ("day", "record", "dose", "expected"),
    [
        (-2, "2026-01-08", DOSE, True),
        (1, "2026-01-10T09:59", DOSE, True),
        (1, "2026-01-10T10:00", DOSE, True),  # at the minute of the dose: not known to be after
        (1, "2026-01-10T10:01", DOSE, False),
        (1, "2026-01-10", DOSE, True),
        (1, "2026-01-10T23:00", "2026-01-10", True),
        (1, "2026-01-10T23:00", None, True),  # a control
        (2, "2026-01-11", None, False),
        (2, "2026-01-11", "2026-01-13T10:00", False),  # after day 1, though before a late first dose
        (1, "2026-01-10", "2026-01-09T10:00", False),  # dosed the day before
        (None, "2026-01", DOSE, False),
    ],
)
def test_a_record_is_before_treatment_by_day_1_unless_it_is_known_to_follow_the_first_dose(
    day: int | None, record: str, dose: str | None, *, expected: bool
):
    assert side(day, record, dose, None, "not_after")[0] is expected


def side(day: int | None, record: str, dose: str | None, randomised: str | None, rule: str) -> tuple[object, ...]:
    """Whether a record may be a baseline, and whether it may have a change."""
    frame = pl.DataFrame({"USUBJID": ["1"], "ADY": [day], "LBDTC": [record]}, schema_overrides={"ADY": pl.Int64})
    dm = pl.DataFrame({"USUBJID": ["1"], "RFXSTDTC": [dose]}, schema_overrides={"RFXSTDTC": pl.String})
    ds = pl.DataFrame(
        {"USUBJID": ["1", "1"], "DSDECOD": ["INFORMED CONSENT OBTAINED", "RANDOMIZED"],
         "DSSTDTC": ["2026-01-08T07:00", randomised]}
    )  # fmt: skip
    sides = add_side_of_treatment(frame, date="LBDTC", dm=dm, ds=ds, rule=rule)
    return sides.select("is_before", "is_after").row(0)


RANDOMISED = "2026-01-10T08:00"


@pytest.mark.parametrize(
    ("day", "record", "dose", "expected"),
    [
        (-2, "2026-01-08", DOSE, (True, False)),
        (-2, "2026-01-08", None, (True, False)),
        (1, "2026-01-10T09:59", DOSE, (True, False)),  # after randomisation and before the dose
        (1, "2026-01-10T10:00", DOSE, (False, False)),  # at the minute of the dose
        (1, "2026-01-10T10:01", DOSE, (False, True)),
        (1, "2026-01-10", DOSE, (False, False)),  # without a time neither before nor after
        (1, "2026-01-10T07:59", None, (True, False)),  # a control is validated against his randomisation
        (1, "2026-01-10T08:01", None, (False, True)),
        (1, "2026-01-10", None, (False, False)),
        (2, "2026-01-11", "2026-01-13T10:00", (False, True)),  # after Day 1, though before a late first dose
        (None, "2026-01", DOSE, (False, False)),
    ],
)
def test_by_the_strict_rule_a_baseline_is_known_to_be_before_the_dose_or_the_randomisation_of_a_control(
    day: int | None, record: str, dose: str | None, expected: tuple[bool, bool]
):
    assert side(day, record, dose, RANDOMISED, "strictly_before") == expected


def test_without_any_moment_of_treatment_nothing_is_strictly_before_it():
    assert side(-2, "2026-01-08", None, None, "strictly_before") == (False, False)
    assert side(-2, "2026-01-08", None, None, "not_after") == (True, False)


def test_every_rule_of_the_baseline_that_a_study_may_ask_for_is_known():
    options = read_study(Path(__file__).resolve().parents[3]).decisions["analysis_baseline"].options
    assert set(options) == BASELINES.keys()


def flagged(days: list[int], values: list[float | None]) -> list[int]:
    frame = pl.DataFrame(
        {"USUBJID": "1", "PARAMCD": "ALT", "ADY": days, "AVAL": values},
        schema={"USUBJID": pl.String, "PARAMCD": pl.String, "ADY": pl.Int64, "AVAL": pl.Float64},
    )
    flags = add_baseline_flag(frame, by=["PARAMCD"], before=pl.col("ADY") <= 1, order=["ADY"])["ABLFL"].to_list()
    assert set(flags) <= {"Y", None}
    return [row for row, flag in enumerate(flags) if flag]


def test_the_last_record_with_a_value_before_treatment_is_the_baseline():
    assert flagged([-9, -2, 1, 4], [1.0, 2.0, 3.0, 4.0]) == [2]
    assert flagged([-9, -2, 1, 4], [1.0, 2.0, None, 4.0]) == [1]
    assert flagged([4], [4.0]) == []


def test_of_two_records_of_one_day_the_later_row_is_the_baseline():
    assert flagged([1, 1], [1.0, 2.0]) == [1]


def test_a_subject_has_one_baseline_for_each_series():
    frame = pl.DataFrame({"USUBJID": ["1", "1", "2"], "PARAMCD": ["ALT", "AST", "ALT"], "ADY": 1, "AVAL": 1.0})
    flags = add_baseline_flag(frame, by=["PARAMCD"], before=pl.col("ADY") <= 1, order=["ADY"])["ABLFL"]
    assert flags.to_list() == ["Y", "Y", "Y"]


def test_the_baseline_value_stands_beside_every_record_of_its_series_and_beside_no_other():
    frame = pl.DataFrame({
        "USUBJID": ["1", "1", "1", "2"], "PARAMCD": ["ALT", "ALT", "AST", "ALT"],
        "ABLFL": [None, "Y", None, None], "AVAL": [1.0, 2.0, 3.0, 4.0], "ANRIND": ["LOW", "HIGH", "LOW", "LOW"],
    })  # fmt: skip
    with_base = frame.pipe(add_base, "BASE", of="AVAL", by=["PARAMCD"]).pipe(
        add_base, "BNRIND", of="ANRIND", by=["PARAMCD"]
    )
    assert with_base.select("BASE", "BNRIND").rows() == [(2.0, "HIGH"), (2.0, "HIGH"), (None, None), (None, None)]


def change(value: float | None, base: float | None, *, after: bool = True) -> tuple[float | None, float | None]:
    frame = pl.DataFrame({"AVAL": [value], "BASE": [base]}, schema={"AVAL": pl.Float64, "BASE": pl.Float64})
    return add_change(frame, after=pl.lit(after)).select("CHG", "PCHG").row(0)


def test_the_change_is_the_value_minus_the_baseline_and_that_in_percent_of_the_baseline():
    assert change(310.0, 350.0) == (-40.0, pytest.approx(-11.428571428571429))
    assert change(5.0, -2.0) == (7.0, -350.0)


def test_the_percent_change_from_a_baseline_of_0_does_not_exist():
    assert change(5.0, 0.0) == (5.0, None)


def test_without_a_value_or_a_baseline_or_before_treatment_there_is_no_change():
    assert change(None, 1.0) == (None, None)
    assert change(1.0, None) == (None, None)
    assert change(1.0, 2.0, after=False) == (None, None)


@settings(deadline=None, max_examples=60)
@given(st.decimals(0, 5000, places=2), st.decimals(0, 5000, places=2))
def test_the_change_has_no_digits_that_the_results_do_not_have(value: Decimal, base: Decimal):
    assert change(float(value), float(base))[0] == float(value - base)


def test_a_shift_names_both_values_after_the_baseline_where_both_are_known():
    frame = pl.DataFrame({"B": ["0", "0", None, "1"], "A": ["2", None, "1", "1"], "POST": [True, True, True, False]})
    assert add_shift(frame, "SHIFT1", base="B", value="A", after="POST")["SHIFT1"].to_list() == ["0 to 2", *[None] * 3]
