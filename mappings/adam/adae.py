"""ADAE: adverse events for analysis."""

import polars as pl

from cdisc_aclf.derive.imputed_date import add_imputed_date, days_possible
from cdisc_aclf.derive.occurrence import add_occurrence_flag
from cdisc_aclf.derive.study_day import add_analysis_day, calendar_day
from cdisc_aclf.derive.treatment_emergent import add_treatment_emergent
from cdisc_aclf.model.frame import RAW_RECORD, Frame

OF_SUBJECT = ("SUBJID", "SITEID", "AGE", "SEX", "FASFL", "SAFFL", "ITTFL", "RANDFL", "TRTSDT", "TRTEDT")
OF_EVENT = (
    *("STUDYID", "USUBJID", "AESEQ", "AETERM", "AELLT", "AELLTCD", "AEDECOD", "AEPTCD", "AEHLT", "AEHLTCD"),
    *("AEHLGT", "AEHLGTCD", "AEBODSYS", "AEBDSYCD", "AESOC", "AESOCCD", "AESTDTC", "AEENDTC", "AEENRTPT"),
    *("AESER", "AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE", "AEREL", "AEACN", "AEOUT"),
    *("AECONTRT", "AETOXGR", RAW_RECORD),
)
FIRST = {"AOCCFL": [], "AOCCSFL": ["AESOC"], "AOCCPFL": ["AESOC", "AEDECOD"]}
WORST = {"AOCCIFL": [], "AOCCSIFL": ["AESOC"], "AOCCPIFL": ["AESOC", "AEDECOD"]}


def adae(ae: Frame, dm: Frame, adsl: Frame) -> Frame:
    """One record per adverse event of AE, before treatment or not: OCCDS 1.1."""
    subjects = adsl.select(
        "USUBJID",
        *OF_SUBJECT,
        TRTP="TRT01P",
        TRTPN="TRT01PN",
        TRTA="TRT01A",
        TRTAN="TRT01AN",
        treated=pl.coalesce("INFSDT", "TRTSDT"),
        died="DTHDT",
    )
    ended = dm.select("USUBJID", cut_off=calendar_day("RFPENDTC"))
    events = (
        ae.select(OF_EVENT)
        .join(subjects, on="USUBJID", how="left", maintain_order="left")
        .join(ended, on="USUBJID", how="left", maintain_order="left")
        .with_columns(latest=pl.coalesce("died", "cut_off"), earliest=days_possible("AESTDTC")[0])
        .pipe(add_imputed_date, "AENDT", date="AEENDTC", to="last", not_before="earliest", not_after="latest")
        .with_columns(latest=pl.min_horizontal("latest", "AENDT"))
        .pipe(add_imputed_date, "ASTDT", date="AESTDTC", to="first", not_before="treated", not_after="latest")
        .pipe(add_analysis_day, "ASTDY", date="ASTDT")
        .pipe(add_analysis_day, "AENDY", date="AENDT")
        .with_columns(ADURN=(pl.col("AENDT") - pl.col("ASTDT")).dt.total_days() + 1)
        .with_columns(
            ADURU=pl.when(pl.col("ADURN").is_not_null()).then(pl.lit("DAYS")),
            ATOXGR="AETOXGR",
            ATOXGRN=pl.col("AETOXGR").cast(pl.Int64, strict=False),
        )
        .pipe(add_treatment_emergent, "TRTEMFL", start="AESTDTC", end="AEENDTC", dm=dm)
        .drop("treated", "died", "cut_off", "latest", "earliest")
    )
    is_emergent, order = pl.col("TRTEMFL") == "Y", ["ASTDT", "AESEQ"]
    for name, by in FIRST.items():
        events = add_occurrence_flag(events, name, by=by, among=is_emergent, order=order)
    for name, by in WORST.items():
        events = add_occurrence_flag(events, name, by=by, among=is_emergent, order=order, worst="ATOXGRN")
    return events
