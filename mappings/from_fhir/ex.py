"""EX from MedicationAdministration, Medication and Encounter."""

import polars as pl

from cdisc_aclf.fhir.map.back import dtc, element, record_number_back, records_of, visit_of
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study


def ex(
    fhir_medication_administration: Frame,
    fhir_medication: Frame,
    fhir_encounter: Frame,
    study: Study,
    ref_treatment: Frame,
) -> Frame:
    """One record per infusion, what the resource says of it and no more. Particles are counted in the unit of EX."""
    given = records_of(fhir_medication_administration, study, "EX").pipe(visit_of, fhir_encounter, study)
    prepared = fhir_medication.select(
        pl.lit("Medication/").add(element(fhir_medication, "id")).alias("medication.reference.reference"),
        EXTRT=element(fhir_medication, "code.text"),
        EXDOSFRM=element(fhir_medication, "doseForm.text"),
        EXLOT=element(fhir_medication, "batch.lotNumber"),
        EXTRTV=element(fhir_medication, "ingredient[1].item.concept.text"),
        EXVAMT=element(fhir_medication, "totalVolume.value"),
        EXVAMTU=element(fhir_medication, "totalVolume.unit"),
    )
    read = given.with_columns(element(given, "medication.reference.reference")).join(
        prepared, on="medication.reference.reference", how="left", maintain_order="left"
    )
    dose = element(read, "dosage.dose.value").cast(pl.Float64) / float(ref_treatment["count_factor"].item())
    return read.select(
        "STUDYID",
        "DOMAIN",
        "USUBJID",
        "EXTRT",
        "EXDOSFRM",
        "EXLOT",
        "EXTRTV",
        "EXVAMT",
        "EXVAMTU",
        "VISITNUM",
        "VISIT",
        EXSPID=record_number_back(),
        EXDOSE=dose,
        EXDOSU=pl.when(dose.is_not_null()).then(pl.lit(ref_treatment["dose_unit"].item())),
        EXROUTE=element(read, "dosage.route.text"),
        EXADJ=element(read, "note[0].text"),
        EXSTDTC=dtc(element(read, "occurencePeriod.start"), study.time_zone),
        EXENDTC=dtc(element(read, "occurencePeriod.end"), study.time_zone),
    )
