"""Do survival status and death agree?"""

import polars as pl

from cdisc_aclf.derive.epoch import starts_by
from cdisc_aclf.model.frame import Frame


def dead_without_death(ss: Frame, dm: Frame) -> Frame:
    """The status DEAD of subjects who have no death in DM, or died later."""
    no_death, died_by_then = pl.col("DTHFL").is_null(), starts_by("DTHDTC", "SSDTC")
    return _with_death(ss, dm).filter((pl.col("SSSTRESC") == "DEAD") & (no_death | ~died_by_then))


def alive_after_death(ss: Frame, dm: Frame) -> Frame:
    """The status ALIVE, or a last date known alive, after the date of death."""
    seen = pl.when(pl.col("SSTESTCD") == "LSCFADTC").then("SSSTRESC").when(pl.col("SSSTRESC") == "ALIVE").then("SSDTC")
    return _with_death(ss, dm).with_columns(seen=seen).filter(~starts_by("seen", "DTHDTC"))


def _with_death(ss: Frame, dm: Frame) -> Frame:
    return ss.join(dm.select("USUBJID", "DTHFL", "DTHDTC"), on="USUBJID", how="left", maintain_order="left")
