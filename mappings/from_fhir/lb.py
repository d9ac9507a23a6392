"""LB from Observation, Encounter and Specimen."""

import polars as pl

from cdisc_aclf.fhir.map.back import LOINC, dtc, element, record_number_back, records_of, uncoded, visit_of
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study


def lb(
    fhir_observation: Frame, fhir_encounter: Frame, fhir_specimen: Frame, study: Study, ref_fhir_codes: Frame
) -> Frame:
    """One record per laboratory result, what the resource says of it and no more."""
    results = records_of(fhir_observation, study, "LB").pipe(visit_of, fhir_encounter, study)
    specimens = fhir_specimen.select(
        pl.lit("Specimen/").add(element(fhir_specimen, "id")).alias("specimen.reference"),
        LBREFID=element(fhir_specimen, "accessionIdentifier.value"),
        LBSPEC=element(fhir_specimen, "type.text"),
    )
    named = results.with_columns(element(results, "specimen.reference"))
    read = named.join(specimens, on="specimen.reference", how="left", maintain_order="left")
    quantity = pl.concat_str(
        element(read, "valueQuantity.comparator").fill_null(""), element(read, "valueQuantity.value")
    )  # null without a value
    interpretation = "interpretation[0].coding[http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation].code"
    return read.select(
        "STUDYID",
        "DOMAIN",
        "USUBJID",
        "LBREFID",
        "LBSPEC",
        "VISITNUM",
        "VISIT",
        LBSPID=record_number_back(),
        LBTESTCD=element(read, f"code.coding[{study.fhir_base}/CodeSystem/lbtestcd].code"),
        LBTEST=element(read, "code.text"),
        LBCAT=element(read, "category[1].text"),
        LBORRES=pl.coalesce(quantity, element(read, "valueCodeableConcept.text")),
        LBORRESU=element(read, "valueQuantity.unit"),
        LBORNRLO=element(read, "referenceRange[0].low.value"),
        LBORNRHI=element(read, "referenceRange[0].high.value"),
        LBNRIND=uncoded(element(read, interpretation), ref_fhir_codes, "NRIND"),
        LBSTAT=pl.when(element(read, "status") == "cancelled").then(pl.lit("NOT DONE")),
        LBREASND=element(read, "dataAbsentReason.text"),
        LBNAM=element(read, "performer[0].display"),
        LBLOINC=element(read, f"code.coding[{LOINC}].code"),
        LBDTC=dtc(element(read, "effectiveDateTime"), study.time_zone),
    )
