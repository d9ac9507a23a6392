"""ADSL: one record per subject, what every analysis dataset takes its subjects and treatments from."""

import polars as pl

from cdisc_aclf.derive.study_day import calendar_day
from cdisc_aclf.model.frame import RAW_RECORD, Frame


def adsl(dm: Frame) -> Frame:
    """One record per subject of DM, screen failures included: ADaMIG 1.3 section 2.3.1."""
    is_randomised = pl.col("ARMCD").is_not_null()
    randomised = pl.when(is_randomised).then(calendar_day("RFSTDTC"))
    return dm.select(
        "STUDYID",
        "USUBJID",
        "SUBJID",
        "SITEID",
        "AGE",
        "AGEU",
        "SEX",
        "RACE",
        "ARM",
        "ACTARM",
        RAW_RECORD,
        RANDFL=pl.when(is_randomised).then(pl.lit("Y")).otherwise(pl.lit("N")),
        RANDDT=randomised,
        TRT01P="ARM",
        TRT01A="ACTARM",
        TRTSDT=randomised,
    )
