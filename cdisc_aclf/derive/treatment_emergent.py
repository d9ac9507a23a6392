"""Treatment emergence of adverse events."""

import polars as pl

from cdisc_aclf.derive.epoch import starts_by
from cdisc_aclf.model.dates import comparable
from cdisc_aclf.model.frame import Frame


def add_treatment_emergent(frame: Frame, name: str, *, start: str, end: str, dm: Frame) -> Frame:
    """Add Y where an event may have begun on or after the start of treatment, null elsewhere.

    Treatment starts with RFXSTDTC, for subjects without study drug with RFSTDTC. The worst is assumed: a partial start
    is compared at its own precision, so that one which may lie after the start of treatment counts as after it, and so
    does a missing one. An event that surely ended before has no flag, nor has one of a subject without treatment.

    Args:
        frame: a dataset with USUBJID and both dates.
        name: flag to add.
        start: ISO 8601 variable of the beginning of the event.
        end: ISO 8601 variable of its end; null while it goes on.
        dm: USUBJID, RFSTDTC and RFXSTDTC.

    Examples:
        >>> dm = pl.DataFrame({"USUBJID": ["1", "2"], "RFSTDTC": ["2026-01-10"] * 2,
        ...                    "RFXSTDTC": ["2026-01-10T09:00", None]})
        >>> frame = pl.DataFrame({"USUBJID": ["1", "1", "2"], "AESTDTC": ["2026-01-10T08:00", "2026-01", "2026-01-09"],
        ...                       "AEENDTC": ["2026-01-12", None, None]})
        >>> add_treatment_emergent(frame, "AETRTEM", start="AESTDTC", end="AEENDTC", dm=dm)["AETRTEM"].to_list()
        [None, 'Y', None]
    """
    treatment = dm.select("USUBJID", pl.coalesce("RFXSTDTC", "RFSTDTC").alias("_start"))
    ended, began = comparable(end, "_start")
    may_follow = pl.col("_start").is_not_null() & starts_by("_start", start).fill_null(value=True)
    is_emergent = may_follow & ~(ended < began).fill_null(value=False)
    return (
        frame.join(treatment, on="USUBJID", how="left", maintain_order="left")
        .with_columns(pl.when(is_emergent).then(pl.lit("Y")).alias(name))
        .drop("_start")
    )
