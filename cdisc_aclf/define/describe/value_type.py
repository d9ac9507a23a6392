"""What values look like: the data type and length that Define-XML states of them."""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

import polars as pl

_INTEGER = r"^-?(0|[1-9][0-9]*)$"
_DECIMAL = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"
_DATES = {
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "partialDate": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
    "datetime": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$",
    "partialDatetime": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}(:[0-9]{2}(:[0-9]{2})?)?)?)?)?$",
}
"""Types of ISO 8601 text, narrowest first (ODM 1.3.2, section 2.14); what fits none is an incompleteDatetime."""

_SIGNIFICANT = 12
"""Digits of a double that are told from the noise of its binary form."""


class ValueType(NamedTuple):
    """A Define-XML data type, Length and SignificantDigits, the latter two None where the type has none.

    Length counts bytes of text, as the transport file has it, and characters of a number with its sign and point.
    """

    data_type: str
    length: int | None
    digits: int | None = None


def type_of(values: pl.Series, data_type: str) -> ValueType:
    """The type of a variable, its type being that of the spec; dates get the narrowest type that holds all of them.

    Args:
        values: the variable; nulls do not count.
        data_type: the type in the spec.

    Examples:
        >>> type_of(pl.Series(["41", "38.5"]), "text"), type_of(pl.Series([41.0, 38.5]), "float")
        (ValueType(data_type='text', length=4, digits=None), ValueType(data_type='float', length=4, digits=1))
        >>> type_of(pl.Series(["2026-01-10", "2026-01"]), "datetime")
        ValueType(data_type='partialDate', length=None, digits=None)
    """
    present = values.drop_nulls().unique()
    if values.dtype.is_temporal():
        return ValueType(data_type, 8)
    match data_type:
        case "datetime":
            return ValueType(_narrowest(present), None)
        case "text":
            return ValueType("text", _longest(present))
        case "integer":
            return ValueType("integer", _longest(present.cast(pl.String)))
        case "float":
            return _number([_written(number) for number in present])
    return ValueType(data_type, None)


def type_within(values: pl.Series, data_type: str) -> ValueType:
    """The type of a variable in the records of one test, where text may be all numbers or all dates.

    Examples:
        >>> type_within(pl.Series(["41", "38.5"]), "text"), type_within(pl.Series(["41", "<0.5"]), "text")
        (ValueType(data_type='float', length=4, digits=1), ValueType(data_type='text', length=4, digits=None))
    """
    present = values.drop_nulls()
    if data_type == "float" and (present == present.round(0)).all():
        return ValueType("integer", max((len(f"{number:.0f}") for number in present), default=1))
    if data_type != "text" or present.is_empty():
        return type_of(values, data_type)
    if present.str.contains(_INTEGER).all():
        return ValueType("integer", _longest(present))
    if present.str.contains(_DECIMAL).all():
        return _number(present.to_list())
    if present.str.contains(_DATES["partialDate"]).all() and present.str.contains("-", literal=True).any():
        return type_of(values, "datetime")
    return type_of(values, "text")


def _narrowest(dates: pl.Series) -> str:
    if dates.is_empty():
        return "datetime"
    return next((name for name, form in _DATES.items() if dates.str.contains(form).all()), "incompleteDatetime")


def _longest(texts: pl.Series) -> int:
    return max((len(text.encode()) for text in texts), default=1)


def _number(texts: Collection[str]) -> ValueType:
    decimals = max((len(text.partition(".")[2]) for text in texts), default=0)
    return ValueType("float", max((len(text) for text in texts), default=1), decimals)


def _written(number: float) -> str:
    return format(Decimal(f"{number:.{_SIGNIFICANT}g}").normalize(), "f")
