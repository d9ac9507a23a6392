"""DS from ResearchSubject and Patient."""

import polars as pl

from cdisc_aclf.fhir.map.back import NCI, dtc, element, term_back, uncoded
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology

STEPS = 8  # as many as the resource has room for
STATE = "http://terminology.hl7.org/CodeSystem/research-subject-state"
KIND = "http://terminology.hl7.org/CodeSystem/research-subject-state-type"


def ds(
    fhir_research_subject: Frame, fhir_patient: Frame, study: Study, ct: Terminology, ref_fhir_codes: Frame
) -> Frame:
    """One record per step of progress, what it says and no more; a state of follow-up is the end of treatment."""
    patients = fhir_patient.select(
        pl.lit("Patient/").add(element(fhir_patient, "id")).alias("subject.reference"),
        USUBJID=element(fhir_patient, f"identifier[{study.fhir_base}/sid/subject].value"),
    )
    subjects = fhir_research_subject.with_columns(element(fhir_research_subject, "subject.reference")).join(
        patients, on="subject.reference", how="left", maintain_order="left"
    )
    return pl.concat(_step(subjects, place, study, ct, ref_fhir_codes) for place in range(STEPS))


def _step(subjects: Frame, place: int, study: Study, ct: Terminology, ref_fhir_codes: Frame) -> Frame:
    step = f"progress[{place}]"
    kind = element(subjects, f"{step}.type.coding[{KIND}].code")
    state = element(subjects, f"{step}.subjectState.coding[{STATE}].code")
    milestone = uncoded(element(subjects, f"{step}.milestone.coding[{NCI}].code"), ref_fhir_codes, "PROTMLST")
    reason = term_back(element(subjects, f"{step}.reason.coding[{NCI}].code"), "NCOMPLT", ct)
    is_milestone = kind == "Milestone"
    scope = pl.coalesce(uncoded(state, ref_fhir_codes, "DSSCAT"), pl.lit("STUDY PARTICIPATION"))
    return subjects.filter(kind.is_not_null()).select(
        "USUBJID",
        STUDYID=pl.lit(study.id),
        DOMAIN=pl.lit("DS"),
        DSTERM=pl.coalesce(milestone, element(subjects, f"{step}.reason.text")),
        DSDECOD=pl.coalesce(milestone, reason),
        DSCAT=pl.when(is_milestone).then(pl.lit("PROTOCOL MILESTONE")).otherwise(pl.lit("DISPOSITION EVENT")),
        DSSCAT=pl.when(~is_milestone).then(scope),
        DSSTDTC=dtc(element(subjects, f"{step}.startDate"), study.time_zone),
    )
