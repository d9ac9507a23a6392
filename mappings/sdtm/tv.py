"""TV: the planned visits."""

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study


def tv(ref_visits: Frame, study: Study) -> Frame:
    """One record per planned visit. Both arms have one schedule, so ARMCD is blank (SDTMIG 3.4, TV assumption 1).

    A window follows the start rule of its visit where a person gave it: [facts.TVSTRL] of `study.toml`.
    """
    windows = {visit: f"; window: {text[0]}" for visit, text in study.facts.get("TVSTRL", {}).items()}
    window = pl.col("visit").replace_strict(list(windows), list(windows.values()), default="", return_dtype=pl.String)
    return (
        ref_visits.filter(pl.col("visitnum").is_not_null())
        .select(
            pl.lit(None, pl.String).alias(RAW_RECORD),
            STUDYID=pl.lit(study.id),
            DOMAIN=pl.lit("TV"),
            VISITNUM=pl.col("visitnum").cast(pl.Float64),
            VISIT="visit",
            VISITDY=pl.col("visitdy").cast(pl.Int64),
            ARMCD=pl.lit(None, pl.String),
            ARM=pl.lit(None, pl.String),
            TVSTRL=pl.col("tvstrl") + window,
            TVENRL="tvenrl",
        )
        .sort("VISITNUM")
    )
