"""Observation: a laboratory result."""

import polars as pl

from cdisc_aclf.map.fhir import (
    coded,
    concept_code,
    fhir_datetime,
    fhir_id,
    is_number,
    is_quantity,
    quantity,
    simple_quantity,
)
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial


def observation(
    lb: Frame, trial: Trial, study: Study, ct: Terminology, ref_ucum: Frame, ref_fhir_codes: Frame
) -> Frame:
    """One resource per LB record, in its order. The result stands as collected, in original units.

    The record number of the EDC makes the id: it stays when the next cut adds records, LBSEQ does not. A result that
    is no number is a concept in words, as the FHIR to CDISC Joint Mapping IG has it. A test that nobody listed has an
    unknown code, said with the standard extension, since R5 wants a code of every Observation.
    """
    record = pl.coalesce("LBSPID", pl.format("SEQ{}", "LBSEQ"))
    ccode = concept_code("LBTESTCD", "LBTESTCD", ct)
    is_listed, no_result = pl.col("LBTESTCD").is_not_null(), pl.col("LBORRES").is_null()
    not_done = pl.col("LBSTAT") == "NOT DONE"
    in_words = [pl.when(~is_number(limit)).then(limit) for limit in ("LBORNRLO", "LBORNRHI")]
    limits = pl.concat_str(in_words, separator=" - ", ignore_nulls=True)
    return lb.select(
        **{
            "id": fhir_id("USUBJID", pl.lit("LB"), record),
            "extension[0].valueReference.reference": pl.lit(f"ResearchStudy/{trial.identification.nct_id}"),
            "identifier[0].system": pl.lit(f"{study.fhir_base}/sid/record"),
            "identifier[0].value": pl.concat_str("USUBJID", pl.lit("LB"), record, separator="|"),
            "status": pl.when(not_done).then(pl.lit("cancelled")).otherwise(pl.lit("final")),
            "category[1].text": pl.col("LBCAT"),
            "code.extension[0].valueCode": pl.when(~is_listed).then(pl.lit("unknown")),
            "code.coding[0].code": pl.col("LBLOINC"),
            "code.coding[1].code": ccode,
            "code.coding[1].display": pl.when(ccode.is_not_null()).then("LBTEST"),
            "code.coding[2].system": pl.when(is_listed).then(pl.lit(f"{study.fhir_base}/CodeSystem/lbtestcd")),
            "code.coding[2].code": pl.col("LBTESTCD"),
            "code.coding[2].display": pl.when(is_listed).then("LBTEST"),
            "code.text": pl.col("LBTEST"),
            "subject.reference": pl.lit("Patient/") + fhir_id("USUBJID"),
            "effectiveDateTime": fhir_datetime("LBDTC", study.time_zone),
            "performer[0].display": pl.col("LBNAM"),
            **quantity("valueQuantity", "LBORRES", "LBORRESU", ref_ucum),
            "valueCodeableConcept.text": pl.when(~is_quantity("LBORRES")).then("LBORRES"),
            "dataAbsentReason.coding[0].code": pl.when(not_done, no_result).then(pl.lit("not-performed")),
            "dataAbsentReason.text": pl.when(no_result).then("LBREASND"),
            "interpretation[0].coding[0].code": coded("LBNRIND", ref_fhir_codes, "NRIND"),
            "interpretation[0].coding[0].display": coded("LBNRIND", ref_fhir_codes, "NRIND", "display"),
            **simple_quantity("referenceRange[0].low", "LBORNRLO", "LBORRESU", ref_ucum),
            **simple_quantity("referenceRange[0].high", "LBORNRHI", "LBORRESU", ref_ucum),
            "referenceRange[0].text": pl.when(limits != "").then(limits),
        }
    )
