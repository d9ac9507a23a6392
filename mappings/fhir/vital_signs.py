"""Observation: a vital sign."""

import polars as pl

from cdisc_aclf.fhir.map.elements import fhir_datetime, is_quantity, quantity
from cdisc_aclf.fhir.map.record import at_visit, record, record_number, subject, tested, within
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial


def vital_signs(
    vs: Frame, sv: Frame, trial: Trial, study: Study, ct: Terminology, ref_ucum: Frame, ref_vs_items: Frame
) -> Frame:
    """One resource per VS record, in its order, with the digits as collected."""
    codes = ref_vs_items.select(VSTESTCD="testcd", loinc="loinc")
    return vs.join(codes, on="VSTESTCD", how="left", validate="m:1", maintain_order="left").select(
        **record(study, "VS", "VSTESTCD", record_number("VS")),
        **within(trial),
        **tested("VS", study, ct, loinc="loinc"),
        **subject(),
        **at_visit(sv),
        **quantity("valueQuantity", "VSORRES", "VSORRESU", ref_ucum),
        **{
            "effectiveDateTime": fhir_datetime("VSDTC", study.time_zone),
            "valueCodeableConcept.text": pl.when(~is_quantity("VSORRES")).then("VSORRES"),
        },
    )
