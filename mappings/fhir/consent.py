"""Consent: a subject's agreement to take part."""

import polars as pl

from cdisc_aclf.fhir.map.elements import fhir_datetime
from cdisc_aclf.fhir.map.ids import slug
from cdisc_aclf.fhir.map.record import consent_id, subject, within
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import Trial


def consent(dm: Frame, trial: Trial, study: Study) -> Frame:
    """One resource per subject who consented; the sponsor is who may use the data."""
    signed = fhir_datetime("RFICDTC", study.time_zone)
    sponsor = trial.lead_sponsor and f"Organization/{slug(trial.lead_sponsor.name)}"
    return dm.drop_nulls("RFICDTC").select(
        RAW_RECORD,
        **subject(),
        **within(trial),
        **{
            "id": consent_id(),
            "identifier[0].system": pl.lit(f"{study.fhir_base}/sid/consent"),
            "identifier[0].value": pl.col("USUBJID"),
            "date": signed.str.slice(0, 10),
            "grantor[0].reference": subject()["subject.reference"],
            "controller[0].reference": pl.lit(sponsor, pl.String),
            "r4b:dateTime": signed,
        },
    )
