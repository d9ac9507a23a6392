"""EX from MedicationAdministration, Medication and Encounter."""

import polars as pl

from cdisc_aclf.fhir.map.back import dtc, leaf, record_number_back, records_of, visit_of
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
        pl.lit("Medication/").add(leaf(fhir_medication, "id")).alias("medication.reference.reference"),
        EXTRT=leaf(fhir_medication, "code.text"),
        EXDOSFRM=leaf(fhir_medication, "doseForm.text"),
        EXLOT=leaf(fhir_medication, "batch.lotNumber"),
        EXTRTV=leaf(fhir_medication, "ingredient[1].item.concept.text"),
        EXVAMT=leaf(fhir_medication, "totalVolume.value"),
        EXVAMTU=leaf(fhir_medication, "totalVolume.unit"),
    )
    read = given.with_columns(leaf(given, "medication.reference.reference")).join(
        prepared, on="medication.reference.reference", how="left", maintain_order="left"
    )
    dose = leaf(read, "dosage.dose.value").cast(pl.Float64) / float(ref_treatment["count_factor"].item())
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
        EXROUTE=leaf(read, "dosage.route.text"),
        EXADJ=leaf(read, "note[0].text"),
        EXSTDTC=dtc(leaf(read, "occurencePeriod.start"), study.time_zone),
        EXENDTC=dtc(leaf(read, "occurencePeriod.end"), study.time_zone),
    )
