"""SDTMIG 3.4 section 4.4.4; the days are counted on a calendar."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.derive.study_day import add_study_day, calendar_day


def study_days(start: str | None, *dates: str | None) -> list[int | None]:
    dm = pl.DataFrame({"USUBJID": ["1"], "RFSTDTC": [start]}, schema={"USUBJID": pl.String, "RFSTDTC": pl.String})
    frame = pl.DataFrame({"USUBJID": ["1"] * len(dates), "LBDTC": dates}, schema_overrides={"LBDTC": pl.String})
    return add_study_day(frame, "LBDY", date="LBDTC", dm=dm)["LBDY"].to_list()


def test_the_reference_start_is_day_1_and_the_day_before_it_is_day_minus_1():
    assert study_days("2026-01-10", "2026-01-08", "2026-01-09", "2026-01-10", "2026-01-11") == [-2, -1, 1, 2]


def test_the_planned_days_of_the_protocol_fall_on_their_dates():
    assert study_days("2026-01-10", "2026-02-06", "2026-04-03", "2026-04-04") == [28, 84, 85]


def test_times_do_not_count():
    assert study_days("2026-01-10T23:59", "2026-01-09T23:59", "2026-01-10T00:00", "2026-01-11T00:00") == [-1, 1, 2]


def test_29_february_is_a_day_and_the_turn_of_the_year_is_none_lost():
    assert study_days("2028-02-28", "2028-02-29", "2028-03-01") == [2, 3]
    assert study_days("2025-12-31", "2026-01-01") == [2]


@pytest.mark.parametrize("partial", ["2026", "2026-01", "2026---15", "2026-02-30", "soon", None])
def test_a_date_that_is_partial_impossible_or_missing_has_no_study_day(partial: str | None):
    assert study_days("2026-01-10", partial) == [None]


@pytest.mark.parametrize("partial", ["2026", "2026-01", "2026---10", None])
def test_a_partial_or_missing_reference_start_gives_no_study_day(partial: str | None):
    assert study_days(partial, "2026-01-10") == [None]


def test_a_subject_who_is_not_in_dm_keeps_the_record_without_a_study_day():
    dm = pl.DataFrame({"USUBJID": ["1"], "RFSTDTC": ["2026-01-10"]})
    frame = pl.DataFrame({"USUBJID": ["2", "1"], "LBDTC": ["2026-01-10", "2026-01-10"]})
    assert add_study_day(frame, "LBDY", date="LBDTC", dm=dm).rows() == [
        ("2", "2026-01-10", None),
        ("1", "2026-01-10", 1),
    ]


def test_each_subject_has_a_reference_start_of_its_own():
    dm = pl.DataFrame({"USUBJID": ["1", "2"], "RFSTDTC": ["2026-01-10", "2026-01-11"]})
    frame = pl.DataFrame({"USUBJID": ["2", "1"], "LBDTC": ["2026-01-10", "2026-01-10"]})
    assert add_study_day(frame, "LBDY", date="LBDTC", dm=dm)["LBDY"].to_list() == [-1, 1]


@settings(deadline=None, max_examples=60)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-40_000, 40_000))
def test_no_study_day_is_0_and_the_days_are_those_between_the_dates(start: date, days: int):
    expected = days + 1 if days >= 0 else days
    assert study_days(start.isoformat(), (start + timedelta(days)).isoformat()) == [expected]


def test_the_calendar_day_of_a_text_is_its_date_without_the_time():
    texts = pl.DataFrame({"d": ["2026-01-10T08:30", "2026-01-10", "2026-01", None]})
    assert texts.select(calendar_day("d"))["d"].to_list() == [date(2026, 1, 10), date(2026, 1, 10), None, None]
