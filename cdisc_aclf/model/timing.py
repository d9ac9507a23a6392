"""Dates, ages and points in time as a registry record gives them."""

from dataclasses import dataclass
from enum import StrEnum


class DatePrecision(StrEnum):
    """How much of a date is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as it is known.

    Args:
        text: ISO 8601 as given: `2026`, `2026-01` or `2026-01-12`.
        type: `ACTUAL`, `ESTIMATED`, or None where the record does not say.

    Examples:
        >>> PartialDate("2026-01").precision
        <DatePrecision.MONTH: 'month'>
        >>> PartialDate("2026-01-01").is_before(PartialDate("2026-01"))
        False
    """

    text: str
    type: str | None = None

    @property
    def precision(self) -> DatePrecision:
        """Year, month or day, by the number of parts."""
        return tuple(DatePrecision)[self.text.count("-")]

    def is_before(self, other: "PartialDate") -> bool:
        """Whether this date is certainly earlier, validated by the parts that both dates have."""
        known = min(len(self.text), len(other.text))
        return self.text[:known] < other.text[:known]


class TimeUnit(StrEnum):
    """Units of time in a registry record."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def days(self) -> int | None:
        """Days in one unit; None where it has no fixed number of whole days."""
        return {TimeUnit.DAY: 1, TimeUnit.WEEK: 7}.get(self)


@dataclass(frozen=True, slots=True)
class Age:
    """An age limit.

    Examples:
        >>> Age("18 Years", 18, TimeUnit.YEAR).iso8601, Age("6 Months", 6, TimeUnit.MONTH).iso8601
        ('P18Y', 'P6M')
    """

    text: str
    number: int
    unit: TimeUnit

    @property
    def iso8601(self) -> str:
        """The age as an ISO 8601 duration."""
        time = "T" if self.unit in {TimeUnit.HOUR, TimeUnit.MINUTE} else ""
        return f"P{time}{self.number}{self.unit[0].upper()}"


class TimeKind(StrEnum):
    """What the number of a time point counts."""

    STUDY_DAY = "study day"
    ELAPSED = "elapsed time"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePoint:
    """One point in time that an outcome's time frame names.

    "Day 84" is a study day. "12 weeks" is time that has passed: 84 days after the start, study day 85.

    Args:
        text: the words of the time frame that name it.
        kind: whether `number` is a study day or elapsed time.
        number: whole number of `unit`.
        unit: day for a study day.
        event: what the time has passed since, in the record's words; None where it names nothing.

    Examples:
        >>> TimePoint(text="Day84", kind=TimeKind.STUDY_DAY, number=84, unit=TimeUnit.DAY).study_day
        84
        >>> TimePoint(text="12-weeks", kind=TimeKind.ELAPSED, number=12, unit=TimeUnit.WEEK).study_day
        85
    """

    text: str
    kind: TimeKind
    number: int
    unit: TimeUnit
    event: str | None = None

    @property
    def elapsed_days(self) -> int | None:
        """Days that have passed; None for a study day and for units without a fixed number of days."""
        if self.kind is TimeKind.STUDY_DAY or self.unit.days is None:
            return None
        return self.number * self.unit.days

    @property
    def study_day(self) -> int | None:
        """The study day: Day 1 is the day of the start, and there is no Day 0 (SDTMIG 3.4, 4.4.4).

        None where the time has passed since an event that need not be the start of the study.
        """
        if self.kind is TimeKind.STUDY_DAY:
            return self.number
        if self.elapsed_days is None or self.event is not None:
            return None
        return self.elapsed_days + 1
