"""Specimen: what a laboratory analysed."""

import polars as pl

from cdisc_aclf.fhir.map.elements import concept_code, fhir_datetime
from cdisc_aclf.fhir.map.record import specimen_id, subject
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def specimen(lb: Frame, study: Study, ct: Terminology) -> Frame:
    """One resource per sample number and type of specimen; two times of one sample leave it without a time."""
    of_one = pl.col("LBDTC").unique().len() == 1
    return (
        lb.with_columns(id=specimen_id("LB"), ccode=concept_code("LBSPEC", "SPECTYPE", ct))
        .drop_nulls("id")
        .group_by("id", "USUBJID", "LBREFID", "LBSPEC", "ccode", maintain_order=True)
        .agg(pl.when(of_one).then(pl.first("LBDTC")), pl.col(RAW_RECORD).str.join(" "))
        .select(
            "id",
            RAW_RECORD,
            **subject(),
            **{
                "identifier[0].system": pl.lit(f"{study.fhir_base}/sid/specimen"),
                "identifier[0].value": pl.col("id"),
                "accessionIdentifier.system": pl.when(pl.col("LBREFID").is_not_null()).then(
                    pl.lit(f"{study.fhir_base}/sid/sample")
                ),
                "accessionIdentifier.value": pl.col("LBREFID"),
                "type.coding[0].code": pl.col("ccode"),
                "type.coding[0].display": pl.when(pl.col("ccode").is_not_null()).then("LBSPEC"),
                "type.text": pl.col("LBSPEC"),
                "collection.collectedDateTime": fhir_datetime("LBDTC", study.time_zone),
            },
        )
    )
