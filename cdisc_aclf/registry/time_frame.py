"""The points in time that an outcome's time frame names."""

import re

from cdisc_aclf.model.timing import TimeKind, TimePoint, TimeUnit

_UNIT = "|".join(TimeUnit)
_SEPARATOR = r"(?:\s*(?:[,，、;；&]|\band\b))+\s*"
_DAY = r"(?:(?<=\s)-)?\d{1,4}"
_COUNT = r"\d{1,4}"
_WORD = r"(?!(?:to|through|until|or|and)\b)[^\W\d_][\w-]*"
_PART = re.compile(
    rf"""(?:at\s+)?(?:
        (?:study\s+)?days?\s*(?P<days>{_DAY}(?:{_SEPARATOR}{_DAY})*)\b(?![\s-]*(?:{_UNIT}))
      | (?P<counts>{_COUNT}(?:{_SEPARATOR}{_COUNT})*)[\s-]*(?P<unit>{_UNIT})s?\b
        (?:\s+(?:after|from|since|following|post)[\s-]+(?P<event>{_WORD}(?:\s+{_WORD}){{0,2}}))?
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_NEXT = re.compile(_SEPARATOR, re.IGNORECASE)
_SAID_AGAIN = re.compile(r"\(i\.\s?e\.[^()]*\)", re.IGNORECASE)


def time_frame(text: str) -> tuple[TimePoint, ...]:
    """Return the points in time, in the order of the text; all of them or none.

    A frame is read only when every word of it is understood, for half a schedule would be a wrong one.
    So periods ("up to 28 days", "Days 1-7"), visits without a number of days ("Baseline", "Week 12"),
    tolerances, and days counted from 0 give none: the text itself stays in the outcome.

    Args:
        text: the time frame as written, e.g. `Day1, Day4、Day7` or `4-week , 12-week`.

    Examples:
        >>> [point.study_day for point in time_frame("Day1, Day4、Day7、Day10、Day13、Day28、Day84")]
        [1, 4, 7, 10, 13, 28, 84]
        >>> [(point.elapsed_days, point.study_day) for point in time_frame("4-week , 12-week")]
        [(28, 29), (84, 85)]
        >>> [(point.elapsed_days, point.event) for point in time_frame("90 days from randomisation")]
        [(90, 'randomisation')]
        >>> time_frame("through study completion, an average of 1 year")
        ()
    """
    said = _SAID_AGAIN.sub("", text.strip().removesuffix(".")).strip()
    points: list[TimePoint] = []
    start = 0
    while part := _PART.match(said, start):
        points += _points(part)
        if part.end() == len(said):
            counts_from_zero = any(point.kind is TimeKind.STUDY_DAY and not point.number for point in points)
            return () if counts_from_zero else tuple(points)
        separator = _NEXT.match(said, part.end())
        if separator is None:
            break
        start = separator.end()
    return ()


def _points(part: re.Match[str]) -> list[TimePoint]:
    days = part["days"] is not None
    return [
        TimePoint(
            text=part[0],
            kind=TimeKind.STUDY_DAY if days else TimeKind.ELAPSED,
            number=int(number),
            unit=TimeUnit.DAY if days else TimeUnit(part["unit"].lower()),
            event=part["event"],
        )
        for number in re.findall(r"-?\d+", part["days"] or part["counts"])
    ]
