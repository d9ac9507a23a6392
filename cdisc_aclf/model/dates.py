"""What a typed date or time says, part by part: one grammar for the mapping and for the validator."""

from dataclasses import dataclass

import polars as pl

FULL_WIDTH = "[\uff01-\uff5e\u3000]"
"""The full-width forms that a Chinese input method types for ASCII, and its blank."""

_WIDE = [*(chr(code) for code in range(0xFF01, 0xFF5F)), "\u3000"]
_PLAIN = [*(chr(code) for code in range(0x21, 0x7F)), " "]

# 4.4.2 of SDTMIG 3.4 writes an unknown middle part as one hyphen: ISO text is read as it is written.
_UNKNOWN = "UNK|UK|UN|XX|--?|不详|未知"
_PART = f"(?:[0-9]{{1,2}}|{_UNKNOWN})"
_SHAPE = "(?i)^(?:{})$".format(
    "|".join(
        [
            *(rf"[0-9]{{4}}(?:{mark}{_PART}(?:{mark}{_PART})?)?" for mark in ("-", "/", r"\.")),
            f"[0-9]{{4}}年(?:{_PART}月(?:{_PART}日)?)?",
        ]
    )
)
_SPLIT = f"(?i)^(?<year>[0-9]{{4}})[-/.年]?(?<month>{_PART})?[-/.月]?(?<day>{_PART})?日?$"

_TIME = "^(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?$"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateParts:
    """The parts of a typed date, as expressions over its column.

    Args:
        year: four digits; null where the text has no known format.
        month: two digits; null where unknown.
        day: two digits; null where unknown. It may be known in an unknown month.
        has_format: whether the text has a known format, whatever its numbers.
        is_calendar: whether the parts that are known occur in the calendar.
    """

    year: pl.Expr
    month: pl.Expr
    day: pl.Expr
    has_format: pl.Expr
    is_calendar: pl.Expr


def plain(column: str | pl.Expr) -> pl.Expr:
    """The text without blanks around it, full-width forms as the ASCII they stand for.

    Not NFKC: that would also turn `10⁹` into `109`.

    Examples:
        >>> pl.DataFrame({"result": [" ＜０.５", "×10⁹/L"]}).select(plain("result"))["result"].to_list()
        ['<0.5', '×10⁹/L']
    """
    text = pl.col(column) if isinstance(column, str) else column
    return text.str.replace_many(_WIDE, _PLAIN).str.strip_chars()


def date_parts(column: str | pl.Expr) -> DateParts:
    """Take a typed date apart.

    Known formats are `2026-02-03`, `2026/2/3`, `2026.2.3` and `2026年2月3日`, each also without its day, or
    without month and day. A month or day that is not known may be written UK, UNK, UN, XX, `-`, `--`, 不详 or
    未知. Full-width characters and blanks around are read as in `plain`.

    Examples:
        >>> typed = pl.DataFrame({"date": ["2026/2/3", "2026-UK-15", "2026-02-30", "3 Feb 2026"]})
        >>> date = date_parts("date")
        >>> typed.select(date.year, date.month, date.day, date.is_calendar).rows()
        [('2026', '02', '03', True), ('2026', None, '15', True), ('2026', '02', '30', False), \
(None, None, None, False)]
    """
    text = plain(column)
    has_format = text.str.contains(_SHAPE)
    parts = pl.when(has_format).then(text).str.extract_groups(_SPLIT).struct
    year, month, day = (parts.field(part).str.extract("([0-9]+)").str.zfill(2) for part in ("year", "month", "day"))
    # only to ask the calendar: an unknown month has 31 days, every month has a first day
    first = pl.concat_str(year, month.fill_null("01"), day.fill_null("01"), separator="-")
    is_calendar = first.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    return DateParts(
        year=year.alias("year"),
        month=month.alias("month"),
        day=day.alias("day"),
        has_format=has_format.alias("has_format"),
        is_calendar=is_calendar.alias("is_calendar"),
    )


def is_time(column: str | pl.Expr) -> pl.Expr:
    """Whether the text is a time of day: HH:MM or HH:MM:SS, from 00:00 to 23:59:59.

    Examples:
        >>> pl.DataFrame({"time": ["08:30", "24:00", "8h"]}).select(is_time("time"))["time"].to_list()
        [True, False, False]
    """
    return plain(column).str.contains(_TIME)


_ISO = r"^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9:]+)?)?)?)(?:-.*)?$"


def comparable(one: str, other: str) -> tuple[pl.Expr, pl.Expr]:
    """Two ISO 8601 columns, both cut to the precision that both have; of `2026---15` that is the year.

    Null where a text is missing or no such date.

    Examples:
        >>> frame = pl.DataFrame({"a": ["2026-01-10T09:30", "2026---15"], "b": ["2026-01-10", "2026-02"]})
        >>> frame.select(*comparable("a", "b")).rows()
        [('2026-01-10', '2026-01-10'), ('2026', '2026')]
    """
    first, second = (pl.col(name).str.extract(_ISO) for name in (one, other))
    length = pl.min_horizontal(first.str.len_chars(), second.str.len_chars())
    return first.str.head(length), second.str.head(length)
