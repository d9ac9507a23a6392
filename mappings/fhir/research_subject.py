"""ResearchSubject: a subject's way through the study."""

import polars as pl

from cdisc_aclf.fhir.map.elements import coded, concept_code, fhir_datetime, fhir_id
from cdisc_aclf.fhir.map.ids import links_of_arms
from cdisc_aclf.fhir.map.record import consent_id, subject
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial

STEPS = 8  # consent, randomisation, and an end of treatment and of participation, each with room for a correction


def research_subject(
    dm: Frame, ds: Frame, trial: Trial, study: Study, ct: Terminology, ref_arms: Frame, ref_fhir_codes: Frame
) -> Frame:
    """One resource per subject with a step of progress per DS record, in its order.

    Arms are named by the linkId of the comparison group. The period has an end only where DS reports one. R4B has one
    status instead: the last state that DS and DM know of.
    """
    arms = links_of_arms(trial, ref_arms)
    steps = _steps(ds, study, ct, ref_fhir_codes)
    consented = pl.col("RFICDTC").is_not_null()
    state = (
        pl.when(pl.col("ended").is_not_null()).then("ended")
        .when(pl.col("treated").is_not_null()).then("treated")
        .when(pl.col("ARMCD").is_not_null()).then(pl.lit("on-study"))
        .when(consented).then(pl.lit("screening"))
        .otherwise(pl.lit("candidate"))
    )  # fmt: skip
    return dm.join(steps, on="USUBJID", how="left", maintain_order="left").select(
        RAW_RECORD,
        *(column for column in steps.columns if column.startswith("progress")),
        **subject(),
        **{
            "id": fhir_id("USUBJID"),
            "identifier[0].system": pl.lit(f"{study.fhir_base}/sid/research-subject"),
            "identifier[0].value": pl.col("SUBJID"),
            "identifier[0].assigner.identifier.system": pl.when(pl.col("SITEID").is_not_null()).then(
                pl.lit(f"{study.fhir_base}/sid/site")
            ),
            "identifier[0].assigner.identifier.value": pl.col("SITEID"),
            "period.start": fhir_datetime("RFICDTC", study.time_zone),
            "period.end": pl.col("end"),
            "study.reference": pl.lit(f"ResearchStudy/{trial.identification.nct_id}"),
            "assignedComparisonGroup": pl.col("ARMCD").replace_strict(arms, default=None),
            "actualComparisonGroup": pl.col("ACTARMCD").replace_strict(arms, default=None),
            "consent[0].reference": pl.when(consented).then(pl.lit("Consent/") + consent_id()),
            "r4b:status": state,
            "r4b:assignedArm": pl.col("ARM"),
            "r4b:actualArm": pl.col("ACTARM"),
        },
    )


def _steps(ds: Frame, study: Study, ct: Terminology, ref_fhir_codes: Frame) -> Frame:
    """Per subject the elements of every step; the state and the day of the end of treatment and of participation."""
    is_milestone, scope = pl.col("DSCAT") == "PROTOCOL MILESTONE", pl.col("DSSCAT")
    of_treatment = coded("DSSCAT", ref_fhir_codes, "DSSCAT")
    state = pl.coalesce(of_treatment, coded("DSDECOD", ref_fhir_codes, "NCOMPLT"))
    reason = pl.when(~is_milestone)
    code = concept_code("DSDECOD", "NCOMPLT", ct)
    elements = {
        "type.coding[0].code": pl.when(is_milestone).then(pl.lit("Milestone")).otherwise(pl.lit("Enrollment")),
        "subjectState.coding[0].code": state,
        "milestone.coding[0].code": coded("DSDECOD", ref_fhir_codes, "PROTMLST"),
        "milestone.coding[0].display": coded("DSDECOD", ref_fhir_codes, "PROTMLST", "display"),
        "reason.coding[0].code": code,
        "reason.coding[0].display": pl.when(code.is_not_null()).then("DSDECOD"),
        "reason.text": reason.then("DSTERM"),
        "startDate": fhir_datetime("DSSTDTC", study.time_zone),
    }
    records = ds.select("USUBJID", scope, place=pl.int_range(pl.len()).over("USUBJID"), **elements)
    ends = scope == "STUDY PARTICIPATION"
    return records.group_by("USUBJID", maintain_order=True).agg(
        *(
            pl.col(element).filter(pl.col("place") == place).first().alias(f"progress[{place}].{element}")
            for place in range(STEPS)
            for element in elements
        ),
        treated=pl.col("subjectState.coding[0].code").filter(scope == "STUDY TREATMENT").last(),
        ended=pl.col("subjectState.coding[0].code").filter(ends).last(),
        end=pl.col("startDate").filter(ends).last(),
    )
