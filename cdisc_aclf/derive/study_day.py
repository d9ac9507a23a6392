"""Study days."""

import polars as pl

from cdisc_aclf.model.frame import Frame

_DAY = r"^(\d{4}-\d{2}-\d{2})"


def calendar_day(column: str) -> pl.Expr:
    """The date part of an ISO 8601 text; null where day, month or year is unknown or impossible."""
    return pl.col(column).str.extract(_DAY).str.to_date("%Y-%m-%d", strict=False)


def date_and_time(column: str) -> pl.Expr:
    """Date and time of an ISO 8601 text, to the second; null where the time is unknown or the date partial.

    Examples:
        >>> texts = pl.DataFrame({"d": ["2026-01-10T08:30", "2026-01-10T08:30:15", "2026-01-10"]})
        >>> texts.select(date_and_time("d").dt.to_string())["d"].to_list()
        ['2026-01-10 08:30:00.000000', '2026-01-10 08:30:15.000000', None]
    """
    text = pl.col(column)
    to_second = pl.when(text.str.len_chars() == len("2026-01-10T08:30")).then(text + ":00").otherwise(text)
    return to_second.str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)


def day_number(date: pl.Expr, start: pl.Expr) -> pl.Expr:
    """The day of a date when `start` is day 1 and the day before it is day -1; null where either is null."""
    days = (date - start).dt.total_days()
    return pl.when(days >= 0).then(days + 1).otherwise(days).cast(pl.Int64)


def add_analysis_day(frame: Frame, name: str, *, date: str, start: str = "TRTSDT") -> Frame:
    """Add the relative day of a numeric date: `start` is day 1, there is no day 0 (ADaMIG 1.3 section 3.3.3, ADY).

    Args:
        frame: an analysis dataset with both dates.
        name: variable to add, e.g. `ADY`.
        date: date variable the day is counted for; it may be imputed.
        start: date variable that is day 1.

    Examples:
        >>> from datetime import date
        >>> dates = [date(2026, 1, 9), date(2026, 1, 10), None]
        >>> frame = pl.DataFrame({"TRTSDT": [date(2026, 1, 10)] * 3, "ADT": dates})
        >>> add_analysis_day(frame, "ADY", date="ADT")["ADY"].to_list()
        [-1, 1, None]
    """
    return frame.with_columns(day_number(pl.col(date), pl.col(start)).alias(name))


def add_study_day(frame: Frame, name: str, *, date: str, dm: Frame) -> Frame:
    """Add the study day of a date: RFSTDTC is day 1, the day before it is day -1, there is no day 0.

    Null where either date is partial or missing: SDTMIG 3.4 section 4.4.4.

    Args:
        frame: any dataset with USUBJID and `date`.
        name: variable to add, e.g. `LBDY`.
        date: ISO 8601 variable the day is counted for.
        dm: one record per subject with USUBJID and RFSTDTC.

    Examples:
        >>> dm = pl.DataFrame({"USUBJID": ["1"], "RFSTDTC": ["2026-01-10"]})
        >>> frame = pl.DataFrame({"USUBJID": ["1", "1", "1"], "LBDTC": ["2026-01-09", "2026-01-10T08:00", "2026-01"]})
        >>> add_study_day(frame, "LBDY", date="LBDTC", dm=dm)["LBDY"].to_list()
        [-1, 1, None]
    """
    start = dm.select("USUBJID", calendar_day("RFSTDTC").alias("_start"))
    return (
        frame.join(start, on="USUBJID", how="left", maintain_order="left")
        .with_columns(day_number(calendar_day(date), pl.col("_start")).alias(name))
        .drop("_start")
    )
