"""Dates as SAS counts them: days, or seconds, since 1960-01-01."""

from datetime import date, datetime

import polars as pl
import polars.selectors as cs

from cdisc_aclf.model.frame import Frame

EPOCH = date(1960, 1, 1)


def stored(frame: Frame) -> Frame:
    """The frame as a transport file stores it: dates as days and date-times as seconds since 1960-01-01.

    Source: SAS 9.4 Language Reference: Concepts, "About SAS Date, Time, and Datetime Values".

    Examples:
        >>> frame = pl.DataFrame({"ADT": [date(1960, 1, 1), date(2026, 1, 10), None],
        ...                       "ADTM": [datetime(1960, 1, 1, 0, 1), datetime(1959, 12, 31, 23, 59, 59), None]})
        >>> stored(frame).rows()
        [(0, 60), (24116, -1), (None, None)]
    """
    days = (cs.date() - pl.lit(EPOCH)).dt.total_days()
    seconds = (cs.datetime() - pl.lit(datetime(EPOCH.year, 1, 1))).dt.total_seconds()  # noqa: DTZ001 - SAS has no zones
    return frame.with_columns(days, seconds)
