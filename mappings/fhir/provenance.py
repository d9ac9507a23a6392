"""Provenance: from what a record says back to the form of the CRF."""

import polars as pl

from cdisc_aclf.fhir.map.elements import Json, fhir_id
from cdisc_aclf.fhir.map.ids import slug
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import Trial

ASSEMBLER = {"system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type", "code": "assembler"}
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def provenance(
    patient: Frame,
    consent: Frame,
    research_subject: Frame,
    encounter: Frame,
    specimen: Frame,
    observation: Frame,
    vital_signs: Frame,
    virology: Frame,
    score: Frame,
    survival: Frame,
    adverse_event: Frame,
    medication_administration: Frame,
    procedure: Frame,
    condition: Frame,
    trial: Trial,
    study: Study,
) -> list[Json]:
    """One resource per subject, visit and form: all that was made of it, so that nothing is said twice.

    The row of the export is not named, since it moves with the next cut; the record number of the EDC is part of the
    identifier of each target. When the data were converted is not known: the same data give the same bytes.
    """
    traced = pl.concat(
        [
            _traced("Patient", patient),
            _traced("Consent", consent),
            _traced("ResearchSubject", research_subject),
            _traced("Encounter", encounter),
            _traced("Specimen", specimen),
            *(_traced("Observation", each) for each in (observation, vital_signs, virology, score, survival)),
            _traced("AdverseEvent", adverse_event),
            _traced("MedicationAdministration", medication_administration),
            _traced("Procedure", procedure),
            _traced("Condition", condition),
        ]
    )
    visit = pl.col("visit").str.strip_prefix("Encounter/")
    key = fhir_id(pl.concat_str(pl.coalesce(visit, "subject"), pl.lit("PROVENANCE"), "form", separator="-"))
    source = pl.concat_str("form", pl.coalesce(visit, "subject"), separator="|")
    sponsor = trial.lead_sponsor and f"Organization/{slug(trial.lead_sponsor.name)}"
    absent = pl.struct(extension=pl.concat_list(pl.struct(url=pl.lit(ABSENT), valueCode=pl.lit("unknown"))))
    coding = pl.struct(pl.lit(text).alias(name) for name, text in ASSEMBLER.items())
    agent = [
        pl.struct(coding=pl.concat_list(coding)).alias("type"),
        pl.struct(display=pl.lit("cdisc_aclf")).alias("who"),
        *([pl.struct(reference=pl.lit(sponsor)).alias("onBehalfOf")] if sponsor else []),
    ]
    form = pl.struct(
        identifier=pl.struct(system=pl.lit(f"{study.fhir_base}/sid/form"), value=source),
        display=pl.format("form {}", "form"),
    )
    return (
        traced.group_by("subject", "visit", "form", maintain_order=True)
        .agg(target=pl.struct(reference="target"))
        .select(
            "target",
            resourceType=pl.lit("Provenance"),
            _recorded=absent,
            id=key,
            agent=pl.concat_list(pl.struct(agent)),
            entity=pl.concat_list(pl.struct(role=pl.lit("source"), what=form)),
        )
        .to_dicts()
    )


def _traced(resource_type: str, frame: Frame) -> Frame:
    """Each resource once per form that it was made from; one without an id, which is reported, cannot be named."""
    whom = pl.col("id") if resource_type == "Patient" else pl.col("subject.reference").str.strip_prefix("Patient/")
    own = pl.format("Encounter/{}", "id") if resource_type == "Encounter" else pl.lit(None, pl.String)
    visit = pl.col("encounter.reference") if "encounter.reference" in frame.columns else own
    return (
        frame.select(
            subject=whom,
            visit=visit,
            target=pl.format("{}/{}", pl.lit(resource_type), "id"),
            form=pl.col(RAW_RECORD).str.split(" "),
        )
        .explode("form")
        .with_columns(pl.col("form").str.extract(r"^([^:]+):"))
        .drop_nulls(["subject", "form", "target"])
        .unique(maintain_order=True)
    )
