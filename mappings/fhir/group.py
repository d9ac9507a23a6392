"""Group: who may take part."""

from decimal import Decimal

from cdisc_aclf.fhir.map.elements import Codes, Json, codes_of, concept, identifier, present
from cdisc_aclf.fhir.map.ids import eligibility_id
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.protocol import CriterionKind
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.timing import Age
from cdisc_aclf.model.trial import Trial

UCUM = "http://unitsofmeasure.org"


def group(trial: Trial, study: Study, ref_criteria: Frame, ref_ucum: Frame, ref_fhir_codes: Frame) -> list[Json]:
    """One definitional group: the criteria verbatim as a whole and one by one, age and sex coded.

    A criterion that a person read as a limit of a number has it as a Quantity, since a Range cannot say "less than".
    A criterion under no heading is in the description only, since a characteristic has to say whether it excludes.
    """
    codes, eligibility = codes_of(ref_fhir_codes), trial.eligibility
    limits = _limits(ref_criteria, ref_ucum)
    age = {"low": _age(eligibility.minimum_age, codes), "high": _age(eligibility.maximum_age, codes)}
    sex = eligibility.sex if eligibility.sex != "ALL" else None
    characteristics: list[Json] = [
        {"code": concept(codes, "eligibility", "age"), "valueRange": present(age), "exclude": False},
        {"code": {"text": "sex"}, "valueCodeableConcept": concept(codes, "sex", sex), "exclude": False},
        {
            "code": {"text": "healthyVolunteers"},
            "valueBoolean": True if eligibility.healthy_volunteers is False else None,
            "exclude": True,
        },
        *(
            {"code": {"text": criterion.text}}
            | ({"valueQuantity": limits[criterion.text]} if criterion.text in limits else {"valueBoolean": True})
            | {"exclude": criterion.kind is CriterionKind.EXCLUSION}
            for criterion in eligibility.criteria
            if criterion.kind
        ),
    ]
    resource = {
        "resourceType": "Group",
        "id": eligibility_id(trial),
        "identifier": [identifier(study, "group", eligibility_id(trial))],
        "type": "person",
        "membership": "definitional",
        "description": eligibility.text,
        "characteristic": [
            characteristic
            for characteristic in characteristics
            if any(characteristic[name] for name in characteristic if name.startswith("value"))
        ],
    }
    return [present(resource)]


def _age(age: Age | None, codes: Codes) -> Json | None:
    if age is None:
        return None
    unit = codes["time", age.unit]
    return {"value": age.number, "unit": age.text.partition(" ")[2], "system": unit["system"], "code": unit["code"]}


def _limits(ref_criteria: Frame, ref_ucum: Frame) -> dict[str, Json]:
    """The limit of each criterion that has one, by the words of the criterion."""
    ucum = dict(ref_ucum.select("unit", "ucum").rows())
    return {
        row["criterion"]: {
            "value": Decimal(row["value"]),
            "comparator": row["comparator"],
            "unit": row["unit"],
            "system": UCUM,
            "code": ucum[row["unit"]],
        }
        for row in ref_criteria.to_dicts()
    }
