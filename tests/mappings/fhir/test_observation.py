from collections.abc import Callable

import pytest

Rows = Callable[..., list[dict[str, str]]]

HGB = {
    "USUBJID": "PL21-01-001",
    "LBSEQ": 4,
    "LBSPID": "17",
    "LBTESTCD": "HGB",
    "LBTEST": "Hemoglobin",
    "LBCAT": "HEMATOLOGY",
    "LBLOINC": "718-7",
    "LBORRES": "101.50",
    "LBORRESU": "g/L",
    "LBORNRLO": "115",
    "LBORNRHI": "150.0",
    "LBNRIND": "LOW",
    "LBNAM": "CENTRAL LAB",
    "LBDTC": "2026-01-10T08:30",
}


def test_a_laboratory_result_as_a_whole(rows: Rows):
    assert rows("observation", lb=[HGB]) == [
        {
            "id": "PL21-01-001-LB-17",
            "extension[0].valueReference.reference": "ResearchStudy/NCT07409259",
            "identifier[0].system": "https://pl21.example.org/fhir/sid/record",
            "identifier[0].value": "PL21-01-001|LB|17",
            "status": "final",
            "category[1].text": "HEMATOLOGY",
            "code.coding[0].code": "718-7",
            "code.coding[1].code": "C64848",
            "code.coding[1].display": "Hemoglobin",
            "code.coding[2].system": "https://pl21.example.org/fhir/CodeSystem/lbtestcd",
            "code.coding[2].code": "HGB",
            "code.coding[2].display": "Hemoglobin",
            "code.text": "Hemoglobin",
            "subject.reference": "Patient/PL21-01-001",
            "effectiveDateTime": "2026-01-10T08:30:00+08:00",
            "performer[0].display": "CENTRAL LAB",
            "valueQuantity.value": "101.50",
            "valueQuantity.unit": "g/L",
            "valueQuantity.code": "g/L",
            "interpretation[0].coding[0].code": "L",
            "interpretation[0].coding[0].display": "Low",
            "referenceRange[0].low.value": "115",
            "referenceRange[0].low.unit": "g/L",
            "referenceRange[0].low.code": "g/L",
            "referenceRange[0].high.value": "150.0",
            "referenceRange[0].high.unit": "g/L",
            "referenceRange[0].high.code": "g/L",
        }
    ]


@pytest.mark.parametrize(
    ("result", "value", "comparator", "words"),
    [
        ("1.50", "1.50", None, None),
        ("-0.0", "-0.0", None, None),
        ("<0.5", "0.5", "<", None),
        ("≥ 1000", "1000", ">=", None),
        ("> 1000.00", "1000.00", ">", None),
        ("溶血", None, None, "溶血"),
        ("5-10", None, None, "5-10"),
        ("1,5", None, None, "1,5"),
        ("05.0", None, None, "05.0"),
        ("1e3", None, None, "1e3"),
    ],
)
def test_digits_and_comparator_stand_as_collected_and_what_is_no_number_is_words(
    rows: Rows, result: str, value: str | None, comparator: str | None, words: str | None
):
    [observation] = rows("observation", lb=[HGB | {"LBORRES": result}])
    found = ("valueQuantity.value", "valueQuantity.comparator", "valueCodeableConcept.text")
    assert [observation.get(path) for path in found] == [value, comparator, words]
    assert ("valueQuantity.unit" in observation) is (value is not None)


def test_a_test_that_was_not_done_is_cancelled_without_value_and_says_why(rows: Rows):
    [observation] = rows("observation", lb=[HGB | {"LBORRES": None, "LBSTAT": "NOT DONE", "LBREASND": "clotted"}])
    assert observation["status"] == "cancelled"
    assert observation["dataAbsentReason.coding[0].code"] == "not-performed"
    assert observation["dataAbsentReason.text"] == "clotted"
    assert not any(path.startswith("value") for path in observation)


def test_a_value_that_should_not_be_there_is_kept_without_a_reason_for_its_absence(rows: Rows):
    [observation] = rows("observation", lb=[HGB | {"LBSTAT": "NOT DONE", "LBREASND": "clotted"}])
    assert observation["valueQuantity.value"] == "101.50"
    assert not any(path.startswith("dataAbsentReason") for path in observation)


def test_an_empty_result_that_nobody_explains_has_no_reason_made_up(rows: Rows):
    [observation] = rows("observation", lb=[HGB | {"LBORRES": None}])
    assert not any(path.startswith(("value", "dataAbsentReason")) for path in observation)


def test_a_unit_without_a_ucum_code_keeps_its_words_alone(rows: Rows):
    [observation] = rows("observation", lb=[HGB | {"LBORRESU": "g%"}])
    assert observation["valueQuantity.unit"] == "g%"
    assert "valueQuantity.code" not in observation


def test_a_limit_of_the_range_has_no_comparator_so_such_a_limit_is_words(rows: Rows):
    [observation] = rows("observation", lb=[HGB | {"LBORNRLO": None, "LBORNRHI": "<5"}])
    assert observation["referenceRange[0].text"] == "<5"
    assert not any(path.startswith(("referenceRange[0].low", "referenceRange[0].high")) for path in observation)


def test_a_test_that_nobody_listed_has_an_unknown_code(rows: Rows):
    [observation] = rows("observation", lb=[HGB | {"LBTESTCD": None, "LBTEST": None, "LBLOINC": None}])
    assert {path: text for path, text in observation.items() if path.startswith("code.")} == {
        "code.extension[0].valueCode": "unknown"
    }


def test_the_id_stays_when_the_sequence_changes_and_falls_back_to_it_alone(rows: Rows):
    first, moved, bare = rows("observation", lb=[HGB, HGB | {"LBSEQ": 9}, HGB | {"LBSPID": None}])
    assert first["id"] == moved["id"] == "PL21-01-001-LB-17"
    assert bare["id"] == "PL21-01-001-LB-SEQ4"


def test_every_record_is_one_resource_in_its_place_duplicates_too(rows: Rows):
    results = ["3", "1", "1", None, "2"]
    observations = rows("observation", lb=[HGB | {"LBORRES": result} for result in results])
    assert [observation.get("valueQuantity.value") for observation in observations] == results
