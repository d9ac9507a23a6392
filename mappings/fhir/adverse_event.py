"""AdverseEvent: an adverse event."""

import polars as pl

from cdisc_aclf.fhir.map.elements import coded, concept_code, fhir_datetime
from cdisc_aclf.fhir.map.ids import substance_id
from cdisc_aclf.fhir.map.record import meddra, record, record_number, subject
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial

CRITERIA = ("AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE")


def adverse_event(
    ae: Frame, ex: Frame, trial: Trial, study: Study, ct: Terminology, ref_treatment: Frame, ref_fhir_codes: Frame
) -> Frame:
    """One resource per AE record, in its order, after the HL7 guide Adverse Event Clinical Research.

    R5 has no severity: the grade is an extension. A criterion of seriousness is said where the event is serious, or
    where it is met. The suspect is the product, since the CRF does not ask which infusion is meant; of subjects who
    got none it is the study treatment in words.
    """
    dosed = pl.col("USUBJID").is_in(ex["USUBJID"].unique().implode())
    product = f"Substance/{substance_id(ref_treatment['treatment'].item())}"
    validated, serious = pl.col("AEREL").is_not_null(), pl.col("AESER") == "Y"
    return ae.select(
        **record(study, "AE", record_number("AE")),
        **meddra("AE", "AETERM"),
        **subject(),
        **{
            f"extension[{place}].extension[1].valueBoolean": _met(name, serious)
            for place, name in enumerate(CRITERIA, 1)
        },
        **{
            "extension[0].valueCodeableConcept.coding[0].code": coded("AETOXGR", ref_fhir_codes, "AETOXGR"),
            "extension[0].valueCodeableConcept.coding[0].display": coded(
                "AETOXGR", ref_fhir_codes, "AETOXGR", "display"
            ),
            "extension[0].valueCodeableConcept.text": pl.col("AETOXGR"),
            "status": pl.when(pl.col("AEENRTPT") == "ONGOING")
            .then(pl.lit("in-progress"))
            .otherwise(pl.lit("completed")),
            "occurrencePeriod.start": fhir_datetime("AESTDTC", study.time_zone),
            "occurrencePeriod.end": fhir_datetime("AEENDTC", study.time_zone),
            "seriousness.coding[0].code": coded("AESER", ref_fhir_codes, "AESER"),
            "outcome[0].coding[0].code": concept_code("AEOUT", "OUT", ct),
            "r4b:outcome.coding[0].code": coded("AEOUT", ref_fhir_codes, "OUT"),
            "outcome[0].text": pl.col("AEOUT"),
            "study[0].reference": pl.lit(f"ResearchStudy/{trial.identification.nct_id}"),
            "suspectEntity[0].instanceReference.reference": pl.when(validated, dosed).then(pl.lit(product)),
            "suspectEntity[0].instanceCodeableConcept.text": pl.when(validated, ~dosed).then(pl.lit("study treatment")),
            "suspectEntity[0].causality.entityRelatedness.coding[0].code": coded("AEREL", ref_fhir_codes, "AEREL"),
            "suspectEntity[0].causality.entityRelatedness.text": pl.col("AEREL"),
            "mitigatingAction[0].itemCodeableConcept.coding[0].code": concept_code("AEACN", "ACN", ct),
            "mitigatingAction[0].itemCodeableConcept.text": pl.col("AEACN"),
            "mitigatingAction[1].itemCodeableConcept.text": pl.when(pl.col("AECONTRT") == "Y").then(
                pl.lit("concomitant or additional treatment given")
            ),
        },
    )


def _met(criterion: str, serious: pl.Expr) -> pl.Expr:
    answer = pl.col(criterion)
    return pl.when(answer == "Y").then(pl.lit("true")).when(answer == "N", serious).then(pl.lit("false"))
