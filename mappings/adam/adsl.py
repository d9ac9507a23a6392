"""ADSL: one record per subject, what every analysis dataset takes its subjects and treatments from."""

import polars as pl

from cdisc_aclf.derive.imputed_date import add_imputed_date, days_possible
from cdisc_aclf.derive.study_day import calendar_day
from cdisc_aclf.map.element import planned_days
from cdisc_aclf.map.option import of_option
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study

COPIES = (
    *("STUDYID", "USUBJID", "SUBJID", "SITEID", "AGE", "AGEU", "SEX", "RACE", "COUNTRY"),
    *("ARM", "ACTARM", "ARMNRS", "DTHFL"),
)


def adsl(
    dm: Frame,
    ds: Frame,
    sv: Frame,
    ss: Frame,
    ex: Frame,
    lb: Frame,
    mb: Frame,
    vs: Frame,
    rs: Frame,
    pr: Frame,
    ae: Frame,
    dd: Frame,
    ref_arms: Frame,
    ref_elements: Frame,
    ref_treatment_start: Frame,
    study: Study,
) -> Frame:
    """One record per subject of DM, screen failures included: ADaMIG 1.3 section 2.3.1."""
    measured = {"LB": lb, "MB": mb, "VS": vs, "RS": rs}
    alive = [
        _days(ss.filter(pl.col("SSTESTCD") == "LSCFADTC"), "SSSTRESC"),
        _days(ss.filter(pl.col("SSSTRESC") == "ALIVE"), "SSDTC"),
        _days(sv.filter(pl.col("SVOCCUR").ne_missing("N")), "SVSTDTC"),
        *(_days(frame.drop_nulls(f"{name}ORRES"), f"{name}DTC") for name, frame in measured.items()),
        *(_days(dm, name) for name in ("RFICDTC", "RFSTDTC")),
        *(_days(ex, name) for name in ("EXSTDTC", "EXENDTC")),
        _days(pr, "PRSTDTC"),
        _days(ae, "AESTDTC"),
    ]
    starts = ref_treatment_start.filter(of_option(study, "treatment_start"))["variable"].to_list()
    course = planned_days(ref_elements, "SOC")
    return (
        dm.pipe(_with_life, pl.concat(alive))
        .pipe(_with_disposition, ds.filter(pl.col("DSSCAT") == "STUDY PARTICIPATION"), "study")
        .pipe(_with_disposition, ds.filter(pl.col("DSSCAT") == "STUDY TREATMENT"), "treatment")
        .pipe(_with_arm_number, ref_arms, "ARM", "TRT01PN")
        .pipe(_with_arm_number, ref_arms, "ACTARM", "TRT01AN")
        .pipe(_with_cause_of_death, dd)
        .with_columns(RANDDT=pl.when(pl.col("ARMCD").is_not_null()).then(calendar_day("RFSTDTC")))
        .with_columns(INFSDT=calendar_day("RFXSTDTC"), INFEDT=calendar_day("RFXENDTC"))
        .with_columns(TRTSDT=_if_randomised(pl.coalesce(starts)), TRTEDT=_if_randomised(_treatment_end(course)))
        .select(
            *COPIES,
            "TRT01PN",
            "TRT01AN",
            "RANDDT",
            "TRTSDT",
            "TRTEDT",
            "INFSDT",
            "INFEDT",
            "DTHDT",
            "DTHDTF",
            "DTHCAUS",
            "LSTALVDT",
            **populations(),
            RAW_RECORD=pl.concat_str(RAW_RECORD, "study_record", "treatment_record", separator=" ", ignore_nulls=True),
            TRT01P="ARM",
            TRT01A="ACTARM",
            RFICDT=calendar_day("RFICDTC"),
            TRTDURD=(pl.col("TRTEDT") - pl.col("TRTSDT")).dt.total_days() + 1,
            EOSSTT=_status("study", open_if=pl.col("ARMCD").is_not_null()),
            EOSDT=calendar_day("study_end"),
            DCSREAS=_reason("study"),
            EOTSTT=_status("treatment", open_if=pl.lit(value=False)),
            DCTREAS=_reason("treatment"),
        )
        .rename({"RAW_RECORD": RAW_RECORD})
    )


def _days(frame: Frame, date: str) -> Frame:
    return frame.select("USUBJID", day=calendar_day(date)).drop_nulls()


def _with_life(dm: Frame, alive: Frame) -> Frame:
    """LSTALVDT and DTHDT: what is dated after a death is no sign of life, and a death is not before the last sign."""
    latest = days_possible("DTHDTC")[1]
    seen = (
        dm.select("USUBJID", latest=latest)
        .join(alive, on="USUBJID")
        .filter(pl.col("latest").is_null() | (pl.col("day") <= pl.col("latest")))
        .group_by("USUBJID")
        .agg(LSTALVDT=pl.col("day").max())
    )
    return dm.join(seen, on="USUBJID", how="left", maintain_order="left").pipe(
        add_imputed_date, "DTHDT", date="DTHDTC", to="first", not_before="LSTALVDT"
    )


def _with_disposition(frame: Frame, ds: Frame, what: str) -> Frame:
    last = ds.group_by("USUBJID", maintain_order=True).agg(
        pl.col("DSDECOD").last().alias(f"{what}_reason"),
        pl.col("DSSTDTC").last().alias(f"{what}_end"),
        pl.col(RAW_RECORD).last().alias(f"{what}_record"),
    )
    return frame.join(last, on="USUBJID", how="left", maintain_order="left")


def _with_arm_number(frame: Frame, ref_arms: Frame, arm: str, name: str) -> Frame:
    numbers = ref_arms.select(pl.col("arm").alias(arm), pl.col("number").cast(pl.Int64).alias(name))
    return frame.join(numbers, on=arm, how="left", maintain_order="left")


def _with_cause_of_death(frame: Frame, dd: Frame) -> Frame:
    cause = dd.filter(pl.col("DDTESTCD") == "PRCDTH").select("USUBJID", DTHCAUS="DDSTRESC")
    return frame.join(cause.unique("USUBJID", keep="first"), on="USUBJID", how="left", maintain_order="left")


def _if_randomised(date: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("RANDDT").is_not_null()).then(date)


def _treatment_end(course: int) -> pl.Expr:
    """The end of the treatment course or of participation, whichever is first, and not before the last infusion."""
    last_day = pl.col("RANDDT") + pl.duration(days=course - 1)
    return pl.max_horizontal(pl.min_horizontal(last_day, calendar_day("RFPENDTC")), "INFEDT")


def populations() -> dict[str, pl.Expr]:
    """The population flags; of a subject who died on Day 1 that much is known (decision populations)."""
    is_randomised = pl.col("ARMCD").is_not_null()
    seen_later = (pl.max_horizontal("LSTALVDT", "DTHDT") > pl.col("RANDDT")).fill_null(value=False)
    is_followed = is_randomised & (seen_later | (pl.col("DTHFL") == "Y").fill_null(value=False))
    is_treated = pl.col("ACTARMCD").is_not_null() & (is_followed | pl.col("RFXENDTC").is_not_null())
    is_complete = (is_randomised & (pl.col("study_reason") == "COMPLETED")).fill_null(value=False)
    flags = {"RANDFL": is_randomised, "ITTFL": is_randomised, "FASFL": is_followed, "SAFFL": is_treated}
    return {
        name: pl.when(holds).then(pl.lit("Y")).otherwise(pl.lit("N"))
        for name, holds in (flags | {"COMPLFL": is_complete}).items()
    }


def _status(what: str, *, open_if: pl.Expr) -> pl.Expr:
    reason, is_randomised = pl.col(f"{what}_reason"), pl.col("ARMCD").is_not_null()
    return (
        pl.when(is_randomised & (reason == "COMPLETED"))
        .then(pl.lit("COMPLETED"))
        .when(is_randomised & reason.is_not_null())
        .then(pl.lit("DISCONTINUED"))
        .when(open_if)
        .then(pl.lit("ONGOING"))
    )


def _reason(what: str) -> pl.Expr:
    reason = pl.col(f"{what}_reason")
    return pl.when(pl.col("ARMCD").is_not_null() & (reason != "COMPLETED")).then(reason)
