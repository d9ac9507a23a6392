"""SE: the elements that each subject went through."""

import polars as pl

from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day, calendar_day
from cdisc_aclf.map.identifiers import usubjid
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study

TREATMENT_COURSE = 13  # study days, decision follow_up_start


def se(dm: Frame, raw_randomisation: Frame, ref_arms: Frame, ref_elements: Frame, study: Study) -> Frame:
    """One record per element per subject, each ending where the next begins, the last with participation.

    Exosome treatment begins with the first infusion, standard care with randomisation (SDTMIG 3.4, DM assumption 10).
    A subject who was treated in another arm than allocated has left screening with randomisation all the same.
    """
    randomised = raw_randomisation.select(
        USUBJID=usubjid(study),
        randomised=iso8601("randomisation_date", "randomisation_time"),
    )
    subjects = dm.join(randomised, on="USUBJID", how="left").with_columns(
        treated_etcd=pl.col("ACTARMCD").replace_strict(
            ref_arms["armcd"].to_list(), ref_arms["etcd"].to_list(), default="SOC"
        ),
        last_day=calendar_day("RFSTDTC") + pl.duration(days=TREATMENT_COURSE),
    )
    end, as_allocated = pl.col("RFPENDTC"), pl.col("ARMCD") == pl.col("ACTARMCD")
    elements = [
        subjects.select("USUBJID", RAW_RECORD, "RFPENDTC", ETCD=pl.lit("SCRN"), SESTDTC="RFICDTC"),
        subjects.filter(pl.col("RFSTDTC").is_not_null()).select(
            "USUBJID", RAW_RECORD, "RFPENDTC",
            ETCD="treated_etcd", SESTDTC=pl.coalesce(pl.when(as_allocated).then("RFXSTDTC"), "randomised"),
        ),
        subjects.filter(calendar_day("RFPENDTC") >= pl.col("last_day")).select(
            "USUBJID", RAW_RECORD, "RFPENDTC", ETCD=pl.lit("FU"), SESTDTC=pl.col("last_day").dt.to_string("%Y-%m-%d"),
        ),
    ]  # fmt: skip
    return (
        pl.concat(elements)
        .join(ref_elements.rename({"etcd": "ETCD"}), on="ETCD", how="left", maintain_order="left")
        .select(
            RAW_RECORD,
            STUDYID=pl.lit(study.id),
            DOMAIN=pl.lit("SE"),
            USUBJID="USUBJID",
            ETCD="ETCD",
            ELEMENT="element",
            TAETORD=pl.col("taetord").cast(pl.Int64),
            EPOCH="epoch",
            SESTDTC="SESTDTC",
            RFPENDTC="RFPENDTC",
            # of two elements that begin on one day one may have no time
            day=calendar_day("SESTDTC"),
        )
        .pipe(add_sequence, "SESEQ", order=["day", "TAETORD"])
        .with_columns(SEENDTC=pl.coalesce(pl.col("SESTDTC").shift(-1).over("USUBJID"), end))
        .drop("RFPENDTC", "day")
        .pipe(add_study_day, "SESTDY", date="SESTDTC", dm=dm)
        .pipe(add_study_day, "SEENDY", date="SEENDTC", dm=dm)
    )
