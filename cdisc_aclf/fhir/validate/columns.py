"""Constraints of FHIR for whole columns of text: forms of primitive types, and relations between two columns."""

import polars as pl

from cdisc_aclf.fhir.model.spec import FORMS, URN_FORMS

_INTEGERS = {"integer", "unsignedInt", "positiveInt"}


def forms(values: pl.Expr, type_name: str) -> pl.Expr:
    """Whether a text is written as a primitive type of FHIR is (R5, Data Types), and the calendar has its day.

    Examples:
        >>> dates, numbers = ["2026-02-28", "2026-02-30", "2026-02", None], ["1.50", "1.5e3", "-0", "01"]
        >>> frame = pl.DataFrame({"d": dates, "n": numbers})
        >>> frame.select(d=forms(pl.col("d"), "dateTime"), n=forms(pl.col("n"), "decimal")).to_dict(as_series=False)
        {'d': [True, False, True, None], 'n': [True, False, True, False]}
    """
    right = values.str.contains(FORMS[type_name])
    if type_name in {"date", "dateTime", "instant"}:
        day = values.str.extract("^([0-9]{4}-[0-9]{2}-[0-9]{2})")
        exists = day.is_null() | day.str.to_date("%Y-%m-%d", strict=False).is_not_null()
        return right & exists & ~values.str.starts_with("0000")
    if type_name in {"uri", "url", "canonical"}:
        for start, form in URN_FORMS.items():
            right &= ~values.str.to_lowercase().str.starts_with(start) | values.str.contains(form)
    if type_name in _INTEGERS:
        right &= values.cast(pl.Int32, strict=False).is_not_null()
    return right


def in_order(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Whether a period ends no earlier than it starts, as far as both are known (per-1); null where either is absent.

    Days and months are compared as written, times with a zone as moments; of a time and a day, the day may be off by
    one, since the day says no zone.

    Examples:
        >>> rows = [("2026-01", "2026-01-10"), ("2026-01-11", "2026-01-10"), ("2026-02", "2026-01"), ("2026", None),
        ...         ("2026-01-10T08:00:00+08:00", "2026-01-10T01:00:00Z"), ("2026-01-11T00:30:00+08:00", "2026-01-10")]
        >>> frame = pl.DataFrame(rows, schema=["s", "e"], orient="row")
        >>> frame.select(in_order(pl.col("s"), pl.col("e")))["s"].to_list()
        [True, False, False, None, True, True]
    """
    first, last = (_moment(column) for column in (start, end))
    days = [column.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False) for column in (start, end)]
    size = pl.min_horizontal(start.str.len_chars(), end.str.len_chars(), 10)
    has_time = start.str.contains("T") != end.str.contains("T")
    both = pl.min_horizontal(start.str.len_chars(), end.str.len_chars()) >= 10
    return (
        pl.when(first.is_not_null() & last.is_not_null())
        .then(first <= last)
        .when(has_time & both)
        .then(days[0] <= days[1] + pl.duration(days=1))
        .otherwise(start.str.slice(0, size) <= end.str.slice(0, size))
    )


def _moment(column: pl.Expr) -> pl.Expr:
    whole = column.str.replace("Z$", "+00:00").str.replace(r"(T\d{2}:\d{2}:\d{2})([+-])", "$1.0$2")
    return whole.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", time_zone="UTC", strict=False)


def not_above(low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """Whether one number is no more than another (rng-2); null where either is absent or no number."""
    return low.cast(pl.Float64, strict=False) <= high.cast(pl.Float64, strict=False)


def is_positive(values: pl.Expr) -> pl.Expr:
    """Whether a number is above zero (age-1)."""
    return (values.cast(pl.Float64, strict=False) > 0).fill_null(value=True)
