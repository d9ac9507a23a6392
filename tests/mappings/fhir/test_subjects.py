from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from cdisc_aclf.errors import DefinitionError

Rows = Callable[..., list[dict[str, str]]]

ANNA = {"USUBJID": "PL21-01-001", "SUBJID": "01-001", "SEX": "F", "BRTHDTC": "1978-03-04"}


def test_a_patient_has_a_pseudonym_a_gender_and_a_year_of_birth_and_nothing_that_names_a_person(rows: Rows):
    assert rows("patient", dm=[ANNA]) == [
        {
            "id": "PL21-01-001",
            "identifier[0].system": "https://pl21.example.org/fhir/sid/subject",
            "identifier[0].value": "PL21-01-001",
            "gender": "female",
            "birthDate": "1978",
        }
    ]


@pytest.mark.parametrize(
    ("death", "elements"),
    [
        ({"DTHFL": "Y", "DTHDTC": "2026-02-03T04:05"}, {"deceasedDateTime": "2026-02-03T04:05:00+08:00"}),
        ({"DTHFL": "Y", "DTHDTC": "2026-02"}, {"deceasedDateTime": "2026-02"}),
        ({"DTHFL": "Y"}, {"deceasedBoolean": "true"}),
        ({}, {}),
    ],
)
def test_a_death_is_a_date_as_far_as_it_is_known_or_a_bare_fact_but_never_both(
    rows: Rows, death: dict[str, str], elements: dict[str, str]
):
    [patient] = rows("patient", dm=[ANNA | death])
    assert {path: text for path, text in patient.items() if path.startswith("deceased")} == elements


@pytest.mark.parametrize(("sex", "gender"), [("M", "male"), ("U", "unknown"), ("INTERSEX", "other"), ("男性", None)])
def test_a_sex_without_a_fhir_code_has_no_gender(rows: Rows, sex: str, gender: str | None):
    [patient] = rows("patient", dm=[ANNA | {"SEX": sex}])
    assert patient.get("gender") == gender


RANDOMISED = ANNA | {
    "SITEID": "01",
    "RFICDTC": "2026-01-05T09:00",
    "RFSTDTC": "2026-01-08",
    "ARMCD": "EXO",
    "ARM": "Study Group",
    "ACTARMCD": "CTRL",
    "ACTARM": "Control Group",
}
MILESTONE = {"USUBJID": "PL21-01-001", "DSCAT": "PROTOCOL MILESTONE"}
CONSENT = MILESTONE | {"DSDECOD": "INFORMED CONSENT OBTAINED", "DSSTDTC": "2026-01-05T09:00"}
RANDOM = MILESTONE | {"DSDECOD": "RANDOMIZED", "DSSTDTC": "2026-01-08T10:15"}
END = {
    "USUBJID": "PL21-01-001",
    "DSCAT": "DISPOSITION EVENT",
    "DSSCAT": "STUDY PARTICIPATION",
    "DSDECOD": "WITHDRAWAL BY SUBJECT",
    "DSTERM": "家属放弃治疗",
    "DSSTDTC": "2026-02-01",
}


def test_a_randomised_subject_names_the_groups_of_the_study_by_their_link_ids(rows: Rows):
    [subject] = rows("research_subject", dm=[RANDOMISED], ds=[CONSENT, RANDOM])
    assert (subject["assignedComparisonGroup"], subject["actualComparisonGroup"]) == ("study-group", "control-group")
    assert (subject["r4b:assignedArm"], subject["r4b:actualArm"]) == ("Study Group", "Control Group")
    assert subject["study.reference"] == "ResearchStudy/NCT07409259"
    assert subject["subject.reference"] == "Patient/PL21-01-001"
    assert subject["consent[0].reference"] == "Consent/PL21-01-001-CONSENT"
    assert subject["identifier[0].assigner.identifier.value"] == "01"
    assert subject["period.start"] == "2026-01-05T09:00:00+08:00"


def test_every_record_of_disposition_is_a_step_of_progress_in_its_order(rows: Rows):
    treatment = END | {"DSSCAT": "STUDY TREATMENT", "DSDECOD": "COMPLETED", "DSTERM": "COMPLETED"}
    [subject] = rows("research_subject", dm=[RANDOMISED], ds=[CONSENT, RANDOM, treatment, END])
    assert [subject[f"progress[{place}].type.coding[0].code"] for place in range(4)] == [
        *("Milestone", "Milestone", "Enrollment", "Enrollment")
    ]
    assert [subject[f"progress[{place}].milestone.coding[0].code"] for place in (0, 1)] == ["C16735", "C114209"]
    assert [subject[f"progress[{place}].startDate"] for place in range(4)] == [
        *("2026-01-05T09:00:00+08:00", "2026-01-08T10:15:00+08:00", "2026-02-01", "2026-02-01")
    ]
    assert subject["progress[2].subjectState.coding[0].code"] == "follow-up"
    assert subject["progress[3].subjectState.coding[0].code"] == subject["r4b:status"] == "withdrawn"
    assert not any(path.startswith("progress[4]") or ("reason" in path and path < "progress[2]") for path in subject)


@pytest.mark.parametrize(
    ("dm", "ds", "status"),
    [
        (ANNA, [], "candidate"),
        (ANNA | {"RFICDTC": "2026-01-05"}, [CONSENT], "screening"),
        (RANDOMISED, [CONSENT, RANDOM], "on-study"),
        (RANDOMISED, [END | {"DSSCAT": "STUDY TREATMENT"}], "follow-up"),
        (RANDOMISED, [END | {"DSSCAT": "STUDY TREATMENT"}, END | {"DSDECOD": "COMPLETED"}], "off-study"),
    ],
)
def test_the_one_status_of_r4b_is_the_last_state(rows: Rows, dm: dict[str, str], ds: list, status: str):
    assert rows("research_subject", dm=[dm], ds=ds)[0]["r4b:status"] == status


def test_a_subject_who_is_still_in_the_study_has_no_end(rows: Rows):
    treatment = END | {"DSSCAT": "STUDY TREATMENT"}
    [subject] = rows("research_subject", dm=[RANDOMISED | {"RFPENDTC": "2026-02-01"}], ds=[treatment])
    assert "period.end" not in subject


def test_the_end_of_participation_is_a_state_with_the_reason_in_words_and_in_code(rows: Rows):
    [subject] = rows("research_subject", dm=[RANDOMISED], ds=[END])
    assert subject["period.end"] == subject["progress[0].startDate"] == "2026-02-01"
    assert subject["progress[0].subjectState.coding[0].code"] == "withdrawn"
    assert subject["progress[0].reason.coding[0].code"] == "C49634"
    assert subject["progress[0].reason.text"] == "家属放弃治疗"


def test_a_screen_failure_is_ineligible_and_in_no_group(rows: Rows):
    failed = {"DSDECOD": "SCREEN FAILURE", "DSTERM": "score 8.1"}
    [subject] = rows("research_subject", dm=[ANNA | {"RFICDTC": "2026-01-05"}], ds=[END | failed])
    assert subject["progress[0].subjectState.coding[0].code"] == subject["r4b:status"] == "ineligible"
    assert not any("ComparisonGroup" in path for path in subject)


def test_a_collected_reason_that_nobody_listed_has_no_state_and_no_code(rows: Rows):
    [subject] = rows("research_subject", dm=[RANDOMISED], ds=[END | {"DSDECOD": "失联"}])
    assert "progress[0].subjectState.coding[0].code" not in subject
    assert "progress[0].reason.coding[0].code" not in subject
    assert subject["progress[0].reason.text"] == "家属放弃治疗"


def test_who_consented_has_a_consent_and_who_did_not_has_none(rows: Rows):
    [consent] = rows("consent", dm=[RANDOMISED, ANNA | {"USUBJID": "PL21-01-002"}])
    assert consent["id"] == "PL21-01-001-CONSENT"
    assert (consent["date"], consent["r4b:dateTime"]) == ("2026-01-05", "2026-01-05T09:00:00+08:00")
    assert consent["subject.reference"] == consent["grantor[0].reference"] == "Patient/PL21-01-001"
    assert consent["controller[0].reference"] == "Organization/third-affiliated-hospital-sun-yat-sen-university"


def test_an_arm_of_the_reference_table_that_the_record_lacks_is_named(apply: Callable[..., Any]):
    arms = pl.DataFrame({"armcd": ["EXO"], "arm": ["Exosome"]})
    with pytest.raises(DefinitionError, match=r"arms\.csv: the record has no arm Exosome"):
        apply("research_subject", dm=pl.DataFrame(), ds=pl.DataFrame(), ref_arms=arms)
