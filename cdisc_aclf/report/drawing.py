"""Pictures of the analysis data as SVG: the only file that knows matplotlib.

A picture is the same bytes on any machine: no clock, no settings of the user, letters as outlines of the font that
matplotlib ships. Arms differ in colour and in the dash of their line, so that a print in grey can be read.
"""

import base64
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from textwrap import fill
from warnings import catch_warnings, simplefilter

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from cdisc_aclf.model.font import FONT_FILE

_COLOURS, _DASHES = ("#4a5560", "#0b5884", "#a8551b", "#3c7a3f"), ("--", "-", "-.", ":")


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """A survival curve: the estimate from each time on, the times of censoring, and how many are at risk.

    Args:
        label: the group.
        times: times at which the estimate changes or somebody was censored, in days.
        survival: the estimate from that time on.
        censored: whether somebody was censored at that time.
        at_risk: subjects at risk at each tick of the time axis.
    """

    label: str
    times: Sequence[float]
    survival: Sequence[float]
    censored: Sequence[bool]
    at_risk: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Median and quartiles of one group over time; the three are of equal length."""

    label: str
    days: Sequence[float]
    median: Sequence[float]
    lower: Sequence[float]
    upper: Sequence[float]


def survival_svg(curves: Sequence[Steps], *, ticks: Sequence[int], axis: str) -> bytes:
    """Kaplan-Meier curves with a cross for each time of censoring and the numbers at risk below.

    Args:
        curves: one per group.
        ticks: ticks of the time axis in days, where the numbers at risk stand.
        axis: what the vertical axis shows.

    Examples:
        >>> curve = Steps(
        ...     label="Control", times=[3, 8], survival=[0.75, 0.75], censored=[False, True], at_risk=[4, 3]
        ... )
        >>> survival_svg([curve], ticks=[0, 8], axis="Alive")[:5]
        b'<?xml'
    """
    with _own_settings():
        figure = Figure(figsize=(7.2, 3.6 + 0.22 * len(curves)), layout="constrained")
        axes = figure.add_subplot()
        for number, curve in enumerate(curves):
            colour, dash = _COLOURS[number % 4], _DASHES[number % 4]
            levels = [1.0, *curve.survival]
            axes.step(
                [0.0, *curve.times, max(ticks)],
                [*levels, levels[-1]],
                where="post",
                color=colour,
                linestyle=dash,
                linewidth=1.6,
                label=curve.label,
            )
            marks = [at for at in zip(curve.times, curve.survival, curve.censored, strict=True) if at[2]]
            axes.plot([time for time, _, _ in marks], [level for _, level, _ in marks], "+", color=colour, markersize=6)
            for tick, risk in zip(ticks, curve.at_risk, strict=True):
                _below(axes, tick, -0.29 - 0.075 * number, f"{risk}", colour)
            _below(axes, ticks[0], -0.29 - 0.075 * number, f"{curve.label}      ", colour, align="right")
        _below(axes, ticks[0], -0.215, "At risk      ", "#1b2530", align="right")
        axes.set(ylim=(0, 1.03), xlim=(0, max(ticks)), xticks=ticks, xlabel="Analysis day", ylabel=axis)
        if curves:
            axes.legend(frameon=False, loc="lower left")
        return _saved(figure)


def course_svg(courses: Sequence[Course], *, ticks: Sequence[float], axis: str, marks: Sequence[float] = ()) -> bytes:
    """Medians over time with a bar from the first to the third quartile, groups side by side.

    Args:
        courses: one per group.
        ticks: the days that are labelled.
        axis: the parameter with its unit.
        marks: values at which a line is drawn, e.g. limits of risk groups.

    Examples:
        >>> course = Course(
        ...     label="Control", days=[1, 4], median=[300.0, 280.0], lower=[250.0, 220.0], upper=[400.0, 390.0]
        ... )
        >>> course_svg([course], ticks=[1, 4], axis="Bilirubin (umol/L)")[:5]
        b'<?xml'
    """
    with _own_settings():
        figure = Figure(figsize=(5.0, 2.9), layout="constrained")
        axes = figure.add_subplot()
        width = (max(ticks) - min(ticks)) * 0.012
        for mark in marks:
            axes.axhline(mark, color="#a9b3bd", linewidth=0.8, linestyle=":")
        for number, course in enumerate(courses):
            colour, dash = _COLOURS[number % 4], _DASHES[number % 4]
            days = [day + (number - (len(courses) - 1) / 2) * width for day in course.days]
            axes.vlines(days, course.lower, course.upper, color=colour, linewidth=1.0, alpha=0.7)
            axes.plot(days, course.median, color=colour, linestyle=dash, marker="o", markersize=3.5, label=course.label)
        axes.set(xlabel="Analysis day (target of the window)", ylabel=fill(axis, 34), xticks=ticks)
        axes.set_xticklabels([f"{tick:g}" for tick in ticks], fontsize=6.5)
        if courses:
            axes.legend(frameon=False, fontsize=7.5)
        return _saved(figure)


def as_source(svg: bytes) -> str:
    """A picture as the source of an `img`: in the page itself, kept apart from its style."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


@contextmanager
def _own_settings() -> Iterator[None]:
    with mpl.rc_context():
        mpl.rcdefaults()  # whatever a matplotlibrc of the user says
        mpl.rc("svg", hashsalt="cdisc_aclf", fonttype="path")
        mpl.rc("font", family=["DejaVu Sans", _font_of_chinese()], size=9.0)
        mpl.rc("axes", edgecolor="#566472")
        mpl.rc("axes.spines", top=False, right=False)
        yield


@cache
def _font_of_chinese() -> str:
    """What DejaVu Sans lacks is drawn in the font of the annotated CRF."""
    own = "cdisc_aclf"  # by a name of ours, so that no font of the machine stands in for it
    font_manager.fontManager.ttflist.append(font_manager.FontEntry(fname=str(FONT_FILE), name=own))
    return own


def _below(axes: Axes, at: float, height: float, text: str, colour: str, *, align: str = "center") -> None:
    transform = axes.get_xaxis_transform()
    axes.text(at, height, text, transform=transform, ha=align, va="top", color=colour, fontsize=8)


def _saved(figure: Figure) -> bytes:
    FigureCanvasSVG(figure)
    file = io.BytesIO()
    with catch_warnings():
        simplefilter("ignore", UserWarning)  # a letter that neither font has is drawn as a box, in an arm as collected
        figure.savefig(file, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    return file.getvalue()
