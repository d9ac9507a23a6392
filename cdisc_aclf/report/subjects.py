"""Subjects by arm and status, counted from DM and DS."""

from collections import Counter
from dataclasses import dataclass
from itertools import accumulate

import polars as pl

from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.run import Run
from cdisc_aclf.report.html.markup import Column, Markup, element, markup, row, table

_FROM_DM = (
    Column("Arm", "arm"),
    Column("Subjects", "number"),
    Column("Consented", "number"),
    Column("Randomised", "number"),
    Column("Treated", "number"),
    Column("Died", "number"),
)
_FROM_DS = (
    Column("Completed", "number"),
    Column("Ended early", "number"),
    Column("Ongoing", "number"),
    Column("How participation ended", "ends"),
)
_SCOPE = {"DSCAT": "DISPOSITION EVENT", "DSSCAT": "STUDY PARTICIPATION"}
_OUTCOMES = {"completed": "completed", "ended": "ended early", "ongoing": "ongoing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmStatus:
    """Subjects of one arm: completed + ended early + ongoing = subjects.

    Args:
        arm: the arm, or why there is none.
        subjects: records of DM.
        consented: with RFICDTC.
        randomised: with ARM.
        treated: with RFXSTDTC.
        died: with DTHFL Y; most of them are among `ended` too.
        completed: who completed participation by DS.
        ended: who did not, by DSDECOD; a death or screen failure that DS does not have is taken from DM and says so.
        ongoing: the others.
    """

    arm: str
    subjects: int
    consented: int
    randomised: int
    treated: int
    died: int
    completed: int
    ended: Counter[str]
    ongoing: int


def status_by_arm(dm: Frame, ds: Frame) -> list[ArmStatus]:
    """Count the subjects of each arm, arms of the trial first, and of all together last.

    Args:
        dm: one record per subject: USUBJID, ARM, ARMNRS, RFICDTC, RFXSTDTC, DTHFL.
        ds: USUBJID, DSCAT, DSSCAT, DSDECOD; the last end of participation of a subject counts.

    Examples:
        >>> dm = pl.DataFrame({"USUBJID": ["1", "2"], "ARM": ["Study", None], "ARMNRS": [None, "SCREEN FAILURE"],
        ...     "RFICDTC": ["2026-01-05"] * 2, "RFXSTDTC": ["2026-01-10", None], "DTHFL": [None, None]})
        >>> ds = pl.DataFrame({"USUBJID": ["1"], "DSCAT": ["DISPOSITION EVENT"], "DSSCAT": ["STUDY PARTICIPATION"],
        ...     "DSDECOD": ["COMPLETED"]})
        >>> [(status.arm, status.subjects, status.completed) for status in status_by_arm(dm, ds)]
        [('Study', 1, 1), ('SCREEN FAILURE', 1, 0), ('All subjects', 2, 1)]
    """
    died = (pl.col("DTHFL") == "Y").fill_null(value=False)
    failed = pl.col("ARMNRS") == "SCREEN FAILURE"
    subjects = (
        dm.join(_ends(ds), on="USUBJID", how="left")
        .select(
            arm=pl.coalesce("ARM", "ARMNRS", pl.lit("NO ARM STATED")),
            consented=pl.col("RFICDTC").is_not_null(),
            randomised=pl.col("ARM").is_not_null(),
            treated=pl.col("RFXSTDTC").is_not_null(),
            died=died,
            end=pl.coalesce(
                "end",
                pl.when(died).then(pl.lit("DEATH (in DM only)")),
                pl.when(failed).then(pl.lit("SCREEN FAILURE (in DM only)")),
            ),
        )
        .sort("randomised", "arm", descending=[True, False])
    )
    arms = [_status(str(arm), group) for (arm,), group in subjects.group_by("arm", maintain_order=True)]
    return [*arms, _status("All subjects", subjects)]


def subjects_section(run: Run) -> Markup:
    """The table, or what is missing for it."""
    if "DM" not in run.datasets:
        return element("p", "This run has no DM, so subjects cannot be counted.")
    columns: tuple[Column, ...]
    if "DS" in run.datasets:
        columns, ds = (*_FROM_DM, *_FROM_DS), run.datasets["DS"].frame
        note = markup(
            *[
                element("span", element("i", class_=name), meaning, class_="legend")
                for name, meaning in _OUTCOMES.items()
            ],
            "The three are counted by the last end of study participation in DS and add up to the subjects. ",
            "A death counts under Died (DM) and, with its reason, under Ended early.",
        )
    else:
        columns, ds = _FROM_DM, pl.DataFrame(schema=dict.fromkeys(("USUBJID", *_SCOPE, "DSDECOD"), pl.String))
        note = markup("This run has no DS, so who completed, ended early or goes on is not known.")
    *arms, total = [
        row(columns, _cells(status)[: len(columns)]) for status in status_by_arm(run.datasets["DM"].frame, ds)
    ]
    return markup(table("Subjects by arm and status", columns, arms, total), element("p", note, class_="remark"))


def _ends(ds: Frame) -> Frame:
    reason = pl.col("DSDECOD").fill_null("REASON MISSING")
    # a permissible variable without any value is not written
    whole = ds.with_columns(pl.lit(None, pl.String).alias(name) for name in _SCOPE if name not in ds.columns)
    ended = whole.filter(**_SCOPE)
    return ended.group_by("USUBJID", maintain_order=True).agg(end=reason.last())


def _status(arm: str, group: Frame) -> ArmStatus:
    ends = Counter(group["end"].drop_nulls().to_list())
    return ArmStatus(
        arm=arm,
        subjects=group.height,
        consented=group["consented"].to_list().count(True),
        randomised=group["randomised"].to_list().count(True),
        treated=group["treated"].to_list().count(True),
        died=group["died"].to_list().count(True),
        completed=ends.pop("COMPLETED", 0),
        ended=ends,
        ongoing=group["end"].null_count(),
    )


def _cells(status: ArmStatus) -> list[str | int]:
    reasons = sorted(status.ended.items(), key=lambda reason: (-reason[1], reason[0]))
    return [
        status.arm,
        status.subjects,
        status.consented,
        status.randomised,
        status.treated,
        status.died,
        status.completed,
        status.ended.total(),
        status.ongoing,
        markup(
            *[element("span", name, " ", element("b", count), class_="reason") for name, count in reasons],
            _bar((status.completed, status.ended.total(), status.ongoing)),
        ),
    ]


def _bar(counts: tuple[int, ...]) -> Markup:
    starts = (0, *accumulate(counts))
    blocks = [
        element("rect", class_=name, x=str(start), width=str(count), height="1")
        for name, start, count in zip(_OUTCOMES, starts, counts, strict=False)
    ]
    return element("svg", *blocks, viewBox=f"0 0 {sum(counts)} 1", preserveAspectRatio="none", aria_hidden="true")
