"""The schedule of activities: PlanDefinition and ActivityDefinition."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cdisc_aclf.fhir.read.spec import read_fhir
from cdisc_aclf.fhir.write.r4b import as_r4b
from cdisc_aclf.study.specs import read_references
from cdisc_aclf.study.study_toml import read_study

ROOT = Path(__file__).resolve().parents[3]
STUDY = read_study(ROOT)
DAYS = {"day-4": 3, "day-7": 6, "day-10": 9, "day-13": 12, "day-28": 27, "day-84": 83}

Apply = Callable[..., Any]


@pytest.fixture
def plan(apply: Apply) -> dict[str, Any]:
    [resource] = apply("plan_definition")
    return resource


@pytest.fixture
def activities(apply: Apply) -> dict[str, dict[str, Any]]:
    return {each["id"].removeprefix("pl21-"): each for each in apply("activity_definition")}


def test_every_visit_is_an_action_placed_by_its_days_after_day_1(plan: dict[str, Any]):
    screening, first, *later = plan["action"]
    assert (screening["id"], first["id"]) == ("screening", "day-1")
    assert screening["relatedAction"] == [{"targetId": "day-1", "relationship": "before"}]
    assert "relatedAction" not in first
    assert {visit["id"]: visit["relatedAction"][0]["offsetDuration"]["value"] for visit in later} == DAYS
    assert {visit["relatedAction"][0]["offsetDuration"]["code"] for visit in later} == {"d"}


def test_every_related_action_and_every_definition_exists(plan: dict[str, Any], activities: dict[str, Any]):
    ids = [part["id"] for visit in plan["action"] for part in (visit, *visit["action"])]
    assert len(ids) == len(set(ids))
    assert {each["targetId"] for visit in plan["action"] for each in visit.get("relatedAction", [])} <= set(ids)
    used = {part["definitionCanonical"] for visit in plan["action"] for part in visit["action"]}
    assert used == {activity["url"] for activity in activities.values()}


def test_the_study_drug_is_given_at_the_visits_with_a_dose_and_to_its_arm_alone(plan: dict[str, Any]):
    given = {
        visit["id"]: part["condition"]
        for visit in plan["action"]
        for part in visit["action"]
        if part["title"] == "Exosome infusion"
    }
    assert list(given) == ["day-1", "day-4", "day-7", "day-10"]
    for condition in given.values():
        assert [each["expression"]["expression"] for each in condition] == ["%arm = 'study-group'"]


def test_dose_visits_of_the_schedule_are_those_of_the_table_of_visits():
    references = read_references(ROOT)
    schedule, visits = references["schedule"], references["visits"]
    doses = schedule.filter(pl.col("activity") == "exosome-infusion")["visit"].to_list()
    assert doses == visits.filter(pl.col("dose") == "Y")["visit"].to_list()


def test_tests_of_the_record_are_done_on_the_days_of_its_time_frames(plan: dict[str, Any]):
    days = [visit["id"] for visit in plan["action"] for part in visit["action"] if part["title"] == "Hemoglobin"]
    assert days == ["day-1", *DAYS]


def test_a_window_follows_the_start_rule_where_a_person_gave_it(apply: Apply):
    known = replace(STUDY, facts={"TVSTRL": {"DAY 28": ("+/- 2 days",)}})
    [plan] = apply("plan_definition", study=known)
    rules = {visit["id"]: visit["description"] for visit in plan["action"]}
    assert rules["day-28"] == "Study day 28; study day 1 is the day of randomization; window: +/- 2 days"
    assert "window" not in rules["day-84"]


def test_the_dose_is_two_times_ten_to_the_eleven_particles_at_most_50_ml_an_hour(activities: dict[str, Any]):
    [dosage] = activities["exosome-infusion"]["dosage"]
    [amount] = dosage["doseAndRate"]
    assert (amount["doseQuantity"]["value"], amount["doseQuantity"]["code"]) == (Decimal(200000000000), "{particles}")
    assert amount["rateRange"] == {
        "high": {"value": Decimal(50), "unit": "mL/h", "system": "http://unitsofmeasure.org", "code": "mL/h"}
    }
    assert dosage["timing"]["repeat"] == {"count": 4, "frequency": 1, "period": 3, "periodUnit": "d"}
    assert dosage["route"]["coding"][0]["code"] == "C38276"
    assert dosage["text"] == (
        "2 x 10^11 particles in 100 mL SODIUM CHLORIDE 0.9%, over not less than 120 min, on Day 1, Day 4, Day 7, Day 10"
    )


def test_doses_at_unequal_distances_have_no_period(apply: Apply):
    visits = read_references(ROOT)["visits"].with_columns(
        visitdy=pl.when(pl.col("visit") == "DAY 10").then(pl.lit("11")).otherwise("visitdy")
    )
    [infusion] = [each for each in apply("activity_definition", ref_visits=visits) if "dosage" in each]
    assert "timing" not in infusion["dosage"][0]


@pytest.mark.parametrize(
    ("activity", "codes"),
    [
        ("hemoglobin", ["718-7", "C64848"]),
        ("inr", ["6301-6", "C64805"]),
        ("interleukin-6", ["26881-3", "C74834"]),
        ("child-pugh", ["98153-0", "C121074"]),
        ("cossh-aclf-ii", []),
        ("survival-status", ["C25717"]),
    ],
)
def test_an_activity_has_the_codes_of_its_test(activities: dict[str, Any], activity: str, codes: list[str]):
    assert [coding["code"] for coding in activities[activity]["code"].get("coding", [])] == codes
    assert "dosage" not in activities[activity]


def test_the_study_names_the_schedule_as_its_protocol_and_another_record_has_none(apply: Apply):
    assert apply("research_study")[0]["protocol"] == [{"reference": "PlanDefinition/pl21-schedule"}]
    empty = read_references(ROOT)["visits"].clear()
    assert "protocol" not in apply("research_study", ref_visits=empty)[0]
    assert apply("plan_definition", ref_visits=empty) == []


def test_r4b_calls_the_target_of_a_related_action_its_action(plan: dict[str, Any]):
    spec = read_fhir(ROOT)
    [turned] = as_r4b([plan], spec.resources["plan_definition"], spec)
    assert turned["action"][0]["relatedAction"] == [{"actionId": "day-1", "relationship": "before"}]
    assert turned["action"][1]["action"][0]["id"] == "day-1-exosome-infusion"
