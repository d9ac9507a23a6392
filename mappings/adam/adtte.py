"""ADTTE: time to death, to transplantation and to the first adverse outcome, by both landmarks."""

import polars as pl

from cdisc_aclf.derive.imputed_date import add_imputed_date
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import calendar_day
from cdisc_aclf.map.collected import has_term, name_of_test
from cdisc_aclf.map.option import of_option
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology

EVENT = ("outcome", "ADT", "ADTF", "SRCDOM", "SRCVAR", "SRCSEQ", RAW_RECORD)


def adtte(
    adsl: Frame,
    ds: Frame,
    pr: Frame,
    ss: Frame,
    ref_tte_parameters: Frame,
    ref_tte_events: Frame,
    ref_tte_outcomes: Frame,
    ref_landmarks: Frame,
    ref_landmark_assessment: Frame,
    ref_abandonment: Frame,
    ref_parameters: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """One record per parameter and randomised subject: BDS-TTE 1.0.

    An event counts up to and on the day of the landmark; nothing but a death ends overall survival.
    """
    subjects = adsl.filter(pl.col("RANDFL") == "Y").with_columns(STARTDT="RANDDT")
    terms = ref_abandonment.filter(of_option(study, "abandonment"))
    abandoned = ds.filter(pl.col("DSCAT") == "DISPOSITION EVENT", has_term(terms))
    events = pl.concat(
        [
            _deaths(subjects),
            _dated(subjects, abandoned, "DSSTDTC", "ABANDONMENT"),
            _dated(subjects, pr.filter(pl.col("PRCAT") == "TRANSPLANTATION"), "PRSTDTC", "TRANSPLANTATION"),
        ]
    ).join(ref_tte_events, on="event", maintain_order="left")
    assessment = ref_landmark_assessment.filter(of_option(study, "landmark_assessment"))
    horizons = (
        ref_tte_parameters.filter(of_option(study, "censoring"))
        .join(ref_landmarks.filter(of_option(study, "landmark")), on="week", validate="m:1", maintain_order="left")
        .join(assessment.select(before="days"), how="cross")
        .select("paramcd", pl.col("planned", "day", "before").cast(pl.Int64))
    )
    reasons = ref_tte_outcomes.filter(pl.col("cnsr") != "0")["outcome"]
    outcomes = ref_tte_outcomes.select(
        "outcome", CNSR=pl.col("cnsr").cast(pl.Int64), EVNTDESC="evntdesc", CNSDTDSC="cnsdtdsc"
    )
    parameters = ref_parameters.filter(pl.col("dataset") == "ADTTE").rename(str.upper).drop("DATASET", "CRIT1")
    return (
        subjects.join(horizons, how="cross")
        .with_columns(landmark=pl.col("STARTDT") + pl.duration(days=pl.col("day") - 1))
        .pipe(_with_first_event, events)
        .with_columns(has_left=pl.col("DCSREAS").is_in(reasons.implode()))
        .pipe(_with_assessment, ss)
        .pipe(_censored)
        .join(outcomes, on="outcome", how="left", validate="m:1", maintain_order="left")
        .join(parameters, left_on="paramcd", right_on="PARAMCD", how="left", validate="m:1", maintain_order="left")
        .select(
            *("STUDYID", "USUBJID", "SITEID", "AGE", "RANDFL", "FASFL", "SAFFL", "PARCAT1", "PARAMTYP"),
            *("STARTDT", "ADT", "ADTF", "CNSR", "EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "SRCSEQ", RAW_RECORD),
            TRTP="TRT01P",
            TRTPN="TRT01PN",
            TRTA="TRT01A",
            TRTAN="TRT01AN",
            PARAM=name_of_test("paramcd", "ADTTEPC", "ADTTEPN", ct),
            PARAMCD="paramcd",
            PARAMN=pl.col("PARAMN").cast(pl.Int64),
            AVAL=(pl.col("ADT") - pl.col("STARTDT")).dt.total_days() + 1,
        )
        .pipe(add_sequence, "ASEQ", order=["PARAMN"])
    )


def _deaths(subjects: Frame) -> Frame:
    """A death of which no date is known comes right after the last sign of life."""
    return subjects.filter(pl.col("DTHFL") == "Y").select(
        "USUBJID",
        event=pl.lit("DEATH"),
        ADT=pl.coalesce("DTHDT", "LSTALVDT"),
        ADTF=pl.when(pl.col("DTHDT").is_null()).then(pl.lit("Y")).otherwise("DTHDTF"),
        SRCDOM=pl.lit("ADSL"),
        SRCVAR=pl.when(pl.col("DTHDT").is_null()).then(pl.lit("LSTALVDT")).otherwise(pl.lit("DTHDT")),
        SRCSEQ=pl.lit(None, pl.Int64),
        raw_record=pl.col(RAW_RECORD),
    )


def _dated(subjects: Frame, records: Frame, date: str, event: str) -> Frame:
    """Other events: as early as the date may mean and not before Day 1; on Day 1 without a date."""
    domain = date[:2]
    is_undated = pl.col("ADT").is_null()
    return (
        records.join(subjects.select("USUBJID", "STARTDT"), on="USUBJID", maintain_order="left")
        .pipe(add_imputed_date, "ADT", date=date, to="first", not_before="STARTDT")
        .filter(is_undated | (pl.col("ADT") >= pl.col("STARTDT")))
        .select(
            "USUBJID",
            event=pl.lit(event),
            ADT=pl.coalesce("ADT", "STARTDT"),
            ADTF=pl.when(is_undated).then(pl.lit("Y")).otherwise("ADTF"),
            SRCDOM=pl.lit(domain),
            SRCVAR=pl.lit(date),
            SRCSEQ=f"{domain}SEQ",
            raw_record=pl.col(RAW_RECORD),
        )
    )


def _with_first_event(frame: Frame, events: Frame) -> Frame:
    """The first event that the parameter counts and that lies within its horizon; of several on one day the death."""
    first = (
        frame.select("USUBJID", "paramcd", "landmark")
        .join(events, on=["USUBJID", "paramcd"], maintain_order="left_right")
        .filter(pl.col("ADT") <= pl.col("landmark"))
        .sort("ADT", maintain_order=True)
        .unique(["USUBJID", "paramcd"], keep="first", maintain_order=True)
    )
    return frame.rename({RAW_RECORD: "subject_record"}).join(
        first.select("USUBJID", "paramcd", *EVENT), on=["USUBJID", "paramcd"], how="left", maintain_order="left"
    )


def _with_assessment(frame: Frame, ss: Frame) -> Frame:
    """Whether the subject was found alive when the landmark was asked about, shortly before it, and had not left."""
    alive = ss.filter(pl.col("SSTESTCD") == "SURVSTAT", pl.col("SSSTRESC") == "ALIVE").select(
        "USUBJID", planned="SSTPTNUM", asked=calendar_day("SSDTC")
    )
    seen = alive.group_by("USUBJID", "planned").agg(pl.col("asked").max())
    earliest = pl.col("landmark") - pl.duration(days="before")
    return frame.join(seen, on=["USUBJID", "planned"], how="left", maintain_order="left").with_columns(
        is_assessed=(pl.col("asked") >= earliest).fill_null(value=False)
        & ~(pl.col("has_left") & (pl.col("EOSDT") < pl.col("landmark")).fill_null(value=True)).fill_null(value=False)
    )


def _censored(frame: Frame) -> Frame:
    """Whoever has no event: at the landmark where alive by then, else when last known alive, and why nothing more."""
    alive_by = pl.max_horizontal("LSTALVDT", pl.when(pl.col("DTHFL") == "Y").then(pl.coalesce("DTHDT", "LSTALVDT")))
    is_through = (alive_by >= pl.col("landmark")).fill_null(value=False)
    reason = (
        pl.when(is_through)
        .then(pl.lit("LANDMARK"))
        .when("is_assessed")
        .then(pl.lit("ASSESSED"))
        .when("has_left")
        .then("DCSREAS")
        .when(pl.col("EOSSTT") == "ONGOING")
        .then(pl.lit("ONGOING"))
        .otherwise(pl.lit("OTHER"))
    )
    has_event = pl.col("outcome").is_not_null()
    return frame.with_columns(
        outcome=pl.coalesce("outcome", reason),
        ADT=pl.when(has_event).then("ADT").when(is_through).then("landmark").otherwise("LSTALVDT"),
        SRCDOM=pl.coalesce("SRCDOM", pl.lit("ADSL")),
        SRCVAR=pl.when(has_event).then("SRCVAR").when(is_through).then(pl.lit("RANDDT")).otherwise(pl.lit("LSTALVDT")),
        raw_record=pl.coalesce(RAW_RECORD, "subject_record"),
    )
