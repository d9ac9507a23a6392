"""Do survival status and death agree?"""

import polars as pl

from cdisc_aclf.derive.epoch import starts_by
from cdisc_aclf.derive.imputed_date import days_possible
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


def survival_curve_differs(adtte: Frame, dm: Frame, ref_tte_parameters: Frame) -> Frame:
    """Deaths of a survival curve that DM lacks, and deaths in DM by the landmark that the curve lacks."""
    landmarks = ref_tte_parameters.select(PARAMCD="paramcd", landmark=pl.col("day").cast(pl.Int64))
    first, last = days_possible("DTHDTC")
    deaths = dm.filter(pl.col("DTHFL") == "Y").select("USUBJID", "DTHFL", first=first, last=last)
    earliest, latest = ((pl.col(day) - pl.col("STARTDT")).dt.total_days() + 1 for day in ("first", "last"))
    is_death = pl.col("EVNTDESC") == "DEATH"
    unknown = is_death & (pl.col("DTHFL").is_null() | (earliest > pl.col("landmark")))
    missing = (pl.col("CNSR") > 0) & (latest <= pl.col("landmark"))
    return (
        adtte.join(landmarks, on="PARAMCD", how="left", maintain_order="left")
        .join(deaths, on="USUBJID", how="left", maintain_order="left")
        .filter(unknown | missing)
    )
