"""Treatment emergence of adverse events."""

import polars as pl

from cdisc_aclf.derive.epoch import starts_by
from cdisc_aclf.model.frame import Frame


def add_treatment_emergent(frame: Frame, name: str, *, date: str, dm: Frame) -> Frame:
    """Add Y where an event began on or after the start of treatment, null elsewhere.

    Treatment starts with RFXSTDTC, for subjects without study drug with RFSTDTC. A partial start is compared at its own
    precision, so that one which may lie after the start counts as after it. An event without a start has no flag.

    Examples:
        >>> dm = pl.DataFrame({"USUBJID": ["1", "2"], "RFSTDTC": ["2026-01-10"] * 2,
        ...                    "RFXSTDTC": ["2026-01-10T09:00", None]})
        >>> frame = pl.DataFrame({"USUBJID": ["1", "1", "2"], "AESTDTC": ["2026-01-10T08:00", "2026-01", "2026-01-09"]})
        >>> add_treatment_emergent(frame, "AETRTEM", date="AESTDTC", dm=dm)["AETRTEM"].to_list()
        [None, 'Y', None]
    """
    start = dm.select("USUBJID", pl.coalesce("RFXSTDTC", "RFSTDTC").alias("_start"))
    return (
        frame.join(start, on="USUBJID", how="left", maintain_order="left")
        .with_columns(pl.when(starts_by("_start", date)).then(pl.lit("Y")).alias(name))
        .drop("_start")
    )
