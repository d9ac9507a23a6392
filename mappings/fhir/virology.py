"""Observation: virology of hepatitis B."""

import polars as pl

from cdisc_aclf.fhir.map.elements import concept_code, fhir_datetime, is_quantity, quantity
from cdisc_aclf.fhir.map.record import at_visit, record, subject, tested, within
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial


def virology(
    mb: Frame, sv: Frame, trial: Trial, study: Study, ct: Terminology, ref_ucum: Frame, ref_mb_items: Frame
) -> Frame:
    """One resource per MB record, in its order: a viral load as a quantity, an antigen as a term."""
    codes = ref_mb_items.select(MBTESTCD="testcd", loinc="loinc")
    return mb.join(codes, on="MBTESTCD", how="left", validate="m:1", maintain_order="left").select(
        **record(study, "MB", "MBTESTCD"),
        **within(trial),
        **tested("MB", study, ct, loinc="loinc"),
        **subject(),
        **at_visit(sv),
        **quantity("valueQuantity", "MBORRES", "MBORRESU", ref_ucum),
        **{
            "effectiveDateTime": fhir_datetime("MBDTC", study.time_zone),
            "valueCodeableConcept.coding[0].code": concept_code("MBORRES", "LBSTRESC", ct),
            "valueCodeableConcept.text": pl.when(~is_quantity("MBORRES")).then("MBORRES"),
        },
    )
