"""DM from Patient and ResearchSubject."""

import polars as pl

from cdisc_aclf.fhir.map.back import dtc, element, uncoded
from cdisc_aclf.fhir.map.ids import links_of_arms
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import Trial


def dm(
    fhir_patient: Frame,
    fhir_research_subject: Frame,
    study: Study,
    trial: Trial,
    ref_arms: Frame,
    ref_fhir_codes: Frame,
) -> Frame:
    """One record per subject, what the two resources say and no more."""
    subjects = fhir_research_subject.with_columns(
        patient=element(fhir_research_subject, "subject.reference").str.strip_prefix("Patient/")
    ).drop("id")
    read = fhir_patient.join(
        subjects, left_on="id", right_on="patient", how="left", maintain_order="left", suffix="_subject"
    )
    own = f"{study.fhir_base}/sid"
    died = dtc(element(read, "deceasedDateTime"), study.time_zone)
    armcds = {link: armcd for armcd, link in links_of_arms(trial, ref_arms).items()}
    arms = dict(ref_arms.select("armcd", "arm").iter_rows())
    planned, actual = (
        element(read, f"{kind}ComparisonGroup").replace_strict(armcds, default=None, return_dtype=pl.String)
        for kind in ("assigned", "actual")
    )
    return read.select(
        STUDYID=pl.lit(study.id),
        DOMAIN=pl.lit("DM"),
        USUBJID=element(read, f"identifier[{own}/subject].value"),
        SUBJID=element(read, f"identifier[{own}/research-subject].value"),
        SITEID=element(read, f"identifier[{own}/research-subject].assigner.identifier.value"),
        RFICDTC=dtc(element(read, "period.start"), study.time_zone),
        DTHDTC=died,
        DTHFL=pl.when(died.is_not_null() | (element(read, "deceasedBoolean") == "true")).then(pl.lit("Y")),
        BRTHDTC=element(read, "birthDate"),
        SEX=uncoded(element(read, "gender"), ref_fhir_codes, "SEX"),
        ARMCD=planned,
        ARM=planned.replace_strict(arms, default=None, return_dtype=pl.String),
        ACTARMCD=actual,
        ACTARM=actual.replace_strict(arms, default=None, return_dtype=pl.String),
        COUNTRY=pl.lit(study.country),
    )
