from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from cdisc_aclf.fhir.read.spec import read_fhir
from cdisc_aclf.model.protocol import Eligibility, Intervention, Outcome, OutcomeKind
from cdisc_aclf.model.timing import Age, TimeKind, TimePoint, TimeUnit
from cdisc_aclf.model.trial import Identification, Location, Official, Organization, ResponsibleParty, Trial
from cdisc_aclf.study.specs import read_references

ROOT = Path(__file__).resolve().parents[3]

Apply = Callable[..., Any]


def bare(**groups: object) -> Trial:
    return Trial(identification=Identification(nct_id="NCT00000000"), **groups)


def test_every_mapping_has_a_row_in_the_table_of_resources(resources: set[str], apply: Apply):
    assert {each["resourceType"] for name in resources for each in apply(name)} == {
        "ResearchStudy", "Group", "EvidenceVariable", "Organization", "Practitioner", "PractitionerRole", "Location",
        "PlanDefinition", "ActivityDefinition",
    }  # fmt: skip


def test_two_spellings_of_one_organisation_are_one_resource(apply: Apply):
    trial = bare(
        lead_sponsor=Organization(name="Sun Yat-Sen University"),
        collaborators=(Organization(name="UCL"),),
        officials=(Official(name="A B", affiliation="Sun Yat-sen University"),),
        responsible_party=ResponsibleParty(old_organization="UCL"),
    )
    assert [(each["id"], each["name"]) for each in apply("organization", trial=trial)] == [
        ("sun-yat-sen-university", "Sun Yat-Sen University"),
        ("ucl", "UCL"),
    ]


def test_every_resource_about_the_study_has_an_identifier_that_a_server_can_find_it_by(apply: Apply):
    names = [name for name, spec in read_fhir(ROOT).resources.items() if not spec.is_about_subjects]
    found = [
        (each["resourceType"], part["system"], part["value"])
        for name in names
        for each in apply(name)
        for part in each["identifier"][:1]
    ]
    assert len(found) == len(set(found)) == sum(len(apply(name)) for name in names)
    assert ("Practitioner", "https://pl21.example.org/fhir/sid/practitioner", "liang-peng") in found


def test_the_investigator_is_a_person_with_a_role_at_the_hospital(apply: Apply):
    [person], [role] = apply("practitioner"), apply("practitioner_role")
    hospital = "third-affiliated-hospital-sun-yat-sen-university"
    assert (person["id"], person["name"]) == ("liang-peng", [{"text": "Liang Peng"}])
    assert {name: part for name, part in role.items() if name != "identifier"} == {
        "resourceType": "PractitionerRole",
        "id": f"liang-peng-{hospital}",
        "practitioner": {"reference": "Practitioner/liang-peng"},
        "organization": {"reference": f"Organization/{hospital}"},
        "code": [{"text": "Professor"}],
    }


def test_somebody_who_is_investigator_and_official_is_one_person_and_keeps_the_title(apply: Apply):
    trial = bare(
        responsible_party=ResponsibleParty(type="PRINCIPAL_INVESTIGATOR", name="A B", title="Prof", affiliation="UCL"),
        officials=(Official(name="A B", affiliation="UCL"), Official(name="C D")),
    )
    assert [person["id"] for person in apply("practitioner", trial=trial)] == ["a-b", "c-d"]
    roles = apply("practitioner_role", trial=trial)
    assert [(role["id"], role.get("code")) for role in roles] == [("a-b-ucl", [{"text": "Prof"}]), ("c-d", None)]


def test_a_site_keeps_its_address_and_the_digits_of_its_position(apply: Apply):
    [site] = apply("location")
    assert site["address"] == {
        "city": "Guangzhou", "state": "Guangdong", "postalCode": "510630", "country": "China",
    }  # fmt: skip
    assert site["position"] == {"longitude": Decimal("113.25"), "latitude": Decimal("23.11667")}


def test_sites_of_one_name_in_one_city_are_told_apart_and_keep_their_recruitment(apply: Apply):
    sites = (Location(facility="Research Site", city="Beijing", status="RECRUITING"),) * 2
    first, second = apply("location", trial=bare(locations=sites))
    assert (first["id"], second["id"]) == (
        "nct00000000-research-site-beijing", "nct00000000-research-site-beijing-2",
    )  # fmt: skip
    assert first["characteristic"][0]["coding"][0]["code"] == "recruiting"
    assert "status" not in first


def test_an_intervention_keeps_type_description_and_other_names(apply: Apply):
    given = Intervention(
        name="saline", type="DRUG", description="0.9 %", other_names=("NaCl",), arm_labels=("an arm of no group",)
    )
    [variable] = apply("evidence_variable", trial=bare(interventions=(given,)))
    assert [{name: part for name, part in variable.items() if name != "identifier"}] == [
        {
            "resourceType": "EvidenceVariable",
            "id": "nct00000000-saline",
            "title": "saline",
            "status": "active",
            "description": "0.9 %",
            "note": [
                {"text": "type: DRUG"},
                {"text": "otherNames: NaCl"},
                {"text": "armGroupLabels: an arm of no group"},
            ],
        }
    ]


def moments(apply: Apply, frame: str, *points: TimePoint) -> list[dict[str, Any]]:
    outcome = Outcome(kind=OutcomeKind.OTHER, index=0, measure="Hb", time_frame=frame, time_points=points)
    [variable] = apply("evidence_variable", trial=bare(outcomes=(outcome,)))
    assert variable["note"] == [{"text": f"timeFrame: {frame}"}]
    assert {each["definitionCodeableConcept"]["text"] for each in variable["characteristic"]} == {"Hb"}
    return [moment for each in variable["characteristic"] for moment in each["timeFromEvent"]]


def test_an_outcome_has_a_moment_for_every_day_that_its_time_frame_names(apply: Apply):
    days = [1, 4, 7, 10, 13, 28, 84]
    hemoglobin = apply("evidence_variable")[2 + 6]
    found = [each["timeFromEvent"][0] for each in hemoglobin["characteristic"]]
    assert hemoglobin["title"] == "Change from Baseline in Hemoglobin"
    assert [moment["quantity"]["value"] for moment in found] == days
    assert {moment["quantity"]["code"] for moment in found} == {"d"}
    assert {moment["eventCodeableConcept"]["text"] for moment in found} == {"study day"}


def test_weeks_are_counted_in_days_from_the_start_and_other_events_in_their_own_words(apply: Apply):
    weeks = TimePoint(text="12 weeks", kind=TimeKind.ELAPSED, number=12, unit=TimeUnit.WEEK)
    [moment] = moments(apply, "12 weeks", weeks)
    assert (moment["quantity"]["value"], moment["quantity"]["code"]) == (84, "d")
    assert moment["eventCodeableConcept"]["coding"][0]["code"] == "study-start"
    months = TimePoint(text="6 months", kind=TimeKind.ELAPSED, number=6, unit=TimeUnit.MONTH, event="surgery")
    [moment] = moments(apply, "6 months after surgery", months)
    assert (moment["quantity"]["value"], moment["quantity"]["code"]) == (6, "mo")
    assert moment["eventCodeableConcept"] == {"text": "surgery"}


def test_a_time_frame_that_names_no_day_stands_in_words(apply: Apply):
    assert moments(apply, "until discharge") == [{"description": "until discharge"}]


def test_eligibility_is_a_definition_with_age_and_every_criterion(apply: Apply):
    [group] = apply("group")
    age, healthy, *criteria = group["characteristic"]
    assert (group["type"], group["membership"]) == ("person", "definitional")
    assert age["code"]["coding"][0]["code"] == "30525-0"
    years = {"unit": "Years", "system": "http://unitsofmeasure.org", "code": "a"}
    assert age["valueRange"] == {"low": {"value": 18, **years}, "high": {"value": 65, **years}}
    assert (healthy["code"]["text"], healthy["valueBoolean"], healthy["exclude"]) == ("healthyVolunteers", True, True)
    assert [criterion["exclude"] for criterion in criteria] == [False] * 4 + [True] * 8
    assert criteria[2]["code"] == {"text": "COSSH-ACLF II score < 7.4."}
    assert criteria[2]["valueQuantity"] == {
        "value": Decimal("7.4"), "comparator": "<", "unit": "score", "system": "http://unitsofmeasure.org",
        "code": "{score}",
    }  # fmt: skip
    assert [criterion.get("valueBoolean") for criterion in criteria] == [True, True, None] + [True] * 9
    assert group["description"].startswith("Inclusion Criteria:\n\n* Aged 18 to 65 years")


def test_all_sexes_are_no_restriction_and_one_sex_is(apply: Apply):
    [everybody] = apply("group", trial=bare(eligibility=Eligibility(sex="ALL", healthy_volunteers=True)))
    assert "characteristic" not in everybody
    [women] = apply("group", trial=bare(eligibility=Eligibility(sex="FEMALE")))
    [sex] = women["characteristic"]
    assert sex["valueCodeableConcept"]["coding"][0]["code"] == "female"


def test_a_limit_of_no_age_is_kept_apart_from_no_limit(apply: Apply):
    newborn = Eligibility(minimum_age=Age("0 Days", 0, TimeUnit.DAY))
    [group] = apply("group", trial=bare(eligibility=newborn))
    [age] = group["characteristic"]
    assert age["valueRange"] == {
        "low": {"value": 0, "unit": "Days", "system": "http://unitsofmeasure.org", "code": "d"}
    }


def test_every_limit_that_a_person_read_is_a_criterion_of_the_record(trial: Trial):
    texts = {criterion.text for criterion in trial.eligibility.criteria}
    assert set(read_references(ROOT)["criteria"]["criterion"]) <= texts
