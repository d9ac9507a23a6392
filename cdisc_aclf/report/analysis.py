"""What the analysis data show: survival, courses, shifts and events by arm, drawn from ADaM alone."""

from collections.abc import Iterator, Mapping

import polars as pl

from cdisc_aclf.model.figure import FigureKind, FigureSpec
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.run import Run
from cdisc_aclf.report.drawing import Course, Steps, as_source, course_svg, survival_svg
from cdisc_aclf.report.html.markup import Column, Markup, element, markup, row, table
from cdisc_aclf.report.kaplan_meier import at_risk, estimate_at, kaplan_meier

SUBJECTS = "ADSL"
_NB = "\N{NO-BREAK SPACE}"
GRADES = ("0", "1", "2", "3", "4", "5")
UNGRADED, ANY_EVENT = "not graded", "Any event"


def analysis_section(run: Run) -> Markup:
    """Every figure of `specs/adam/figures.csv` whose dataset this run has."""
    frames = {name: dataset.frame for name, dataset in run.datasets.items()}
    if SUBJECTS not in frames:
        return element("p", "This run made no analysis data.")
    shown = [
        figure
        for spec in run.figures
        if spec.dataset in frames
        for figure in (_figure(spec, _population(spec, frames), _arms_of(spec, frames[SUBJECTS])),)
    ]
    return markup(
        element("p", "Drawn from the analysis datasets alone. No test of hypotheses is made.", class_="remark"),
        element("div", *shown, class_="figures"),
    )


def _population(spec: FigureSpec, frames: Mapping[str, Frame]) -> Frame:
    """The records of the figure: subjects with the flag, who have an arm, and the parameter."""
    subjects = frames[SUBJECTS].filter(pl.col(spec.flag) == "Y").select("USUBJID")
    frame = frames[spec.dataset].join(subjects, on="USUBJID", how="semi", maintain_order="left")
    if spec.paramcd:
        frame = frame.filter(pl.col("PARAMCD") == spec.paramcd)
    return frame.drop_nulls(spec.group)


def _arms_of(spec: FigureSpec, adsl: Frame) -> dict[str, int]:
    """Subjects of the population by arm: TRTA of other datasets is TRT01A of ADSL (ADaMIG 1.3 section 3.2.4)."""
    arm = f"TRT01{spec.group[-1]}"
    known = adsl.filter(pl.col(spec.flag) == "Y").drop_nulls(arm).sort(arm)
    return dict(known.group_by(arm, maintain_order=True).len().rows())


def _figure(spec: FigureSpec, frame: Frame, arms: Mapping[str, int]) -> Markup:
    if frame.is_empty():
        return element("figure", _caption(spec, frame), element("p", "No record.", class_="remark"))
    match spec.kind:
        case FigureKind.SURVIVAL:
            return _survival(spec, frame)
        case FigureKind.COURSE:
            return _course(spec, frame)
        case FigureKind.SHIFT:
            return _shift(spec, frame)
        case FigureKind.EVENTS:
            return _events(spec, frame, arms)


def _caption(spec: FigureSpec, frame: Frame) -> Markup:
    source = f"{spec.dataset} {spec.paramcd}".rstrip()
    subjects = frame["USUBJID"].n_unique()
    return element(
        "figcaption",
        element("b", spec.title),
        " ",
        element("span", f"{source}, {spec.flag}, {subjects} subjects", class_="quiet"),
    )


def _arms(spec: FigureSpec, frame: Frame) -> Iterator[tuple[str, Frame]]:
    for (arm,), group in frame.sort(spec.group).group_by(spec.group, maintain_order=True):
        yield str(arm), group


def _picture(svg: bytes, alternative: str) -> Markup:
    return element("img", src=as_source(svg), alt=alternative)


def _survival(spec: FigureSpec, frame: Frame) -> Markup:
    columns = [Column("Arm"), *(Column(name, "number") for name in ("Subjects", "Events", "Censored", "No time"))]
    columns += [Column(f"Day {day:g} (95 % CI)") for day in spec.marks]
    curves, rows = [], []
    for arm, group in _arms(spec, frame):
        curve = kaplan_meier(group, by=spec.group)
        curves.append(
            Steps(
                label=arm,
                times=curve["time"].to_list(),
                survival=curve["survival"].to_list(),
                censored=(curve["censored"] > 0).to_list(),
                at_risk=[at_risk(group, day) for day in spec.days],
            )
        )
        counts = (group.height, int(curve["events"].sum()), int(curve["censored"].sum()), group["AVAL"].null_count())
        rows.append(row(columns, (arm, *counts, *(_percent(*estimate_at(curve, day)) for day in spec.marks))))
    svg = survival_svg(curves, ticks=spec.days, axis="Without the event")
    estimates = table("Kaplan-Meier estimate", columns, rows)
    return element("figure", _caption(spec, frame), _picture(svg, f"Kaplan-Meier curves: {spec.title}"), estimates)


def _percent(estimate: float, lower: float | None, upper: float | None) -> str:
    limits = "" if lower is None or upper is None else f" ({100 * lower:.1f}{_NB}to{_NB}{100 * upper:.1f})"
    return f"{100 * estimate:.1f}{_NB}%{limits}"


def _course(spec: FigureSpec, frame: Frame) -> Markup:
    value = pl.col("AVAL")
    analysed = frame.filter(pl.col("ANL01FL") == "Y").drop_nulls(["AVAL", "AWTARGET"])
    courses = []
    for arm, group in _arms(spec, analysed):
        points = group.group_by("AWTARGET").agg(
            median=value.median(), lower=value.quantile(0.25, "linear"), upper=value.quantile(0.75, "linear")
        )
        day, median, lower, upper = points.sort("AWTARGET").get_columns()
        courses.append(
            Course(label=arm, days=day.to_list(), median=median.to_list(), lower=lower.to_list(), upper=upper.to_list())
        )
    parameter = str(frame["PARAM"][0])
    svg = course_svg(courses, ticks=spec.days, axis=parameter, marks=spec.marks)
    return element("figure", _caption(spec, frame), _picture(svg, f"Median and quartiles by arm: {parameter}"))


def _shift(spec: FigureSpec, frame: Frame) -> Markup:
    """Subjects by grade at baseline (rows) and worst grade on records with CHG or after Day 1 (columns)."""
    after, grade = pl.col("CHG").is_not_null() | (pl.col("ADY") > 1), pl.col(spec.grade)
    of_subjects = frame.group_by("USUBJID", spec.group, maintain_order=True).agg(
        base=pl.col(f"B{spec.grade[1:]}").drop_nulls().first(), worst=grade.filter(after).max()
    )
    grades = (*GRADES[:5], UNGRADED)  # no laboratory value is of grade 5
    columns = [Column("Arm"), Column("At baseline", "code"), *(Column(name, "number") for name in grades)]
    rows = []
    for arm, group in _arms(spec, of_subjects):
        known = group.with_columns(pl.col("base", "worst").fill_null(UNGRADED))
        held = {(base, worst): count for base, worst, count in known.group_by("base", "worst").len().rows()}
        for base in grades:
            cells = [held.get((base, worst), 0) for worst in grades]
            if any(cells):
                rows.append(row(columns, (arm, base, *cells)))
    return element("figure", _caption(spec, frame), table("Subjects by worst grade after baseline", columns, rows))


def _events(spec: FigureSpec, frame: Frame, arms: Mapping[str, int]) -> Markup:
    """Subjects by worst grade of each term, those with any event first."""
    emergent = frame.filter(pl.col("TRTEMFL") == "Y").with_columns(term=pl.coalesce("AEDECOD", "AETERM"))
    both = pl.concat([emergent.with_columns(term=pl.lit(ANY_EVENT)), emergent])
    worst = (
        both.sort(pl.col(spec.grade).fill_null(""))
        .group_by("term", spec.group, "USUBJID", maintain_order=True)
        .agg(worst=pl.col(spec.grade).last().fill_null(UNGRADED))
    )
    counts = {(term, arm, grade): n for term, arm, grade, n in worst.group_by("term", spec.group, "worst").len().rows()}
    total = dict(worst.group_by("term").len().rows())
    columns = [
        Column("Event"),
        Column("Arm"),
        *(Column(name, "number") for name in (*GRADES[1:], UNGRADED, "Any grade")),
    ]
    rows = []
    for term in sorted(total, key=lambda term: (term != ANY_EVENT, -total[term], term)):
        for arm in arms:
            cells = [counts.get((term, arm, grade), 0) for grade in (*GRADES[1:], UNGRADED)]
            rows.append(row(columns, (term, f"{arm} (N={arms[arm]})", *cells, sum(cells))))
    return element("figure", _caption(spec, frame), table("Subjects by worst grade of each event", columns, rows))
