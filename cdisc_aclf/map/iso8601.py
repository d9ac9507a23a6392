"""Dates and times as SDTM writes them."""

import polars as pl

from cdisc_aclf.model.dates import date_parts, is_time, plain


def iso8601(date: str, time: str | None = None) -> pl.Expr:
    """A typed date, and the time typed beside it, in ISO 8601 (SDTMIG 3.4, sections 4.4.1 and 4.4.2).

    What is not known is left out on the right (`2026-02`) or stands as a hyphen in the middle (`2026---15`). A
    time goes with a complete date only, as precise as it was collected. Nothing is validated and nothing completed:
    text in no known format (see `date_parts`) stays as typed, so that the schema reports it.

    Args:
        date: column of the date.
        time: column of the time.

    Examples:
        >>> visits = pl.DataFrame({
        ...     "date": ["2026年2月3日", "2026-UK-15", "2026/2", "soon"],
        ...     "time": ["08:30", "08:30", None, None],
        ... })
        >>> visits.select(SVSTDTC=iso8601("date", "time"))["SVSTDTC"].to_list()
        ['2026-02-03T08:30', '2026---15', '2026-02', 'soon']
    """
    parts = date_parts(date)
    unknown_middle = pl.when(parts.day.is_not_null()).then(pl.lit("--"))
    iso = pl.concat_str(
        parts.year,
        pl.coalesce("-" + parts.month, unknown_middle, pl.lit("")),
        ("-" + parts.day).fill_null(""),
    )
    if time is not None:
        is_complete = parts.month.is_not_null() & parts.day.is_not_null()
        iso += pl.when(is_complete & is_time(time)).then("T" + plain(time)).otherwise(pl.lit(""))
    return pl.when(parts.has_format).then(iso).otherwise(plain(date))
