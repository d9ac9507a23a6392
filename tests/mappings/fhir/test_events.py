"""Adverse events, infusions, procedures and diseases."""

from collections.abc import Callable

import pytest

Rows = Callable[..., list[dict[str, str]]]

ANNA = {"USUBJID": "PL21-01-001"}
EVENT = ANNA | {
    "AESEQ": 1,
    "AESPID": "2",
    "AETERM": "发热",
    "AELLT": "Tarvic flush",
    "AELLTCD": 99100004,
    "AEDECOD": "Tarvic",
    "AEPTCD": 99200003,
    "AESER": "Y",
    "AESHOSP": "Y",
    "AESDTH": "N",
    "AEACN": "DRUG WITHDRAWN",
    "AEREL": "POSSIBLY RELATED",
    "AEOUT": "RECOVERED/RESOLVED",
    "AETOXGR": "3",
    "AESTDTC": "2026-01-12T07:40",
    "AEENDTC": "2026-01",
}
INFUSION = ANNA | {
    "EXSEQ": 1,
    "EXSPID": "1",
    "EXTRT": "PT-MSCs-EVS-2023-1",
    "EXDOSE": 2.0,
    "EXDOSU": "10^11 particles",
    "EXDOSFRM": "INJECTION",
    "EXROUTE": "INTRAVENOUS",
    "EXLOT": "EVS26B",
    "EXTRTV": "SODIUM CHLORIDE 0.9%",
    "EXVAMT": 100.0,
    "EXVAMTU": "mL",
    "EXSTDTC": "2026-01-10T09:50",
    "EXENDTC": "2026-01-10T12:00",
}


def test_an_adverse_event_has_grade_seriousness_causality_outcome_study_and_subject(rows: Rows):
    [event] = rows("adverse_event", ae=[EVENT], ex=[INFUSION])
    assert event["id"] == "PL21-01-001-AE-2"
    assert event["extension[0].valueCodeableConcept.coding[0].code"] == "C41340"
    assert event["seriousness.coding[0].code"] == "serious"
    assert event["suspectEntity[0].causality.entityRelatedness.coding[0].code"] == "C53258"
    assert event["suspectEntity[0].instanceReference.reference"] == "Substance/substance-pt-mscs-evs-2023-1"
    assert event["outcome[0].coding[0].code"] == "C49498"
    assert event["r4b:outcome.coding[0].code"] == "resolved"
    assert event["study[0].reference"] == "ResearchStudy/NCT07409259"
    assert event["subject.reference"] == "Patient/PL21-01-001"
    assert event["mitigatingAction[0].itemCodeableConcept.coding[0].code"] == "C49502"
    assert (event["occurrencePeriod.start"], event["occurrencePeriod.end"]) == ("2026-01-12T07:40:00+08:00", "2026-01")
    assert event["code.text"] == "发热"
    assert [event[f"code.coding[{place}].code"] for place in (0, 1)] == ["99100004", "99200003"]


def test_the_criteria_of_a_serious_event_are_said_met_or_not_and_those_of_another_only_where_one_is_met(rows: Rows):
    """Guide Adverse Event Clinical Research, invariant aeClinRes-seriousness-1."""
    serious, other, contradiction = rows(
        "adverse_event", ae=[EVENT, EVENT | {"AESER": "N", "AESHOSP": "N"}, EVENT | {"AESER": "N"}]
    )
    met = "extension[{}].extension[1].valueBoolean"
    assert (serious[met.format(1)], serious[met.format(3)]) == ("false", "true")
    assert met.format(2) not in serious
    assert not any(met.format(place) in other for place in range(1, 7))
    assert contradiction[met.format(3)] == "true"


def test_an_event_that_goes_on_is_in_progress_without_an_end(rows: Rows):
    [event] = rows("adverse_event", ae=[EVENT | {"AEENDTC": None, "AEENRTPT": "ONGOING"}])
    assert event["status"] == "in-progress"
    assert "occurrencePeriod.end" not in event


def test_a_subject_who_got_no_infusion_has_no_event_that_names_the_product(rows: Rows):
    [event] = rows("adverse_event", ae=[EVENT], ex=[INFUSION | {"USUBJID": "PL21-01-002"}])
    assert "suspectEntity[0].instanceReference.reference" not in event
    assert event["suspectEntity[0].instanceCodeableConcept.text"] == "study treatment"


def test_an_event_that_nobody_coded_has_words_alone(rows: Rows):
    [event] = rows("adverse_event", ae=[EVENT | {"AELLTCD": None, "AEPTCD": None}])
    assert not any(path.startswith("code.coding") for path in event)


def test_an_infusion_is_counted_in_particles_and_has_its_rate(rows: Rows):
    """2 x 10^11 particles in 100 mL from 09:50 to 12:00: 130 minutes."""
    [given] = rows("medication_administration", ex=[INFUSION])
    assert [given[f"dosage.dose.{part}"] for part in ("value", "unit", "code")] == [
        *("200000000000", "particles", "{particles}")
    ]
    assert [given[f"dosage.rateRatio.{part}.value"] for part in ("numerator", "denominator")] == ["100", "130"]
    assert given["occurencePeriod.start"] == "2026-01-10T09:50:00+08:00"
    assert given["medication.reference.reference"] == "Medication/PL21-MEDICATION-EVS26B-2-100"
    assert given["dosage.text"] == "2 10^11 particles in 100 mL SODIUM CHLORIDE 0.9%"


@pytest.mark.parametrize("end", ["2026-01-10", None, "2026-01-10T09:50"])
def test_an_infusion_without_a_known_duration_has_no_rate(rows: Rows, end: str | None):
    [given] = rows("medication_administration", ex=[INFUSION | {"EXENDTC": end}])
    assert not any("rateRatio" in path for path in given)


def test_a_time_that_is_not_known_is_said_to_be_unknown_since_fhir_asks_for_it(rows: Rows):
    [given] = rows("medication_administration", ex=[INFUSION | {"EXSTDTC": None, "EXENDTC": None}])
    assert given["occurencePeriod.extension[0].valueCode"] == "unknown"


def test_no_infusion_means_no_administration_and_no_medication(rows: Rows):
    assert rows("medication_administration", ex=[]) == rows("medication", ex=[]) == []


def test_infusions_prepared_alike_share_a_medication_and_every_administration_names_its_own(rows: Rows):
    ex = [INFUSION, INFUSION | {"EXSPID": "2"}, INFUSION | {"EXSPID": "3", "EXDOSE": 1.5}]
    medications = rows("medication", ex=ex)
    assert [each["id"] for each in medications] == ["PL21-MEDICATION-EVS26B-2-100", "PL21-MEDICATION-EVS26B-1.5-100"]
    assert medications[1]["ingredient[0].strengthRatio.numerator.value"] == "150000000000"
    named = [each["medication.reference.reference"] for each in rows("medication_administration", ex=ex)]
    assert named == [f"Medication/{medications[place]['id']}" for place in (0, 0, 1)]
    assert medications[0]["ingredient[0].item.reference.reference"] == f"Substance/{rows('substance')[0]['id']}"


def test_a_preparation_of_unknown_volume_has_no_strength_rather_than_half_a_ratio(rows: Rows):
    [made] = rows("medication", ex=[INFUSION | {"EXVAMT": None, "EXVAMTU": None}])
    assert made["id"] == "PL21-MEDICATION-EVS26B-2"
    assert not any("strengthRatio" in path for path in made)


def test_a_procedure_has_its_category_name_period_and_indication(rows: Rows):
    pr = ANNA | {"PRSEQ": 1, "PRSPID": "1", "PRTRT": "PLASMA EXCHANGE", "PRDECOD": "PLASMA EXCHANGE"}
    [done] = rows("procedure", pr=[pr | {"PRCAT": "ARTIFICIAL LIVER SUPPORT", "PRSTDTC": "2026-01-11", "PRINDC": "x"}])
    assert done["code.text"] == done["code.coding[1].code"] == "PLASMA EXCHANGE"
    assert (done["category[0].text"], done["reason[0].concept.text"]) == ("ARTIFICIAL LIVER SUPPORT", "x")
    assert done["occurrencePeriod.start"] == "2026-01-11"


@pytest.mark.parametrize(
    ("answer", "clinical", "r4b", "verified"),
    [
        ({"MHENRTPT": "ONGOING"}, "active", "active", "confirmed"),
        ({"MHENDTC": "2020"}, "resolved", "resolved", "confirmed"),
        ({"MHENRTPT": "BEFORE"}, "resolved", "resolved", "confirmed"),
        ({"MHPRESP": "Y", "MHOCCUR": "Y"}, "unknown", None, "confirmed"),
        ({"MHPRESP": "Y", "MHOCCUR": "N"}, "inactive", "inactive", "refuted"),
    ],
)
def test_a_disease_goes_on_has_ended_was_never_there_or_nobody_knows(
    rows: Rows, answer: dict[str, str], clinical: str, r4b: str | None, verified: str
):
    [disease] = rows("condition", mh=[ANNA | {"MHSEQ": 1, "MHTERM": "CIRRHOSIS OF THE LIVER"} | answer])
    assert disease["id"] == "PL21-01-001-MH-CIRRHOSIS-OF-THE-LIVER"
    assert disease["clinicalStatus.coding[0].code"] == clinical
    assert disease.get("r4b:clinicalStatus.coding[0].code") == r4b
    assert disease["verificationStatus.coding[0].code"] == verified


def test_a_question_that_nobody_answered_is_no_condition(rows: Rows):
    assert rows("condition", mh=[ANNA | {"MHTERM": "CIRRHOSIS", "MHPRESP": "Y", "MHSTAT": "NOT DONE"}]) == []
