"""Planned and unscheduled visits."""

import polars as pl

from cdisc_aclf.model.frame import Frame

_STEP = 0.01  # up to 99 unscheduled visits fit between two planned ones


def add_visit(frame: Frame, *, visits: Frame, planned: Frame) -> Frame:
    """Add VISITNUM, VISIT and VISITDY to raw records that name their visit.

    A planned visit has the numbers of the schedule. An unscheduled one stands after the last planned visit that the
    subject attended by then: VISITNUM is that number (0 before the first) plus 0.01 for the first between two
    neighbours, 0.02 for the next; VISITDY is null (SDTMIG 3.4 section 4.4.5). A visit that nobody knows has null
    VISITNUM.

    Args:
        frame: raw records with `subject` and `visit` as the CRF names it.
        visits: the visit form with `subject`, `visit` and an ISO 8601 `date`.
        planned: the schedule with `visitnum`, `visit`, `visitdy`, `collected`; the row without `visitnum` names the
            unscheduled visits, which the CRF numbers: `计划外1`.

    Examples:
        >>> planned = pl.DataFrame({"visitnum": ["2", "3", None], "visit": ["DAY 1", "DAY 4", "UNSCHEDULED"],
        ...                         "visitdy": ["1", "4", None], "collected": ["第1天", "第4天", "计划外"]})
        >>> visits = pl.DataFrame({"subject": ["01"] * 3, "visit": ["第1天", "计划外1", "第4天"],
        ...                        "date": ["2026-01-10", "2026-01-11", "2026-01-13"]})
        >>> add_visit(visits, visits=visits, planned=planned).select("VISITNUM", "VISIT", "VISITDY").rows()
        [(2.0, 'DAY 1', 1), (2.01, 'UNSCHEDULED 2.01', None), (3.0, 'DAY 4', 4)]
    """
    schedule = planned.filter(pl.col("visitnum").is_not_null()).select(
        pl.col("collected"),
        VISITNUM=pl.col("visitnum").cast(pl.Float64),
        VISIT=pl.col("visit"),
        VISITDY=pl.col("visitdy").cast(pl.Int64),
    )
    unplanned = planned.filter(pl.col("visitnum").is_null())
    found = frame.join(schedule, left_on="visit", right_on="collected", how="left", maintain_order="left")
    if unplanned.is_empty():
        return found
    between = _unscheduled(visits, schedule, name=unplanned["collected"][0], visit=unplanned["visit"][0])
    return (
        found.join(between, on=["subject", "visit"], how="left", maintain_order="left", suffix="_between")
        .with_columns(
            pl.coalesce("VISITNUM", "VISITNUM_between").alias("VISITNUM"),
            pl.coalesce("VISIT", "VISIT_between").alias("VISIT"),
        )
        .drop("VISITNUM_between", "VISIT_between")
    )


def _unscheduled(visits: Frame, schedule: Frame, *, name: str, visit: str) -> Frame:
    attended = (
        visits.filter(pl.col("date").is_not_null())
        .join(schedule, left_on="visit", right_on="collected", how="left", maintain_order="left")
        .sort("subject", "date", "VISITNUM", nulls_last=True, maintain_order=True)
        .with_columns(pl.col("VISITNUM").forward_fill().fill_null(0).over("subject").alias("_neighbour"))
        .filter(pl.col("VISITNUM").is_null() & pl.col("visit").str.starts_with(name))
        .unique(["subject", "visit"], keep="first", maintain_order=True)
    )
    order = pl.int_range(1, pl.len() + 1).over("subject", "_neighbour")
    number = (pl.col("_neighbour") + order * _STEP).round(2)
    return attended.select(
        "subject",
        "visit",
        VISITNUM=number,
        VISIT=pl.lit(f"{visit} ") + number.cast(pl.Decimal(12, 2)).cast(pl.String),
    )
