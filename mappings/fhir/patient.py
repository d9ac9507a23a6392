"""Patient: a subject, pseudonymous."""

import polars as pl

from cdisc_aclf.fhir.map.elements import coded, fhir_datetime, fhir_id
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study


def patient(dm: Frame, study: Study, ref_fhir_codes: Frame) -> Frame:
    """One resource per subject; of the birth date the year alone."""
    died = fhir_datetime("DTHDTC", study.time_zone)
    return dm.select(
        RAW_RECORD,
        **{
            "id": fhir_id("USUBJID"),
            "identifier[0].system": pl.lit(f"{study.fhir_base}/sid/subject"),
            "identifier[0].value": pl.col("USUBJID"),
            "gender": coded("SEX", ref_fhir_codes, "SEX"),
            "birthDate": pl.col("BRTHDTC").str.extract(r"^(\d{4})"),
            "deceasedBoolean": pl.when(pl.col("DTHFL") == "Y", died.is_null()).then(pl.lit("true")),
            "deceasedDateTime": died,
        },
    )
