"""ResearchSubject: a subject's way through the study."""

import polars as pl

from cdisc_aclf.map.fhir import coded, concept_code, fhir_datetime, fhir_id
from cdisc_aclf.map.fhir_ids import links_of_arms
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial


def research_subject(
    dm: Frame, ds: Frame, trial: Trial, study: Study, ct: Terminology, ref_arms: Frame, ref_fhir_codes: Frame
) -> Frame:
    """One resource per subject: consent, randomisation and the end of participation.

    Arms are named by the linkId of the comparison group. The period has an end only where DS reports one.
    """
    ended = ds.filter(pl.col("DSSCAT") == "STUDY PARTICIPATION")
    arms = links_of_arms(trial, ref_arms)
    consent, randomised, end = (fhir_datetime(date, study.time_zone) for date in ("RFICDTC", "RFSTDTC", "DSSTDTC"))
    return dm.join(ended, on="USUBJID", how="left", maintain_order="left").select(
        **{
            "id": fhir_id("USUBJID"),
            "identifier[0].system": pl.lit(f"{study.fhir_base}/sid/research-subject"),
            "identifier[0].value": pl.col("SUBJID"),
            "progress[0].startDate": consent,
            "progress[1].startDate": pl.when(pl.col("ARMCD").is_not_null()).then(randomised),
            "progress[2].subjectState.coding[0].code": coded("DSDECOD", ref_fhir_codes, "NCOMPLT"),
            "progress[2].reason.coding[0].code": concept_code("DSDECOD", "NCOMPLT", ct),
            "progress[2].reason.coding[0].display": pl.col("DSDECOD"),
            "progress[2].reason.text": pl.col("DSTERM"),
            "progress[2].startDate": end,
            "period.start": consent,
            "period.end": end,
            "study.reference": pl.lit(f"ResearchStudy/{trial.identification.nct_id}"),
            "subject.reference": pl.lit("Patient/") + fhir_id("USUBJID"),
            "assignedComparisonGroup": pl.col("ARMCD").replace_strict(arms, default=None),
            "actualComparisonGroup": pl.col("ACTARMCD").replace_strict(arms, default=None),
        }
    )
