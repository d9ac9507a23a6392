"""MedicationAdministration: an infusion of exosomes that was given."""

import polars as pl

from cdisc_aclf.fhir.map.elements import concept_code, fhir_datetime, simple_quantity
from cdisc_aclf.fhir.map.record import (
    at_visit,
    medication_id,
    particles,
    plain_number,
    record,
    record_number,
    subject,
    within,
)
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial

MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


def medication_administration(
    ex: Frame, sv: Frame, trial: Trial, study: Study, ct: Terminology, ref_treatment: Frame, ref_ucum: Frame
) -> Frame:
    """One resource per EX record, in its order; controls have none. The rate is the volume over the minutes it took.

    Dose and rate admit no comparator (SimpleQuantity), so "not less than 2 hours" is no part of what was given.
    """
    minutes = (_moment("EXENDTC") - _moment("EXSTDTC")).dt.total_minutes()
    start, end = fhir_datetime("EXSTDTC", study.time_zone), fhir_datetime("EXENDTC", study.time_zone)
    in_words = [plain_number("EXDOSE"), "EXDOSU", pl.format("in {}", plain_number("EXVAMT")), "EXVAMTU", "EXTRTV"]
    given = ex.join(ref_treatment.select("count_unit", "count_factor"), how="cross").with_columns(
        dose=particles(),
        volume=plain_number("EXVAMT"),
        minutes=pl.when(minutes > 0, pl.col("EXVAMT").is_not_null()).then(minutes.cast(pl.String)),
        minute=pl.lit("min"),
    )
    return given.select(
        **record(study, "EX", record_number("EX")),
        **within(trial),
        **subject(),
        **at_visit(sv),
        **{
            "medication.reference.reference": pl.lit("Medication/") + medication_id(study),
            "occurencePeriod.extension[0].valueCode": pl.when(start.is_null(), end.is_null()).then(pl.lit("unknown")),
            "occurencePeriod.start": start,
            "occurencePeriod.end": end,
            "note[0].text": pl.col("EXADJ"),
            "dosage.text": pl.concat_str(in_words, separator=" ", ignore_nulls=True),
            "dosage.route.coding[0].code": concept_code("EXROUTE", "ROUTE", ct),
            "dosage.route.text": pl.col("EXROUTE"),
        },
        **simple_quantity("dosage.dose", "dose", "count_unit", ref_ucum),
        **{
            path: pl.when(pl.col("minutes").is_not_null()).then(element)
            for path, element in simple_quantity("dosage.rateRatio.numerator", "volume", "EXVAMTU", ref_ucum).items()
        },
        **simple_quantity("dosage.rateRatio.denominator", "minutes", "minute", ref_ucum),
    )


def _moment(column: str) -> pl.Expr:
    """A date with time; null where the time is not known."""
    return pl.coalesce(pl.col(column).str.to_datetime(form, strict=False) for form in MOMENTS)
