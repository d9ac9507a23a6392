"""Dates as SAS counts them."""

from datetime import date, datetime

import polars as pl
import pytest

from cdisc_aclf.formats.sas_time import stored


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(1959, 12, 31), -1),
        (date(1960, 1, 1), 0),
        (date(1960, 12, 31), 365),  # 1960 was a leap year
        (date(2000, 1, 1), 14610),  # SAS 9.4: '01JAN2000'd
        (date(2026, 1, 10), 24116),
    ],
)
def test_a_date_is_the_number_of_days_since_1960(day: date, count: int):
    assert stored(pl.DataFrame({"ADT": [day]}))["ADT"].to_list() == [count]


def test_a_date_and_time_is_the_number_of_seconds_and_what_is_no_date_stays():
    frame = pl.DataFrame({"ADTM": [datetime(1960, 1, 2, 0, 0, 1), None], "AVAL": [1.5, None], "PARAM": ["x", None]})
    assert stored(frame).rows() == [(86401, 1.5, "x"), (None, None, None)]
