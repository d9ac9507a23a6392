"""DS: consent, randomisation and how participation ended."""

import polars as pl

from cdisc_aclf.derive.epoch import add_epoch
from cdisc_aclf.derive.one_per_subject import one_per_subject
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.map.collected import term
from cdisc_aclf.map.identifiers import identifiers
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.map.moment import at_its_time
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def ds(
    raw_demographics: Frame,
    raw_randomisation: Frame,
    raw_disposition: Frame,
    dm: Frame,
    se: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """One record per protocol milestone, and per way in which treatment or participation ended."""
    reason = term("reason", "NCOMPLT", ct)
    is_completed = reason == "COMPLETED"  # DSTERM has to say the same (CDISC CORE-000033)
    events = [
        _milestone(raw_demographics, study, 0, "INFORMED CONSENT OBTAINED", iso8601("icf_date", "icf_time")),
        _milestone(
            one_per_subject(raw_randomisation),
            study,
            1,
            "RANDOMIZED",
            iso8601("randomisation_date", "randomisation_time"),
        ),
        raw_disposition.select(
            **identifiers(study, "DS"),
            DSSPID="record",
            DSTERM=pl.when(is_completed).then(reason).otherwise(pl.coalesce("detail", term("reason", "DSTERM", ct))),
            DSDECOD=reason,
            DSCAT=pl.lit("DISPOSITION EVENT"),
            DSSCAT=term("scope", "DSSCAT", ct),
            DSSTDTC=iso8601("end_date"),
            DSDETAIL=pl.when(is_completed & (pl.col("detail").str.to_uppercase() != reason)).then("detail"),
            step=pl.lit(2),
        ),
    ]
    return (
        pl.concat(events, how="diagonal")
        .pipe(_with_time_of_death, dm)
        .pipe(add_epoch, date="DSSTDTC", se=se)
        .with_columns(EPOCH=pl.when(pl.col("DSDECOD") == "RANDOMIZED").then(pl.lit("SCREENING")).otherwise("EPOCH"))
        .pipe(add_study_day, "DSSTDY", date="DSSTDTC", dm=dm)
        .pipe(add_sequence, "DSSEQ", order=["step", "DSSTDTC", "DSDECOD"])
        .drop("step")
    )


def _milestone(form: Frame, study: Study, step: int, decod: str, date: pl.Expr) -> Frame:
    return form.select(
        **identifiers(study, "DS"),
        step=pl.lit(step),  # a partial date does not put an end before its beginning
        DSTERM=pl.lit(decod),
        DSDECOD=pl.lit(decod),
        DSCAT=pl.lit("PROTOCOL MILESTONE"),
        DSSTDTC=date,
    )


def _with_time_of_death(frame: Frame, dm: Frame) -> Frame:
    """A death is at the moment that DM gives, where the disposition form gives its day only (CDISC CG0069)."""
    death = pl.when(pl.col("DSDECOD") == "DEATH").then("DTHDTC")
    return (
        frame.join(dm.select("USUBJID", "DTHDTC"), on="USUBJID", how="left", maintain_order="left")
        .with_columns(DSSTDTC=at_its_time(pl.col("DSSTDTC"), death))
        .drop("DTHDTC")
    )
