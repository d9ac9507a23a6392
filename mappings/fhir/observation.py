"""Observation: a laboratory result."""

import polars as pl

from cdisc_aclf.fhir.map.elements import (
    coded,
    fhir_datetime,
    is_number,
    is_quantity,
    quantity,
    simple_quantity,
)
from cdisc_aclf.fhir.map.record import at_visit, record, record_number, specimen_id, subject, tested, within
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial


def observation(
    lb: Frame, sv: Frame, trial: Trial, study: Study, ct: Terminology, ref_ucum: Frame, ref_fhir_codes: Frame
) -> Frame:
    """One resource per LB record, in its order. The result stands as collected, in original units.

    The record number of the EDC makes the id: it stays when the next cut adds records, LBSEQ does not. A result that
    is no number is a concept in words, as the FHIR to CDISC Joint Mapping IG has it.
    """
    no_result, not_done = pl.col("LBORRES").is_null(), pl.col("LBSTAT") == "NOT DONE"
    in_words = [pl.when(~is_number(limit)).then(limit) for limit in ("LBORNRLO", "LBORNRHI")]
    limits = pl.concat_str(in_words, separator=" - ", ignore_nulls=True)
    return lb.select(
        **record(study, "LB", record_number("LB")),
        **within(trial),
        **tested("LB", study, ct, loinc="LBLOINC"),
        **subject(),
        **at_visit(sv),
        **quantity("valueQuantity", "LBORRES", "LBORRESU", ref_ucum),
        **simple_quantity("referenceRange[0].low", "LBORNRLO", "LBORRESU", ref_ucum),
        **simple_quantity("referenceRange[0].high", "LBORNRHI", "LBORRESU", ref_ucum),
        **{
            "status": pl.when(not_done).then(pl.lit("cancelled")).otherwise(pl.lit("final")),
            "category[1].text": pl.col("LBCAT"),
            "effectiveDateTime": fhir_datetime("LBDTC", study.time_zone),
            "performer[0].display": pl.col("LBNAM"),
            "valueCodeableConcept.text": pl.when(~is_quantity("LBORRES")).then("LBORRES"),
            "dataAbsentReason.coding[0].code": pl.when(not_done, no_result).then(pl.lit("not-performed")),
            "dataAbsentReason.text": pl.when(no_result).then("LBREASND"),
            "interpretation[0].coding[0].code": coded("LBNRIND", ref_fhir_codes, "NRIND"),
            "interpretation[0].coding[0].display": coded("LBNRIND", ref_fhir_codes, "NRIND", "display"),
            "specimen.reference": pl.lit("Specimen/") + specimen_id("LB"),
            "referenceRange[0].text": pl.when(limits != "").then(limits),
        },
    )
