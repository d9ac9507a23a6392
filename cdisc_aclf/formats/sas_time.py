"""Dates and times as SAS counts them: days, or seconds, since 1960-01-01; a time of day in seconds since midnight.

Source: SAS 9.4 Language Reference: Concepts, "About SAS Date, Time, and Datetime Values".
"""

from datetime import date, datetime, timedelta

import polars as pl
import polars.selectors as cs

from cdisc_aclf.model.frame import Frame

_START = datetime(1960, 1, 1)  # noqa: DTZ001 - SAS counts from a midnight that has no zone
_BEFORE_1970 = date(1970, 1, 1) - _START.date()
_MILLION = 1_000_000
_DAY = 86_400_000 * _MILLION  # nanoseconds


def stored(frame: Frame) -> Frame:
    """The frame as a transport file stores it: dates, date-times and times as numbers, everything else as it is.

    Examples:
        >>> frame = pl.DataFrame({"ADT": [date(1960, 1, 1), date(2026, 1, 10), None],
        ...                       "ADTM": [datetime(1960, 1, 1, 0, 1), datetime(1959, 12, 31, 23, 59, 59), None]})
        >>> stored(frame).rows()
        [(0.0, 60.0), (24116.0, -1.0), (None, None)]
    """
    return frame.with_columns(counted(frame[name]) for name in cs.expand_selector(frame, cs.temporal()))


def counted(moments: pl.Series) -> pl.Series:
    """Dates, date-times or times as the numbers that SAS has for them, fractions of a second included.

    Examples:
        >>> counted(pl.Series([datetime(1960, 1, 1, 0, 0, 1, 500_000), None])).to_list()
        [1.5, None]
    """
    if moments.dtype == pl.Date:
        return (moments - _START.date()).dt.total_days().cast(pl.Float64)
    if moments.dtype == pl.Time:
        return _divided(moments.cast(pl.Int64), 1000 * _MILLION)
    return _divided((moments.cast(pl.Datetime("us")) - _START).dt.total_microseconds(), _MILLION)


def moments_of(numbers: pl.Series, dtype: pl.DataType) -> pl.Series:
    """The other way; null where a number is out of range. What is finer than the type, half a day for one, is lost.

    Args:
        numbers: as SAS stores them.
        dtype: Date, Datetime or Time.

    Examples:
        >>> moments_of(pl.Series([0.0, 24116.0]), pl.Date()).to_list()
        [datetime.date(1960, 1, 1), datetime.date(2026, 1, 10)]
    """
    if dtype == pl.Date:
        days = numbers.cast(pl.Int64, strict=False) - _BEFORE_1970.days
        return days.cast(pl.Int32, strict=False).cast(dtype)
    micros = (numbers * _MILLION).round().cast(pl.Int64, strict=False)
    if dtype == pl.Time:
        since_midnight = micros * 1000
        return since_midnight.set(~since_midnight.is_between(0, _DAY, closed="left"), None).cast(dtype)
    return (micros - _BEFORE_1970 // timedelta(microseconds=1)).cast(dtype)


def _divided(numbers: pl.Series, by: int) -> pl.Series:
    """The double nearest to each quotient; polars multiplies with the reciprocal, which is off by one place in many."""
    return pl.Series(numbers.name, numbers.cast(pl.Float64).to_numpy() / by).fill_nan(None)
