"""Substance: what is investigated."""

import polars as pl

from cdisc_aclf.fhir.map.ids import substance_id
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study


def substance(ref_treatment: Frame, study: Study) -> Frame:
    """One resource per treatment of the study."""
    key = pl.lit(substance_id(ref_treatment["treatment"].item()))
    return ref_treatment.select(
        pl.lit(None, pl.String).alias(RAW_RECORD),
        **{
            "id": key,
            "identifier[0].system": pl.lit(f"{study.fhir_base}/sid/substance"),
            "identifier[0].value": key,
            "code.concept.text": pl.col("treatment"),
        },
    )
