"""Condition: the entry diagnosis and what else a subject had before the study."""

import polars as pl

from cdisc_aclf.fhir.map.elements import fhir_datetime
from cdisc_aclf.fhir.map.record import meddra, record, subject
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study


def condition(mh: Frame, study: Study) -> Frame:
    """One resource per MH record that was answered; a disease that the subject did not have is refuted.

    Whether a disease goes on is known of those that the subject reported. R5 says unknown of the others, R4B nothing.
    """
    absent, ended = pl.col("MHOCCUR") == "N", pl.col("MHENDTC").is_not_null() | (pl.col("MHENRTPT") == "BEFORE")
    state = (
        pl.when(absent).then(pl.lit("inactive"))
        .when(ended).then(pl.lit("resolved"))
        .when(pl.col("MHENRTPT") == "ONGOING").then(pl.lit("active"))
        .otherwise(pl.lit("unknown"))
    )  # fmt: skip
    return mh.filter(pl.col("MHSTAT").is_null()).select(
        **record(study, "MH", pl.coalesce("MHSPID", "MHTERM")),
        **meddra("MH", "MHTERM"),
        **subject(),
        **{
            "clinicalStatus.coding[0].code": state,
            "r4b:clinicalStatus.coding[0].code": state.replace("unknown", None),
            "verificationStatus.coding[0].code": pl.when(absent).then(pl.lit("refuted")).otherwise(pl.lit("confirmed")),
            "category[0].text": pl.col("MHCAT"),
            "onsetDateTime": fhir_datetime("MHSTDTC", study.time_zone),
            "abatementDateTime": fhir_datetime("MHENDTC", study.time_zone),
        },
    )
