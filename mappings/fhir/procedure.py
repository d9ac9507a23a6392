"""Procedure: artificial liver support and transplantation."""

import polars as pl

from cdisc_aclf.fhir.map.elements import concept_code, fhir_datetime
from cdisc_aclf.fhir.map.record import record, record_number, subject, within
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial


def procedure(pr: Frame, trial: Trial, study: Study, ct: Terminology) -> Frame:
    """One resource per PR record, in its order."""
    ccode, is_listed = concept_code("PRDECOD", "PROCEDUR", ct), pl.col("PRDECOD").is_not_null()
    return pr.select(
        **record(study, "PR", record_number("PR")),
        **within(trial),
        **subject(),
        **{
            "category[0].text": pl.col("PRCAT"),
            "code.coding[0].code": ccode,
            "code.coding[0].display": pl.when(ccode.is_not_null()).then("PRDECOD"),
            "code.coding[1].system": pl.when(is_listed).then(pl.lit(f"{study.fhir_base}/CodeSystem/prdecod")),
            "code.coding[1].code": pl.col("PRDECOD"),
            "code.text": pl.col("PRTRT"),
            "occurrencePeriod.start": fhir_datetime("PRSTDTC", study.time_zone),
            "occurrencePeriod.end": fhir_datetime("PRENDTC", study.time_zone),
            "reason[0].concept.text": pl.col("PRINDC"),
        },
    )
