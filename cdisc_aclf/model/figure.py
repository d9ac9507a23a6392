"""A picture or table of the report that is drawn from the analysis data."""

from dataclasses import dataclass
from enum import StrEnum


class FigureKind(StrEnum):
    """What is shown."""

    SURVIVAL = "survival"
    COURSE = "course"
    SHIFT = "shift"
    EVENTS = "events"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureSpec:
    """One figure, a row of `specs/adam/figures.csv`.

    Args:
        kind: `survival` draws a Kaplan-Meier curve, `course` medians by window, `shift` counts grades at baseline
            against the worst grade afterwards, `events` counts subjects by worst grade of each event.
        title: its heading.
        dataset: the ADaM dataset that it is drawn from.
        paramcd: its parameter; empty for events.
        group: the variable that names the arm, e.g. `TRTP`.
        flag: the population flag of ADSL that says who is in it, e.g. `ITTFL`.
        grade: the variable with the toxicity grade (shift and events); empty elsewhere.
        days: ticks of the time axis (survival and course).
        marks: values to draw a line at (course).
    """

    kind: FigureKind
    title: str
    dataset: str
    paramcd: str
    group: str
    flag: str
    grade: str
    days: tuple[int, ...]
    marks: tuple[float, ...]
