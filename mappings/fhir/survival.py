"""Observation: whether a subject was alive, and when that was last known."""

import polars as pl

from cdisc_aclf.fhir.map.elements import concept_code, fhir_datetime
from cdisc_aclf.fhir.map.record import at_visit, record, record_number, subject, tested, within
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial


def survival(ss: Frame, sv: Frame, trial: Trial, study: Study, ct: Terminology) -> Frame:
    """One resource per SS record, in its order: the status is a term, the last day known alive a date."""
    is_status = pl.col("SSTESTCD") == "SURVSTAT"
    return ss.with_columns(
        status=pl.when(is_status).then("SSORRES"),
        date=pl.when(~is_status).then("SSORRES"),
        loinc=pl.lit(None, pl.String),
    ).select(
        **record(study, "SS", "SSTESTCD", record_number("SS")),
        **within(trial),
        **tested("SS", study, ct, loinc="loinc"),
        **subject(),
        **at_visit(sv),
        **{
            "effectiveDateTime": fhir_datetime("SSDTC", study.time_zone),
            "valueCodeableConcept.coding[0].code": concept_code("status", "SSTATRS", ct),
            "valueCodeableConcept.text": pl.col("status"),
            "valueDateTime": fhir_datetime("date", study.time_zone),
            "note[0].text": pl.format("planned for {}", "SSTPT"),
        },
    )
