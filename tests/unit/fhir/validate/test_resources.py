import json
from collections.abc import Callable
from typing import Any

import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import ElementSpec, FhirSpec, ResourceSpec
from cdisc_aclf.fhir.read.spec import read_fhir
from cdisc_aclf.fhir.validate.codes import is_loinc
from cdisc_aclf.fhir.validate.issues import RULES
from cdisc_aclf.fhir.validate.resources import validate_resources
from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.study.shipped import first_study

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"


def element(
    path: str, element_type: str = "string", value_set: str = "", targets: str = "", required: str = ""
) -> ElementSpec:
    return ElementSpec(
        path=path,
        type=element_type,
        required=bool(required),
        value_set=value_set,
        targets=tuple(targets.split()),
        fixed="",
        present_with="",
    )


def resource(resource_type: str, *elements: ElementSpec) -> ResourceSpec:
    return ResourceSpec(
        name=resource_type.lower(),
        type=resource_type,
        is_about_subjects=True,
        elements=(element("id", "id", required="Y"), *elements),
        file=f"{resource_type.lower()}.csv",
    )


OBSERVATION = resource(
    "Observation",
    element("status", "code", "status", required="Y"),
    element("category[].coding[].system", "uri"),
    element("category[].coding[].code", "code", "category"),
    element("code.coding[0].system", "uri"),
    element("code.coding[0].code", "code"),
    element("code.text", required="Y"),
    element("subject.reference", "reference", targets="Patient"),
    element("performer[].reference", "reference", targets="Patient"),
    element("effectiveDateTime", "dateTime"),
    element("valueQuantity.value", "decimal"),
    element("valueQuantity.comparator", "code", "comparator"),
    element("valueQuantity.unit"),
    element("valueQuantity.system", "uri"),
    element("valueQuantity.code", "code"),
    element("valueCodeableConcept.text"),
)
STANDARD = read_fhir(first_study())
SPEC = FhirSpec(
    resources={
        "observation": OBSERVATION,
        "patient": resource("Patient", element("birthDate", "date"), element("deceasedBoolean", "boolean")),
        "location": resource(
            "Location", element("position.latitude", "decimal"), element("position.longitude", "decimal")
        ),
    },
    value_sets={
        "status": frozenset({("urn:status", "final"), ("urn:status", "cancelled")}),
        "category": frozenset({("urn:category", "laboratory")}),
        "comparator": frozenset({("urn:comparator", "<")}),
    },
    ucum=frozenset({"g/L"}),
    definitions=STANDARD.definitions,
    atoms=STANDARD.atoms,
)
PATIENT = {"resourceType": "Patient", "id": "P1", "birthDate": "1978"}
HGB: dict[str, Any] = {
    "resourceType": "Observation",
    "id": "O1",
    "status": "final",
    "category": [{"coding": [{"system": "urn:category", "code": "laboratory"}]}],
    "code": {"coding": [{"system": LOINC, "code": "718-7"}], "text": "Hemoglobin"},
    "subject": {"reference": "Patient/P1"},
    "effectiveDateTime": "2026-01-10T08:30:00+08:00",
    "valueQuantity": {"value": 101, "comparator": "<", "unit": "g/L", "system": UCUM, "code": "g/L"},
}

Validator = Callable[..., list[Issue]]


def validate(*resources: dict[str, Any], collected: dict[str, str | None] | None = None) -> list[Issue]:
    return validate_resources(map(json.dumps, resources), SPEC, collected=collected)


def broken(**changed: object) -> list[tuple[str, str, str]]:
    issues = validate(PATIENT, {name: part for name, part in (HGB | changed).items() if part is not None})
    assert all(issue.severity is RULES[issue.rule].severity for issue in issues)
    return [(issue.rule, issue.variable, issue.value) for issue in issues]


def quantity(**changed: object) -> dict[str, object]:
    merged = HGB["valueQuantity"] | changed
    return {name: part for name, part in merged.items() if part is not None}


def test_a_good_set_has_no_issue():
    assert validate(PATIENT, HGB, collected={"O1": "<101"}) == []


# One canary for every kind of rule


def test_a_code_outside_its_value_set_is_found_where_fhir_resources_takes_anything():
    assert broken(status="banana") == [("FHIR-CODE", "status", "banana")]
    assert broken(valueQuantity=quantity(comparator="<<")) == [("FHIR-CODE", "valueQuantity.comparator", "<<")]


def test_a_code_is_a_member_with_its_own_system_only():
    wrong = [{"coding": [{"system": "urn:other", "code": "laboratory"}]}]
    assert broken(category=wrong) == [("FHIR-CODE", "category[0].coding[0].code", "laboratory")]
    assert broken(category=[{"coding": [{"code": "laboratory"}]}]) == [
        ("FHIR-SYSTEM-ABSENT", "category[0].coding[0].code", "laboratory"),
        ("FHIR-CODE", "category[0].coding[0].code", "laboratory"),
    ]


def test_an_element_that_every_such_resource_has_is_missed():
    assert broken(code={"coding": HGB["code"]["coding"]}) == [("FHIR-REQUIRED", "code.text", "")]


def test_what_fhir_resources_rejects_is_one_issue_for_each_reason():
    assert broken(code=None) == [
        ("FHIR-STRUCTURE", "code", ""),
        ("FHIR-REQUIRED", "code.text", ""),
    ]
    issues = broken(valueCodeableConcept={"text": "x"})
    assert [rule for rule, _, _ in issues] == ["FHIR-STRUCTURE"]


@pytest.mark.parametrize("time", ["2026-01-10T08:30:00", "2026-01-10T08:30+08:00", "2026---15", "2026-1-10"])
def test_a_time_without_seconds_or_zone_and_a_broken_date_are_found(time: str):
    assert ("FHIR-FORM", "effectiveDateTime", time) in broken(effectiveDateTime=time)


@pytest.mark.parametrize(
    "date", ["2026", "2026-01", "2026-01-10", "2026-01-10T08:30:00Z", "2026-01-10T08:30:00.25-05:30"]
)
def test_a_date_as_far_as_it_is_known_and_a_whole_time_are_good(date: str):
    assert broken(effectiveDateTime=date) == []


def test_a_day_that_no_calendar_has_is_found():
    assert [rule for rule, _, _ in broken(effectiveDateTime="2026-02-30")] == ["FHIR-FORM"]


def test_a_number_in_quotes_and_a_text_without_are_found():
    assert broken(valueQuantity=quantity(value="101")) == [("FHIR-FORM", "valueQuantity.value", "101")]
    assert ("FHIR-FORM", "valueQuantity.unit", "5") in broken(valueQuantity=quantity(unit=5))


@pytest.mark.parametrize("wrong", ["P_1", "P 1", "P1\n", "P" * 65, ""])
def test_an_id_that_fhir_does_not_allow_is_found(wrong: str):
    [issue] = [issue for issue in validate(PATIENT | {"id": wrong}) if issue.rule == "FHIR-FORM"]
    assert (issue.dataset, issue.variable, issue.value) == ("Patient", "id", wrong)


def test_an_id_of_64_characters_is_good():
    assert validate(PATIENT | {"id": "P" * 64}) == []


def test_a_loinc_code_with_a_wrong_check_digit_is_found():
    wrong = {"coding": [{"system": LOINC, "code": "718-8"}], "text": "Hemoglobin"}
    assert broken(code=wrong) == [("FHIR-LOINC", "code.coding[0].code", "718-8")]


# Codes and check digits as LOINC publishes them
@pytest.mark.parametrize(
    "code", ["718-7", "6301-6", "26881-3", "6690-2", "751-8", "14631-6", "1975-2", "98153-0", "12345-5"]
)
def test_published_loinc_codes_are_good_and_no_other_digit_is(code: str):
    assert [digit for digit in "0123456789" if is_loinc(code[:-1] + digit)] == [code[-1]]


def test_a_ucum_code_that_nobody_listed_is_found():
    assert broken(valueQuantity=quantity(code="G/L")) == [("FHIR-UCUM", "valueQuantity.code", "G/L")]


def test_a_unit_without_a_code_is_a_warning_once_with_its_count():
    bare = HGB | {"valueQuantity": {"value": 101, "unit": "g%"}}
    [issue] = validate(PATIENT, bare, bare | {"id": "O2"}, bare | {"id": "O3"})
    assert (issue.rule, issue.severity, issue.value, issue.count) == ("FHIR-UNIT", Severity.WARNING, "g%", 3)


def test_a_reference_that_leads_nowhere_is_found_once_with_its_count():
    issues = validate(HGB, HGB | {"id": "O2"})
    assert [(issue.rule, issue.value, issue.count) for issue in issues] == [("FHIR-REFERENCE", "Patient/P1", 2)]


def test_a_reference_may_lead_forward():
    assert validate(HGB, PATIENT) == []


def test_a_reference_to_another_type_of_resource_is_found():
    assert broken(subject={"reference": "Location/L1"}) == [("FHIR-TARGET", "subject.reference", "Location/L1")]


def test_a_reference_that_is_not_relative_is_found():
    assert broken(subject={"reference": "P1"}) == [("FHIR-FORM", "subject.reference", "P1")]


def test_an_id_that_is_there_twice_is_found():
    [issue] = validate(PATIENT, PATIENT)
    assert (issue.rule, issue.dataset, issue.key, issue.count) == ("FHIR-DUPLICATE", "Patient", "P1", 2)


@pytest.mark.parametrize(
    ("collected", "written"),
    [
        ("1.50", '"valueQuantity":{"value":1.50}'),
        ("1.0000000000000000001", '"valueQuantity":{"value":1.0000000000000000001}'),
        ("0.00000001", '"valueQuantity":{"value":0.00000001}'),
        ("< 0.5", '"valueQuantity":{"value":0.5,"comparator":"<"}'),
        ("≤0.5", '"valueQuantity":{"value":0.5,"comparator":"<="}'),
        ("阳性", '"valueCodeableConcept":{"text":"阳性"}'),
        ("≤ trace", '"valueCodeableConcept":{"text":"≤ trace"}'),
        (None, '"status":"cancelled"'),
    ],
)
def test_a_result_that_survived_digit_for_digit_is_good(collected: str | None, written: str):
    assert not is_result_lost(collected, written)


@pytest.mark.parametrize(
    ("collected", "written"),
    [
        ("1.50", '"valueQuantity":{"value":1.5}'),
        ("<0.5", '"valueQuantity":{"value":0.5}'),
        ("1.50", '"status":"final"'),
        (None, '"valueQuantity":{"value":0}'),
        ("阳性", '"valueCodeableConcept":{"text":"阴性"}'),
    ],
)
def test_a_result_that_lost_a_digit_a_comparator_or_itself_is_found(collected: str | None, written: str):
    assert is_result_lost(collected, written)


def is_result_lost(collected: str | None, written: str) -> bool:
    text = f'{{"resourceType":"Observation","id":"O1",{written}}}'
    issues = validate_resources([text], SPEC, collected={"O1": collected})
    return "FHIR-RESULT" in {issue.rule for issue in issues}


def test_a_result_whose_observation_is_missing_is_found():
    [issue] = validate(PATIENT, HGB, collected={"O1": "<101", "O2": "5.0"})
    assert (issue.rule, issue.key, issue.value) == ("FHIR-RESULT", "O2", "5.0")


# Where, and what is not the data's fault


def test_an_issue_names_resource_id_path_value_and_subject():
    [issue] = validate(PATIENT, HGB | {"status": "banana"})
    assert (issue.dataset, issue.key, issue.variable) == ("Observation", "O1", "status")
    assert (issue.subject, issue.value, issue.count) == ("P1", "banana", 1)


def test_the_issue_about_a_patient_is_about_that_subject():
    [issue] = validate(PATIENT | {"birthDate": "78"})[:1]
    assert issue.subject == "P1"


def test_all_faults_come_at_once():
    assert len(broken(status="banana", effectiveDateTime="10.01.2026", subject={"reference": "Patient/P9"})) == 3


def test_an_element_that_no_table_lists_is_a_fault_of_the_study_definition():
    with pytest.raises(DefinitionError, match=r"patient\.csv: does not list gender, which P1 has"):
        validate(PATIENT | {"gender": "male"})


def test_a_resource_that_no_table_lists_is_a_fault_of_the_study_definition():
    with pytest.raises(DefinitionError, match=r"resources\.csv: no resource Device"):
        validate({"resourceType": "Device", "id": "D1"})


def test_the_label_of_synthetic_data_needs_no_row_in_the_tables():
    assert validate(PATIENT | {"meta": {"tag": [{"display": "SIMULATED"}]}}) == []


def test_a_list_that_lost_its_first_item_is_still_known():
    coding = {"coding": [{"system": "urn:second", "code": "y"}], "text": "Hemoglobin"}
    assert broken(code=coding) == []
