"""ADaMIG 1.3 section 3.1.5 and decision partial_dates; every expected day is read off a calendar."""

from datetime import date, timedelta
from typing import Literal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.derive.imputed_date import add_imputed_date, days_possible

FIRST, LAST = date(2025, 12, 1), date(2026, 3, 31)
DAYS = st.dates(FIRST, LAST)


def imputed(
    text: str | None, to: Literal["first", "last"], not_before: date | None = None, not_after: date | None = None
) -> tuple[date | None, str | None]:
    frame = pl.DataFrame(
        {"D": [text], "LO": [not_before], "HI": [not_after]}, schema={"D": pl.String, "LO": pl.Date, "HI": pl.Date}
    )
    row = add_imputed_date(frame, "ADT", date="D", to=to, not_before="LO", not_after="HI").row(0, named=True)
    return row["ADT"], row["ADTF"]


@pytest.mark.parametrize(
    ("text", "first", "last", "flag"),
    [
        ("2026-02-03", date(2026, 2, 3), date(2026, 2, 3), None),
        ("2026-02-03T08:30", date(2026, 2, 3), date(2026, 2, 3), None),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), "D"),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), "D"),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), "D"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "M"),
        ("2026---15", date(2026, 1, 1), date(2026, 12, 31), "M"),
        ("2026-02-30", None, None, None),
        ("2026-13", None, None, None),
        ("soon", None, None, None),
        (None, None, None, None),
    ],
)
def test_a_date_becomes_the_first_or_last_day_that_it_may_mean_and_says_what_was_completed(
    text: str | None, first: date | None, last: date | None, flag: str | None
):
    assert imputed(text, "first") == (first, flag)
    assert imputed(text, "last") == (last, flag)


def test_a_partial_start_is_the_first_day_from_the_lower_limit_on_where_it_may_be_that_late():
    assert imputed("2026-01", "first", date(2026, 1, 10)) == (date(2026, 1, 10), "D")
    assert imputed("2026", "first", date(2026, 1, 10)) == (date(2026, 1, 10), "M")
    assert imputed("2026-02", "first", date(2026, 1, 10)) == (date(2026, 2, 1), "D")
    assert imputed("2025-12", "first", date(2026, 1, 10)) == (date(2025, 12, 1), "D")


def test_a_start_that_would_pass_the_upper_limit_stays_before_it():
    assert imputed("2026-01", "first", date(2026, 1, 10), date(2026, 1, 5)) == (date(2026, 1, 1), "D")
    assert imputed("2026-01", "first", date(2026, 1, 10), date(2026, 1, 12)) == (date(2026, 1, 10), "D")


def test_a_partial_end_is_not_after_the_upper_limit():
    assert imputed("2026-01", "last", not_after=date(2026, 1, 25)) == (date(2026, 1, 25), "D")
    assert imputed("2026", "last", not_after=date(2026, 1, 25)) == (date(2026, 1, 25), "M")


def test_a_date_is_never_moved_out_of_the_month_that_was_collected():
    assert imputed("2026-03", "last", not_after=date(2026, 1, 25)) == (date(2026, 3, 31), "D")
    assert imputed("2026-01", "first", not_before=date(2026, 2, 5)) == (date(2026, 1, 1), "D")


def test_a_complete_date_is_never_moved():
    assert imputed("2026-03-05", "last", not_after=date(2026, 1, 25)) == (date(2026, 3, 5), None)
    assert imputed("2026-01-05", "first", not_before=date(2026, 2, 5)) == (date(2026, 1, 5), None)


@settings(deadline=None, max_examples=80)
@given(DAYS, st.sampled_from([4, 7, 10]), st.none() | DAYS, st.none() | DAYS, st.sampled_from(["first", "last"]))
def test_the_day_taken_is_one_that_was_possible_and_keeps_the_limits_that_can_be_kept(
    day: date, precision: int, low: date | None, high: date | None, to: Literal["first", "last"]
):
    text = day.isoformat()[:precision]
    possible = [
        each for each in (date(2025, 1, 1) + timedelta(n) for n in range(730)) if each.isoformat().startswith(text)
    ]
    if precision < 10:
        kept = [each for each in possible if high is None or each <= high] or possible
        possible = [each for each in kept if low is None or each >= low] or kept
    expected = min(possible) if to == "first" else max(possible)
    flag = {4: "M", 7: "D", 10: None}[precision]
    assert imputed(text, to, low, high) == (expected, flag)


def test_the_days_possible_are_those_of_the_calendar():
    frame = pl.DataFrame({"d": ["2026-04", "2027"]})
    assert frame.select(*(day.alias(name) for name, day in zip("ab", days_possible("d"), strict=True))).rows() == [
        (date(2026, 4, 1), date(2026, 4, 30)),
        (date(2027, 1, 1), date(2027, 12, 31)),
    ]
