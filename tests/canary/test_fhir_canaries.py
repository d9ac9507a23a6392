"""One resource that breaks each check, in the version where it holds; the same resource unbroken has no Issue."""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from cdisc_aclf.fhir.model.spec import FhirVersion
from cdisc_aclf.fhir.read.spec import read_fhir
from cdisc_aclf.fhir.validate.bundle import validate_bundle
from cdisc_aclf.fhir.validate.resources import Validator
from cdisc_aclf.study.shipped import first_study

Json = dict[str, Any]
R5, R4B = FhirVersion.R5, FhirVersion.R4B
SPEC = read_fhir(first_study())
VALIDATORS = {version: Validator(SPEC, version) for version in FhirVersion}

UCUM = "http://unitsofmeasure.org"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


def quantity(value: str, unit: str = "g/L") -> Json:
    return {"value": Decimal(value), "unit": unit, "system": UCUM, "code": unit}


def concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


HGB = concept("http://loinc.org", "718-7")
GOOD: dict[str, Json] = {
    "Observation": {
        "resourceType": "Observation",
        "id": "o1",
        "text": {"status": "generated", "div": XHTML.format("<p>101 g/L</p>")},
        "contained": [{"resourceType": "Specimen", "id": "s"}],
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/workflow-researchStudy",
                "valueReference": {"reference": "ResearchStudy/1"},
            }
        ],
        "identifier": [
            {"system": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "period": {"start": "2026", "end": "2026-01"}}
        ],
        "status": "final",
        "category": [concept("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory")],
        "code": HGB,
        "subject": {"reference": "Patient/1", "type": "Patient"},
        "effectiveDateTime": "2026-01-10T08:30:00+08:00",
        "issued": "2026-01-10T08:30:00Z",
        "valueQuantity": quantity("101.50"),
        "specimen": {"reference": "#s"},
        "bodySite": concept("http://snomed.info/sct", "10200004"),
        "referenceRange": [{"low": quantity("115"), "high": quantity("150"), "age": {"low": quantity("18", "a")}}],
        "component": [{"code": concept("http://loinc.org", "6301-6"), "valueInteger": 2}],
    },
    "Patient": {
        "resourceType": "Patient",
        "id": "p1",
        "active": True,
        "gender": "male",
        "birthDate": "1978",
        "multipleBirthInteger": 2,
        "contact": [{"name": {"text": "A"}, "telecom": [{"system": "phone", "value": "1"}]}],
        "photo": [{"contentType": "image/png", "data": "iVBORw0KGgo="}],
        "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "zh"}]}, "preferred": True}],
    },
    "MedicationAdministration": {
        "resourceType": "MedicationAdministration",
        "id": "m1",
        "status": "completed",
        "dosage": {
            "text": "2x10^11 particles",
            "dose": quantity("200000000000", "{particles}"),
            "rateRatio": {"numerator": quantity("100", "mL"), "denominator": quantity("2", "h")},
        },
    },
    "Condition": {
        "resourceType": "Condition",
        "id": "c1",
        "clinicalStatus": concept(CLINICAL, "resolved"),
        "subject": {"reference": "Patient/1"},
        "onsetAge": quantity("47", "a"),
        "abatementDateTime": "2026-02",
        "stage": [{"summary": {"text": "ACLF 2"}}],
    },
    "Organization": {"resourceType": "Organization", "id": "g1", "name": "Hospital"},
    "CodeSystem": {
        "resourceType": "CodeSystem",
        "id": "x1",
        "status": "active",
        "content": "complete",
        "concept": [{"code": "A", "concept": [{"code": "B"}]}],
    },
}
OF_VERSION: dict[tuple[FhirVersion, str], Json] = {
    (R5, "MedicationAdministration"): {
        "occurenceDateTime": "2026-01-10",
        "medication": {"concept": {"text": "exosomes"}},
        "subject": {"reference": "Patient/1"},
    },
    (R4B, "MedicationAdministration"): {
        "effectiveDateTime": "2026-01-10",
        "medicationCodeableConcept": {"text": "exosomes"},
        "subject": {"reference": "Patient/1"},
    },
    (R5, "PlanDefinition"): {
        "resourceType": "PlanDefinition",
        "id": "l1",
        "status": "active",
        "action": [
            {"id": "a", "title": "A"},
            {"id": "b", "relatedAction": [{"targetId": "a", "relationship": "after-end"}]},
        ],
    },
    (R4B, "Consent"): {
        "resourceType": "Consent",
        "id": "n1",
        "status": "active",
        "scope": concept("http://terminology.hl7.org/CodeSystem/consentscope", "research"),
        "category": [concept("http://terminology.hl7.org/CodeSystem/consentcategorycodes", "research")],
        "policyRule": {"text": "as approved"},
    },
    (R4B, "Group"): {
        "resourceType": "Group",
        "id": "u1",
        "type": "person",
        "actual": True,
        "member": [{"entity": {"reference": "Patient/1"}}],
    },
}


def good(version: FhirVersion, resource_type: str) -> Json:
    return copy.deepcopy(GOOD.get(resource_type, {}) | OF_VERSION.get((version, resource_type), {}))


def at(path: str, value: object) -> Callable[[Json], None]:
    """Put a value, or take the element away where it is None, at `a.0.b`."""

    def change(resource: Json) -> None:
        *above, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        part: Any = resource
        for step in above:
            part = part[step]
        if value is None:
            del part[last]
        else:
            part[last] = value

    return change


NULL = [None]
BOTH = (R5, R4B)
CASES: list[tuple[str, str, tuple[FhirVersion, ...], object, str, str]] = [
    # resource, place, versions, value put there, rule, path
    ("Observation", "favourite", BOTH, "x", "FHIR-STRUCTURE", "favourite"),
    ("Observation", "status", BOTH, None, "FHIR-STRUCTURE", "status"),
    ("Observation", "code", BOTH, [HGB], "FHIR-STRUCTURE", "code"),
    ("Observation", "category", BOTH, HGB, "FHIR-STRUCTURE", "category"),
    ("Observation", "valueString", BOTH, "x", "FHIR-STRUCTURE", ""),
    ("Observation", "_code", BOTH, {"id": "a"}, "FHIR-STRUCTURE", "_code"),
    ("Observation", "category", BOTH, [], "FHIR-EMPTY", "category"),
    ("Observation", "category", BOTH, NULL, "FHIR-EMPTY", "category[0]"),
    ("Observation", "bodySite", BOTH, {}, "FHIR-EMPTY", "bodySite"),
    ("Observation", "bodySite", BOTH, {"id": "a"}, "FHIR-EMPTY", "bodySite"),
    ("Observation", "_issued", BOTH, {}, "FHIR-EMPTY", "_issued"),
    ("Observation", "status", BOTH, "banana", "FHIR-CODE", "status"),
    ("Condition", "clinicalStatus", BOTH, concept(CLINICAL, "healed"), "FHIR-CODE", "clinicalStatus.coding[0].code"),
    ("Condition", "clinicalStatus", BOTH, {"text": "resolved"}, "FHIR-CODE", "clinicalStatus"),
    ("Observation", "category.0.coding.0.code", BOTH, "lab", "FHIR-CODE-UNKNOWN", "category[0].coding[0].code"),
    ("Observation", "category.0.coding.0.system", BOTH, None, "FHIR-SYSTEM-ABSENT", "category[0].coding[0].code"),
    ("Observation", "category.0.coding.0.system", BOTH, "http://hl7.org/fhir/ValueSet/observation-category",
     "FHIR-SYSTEM", "category[0].coding[0].system"),
    ("Observation", "code.coding.0.code", BOTH, "718-8", "FHIR-LOINC", "code.coding[0].code"),
    ("Observation", "bodySite.coding.0.code", BOTH, "10200005", "FHIR-SNOMED", "bodySite.coding[0].code"),
    ("Observation", "valueQuantity.code", BOTH, "grams/L", "FHIR-UCUM-FORM", "valueQuantity.code"),
    ("Observation", "referenceRange.0.low.comparator", BOTH, "<", "FHIR-COMPARATOR",
     "referenceRange[0].low.comparator"),
    ("Observation", "valueQuantity.comparator", BOTH, "~", "FHIR-CODE", "valueQuantity.comparator"),
    ("Observation", "effectiveDateTime", BOTH, "2026-01-10T08:30:00", "FHIR-FORM", "effectiveDateTime"),
    ("Observation", "effectiveDateTime", BOTH, "2026-02-30", "FHIR-FORM", "effectiveDateTime"),
    ("Observation", "issued", BOTH, "2026-01-10", "FHIR-FORM", "issued"),
    ("Observation", "id", BOTH, "o_1", "FHIR-FORM", "id"),
    ("Observation", "valueQuantity.value", BOTH, "101", "FHIR-FORM", "valueQuantity.value"),
    ("Observation", "valueQuantity.unit", BOTH, " ", "FHIR-FORM", "valueQuantity.unit"),
    ("Observation", "component.0.valueInteger", BOTH, Decimal("1.5"), "FHIR-FORM", "component[0].valueInteger"),
    ("Observation", "identifier.0.system", BOTH, "urn:uuid:C757", "FHIR-FORM", "identifier[0].system"),
    ("Observation", "identifier.0.system", BOTH, "urn:oid:1.02", "FHIR-FORM", "identifier[0].system"),
    ("Patient", "active", BOTH, "yes", "FHIR-FORM", "active"),
    ("Patient", "multipleBirthInteger", BOTH, 2**31, "FHIR-FORM", "multipleBirthInteger"),
    ("Patient", "photo.0.data", BOTH, "iVBOR", "FHIR-FORM", "photo[0].data"),
    ("Observation", "text.div", BOTH, XHTML.format(""), "FHIR-NARRATIVE", "text.div"),
    ("Observation", "text.div", BOTH, XHTML.format("<p>x"), "FHIR-NARRATIVE", "text.div"),
    ("Observation", "text.div", BOTH, XHTML.format("x<script>y</script>"), "FHIR-NARRATIVE", "text.div"),
    ("Observation", "text.div", BOTH, XHTML.format('<p onclick="x">y</p>'), "FHIR-NARRATIVE", "text.div"),
    ("Observation", "extension.0.url", BOTH, "researchStudy", "FHIR-EXTENSION", "extension[0].url"),
    ("Observation", "extension.0", BOTH, {"url": ABSENT, "valueString": "x"}, "FHIR-EXTENSION",
     "extension[0].valueString"),
    ("Observation", "extension.0.url", BOTH, "http://hl7.org/fhir/StructureDefinition/workflow-study",
     "FHIR-EXTENSION-UNKNOWN", "extension[0].url"),
    ("Observation", "extension.0.url", BOTH,
     "http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy.favourite", "FHIR-EXTENSION",
     "extension[0].url"),
    ("Observation", "extension.0.valueReference", BOTH, None, "FHIR-INVARIANT", "extension[0]"),
    ("Observation", "subject.reference", BOTH, "Encounter/1", "FHIR-TARGET", "subject.reference"),
    ("Observation", "subject.type", BOTH, "Group", "FHIR-TARGET", "subject.type"),
    ("Observation", "specimen.reference", BOTH, "#t", "FHIR-REFERENCE", "specimen.reference"),
    ("Observation", "dataAbsentReason", BOTH,
     concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown"), "FHIR-INVARIANT", ""),
    ("Observation", "referenceRange.0", BOTH, {"age": {"low": quantity("18", "a")}}, "FHIR-INVARIANT",
     "referenceRange[0]"),
    ("Observation", "component.0.code", BOTH, HGB, "FHIR-INVARIANT", ""),
    ("Observation", "referenceRange.0.age.high", BOTH, quantity("17", "a"), "FHIR-INVARIANT", "referenceRange[0].age"),
    ("Observation", "identifier.0.period.end", BOTH, "2025-12", "FHIR-INVARIANT", "identifier[0].period"),
    ("Observation", "valueQuantity.system", BOTH, None, "FHIR-INVARIANT", "valueQuantity"),
    ("Observation", "contained.0.id", BOTH, "t", "FHIR-INVARIANT", "contained[0]"),
    ("Observation", "contained.0.meta", BOTH, {"versionId": "1"}, "FHIR-INVARIANT", "contained[0]"),
    ("Observation", "contained.0.type", BOTH, concept("http://loinc.org", "718-8"), "FHIR-LOINC",
     "contained[0].type.coding[0].code"),
    ("Patient", "contact.0", BOTH, {"gender": "male"}, "FHIR-INVARIANT", "contact[0]"),
    ("Patient", "contact.0.telecom.0.system", BOTH, None, "FHIR-INVARIANT", "contact[0].telecom[0]"),
    ("Patient", "photo.0.contentType", BOTH, None, "FHIR-INVARIANT", "photo[0]"),
    ("MedicationAdministration", "dosage", BOTH, {"route": {"text": "iv"}}, "FHIR-INVARIANT", "dosage"),
    ("MedicationAdministration", "dosage", (R4B,), {"text": "once"}, "FHIR-INVARIANT", "dosage"),
    ("MedicationAdministration", "dosage.rateRatio.denominator", BOTH, None, "FHIR-INVARIANT", "dosage.rateRatio"),
    ("MedicationAdministration", "dosage.dose.comparator", BOTH, ">", "FHIR-COMPARATOR", "dosage.dose.comparator"),
    ("Condition", "clinicalStatus.coding.0.code", BOTH, "active", "FHIR-INVARIANT", ""),
    ("Condition", "stage.0", BOTH, {"type": {"text": "x"}}, "FHIR-INVARIANT", "stage[0]"),
    ("Condition", "onsetAge.system", BOTH, "urn:years", "FHIR-INVARIANT", "onsetAge"),
    ("Organization", "name", BOTH, None, "FHIR-INVARIANT", ""),
    ("CodeSystem", "concept.0.concept.0.code", BOTH, "A", "FHIR-INVARIANT", ""),
    ("PlanDefinition", "action.1.relatedAction.0.targetId", (R5,), "z", "FHIR-LINK", ""),
    ("Consent", "policyRule", (R4B,), None, "FHIR-INVARIANT", ""),
    ("Group", "actual", (R4B,), False, "FHIR-INVARIANT", ""),
]  # fmt: skip


@pytest.mark.parametrize("version", FhirVersion)
@pytest.mark.parametrize("resource_type", sorted({case[0] for case in CASES}))
def test_the_unbroken_resource_is_good(version: FhirVersion, resource_type: str):
    if resource := good(version, resource_type):
        assert VALIDATORS[version].validate(resource)[0] == []


@pytest.mark.parametrize(
    ("version", "resource_type", "place", "value", "rule", "path"),
    [
        pytest.param(version, name, place, value, rule, path, id=f"{version}-{name}.{place}-{rule}")
        for name, place, versions, value, rule, path in CASES
        for version in versions
    ],
)
def test_one_broken_element_is_found_where_it_is(
    version: FhirVersion, resource_type: str, place: str, value: object, rule: str, path: str
):
    resource = good(version, resource_type)
    at(place, value)(resource)
    issues, _ = VALIDATORS[version].validate(resource)
    assert (rule, path) in {(issue.rule, issue.variable) for issue in issues}, issues


def transaction(method: str) -> Json:
    """Two resources that refer to each other, under our ids (PUT) or under those of the server (POST)."""
    urls = {"PUT": "https://x.org/Patient/p1", "POST": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"}
    patient = good(R5, "Patient") | {"id": "p1"}
    subject = {"reference": "Patient/p1" if method == "PUT" else urls["POST"]}
    condition = good(R5, "Condition") | {"subject": subject}
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": urls[method],
                "resource": patient,
                "request": {"method": method, "url": "Patient/p1" if method == "PUT" else "Patient"},
            },
            {
                "fullUrl": "https://x.org/Condition/c1",
                "resource": condition,
                "request": {"method": "PUT", "url": "Condition/c1"},
            },
        ],
    }


@pytest.mark.parametrize("version", FhirVersion)
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_good_transaction_has_no_issue(version: FhirVersion, method: str):
    assert validate_bundle(transaction(method), SPEC, version=version) == []


BUNDLES: list[tuple[str, str, object, str, str]] = [
    # method, place, value, rule, path
    ("PUT", "entry.0.fullUrl", "https://x.org/Patient/p2", "FHIR-BUNDLE", "entry[0].fullUrl"),
    ("PUT", "entry.0.fullUrl", "Patient/p1", "FHIR-BUNDLE", "entry[0].fullUrl"),
    ("PUT", "entry.0.request.url", "Patient/p2", "FHIR-BUNDLE", "entry[0].request.url"),
    ("PUT", "entry.0.request.ifNoneExist", "identifier=1", "FHIR-BUNDLE", "entry[0].request.ifNoneExist"),
    ("PUT", "entry.1.request.url", "Patient/p1", "FHIR-BUNDLE", "entry[1].request.url"),
    ("POST", "entry.0.request.url", "Patient/p1", "FHIR-BUNDLE", "entry[0].request.url"),
    ("POST", "entry.1.resource.subject.reference", "Patient/p1", "FHIR-REFERENCE", "subject.reference"),
    ("PUT", "entry.1.resource.subject.reference", "Patient/p2", "FHIR-REFERENCE", "subject.reference"),
    ("PUT", "entry.1.resource.subject.reference", "the patient", "FHIR-REFERENCE", "subject.reference"),
    ("POST", "entry.1.resource.subject.reference", "urn:uuid:c757873d-ec9a-4326-a141-556f43239521", "FHIR-REFERENCE",
     "subject.reference"),
    ("POST", "entry.0.resource", GOOD["CodeSystem"], "FHIR-TARGET", "subject.reference"),
    ("PUT", "type", "collection", "FHIR-INVARIANT", ""),
    ("PUT", "type", "banana", "FHIR-CODE", "type"),
    ("PUT", "entry.0.request", None, "FHIR-INVARIANT", ""),
    ("PUT", "entry.0.resource", None, "FHIR-BUNDLE", "entry[0]"),
    ("PUT", "total", 2, "FHIR-INVARIANT", ""),
    ("PUT", "entry.1.fullUrl", "https://x.org/Patient/p1", "FHIR-INVARIANT", ""),
    ("PUT", "entry.0.fullUrl", "https://x.org/Patient/p1/_history/1", "FHIR-INVARIANT", "entry[0]"),
    ("PUT", "entry.0.resource.gender", "banana", "FHIR-CODE", "gender"),
]  # fmt: skip


@pytest.mark.parametrize("version", FhirVersion)
@pytest.mark.parametrize(("method", "place", "value", "rule", "path"), BUNDLES)
def test_one_broken_entry_is_found_where_it_is(
    version: FhirVersion, method: str, place: str, value: object, rule: str, path: str
):
    bundle = transaction(method)
    at(place, copy.deepcopy(value))(bundle)
    issues = validate_bundle(json.loads(json.dumps(bundle, default=str), parse_float=Decimal), SPEC, version=version)
    assert (rule, path) in {(issue.rule, issue.variable) for issue in issues}, issues
