"""ActivityDefinition: what is done at the visits."""

from decimal import Decimal
from itertools import pairwise

from cdisc_aclf.fhir.map.elements import Codes, Json, codes_of, concept, identifier, present
from cdisc_aclf.fhir.map.ids import activity_id, activity_url
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology

LOINC, UCUM, NCI = (
    "http://loinc.org",
    "http://unitsofmeasure.org",
    "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
)


def activity_definition(
    study: Study,
    ct: Terminology,
    ref_activities: Frame,
    ref_schedule: Frame,
    ref_visits: Frame,
    ref_treatment: Frame,
    ref_lb_tests: Frame,
    ref_lb_units: Frame,
    ref_rs_items: Frame,
    ref_ucum: Frame,
    ref_fhir_codes: Frame,
) -> list[Json]:
    """One resource per activity of the schedule: a dose with its dosage, anything else with the code of its test."""
    standard = ref_lb_tests.join(ref_lb_units, left_on=["testcd", "standard_unit"], right_on=["testcd", "unit"])
    loinc = dict(standard.select("testcd", "loinc").rows()) | dict(ref_rs_items.select("testcd", "loinc").rows())
    codes = codes_of(ref_fhir_codes)
    made = []
    for activity in ref_activities.to_dicts():
        is_dose = activity["kind"] == "MedicationRequest"
        dose_visits = ref_schedule.filter(ref_schedule["activity"] == activity["activity"])["visit"]
        days = ref_visits.filter(ref_visits["visit"].is_in(dose_visits.implode()))["visitdy"].drop_nulls()
        [treatment] = ref_treatment.to_dicts() if is_dose else [{}]
        made.append(
            {
                "resourceType": "ActivityDefinition",
                "id": activity_id(study, activity["activity"]),
                "url": activity_url(study, activity["activity"]),
                "identifier": [identifier(study, "activity", activity_id(study, activity["activity"]))],
                "title": activity["title"],
                "status": "active",
                "relatedArtifact": [{"type": "derived-from", "label": activity["source"]}],
                "kind": activity["kind"],
                "code": {"coding": _codings(activity, ct, loinc), "text": activity["title"]},
                "productCodeableConcept": {"text": treatment.get("treatment")},
                "dosage": [_dosage(treatment, [int(day) for day in days], codes, ref_ucum)] if is_dose else [],
            }
        )
    return [present(each) for each in made]


def _codings(activity: dict[str, str], ct: Terminology, loinc: dict[str, str]) -> list[Json]:
    terms = ct.codelists[activity["codelist"]].terms if activity["codelist"] else ()
    found = [term for term in terms if term.value == activity["term"] and not term.ccode.partition("C")[0]]
    return [
        *({"system": LOINC, "code": code} for code in [loinc.get(activity["term"])] if code),
        *({"system": NCI, "code": term.ccode, "display": activity["title"]} for term in found),
    ]


def _dosage(treatment: dict[str, str], days: list[int], codes: Codes, ref_ucum: Frame) -> Json:
    """The planned dose: so many particles, at most so fast that the infusion lasts its least time.

    "Not less than 2 hours" is an upper limit of the rate, since a SimpleQuantity has no comparator.
    """
    ucum = dict(ref_ucum.select("unit", "ucum").rows())
    count = Decimal(treatment["dose"]) * Decimal(treatment["count_factor"])
    fastest = Decimal(treatment["vehicle_volume"]) * 60 / Decimal(treatment["least_minutes"])
    per_hour = f"{treatment['vehicle_unit']}/h"
    steps = {later - earlier for earlier, later in pairwise(days)}
    repeat = {"count": len(days), "frequency": 1, "period": steps.pop(), "periodUnit": "d"} if len(steps) == 1 else {}
    text = (
        f"{treatment['dose']} x {treatment['dose_unit']} in {treatment['vehicle_volume']} {treatment['vehicle_unit']} "
        f"{treatment['vehicle']}, over not less than {treatment['least_minutes']} min, "
        f"on Day {', Day '.join(map(str, days))}"
    )
    return {
        "text": text,
        "timing": {"repeat": repeat},
        "route": concept(codes, "ROUTE", treatment["route"]),
        "doseAndRate": [
            {
                "doseQuantity": {
                    "value": count,
                    "unit": treatment["count_unit"],
                    "system": UCUM,
                    "code": ucum[treatment["count_unit"]],
                },
                "rateRange": {"high": {"value": fastest, "unit": per_hour, "system": UCUM, "code": per_hour}},
            }
        ],
    }
