"""Encounter: a visit."""

import polars as pl

from cdisc_aclf.fhir.map.elements import coded, fhir_datetime
from cdisc_aclf.fhir.map.record import encounter_id, record, subject, visit_number, within
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import Trial


def encounter(sv: Frame, trial: Trial, study: Study, ref_fhir_codes: Frame) -> Frame:
    """One resource per SV record; a planned visit that did not take place is cancelled and has no period.

    The CRF knows how a subject was contacted, not whether the subject lay in hospital, so a visit in person has a
    class in words; R4B wants a code (decision visit_class).
    """
    missed, virtual = pl.col("SVOCCUR") == "N", coded("SVCNTMOD", ref_fhir_codes, "CNTMODE")
    return sv.select(
        **record(study, "SV", visit_number()) | {"id": encounter_id()},
        **within(trial),
        **subject(),
        **{
            "status": pl.when(missed).then(pl.lit("cancelled")).otherwise(pl.lit("completed")),
            "class[0].coding[0].code": virtual,
            "class[0].coding[0].display": coded("SVCNTMOD", ref_fhir_codes, "CNTMODE", "display"),
            "class[0].text": pl.col("SVCNTMOD"),
            "r4b:class.code": pl.when(virtual.is_null()).then(pl.lit("AMB")),
            "type[0].coding[0].system": pl.when(pl.col("VISITNUM").is_not_null()).then(
                pl.lit(f"{study.fhir_base}/CodeSystem/visitnum")
            ),
            "type[0].coding[0].code": visit_number(),
            "type[0].coding[0].display": pl.when(pl.col("VISITNUM").is_not_null()).then("VISIT"),
            "type[0].text": pl.col("VISIT"),
            "actualPeriod.start": fhir_datetime("SVSTDTC", study.time_zone),
            "actualPeriod.end": fhir_datetime("SVENDTC", study.time_zone),
            "reason[0].value[0].concept.text": pl.coalesce("SVREASOC", "SVUPDES"),
        },
    )
