from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cdisc_aclf.model.protocol import Arm, Design, Intervention
from cdisc_aclf.model.timing import PartialDate
from cdisc_aclf.model.trial import (
    Identification,
    Mesh,
    MeshTerm,
    Official,
    Organization,
    Oversight,
    Reference,
    ResponsibleParty,
    Status,
    StudyId,
    Trial,
)

Apply = Callable[..., Any]


@pytest.fixture
def study(apply: Apply) -> dict[str, Any]:
    [resource] = apply("research_study")
    return resource


@pytest.fixture
def of(apply: Apply) -> Callable[[Trial], dict[str, Any]]:
    def of(trial: Trial) -> dict[str, Any]:
        [resource] = apply("research_study", trial=trial)
        return resource

    return of


def codes(concepts: list[dict[str, Any]]) -> list[str]:
    return [coding["code"] for concept in concepts for coding in concept.get("coding", [])]


def bare(**groups: object) -> Trial:
    return Trial(identification=Identification(nct_id="NCT00000000"), **groups)


# The record of this study; codes and systems by the bound value sets of R5


def test_the_status_of_the_resource_is_that_of_a_publication_and_never_the_state_of_the_trial(study: dict[str, Any]):
    assert study["status"] == "active"
    assert study["progressStatus"][0] == {
        "state": {
            "coding": [
                {
                    "system": "http://hl7.org/fhir/research-study-status",
                    "code": "active-but-not-recruiting",
                    "display": "Active, not recruiting",
                }
            ],
            "text": "ACTIVE_NOT_RECRUITING",
        },
        "actual": True,
        "period": {"start": "2026-01"},
    }


def test_an_actual_start_and_an_estimated_end_are_two_states_of_the_overall_study(study: dict[str, Any]):
    assert study["period"] == {"start": "2026-01-01", "end": "2027-08-31"}
    overall = study["progressStatus"][1:]
    assert codes([state["state"] for state in overall]) == ["overall-study", "overall-study"]
    assert [(state["actual"], state["period"]) for state in overall] == [
        (True, {"start": "2026-01-01"}),
        (False, {"end": "2027-08-31"}),
    ]


def test_the_registry_number_is_the_official_identifier_and_the_sponsors_number_a_secondary_one(study: dict[str, Any]):
    official, own = study["identifier"]
    assert (official["use"], official["system"], official["value"]) == (
        "official", "http://clinicaltrials.gov", "NCT07409259",
    )  # fmt: skip
    assert codes([official["type"]]) == ["ACSN"]
    assert (own["use"], own["value"]) == ("secondary", "PL21")
    assert own["assigner"] == {"display": "Third Affiliated Hospital, Sun Yat-Sen University"}
    assert study["url"] == "https://clinicaltrials.gov/study/NCT07409259"


def test_phase_purpose_and_design_have_the_codes_of_r5(study: dict[str, Any]):
    assert codes([study["phase"], study["primaryPurposeType"]]) == ["early-phase-1", "treatment"]
    assert codes(study["studyDesign"]) == ["SEVCO:01001", "SEVCO:01003", "SEVCO:01011", "C49659"]


def test_arms_are_comparison_groups_that_subjects_can_name(study: dict[str, Any]):
    control, exosome = study["comparisonGroup"]
    assert (control["linkId"], control["name"]) == ("control-group", "Control Group")
    assert (exosome["linkId"], exosome["name"]) == ("study-group", "Study Group")
    assert codes([control["type"], exosome["type"]]) == ["active-comparator", "experimental"]
    standard = "EvidenceVariable/nct07409259-standard-comprehensive-internal-medical-treatment"
    assert [each["reference"] for each in control["intendedExposure"]] == [standard]
    assert [each["reference"] for each in exosome["intendedExposure"]] == [
        "EvidenceVariable/nct07409259-exosome-injection",
        standard,
    ]


def test_every_outcome_is_a_measure_with_its_time_frame_and_an_objective(study: dict[str, Any]):
    kinds = ["primary"] + ["secondary"] * 5 + ["exploratory"] * 5
    assert [codes(outcome["type"]) for outcome in study["outcomeMeasure"]] == [[kind] for kind in kinds]
    assert codes([objective["type"] for objective in study["objective"]]) == kinds
    first = study["outcomeMeasure"][0]
    assert first["name"] == study["objective"][0]["name"] == "12-Week Survival Rate"
    assert first["description"] == (
        "The percentage of participants who are alive at 12 weeks after enrollment.\n\nTime frame: 12 weeks"
    )


def test_an_outcome_names_the_variable_that_says_when_it_is_measured(study: dict[str, Any]):
    references = [outcome["reference"]["reference"] for outcome in study["outcomeMeasure"]]
    assert references[0] == "EvidenceVariable/nct07409259-outcome-primary-12-week-survival-rate"
    assert len(set(references)) == 11


def test_what_experimental_arms_alone_get_is_the_focus(study: dict[str, Any]):
    assert study["focus"] == [
        {"reference": {"reference": "EvidenceVariable/nct07409259-exosome-injection", "display": "exosome injection"}}
    ]


def test_twenty_subjects_are_a_target_as_long_as_the_number_is_estimated(study: dict[str, Any]):
    assert study["recruitment"] == {
        "targetNumber": 20,
        "eligibility": {"reference": "Group/nct07409259-eligibility"},
    }


def test_sponsor_and_investigator_are_associated_parties(study: dict[str, Any]):
    sponsor, investigator, registered = study["associatedParty"]
    hospital = "third-affiliated-hospital-sun-yat-sen-university"
    assert codes([sponsor["role"], investigator["role"]]) == ["lead-sponsor", "primary-investigator"]
    assert sponsor["classifier"] == [{"text": "class: OTHER"}]
    assert sponsor["party"]["reference"] == f"Organization/{hospital}"
    assert (investigator["name"], investigator["role"]["text"]) == ("Liang Peng", "PRINCIPAL_INVESTIGATOR")
    assert (registered["name"], registered["role"]) == (sponsor["name"], {"text": "organization"})
    assert investigator["party"]["reference"] == f"PractitionerRole/liang-peng-{hospital}"


def test_the_one_condition_carries_the_one_mesh_heading_and_its_ancestors_are_keywords(study: dict[str, Any]):
    [condition] = study["condition"]
    assert condition["text"] == "Acute-on-Chronic Liver Failure (ACLF)"
    assert condition["coding"][0]["system"] == "https://www.nlm.nih.gov/mesh"
    assert codes([condition]) == ["D065290"]
    assert codes(study["keyword"]) == ["D017114", "D017093", "D048550", "D008107", "D004066"]
    assert [keyword["text"] for keyword in study["keyword"] if "text" in keyword] == [
        "Acute -On-Chronic Liver Failure", "Bio-artificial liver", "Exosome", "Mesenchymal stem cells",
    ]  # fmt: skip


def test_false_is_said_in_words_because_a_code_would_assert_regulation(study: dict[str, Any]):
    texts = [classifier["text"] for classifier in study["classifier"]]
    assert codes(study["classifier"]) == []
    assert "sex: ALL" in texts
    assert {"oversightHasDmc: true", "isFdaRegulatedDrug: false", "hasResults: false", "stdAges: ADULT"} <= set(texts)
    assert {"text": "ipdSharing: NO"} in study["note"]


def test_registration_dates_keep_their_activity_precision_and_type(study: dict[str, Any]):
    said = {}
    for activity in study["extension"]:
        parts = {part["url"]: part for part in activity["extension"]}
        [code] = codes([parts["activity"]["valueCodeableConcept"]])
        said[code] = (parts["period"]["valuePeriod"]["start"], parts.get("actual", {}).get("valueBoolean"))
    assert said == {
        "record-verification": ("2026-01", None),
        "primary-outcome-data-collection": ("2027-08-31", False),
        "registration-submission": ("2026-01-12", None),
        "registration-submission-qc": ("2026-02-06", None),
        "registration-posting": ("2026-02-13", True),
        "update-submission": ("2026-02-06", None),
        "update-posting": ("2026-02-13", True),
    }


def test_site_and_country_are_named(study: dict[str, Any]):
    assert codes(study["region"]) == ["CN"]
    assert study["site"][0]["reference"].startswith("Location/nct07409259-third-affiliated-hospital")
    assert study["relatedArtifact"] == [
        {"type": "transforms", "document": {"url": "https://clinicaltrials.gov/api/v2/studies/NCT07409259"}}
    ]


def test_markdown_escapes_of_the_registry_are_gone(study: dict[str, Any]):
    assert "2×10^11 particles" in study["descriptionSummary"]


# Any other record


def test_a_record_that_says_nothing_says_nothing_here(of: Callable[[Trial], dict[str, Any]]):
    assert set(of(bare())) == {
        "resourceType", "id", "url", "identifier", "name", "relatedArtifact", "status", "recruitment",
    }  # fmt: skip


def test_a_state_without_a_code_is_text_alone(of: Callable[[Trial], dict[str, Any]]):
    study = of(bare(status=Status(overall="UNKNOWN", last_known="RECRUITING", why_stopped="no money")))
    assert study["progressStatus"] == [{"state": {"text": "overallStatus: UNKNOWN"}, "actual": True}]
    assert {"text": "lastKnownStatus: RECRUITING"} in study["classifier"]
    assert study["whyStopped"] == {"text": "no money"}


def test_dates_of_one_type_are_one_state_and_a_date_without_type_is_neither_actual_nor_estimated(
    of: Callable[[Trial], dict[str, Any]],
):
    both = Status(start=PartialDate("2019", "ACTUAL"), completion=PartialDate("2020-02", "ACTUAL"))
    [state] = of(bare(status=both))["progressStatus"]
    assert (state["actual"], state["period"]) == (True, {"start": "2019", "end": "2020-02"})
    [state] = of(bare(status=Status(start=PartialDate("2004-05"))))["progressStatus"]
    assert "actual" not in state


def test_an_enrollment_is_target_actual_or_a_bare_number_as_the_record_has_it(of: Callable[[Trial], dict[str, Any]]):
    actual = of(bare(design=Design(enrollment_count=0, enrollment_type="ACTUAL")))
    assert actual["recruitment"]["actualNumber"] == 0
    untyped = of(bare(design=Design(enrollment_count=45)))
    assert set(untyped["recruitment"]) == {"eligibility"}
    assert untyped["classifier"] == [{"text": "enrollmentInfo.count: 45"}]


def test_two_phases_are_one_code(of: Callable[[Trial], dict[str, Any]]):
    assert codes([of(bare(design=Design(phases=("PHASE1", "PHASE2"))))["phase"]]) == ["phase-1-phase-2"]


def test_what_sevco_cannot_say_stands_in_the_words_of_the_record(of: Callable[[Trial], dict[str, Any]]):
    design = Design(intervention_model="FACTORIAL", masking="TRIPLE", who_masked=("PARTICIPANT", "INVESTIGATOR"))
    assert of(bare(design=design))["studyDesign"] == [
        {"text": "interventionModel: FACTORIAL"},
        {"text": "masking: TRIPLE"},
        {
            "coding": [
                {
                    "system": "http://hl7.org/fhir/study-design",
                    "code": "SEVCO:01060",
                    "display": "Blinding of study participants",
                }
            ],
            "text": "PARTICIPANT",
        },
        {"text": "whoMasked: INVESTIGATOR"},
    ]


def test_conditions_and_headings_are_not_paired_where_the_record_does_not(of: Callable[[Trial], dict[str, Any]]):
    trial = bare(
        conditions=("Lupus", "Covid"), condition_mesh=Mesh(terms=(MeshTerm(id="D000086382", term="COVID-19"),))
    )
    assert [sorted(condition) for condition in of(trial)["condition"]] == [["text"], ["text"], ["coding"]]


def test_an_arm_keeps_the_words_of_its_list_and_refers_to_what_names_the_arm_too(of: Callable[[Trial], dict[str, Any]]):
    given = (
        Intervention(name="a", type="DRUG", arm_labels=("Arm",)),
        Intervention(name="b", type="DRUG", arm_labels=("Arm",)),
        Intervention(name="c", type="DRUG"),
    )
    arm = Arm(label="Arm", intervention_names=("Drug: c", "Drug: b"))
    [group] = of(bare(arms=(arm,), interventions=given))["comparisonGroup"]
    assert group["intendedExposure"] == [
        {"display": "Drug: c"},
        {"reference": "EvidenceVariable/nct00000000-b", "display": "Drug: b"},
        {"reference": "EvidenceVariable/nct00000000-a"},
    ]


def test_a_flag_that_has_a_code_says_of_what_it_is_true(of: Callable[[Trial], dict[str, Any]]):
    [classifier] = of(bare(oversight=Oversight(is_fda_regulated_drug=True)))["classifier"]
    assert (codes([classifier]), classifier["text"]) == (["fda-regulated-drug"], "isFdaRegulatedDrug: true")


def test_headings_of_interventions_are_the_focus_and_those_above_them_keywords(of: Callable[[Trial], dict[str, Any]]):
    mesh = Mesh(terms=(MeshTerm(id="D009020", term="Morphine"),), ancestors=(MeshTerm(id="D009294", term="Narcotics"),))
    study = of(bare(intervention_mesh=mesh))
    assert codes([focus["concept"] for focus in study["focus"]]) == ["D009020"]
    assert [(codes([keyword]), keyword["text"]) for keyword in study["keyword"]] == [
        (["D009294"], "intervention: Narcotics")
    ]


def test_arms_with_one_label_keep_two_link_ids(of: Callable[[Trial], dict[str, Any]]):
    groups = of(bare(arms=(Arm(label="Arm A"), Arm(label="Arm A"))))["comparisonGroup"]
    assert [group["linkId"] for group in groups] == ["arm-a", "arm-a-2"]


def test_the_person_and_the_organisation_of_records_before_2011_are_kept(of: Callable[[Trial], dict[str, Any]]):
    old = ResponsibleParty(old_name_title="J. Doe, MD", old_organization="UCL")
    assert of(bare(responsible_party=old))["associatedParty"] == [
        {
            "name": "J. Doe, MD",
            "role": {"text": "responsibleParty"},
            "party": {"reference": "Organization/ucl", "display": "UCL"},
        }
    ]


def test_collaborators_and_officials_have_their_roles(of: Callable[[Trial], dict[str, Any]]):
    trial = bare(
        collaborators=(Organization(name="NIDA", type="NIH"),),
        officials=(Official(name="A B", role="STUDY_CHAIR"), Official(name="C D")),
    )
    parties = of(trial)["associatedParty"]
    assert codes([party["role"] for party in parties]) == ["collaborator", "study-chair"]
    assert codes(parties[0]["classifier"]) == ["nih"]
    assert parties[2]["role"] == {"text": "overallOfficial"}


def test_publications_links_and_other_numbers_are_kept(of: Callable[[Trial], dict[str, Any]]):
    trial = bare(
        references=(
            Reference(type="DERIVED", citation="Doe J. 2020.", pmid="1"),
            Reference(label="Home", url="https://example.org"),
        )
    )
    names = replace(
        trial.identification,
        acronym="PINNACLE",
        secondary_ids=(StudyId(id="R01", type="NIH", domain="NIDDK", link="https://example.org/r01"),),
    )
    study = of(replace(trial, identification=names))
    assert study["relatedArtifact"][1:] == [
        {
            "type": "citation",
            "classifier": [{"text": "DERIVED"}],
            "citation": "Doe J. 2020.",
            "document": {"url": "https://pubmed.ncbi.nlm.nih.gov/1/"},
        },
        {"type": "documentation", "label": "Home", "document": {"url": "https://example.org"}},
        {
            "type": "documentation",
            "classifier": [{"text": "secondaryIdInfos"}],
            "label": "R01",
            "document": {"url": "https://example.org/r01"},
        },
    ]
    assert study["identifier"][1] == {
        "use": "secondary", "type": {"text": "NIH"}, "value": "R01", "assigner": {"display": "NIDDK"},
    }  # fmt: skip
    assert codes([study["label"][0]["type"]]) == ["acronym"]
