"""Dates for analysis from dates as collected, completed where they are partial, and saying so."""

from typing import Literal

import polars as pl

from cdisc_aclf.derive.study_day import calendar_day
from cdisc_aclf.model.frame import Frame

_MONTH = r"^([0-9]{4}-[0-9]{2})$"
_YEAR = r"^([0-9]{4})(?:---[0-9]{2})?$"  # a day in an unknown month says nothing about where it lies


def days_possible(column: str) -> tuple[pl.Expr, pl.Expr]:
    """The first and the last day that an ISO 8601 text may mean; both null where it is missing or no such date.

    Examples:
        >>> frame = pl.DataFrame({"d": ["2026-02-03T08:00", "2028-02", "2026---15", None]})
        >>> first, last = days_possible("d")
        >>> frame.select(first.dt.to_string().alias("first"), last.dt.to_string().alias("last")).rows()
        [('2026-02-03', '2026-02-03'), ('2028-02-01', '2028-02-29'), ('2026-01-01', '2026-12-31'), (None, None)]
    """
    text, day = pl.col(column), calendar_day(column)
    month = (text.str.extract(_MONTH) + "-01").str.to_date("%Y-%m-%d", strict=False)
    year = text.str.extract(_YEAR)
    january, december = ((year + end).str.to_date("%Y-%m-%d", strict=False) for end in ("-01-01", "-12-31"))
    return pl.coalesce(day, month, january), pl.coalesce(day, month.dt.month_end(), december)


def add_imputed_date(
    frame: Frame,
    name: str,
    *,
    date: str,
    to: Literal["first", "last"],
    not_before: str | None = None,
    not_after: str | None = None,
) -> Frame:
    """Add a numeric date and, beside it, its imputation flag: `ASTDT` and `ASTDTF`.

    A complete date stays as it is, even outside the limits: what was collected is validated elsewhere. A partial one
    becomes the first or the last of the days that it may mean; `not_after` leaves only those up to it and `not_before`
    only those from it on, each only as far as any day is left, `not_after` first. So a partial date is never moved out
    of the month or year that was collected. A missing date stays missing (ADaMIG 1.3 section 3.1.5).

    Args:
        frame: a dataset with `date`, and the limits as dates.
        name: variable to add, ending in DT. The flag is D where the day was completed, M where month and day were,
            null where nothing was (codelist DATEFL, C81223).
        date: ISO 8601 variable.
        to: which of the possible days is taken.
        not_before: date variable that the date is not before; a null sets no limit.
        not_after: date variable that the date is not after; a null sets no limit.

    Examples:
        >>> from datetime import date
        >>> starts = ["2026-01", "2026-02", "2026-01-09", None]
        >>> frame = pl.DataFrame({"AESTDTC": starts, "TRTSDT": [date(2026, 1, 10)] * 4})
        >>> frame = add_imputed_date(frame, "ASTDT", date="AESTDTC", to="first", not_before="TRTSDT")
        >>> frame.select(pl.col("ASTDT").dt.to_string(), "ASTDTF").rows()
        [('2026-01-10', 'D'), ('2026-02-01', 'D'), ('2026-01-09', None), (None, None)]
    """
    first, last = days_possible(date)
    if not_after:
        last = pl.when(pl.col(not_after) >= first).then(pl.min_horizontal(last, not_after)).otherwise(last)
    if not_before:
        first = pl.when(pl.col(not_before) <= last).then(pl.max_horizontal(first, not_before)).otherwise(first)
    is_partial = calendar_day(date).is_null()
    unknown = pl.when(pl.col(date).str.contains(_MONTH)).then(pl.lit("D")).otherwise(pl.lit("M"))
    return frame.with_columns(
        pl.coalesce(calendar_day(date), first if to == "first" else last).alias(name),
        pl.when(is_partial & days_possible(date)[0].is_not_null()).then(unknown).alias(f"{name}F"),
    )
