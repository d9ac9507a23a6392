from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.map.age import completed_years


def age(birth: str | None, at: str | None) -> int | None:
    frame = pl.DataFrame({"birth": [birth], "at": [at]}, schema={"birth": pl.String, "at": pl.String})
    return frame.select(completed_years(pl.col("birth"), pl.col("at"))).item()


@pytest.mark.parametrize(
    ("birth", "at", "years"),
    [
        ("1980-03-10", "2026-03-09", 45),
        ("1980-03-10", "2026-03-10", 46),
        ("1980-03-10", "2026-03-10T00:00", 46),
        ("1980-12-31", "2026-01-01", 45),
        ("2026-01-10", "2026-01-10", 0),
    ],
)
def test_a_year_is_completed_on_the_birthday_itself(birth: str, at: str, years: int):
    assert age(birth, at) == years


@pytest.mark.parametrize(
    ("at", "years"),
    [("2026-02-28", 45), ("2026-03-01", 46), ("2028-02-28", 47), ("2028-02-29", 48)],
)
def test_someone_born_on_29_february_completes_a_year_on_1_march_unless_the_year_has_that_day(at: str, years: int):
    assert age("1980-02-29", at) == years


def test_the_upper_age_limit_of_the_protocol_lasts_until_the_day_before_the_66th_birthday():
    assert [age("1960-05-20", day) for day in ("2025-05-20", "2026-05-19", "2026-05-20")] == [65, 65, 66]


@pytest.mark.parametrize("partial", ["1980", "1980-03", "1980---10", "1980-02-30", "soon", None])
def test_a_partial_or_impossible_date_on_either_side_gives_no_age(partial: str | None):
    assert age(partial, "2026-03-10") is None
    assert age("1980-03-10", partial) is None


@settings(deadline=None, max_examples=60)
@given(st.dates(date(1920, 1, 1), date(2010, 1, 1)), st.integers(0, 36_000))
def test_the_age_is_the_number_of_birthdays_since_birth(born: date, days: int):
    at = born + timedelta(days)
    # a birthday in a year without 29 February is the day after 28 February
    birthdays = [
        day
        for year in range(born.year + 1, at.year + 1)
        if (day := date(year, born.month, 1) + timedelta(born.day - 1)) <= at
    ]
    assert age(born.isoformat(), at.isoformat()) == len(birthdays)
