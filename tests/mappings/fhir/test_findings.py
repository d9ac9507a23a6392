"""Observations of what is measured, rated or asked at a visit, and the visits and specimens that they name."""

from collections.abc import Callable

import pytest

Rows = Callable[..., list[dict[str, str]]]

ANNA = {"USUBJID": "PL21-01-001"}
DAY_4 = ANNA | {"VISITNUM": 3.0, "VISIT": "DAY 4", "SVSTDTC": "2026-01-13", "SVENDTC": "2026-01-13"}
RESULT = ANNA | {"LBSEQ": 1, "LBSPID": "17", "LBTESTCD": "HGB", "LBTEST": "Hemoglobin", "LBORRES": "101"}


def test_a_visit_in_person_has_a_class_in_words_since_the_crf_does_not_say_where_the_subject_lay(rows: Rows):
    [visit] = rows("encounter", sv=[DAY_4 | {"SVPRESP": "Y", "SVOCCUR": "Y", "SVCNTMOD": "IN PERSON"}])
    assert visit == {
        "id": "PL21-01-001-SV-3",
        "extension[0].valueReference.reference": "ResearchStudy/NCT07409259",
        "identifier[0].system": "https://pl21.example.org/fhir/sid/record",
        "identifier[0].value": "PL21-01-001|SV|3",
        "status": "completed",
        "class[0].text": "IN PERSON",
        "r4b:class.code": "AMB",
        "type[0].coding[0].system": "https://pl21.example.org/fhir/CodeSystem/visitnum",
        "type[0].coding[0].code": "3",
        "type[0].coding[0].display": "DAY 4",
        "type[0].text": "DAY 4",
        "subject.reference": "Patient/PL21-01-001",
        "actualPeriod.start": "2026-01-13",
        "actualPeriod.end": "2026-01-13",
    }


def test_a_call_is_virtual_and_a_missed_visit_is_cancelled_with_its_reason(rows: Rows):
    missed = ANNA | {"VISITNUM": 7.0, "SVOCCUR": "N", "SVREASOC": "snow"}
    call, none = rows("encounter", sv=[DAY_4 | {"SVCNTMOD": "TELEPHONE CALL"}, missed])
    assert (call["class[0].coding[0].code"], call["status"]) == ("VR", "completed")
    assert (none["status"], none["reason[0].value[0].concept.text"]) == ("cancelled", "snow")
    assert not any(path.startswith("actualPeriod") for path in none)


def test_a_result_names_its_visit_where_sv_has_it_and_no_visit_otherwise(rows: Rows):
    held, elsewhere, unknown = rows(
        "observation", sv=[DAY_4], lb=[RESULT | {"VISITNUM": number} for number in (3.0, 3.01, None)]
    )
    assert held["encounter.reference"] == "Encounter/PL21-01-001-SV-3"
    assert "encounter.reference" not in elsewhere | unknown


SAMPLE = RESULT | {"LBREFID": "0110", "LBSPEC": "BLOOD", "LBDTC": "2026-01-13T08:00"}


def test_the_results_of_one_tube_name_one_specimen(rows: Rows):
    lb = [SAMPLE, SAMPLE | {"LBSPID": "18"}, SAMPLE | {"LBSPID": "19", "LBSPEC": "SERUM"}]
    specimens = rows("specimen", lb=lb)
    assert [specimen["id"] for specimen in specimens] == [
        "PL21-01-001-SPECIMEN-0110-BLOOD",
        "PL21-01-001-SPECIMEN-0110-SERUM",
    ]
    assert [each["specimen.reference"].partition("/")[2] for each in rows("observation", lb=lb)] == [
        specimens[0]["id"],
        specimens[0]["id"],
        specimens[1]["id"],
    ]
    assert specimens[0]["type.coding[0].code"] == "C12434"
    assert specimens[0]["accessionIdentifier.value"] == "0110"
    assert specimens[0]["collection.collectedDateTime"] == "2026-01-13T08:00:00+08:00"


def test_a_sample_with_two_times_has_none_and_a_result_without_sample_and_type_has_no_specimen(rows: Rows):
    [specimen] = rows("specimen", lb=[SAMPLE, SAMPLE | {"LBSPID": "18", "LBDTC": "2026-01-14"}])
    assert "collection.collectedDateTime" not in specimen
    assert rows("specimen", lb=[RESULT]) == []
    assert "specimen.reference" not in rows("observation", lb=[RESULT])[0]


def test_a_vital_sign_keeps_its_digits_and_has_the_codes_that_fhir_asks_for(rows: Rows):
    pressure = {"VSSEQ": 1, "VSSPID": "2", "VSTESTCD": "SYSBP", "VSTEST": "Systolic Blood Pressure"}
    [sign] = rows("vital_signs", vs=[ANNA | pressure | {"VSORRES": "120.0", "VSORRESU": "mmHg"}])
    assert sign["id"] == "PL21-01-001-VS-SYSBP-2"
    assert sign["code.coding[0].code"] == "8480-6"
    assert (sign["valueQuantity.value"], sign["valueQuantity.code"]) == ("120.0", "mm[Hg]")


def test_a_viral_load_is_a_quantity_and_an_antigen_a_term(rows: Rows):
    load = ANNA | {"MBTESTCD": "HBDNA", "MBTEST": "Hepatitis B Virus DNA", "MBORRES": "<20", "MBORRESU": "IU/mL"}
    antigen = ANNA | {"MBTESTCD": "HBSAG", "MBTEST": "Hepatitis B Virus Surface Antigen", "MBORRES": "POSITIVE"}
    load, antigen = rows("virology", mb=[load, antigen])
    assert [load[f"valueQuantity.{part}"] for part in ("comparator", "value", "code")] == ["<", "20", "[IU]/mL"]
    assert load["code.coding[0].code"] == "42595-9"
    assert antigen["valueCodeableConcept.coding[0].code"] == "C38758"
    assert antigen["valueCodeableConcept.text"] == "POSITIVE"
    assert not any(path.startswith("valueQuantity") for path in antigen)


def test_a_death_is_a_status_and_the_last_day_alive_a_date(rows: Rows):
    contact = ANNA | {"SSSEQ": 1, "SSSPID": "2", "SSDTC": "2026-02-08", "SSTPT": "DAY 28"}
    status, last = rows(
        "survival",
        ss=[
            contact | {"SSTESTCD": "SURVSTAT", "SSTEST": "Survival Status", "SSORRES": "DEAD"},
            contact | {"SSTESTCD": "LSCFADTC", "SSORRES": "2026-02-03T04:05"},
        ],
    )
    assert (status["code.coding[1].code"], status["valueCodeableConcept.coding[0].code"]) == ("C25717", "C28554")
    assert last["valueDateTime"] == "2026-02-03T04:05:00+08:00"
    assert status["note[0].text"] == "planned for DAY 28"
    assert not any(path.startswith("valueCodeable") for path in last)


def answer(testcd: str, answer: str, points: str | None = None, unit: str | None = None, **more: object) -> dict:
    return ANNA | {
        "RSSEQ": 1,
        "RSTESTCD": testcd,
        "RSTEST": testcd,
        "RSCAT": "CATEGORY",
        "RSORRES": answer,
        "RSORRESU": unit,
        "RSSTRESC": points or answer,
        "VISITNUM": 3.0,
        "RSDTC": "2026-01-13",
        **more,
    }


CHILD_PUGH = [
    answer("CPS0101", "1 or 2", "2"),
    answer("CPS0103", ">3", "3", "mg/dL", RSLNKGRP="BILI DAY 4"),
    answer("CPS0106", "10"),
    answer("CPS0107", "C"),
    answer("WHEG0101", "GRADE 1"),
]


def test_a_score_is_one_observation_with_its_total_as_value_and_its_items_as_components(rows: Rows):
    score, grade = rows("score", rs=CHILD_PUGH)
    assert score["id"] == "PL21-01-001-RS-CPS01-3"
    assert (score["code.coding[0].code"], score["code.coding[1].code"]) == ("98153-0", "C121074")
    assert score["valueInteger"] == "10"
    assert score["component[0].code.coding[0].code"] == "C121068"
    assert (score["component[0].valueInteger"], score["component[0].interpretation[0].text"]) == ("2", "1 or 2")
    assert (score["component[2].valueInteger"], score["component[2].interpretation[0].text"]) == ("3", ">3 mg/dL")
    assert score["component[5].valueCodeableConcept.coding[0].code"] == "C208515"
    assert not any(path.startswith(("component[1]", "component[3]", "component[4]")) for path in score)
    assert grade["valueCodeableConcept.coding[0].code"] == "C117825"
    assert grade["valueCodeableConcept.text"] == "GRADE 1"


def test_no_component_repeats_the_code_of_the_value(rows: Rows):
    """FHIR R5, Observation, invariant obs-7."""
    for score in rows("score", rs=CHILD_PUGH):
        own = {text for path, text in score.items() if path.startswith("code.coding") and path.endswith("code")}
        items = {text for path, text in score.items() if ".code.coding" in path and path.endswith(".code")}
        assert not own & items


BILI = RESULT | {"LBTESTCD": "BILI", "LBLNKGRP": "BILI DAY 4"}


def test_an_item_names_the_result_that_it_compares_and_the_grade_that_it_rates(rows: Rows):
    score, _ = rows("score", rs=CHILD_PUGH, lb=[BILI])
    assert score["derivedFrom[2].reference"] == "Observation/PL21-01-001-LB-17"
    assert score["derivedFrom[0].reference"] == "Observation/PL21-01-001-RS-WHEG01-3"


def test_of_two_results_that_could_be_meant_none_is_named(rows: Rows):
    score, _ = rows("score", rs=CHILD_PUGH, lb=[BILI, BILI | {"LBSPID": "18"}])
    assert "derivedFrom[2].reference" not in score


def test_the_prognostic_score_has_its_inputs_with_units_its_formula_and_its_bands(rows: Rows):
    inputs = [answer("COSH0101", "2.10", unit="RATIO"), answer("COSH0102", "1"), answer("COSH0107", "7.152")]
    [score] = rows("score", rs=inputs)
    assert (score["valueQuantity.value"], score["valueQuantity.code"]) == ("7.152", "{score}")
    assert (score["component[0].valueQuantity.value"], score["component[0].valueQuantity.code"]) == ("2.10", "{INR}")
    assert score["component[1].valueInteger"] == "1"
    assert "code.coding[1].code" not in score
    assert score["method.text"].startswith("1.649 x ln(INR)")
    assert "7.4" in score["referenceRange[0].text"]


@pytest.mark.parametrize(("points", "words"), [("1.5", "1.5"), ("severe", "severe"), ("4", None)])
def test_points_that_are_no_whole_number_are_words(rows: Rows, points: str, words: str | None):
    [score] = rows("score", rs=[answer("SYMS0101", points)])
    assert score.get("component[0].valueCodeableConcept.text") == words
    assert ("component[0].valueInteger" in score) is (words is None)


def test_a_form_that_was_filled_in_twice_makes_two_resources_and_loses_no_answer(rows: Rows):
    first, second = rows("score", rs=[*CHILD_PUGH[:3], *CHILD_PUGH[:2]])
    assert (first["id"], second["id"]) == ("PL21-01-001-RS-CPS01-3", "PL21-01-001-RS-CPS01-3-2")
    assert second["component[2].valueInteger"] == "3"
    assert "valueInteger" not in second
