"""SE: the elements that each subject went through."""

import polars as pl

from cdisc_aclf.derive.one_per_subject import one_per_subject
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day, calendar_day
from cdisc_aclf.map.element import planned_days
from cdisc_aclf.map.identifiers import usubjid
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.dates import comparable
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study


def se(dm: Frame, raw_randomisation: Frame, ref_arms: Frame, ref_elements: Frame, study: Study) -> Frame:
    """One record per element per subject, each ending where the next begins, the last with participation.

    Exosome treatment begins with the first infusion, standard care with randomisation (SDTMIG 3.4, DM assumption 10).
    An element that the subject's arm does not plan has no TAETORD (SDTMIG 3.4, SE assumption 6).
    """
    randomised = one_per_subject(raw_randomisation).select(
        USUBJID=usubjid(study),
        randomised=iso8601("randomisation_date", "randomisation_time"),
    )
    course = planned_days(ref_elements, "SOC")
    subjects = (
        dm.join(randomised, on="USUBJID", how="left", validate="m:1", maintain_order="left")
        .join(ref_arms.select(ARMCD="armcd", planned="etcd"), on="ARMCD", how="left", maintain_order="left")
        .join(ref_arms.select(ACTARMCD="armcd", actual="etcd"), on="ACTARMCD", how="left", maintain_order="left")
        .with_columns(
            pl.col("actual").fill_null("SOC"),
            last_day=(calendar_day("RFSTDTC") + pl.duration(days=course)).dt.to_string("%Y-%m-%d"),
        )
    )
    allocated = subjects.filter(pl.col("RFSTDTC").is_not_null())
    as_planned = pl.col("actual") == pl.col("planned")
    treated_elsewhere = allocated.filter(~as_planned & (pl.col("actual") != "SOC"))
    elements = [
        _element(subjects, pl.lit("SCRN"), "RFICDTC"),
        _element(allocated.filter(as_planned), pl.col("actual"), pl.coalesce("RFXSTDTC", "randomised")),
        _element(allocated.filter(~as_planned), pl.lit("SOC"), "randomised"),
        _element(treated_elsewhere, pl.col("actual"), "RFXSTDTC"),
        _element(subjects.filter(_outlasts_treatment()), pl.lit("FU"), "last_day"),
    ]
    is_planned = pl.col("ETCD").is_in(["SCRN", "FU"]) | (pl.col("ETCD") == pl.col("planned"))
    return (
        pl.concat(elements)
        .join(ref_elements.rename({"etcd": "ETCD"}), on="ETCD", how="left", maintain_order="left")
        .with_columns(order=pl.col("taetord").cast(pl.Int64), day=calendar_day("SESTDTC"))
        .select(
            RAW_RECORD,
            "RFPENDTC",
            "day",  # of two elements that begin on one day one may have no time
            "order",
            STUDYID=pl.lit(study.id),
            DOMAIN=pl.lit("SE"),
            USUBJID="USUBJID",
            ETCD="ETCD",
            ELEMENT="element",
            TAETORD=pl.when(is_planned).then("order"),
            EPOCH="epoch",
            SESTDTC="SESTDTC",
        )
        .pipe(add_sequence, "SESEQ", order=["order", "day", "SESTDTC"])
        .with_columns(SEENDTC=pl.coalesce(pl.col("SESTDTC").shift(-1).over("USUBJID"), "RFPENDTC"))
        .drop("RFPENDTC", "day", "order")
        .pipe(add_study_day, "SESTDY", date="SESTDTC", dm=dm)
        .pipe(add_study_day, "SEENDY", date="SEENDTC", dm=dm)
    )


def _element(subjects: Frame, etcd: pl.Expr, start: str | pl.Expr) -> Frame:
    return subjects.select("USUBJID", RAW_RECORD, "RFPENDTC", "planned", ETCD=etcd, SESTDTC=start)


def _outlasts_treatment() -> pl.Expr:
    """Whether participation is known to go on after the treatment course, at the precision of its end."""
    last_day, end = comparable("last_day", "RFPENDTC")
    return (last_day < end) | (calendar_day("RFPENDTC").is_not_null() & (last_day == end))
