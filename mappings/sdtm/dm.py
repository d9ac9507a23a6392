"""DM: who took part, in which arm, from when to when."""

import polars as pl

from cdisc_aclf.derive.one_per_subject import one_per_subject
from cdisc_aclf.derive.study_day import add_study_day, calendar_day
from cdisc_aclf.map.age import completed_years
from cdisc_aclf.map.collected import is_yes, term
from cdisc_aclf.map.identifiers import identifiers
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.dates import plain
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def dm(
    raw_demographics: Frame,
    raw_eligibility: Frame,
    raw_randomisation: Frame,
    raw_infusion: Frame,
    raw_visit: Frame,
    raw_survival: Frame,
    raw_death: Frame,
    raw_disposition: Frame,
    ref_arms: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """One record per subject who gave consent, screen failures included.

    RFSTDTC is the date of randomisation in both arms; controls have no RFXSTDTC (SDTMIG 3.4, DM assumptions 4, 9, 10).
    """
    subjects = (
        raw_demographics.join(_randomised(raw_randomisation, ref_arms), on="subject", how="left", validate="m:1")
        .join(_treated(raw_infusion, ref_arms, ct), on="subject", how="left", validate="m:1")
        .join(_died(raw_death), on="subject", how="left", validate="m:1")
        .join(_last_seen(raw_visit, raw_survival, raw_disposition, ct), on="subject", how="left", validate="m:1")
        .join(_failed(raw_eligibility, raw_disposition, ct), on="subject", how="left", validate="m:1")
        .sort("subject", RAW_RECORD)
    )
    randomised, treated = pl.col("ARMCD").is_not_null(), pl.col("treatment_record").is_not_null()
    never_treated = randomised & ~treated & (pl.col("study_drug") == "Y")
    age = completed_years(iso8601("birth_date"), iso8601("icf_date"))
    participation_end = pl.coalesce("DTHDTC", "last_seen")
    records = [pl.col(name) for name in (RAW_RECORD, "randomisation_record", "treatment_record", "death_record")]
    return subjects.select(
        **identifiers(study, "DM") | {RAW_RECORD: pl.concat_str(records, separator=" ", ignore_nulls=True)},
        SUBJID="subject",
        RFSTDTC="RFSTDTC",
        RFENDTC=pl.when(randomised).then(participation_end),
        RFXSTDTC="RFXSTDTC",
        RFXENDTC="RFXENDTC",
        RFICDTC=iso8601("icf_date", "icf_time"),
        RFPENDTC=participation_end,
        DTHDTC="DTHDTC",
        DTHFL="DTHFL",
        SITEID="site",
        BRTHDTC=iso8601("birth_date"),
        AGE=age,
        AGEU=pl.when(age.is_not_null()).then(pl.lit("YEARS")),
        SEX=term("sex", "SEX", ct),
        RACE=term("race", "RACE", ct),
        ARMCD="ARMCD",
        ARM="ARM",
        ACTARMCD=pl.when(randomised & treated).then("treated_armcd").when(~never_treated).then("ARMCD"),
        ACTARM=pl.when(randomised & treated).then("treated_arm").when(~never_treated).then("ARM"),
        ARMNRS=pl.when(never_treated)
        .then(pl.lit("ASSIGNED, NOT TREATED"))
        .when(~randomised & pl.col("failed").fill_null(value=False))
        .then(pl.lit("SCREEN FAILURE"))
        .when(~randomised)
        .then(pl.lit("NOT ASSIGNED")),
        ACTARMUD=pl.lit(None, pl.String),
        COUNTRY=pl.lit(study.country),
        DMDTC=iso8601("collection_date"),
        ETHGRP=plain("ethnic_group"),
        RANDNO="randomisation_number",
    ).pipe(lambda frame: add_study_day(frame, "DMDY", date="DMDTC", dm=frame))


def _randomised(raw_randomisation: Frame, ref_arms: Frame) -> Frame:
    first = one_per_subject(raw_randomisation)
    return first.join(ref_arms, left_on="arm", right_on="collected", how="left", validate="m:1").select(
        "subject",
        "randomisation_number",
        "study_drug",
        ARMCD=pl.coalesce("armcd", "arm"),
        ARM=pl.coalesce("arm_right", "arm"),
        RFSTDTC=iso8601("randomisation_date"),
        randomisation_record=pl.col(RAW_RECORD),
    )


def _treated(raw_infusion: Frame, ref_arms: Frame, ct: Terminology) -> Frame:
    start, end = iso8601("start_date", "start_time"), iso8601("end_date", "end_time")
    arm = ref_arms.filter(pl.col("study_drug") == "Y")
    return (
        raw_infusion.filter(is_yes("given", ct))
        .group_by("subject", maintain_order=True)
        .agg(
            RFXSTDTC=pl.when(start.null_count() == 0).then(start.min()),  # else the first one is not known
            RFXENDTC=pl.coalesce(end, start).max(),
            treatment_record=pl.col(RAW_RECORD).str.join(" "),
        )
        .join(arm.select(treated_armcd="armcd", treated_arm="arm"), how="cross")
    )


def _died(raw_death: Frame) -> Frame:
    return one_per_subject(raw_death).select(
        "subject",
        DTHDTC=iso8601("death_date", "death_time"),
        DTHFL=pl.lit("Y"),
        death_record=pl.col(RAW_RECORD),
    )


def _last_seen(raw_visit: Frame, raw_survival: Frame, raw_disposition: Frame, ct: Terminology) -> Frame:
    contacts = [
        raw_visit.filter(term("status", "VISITSTATUS", ct) == "Y").select("subject", date=iso8601("visit_date")),
        raw_survival.filter(term("status", "SURVIVAL", ct) != "UNKNOWN").select(
            "subject", date=iso8601("contact_date")
        ),
        raw_disposition.select("subject", date=iso8601("end_date")),
    ]
    is_day = calendar_day("date").is_not_null()
    return pl.concat(contacts).filter(is_day).group_by("subject").agg(last_seen=pl.col("date").max())


def _failed(raw_eligibility: Frame, raw_disposition: Frame, ct: Terminology) -> Frame:
    ineligible = raw_eligibility.filter(term("eligible", "NY", ct) == "N")
    ended = raw_disposition.filter(term("reason", "NCOMPLT", ct) == "SCREEN FAILURE")
    subjects = pl.concat([ineligible.select("subject"), ended.select("subject")]).unique()
    return subjects.with_columns(failed=pl.lit(value=True))
