"""The study in R4B; what is the same in both versions is tested with R5."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cdisc_aclf.fhir.read.spec import read_fhir
from cdisc_aclf.fhir.write.r4b import as_r4b
from cdisc_aclf.model.protocol import Eligibility
from cdisc_aclf.model.trial import Identification, Official, Organization, Status, Trial

SPEC = read_fhir(Path(__file__).resolve().parents[3])
XVER = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy."
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"


@pytest.fixture
def r4b(apply: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """The first resource of a mapping in R4B; `groups` are those of another trial."""

    def r4b(mapping: str, **groups: object) -> dict[str, Any]:
        other = {"trial": Trial(identification=Identification(nct_id="NCT00000000"), **groups)} if groups else {}
        return next(as_r4b(apply(mapping, **other), SPEC.resources[mapping], SPEC))

    return r4b


def extensions(part: dict[str, Any], element: str) -> list[dict[str, Any]]:
    return [each for each in part["extension"] if each["url"] == XVER + element]


def test_the_status_is_the_state_of_the_trial_in_the_codes_of_r4b(r4b: Callable[..., dict[str, Any]]):
    assert r4b("research_study")["status"] == "closed-to-accrual"
    assert r4b("research_study", status=Status(overall="TERMINATED"))["status"] == "administratively-completed"


def test_a_state_that_r4b_has_no_code_for_is_said_to_be_unknown(r4b: Callable[..., dict[str, Any]]):
    study = r4b("research_study", status=Status(overall="UNKNOWN"))
    assert "status" not in study
    assert study["_status"]["extension"][0]["valueCode"] == "unknown"


def test_the_state_of_r5_stands_beside_with_the_system_of_hl7_terminology(r4b: Callable[..., dict[str, Any]]):
    state, *overall = extensions(r4b("research_study"), "progressStatus")
    parts = {part["url"]: part for part in state["extension"]}
    [coding] = parts["state"]["valueCodeableConcept"]["coding"]
    assert (coding["system"], coding["code"]) == (f"{TERMINOLOGY}/research-study-status", "active-but-not-recruiting")
    assert parts["actual"]["valueBoolean"] is True
    assert parts["period"]["valuePeriod"] == {"start": "2026-01"}
    assert len(overall) == 2


def test_sponsor_and_investigator_are_elements_and_parties(r4b: Callable[..., dict[str, Any]]):
    study = r4b("research_study")
    assert study["sponsor"]["reference"].startswith("Organization/third-affiliated-hospital")
    assert study["principalInvestigator"]["reference"].startswith("PractitionerRole/liang-peng-third")
    parties = extensions(study, "associatedParty")
    assert [part["valueString"] for part in parties[0]["extension"] if part["url"] == "name"] == [
        "Third Affiliated Hospital, Sun Yat-Sen University"
    ]


def test_a_director_is_no_investigator_and_has_no_code_among_the_roles(r4b: Callable[..., dict[str, Any]]):
    study = r4b(
        "research_study", lead_sponsor=Organization(name="UCL"), officials=(Official(name="A", role="STUDY_DIRECTOR"),)
    )
    assert "principalInvestigator" not in study
    roles = [
        part["valueCodeableConcept"]
        for party in extensions(study, "associatedParty")
        for part in party["extension"]
        if part["url"] == "role"
    ]
    assert roles[-1] == {"text": "STUDY_DIRECTOR"}


def test_phase_purpose_and_objectives_have_the_systems_of_hl7_terminology(r4b: Callable[..., dict[str, Any]]):
    study = r4b("research_study")
    coded = [study["phase"], study["primaryPurposeType"], *(objective["type"] for objective in study["objective"])]
    assert {concept["coding"][0]["system"] for concept in coded} == {
        f"{TERMINOLOGY}/research-study-phase",
        f"{TERMINOLOGY}/research-study-prim-purp-type",
        f"{TERMINOLOGY}/research-study-objective-type",
    }
    assert {concept["coding"][0]["system"] for concept in study["category"][:3]} == {"https://fevir.net/sevco"}


def test_arms_keep_link_and_exposures(r4b: Callable[..., dict[str, Any]]):
    control, exosome = r4b("research_study")["arm"]
    assert (control["name"], control["type"]) == ("Control Group", {"text": "ACTIVE_COMPARATOR"})
    assert extensions(exosome, "comparisonGroup.linkId")[0]["valueId"] == "study-group"
    assert len(extensions(exosome, "comparisonGroup.intendedExposure")) == 2


def test_the_description_is_the_long_one_else_the_summary(r4b: Callable[..., dict[str, Any]]):
    assert r4b("research_study")["description"].startswith("The goal of this single-center")
    both = r4b("research_study", brief_summary="short", detailed_description="long")
    assert (both["description"], extensions(both, "descriptionSummary")[0]["valueMarkdown"]) == ("long", "short")


def test_the_record_is_what_the_study_derives_from(r4b: Callable[..., dict[str, Any]]):
    assert r4b("research_study")["relatedArtifact"][0]["type"] == "derived-from"


def test_those_who_may_take_part_are_enrolled_as_no_actual_group(r4b: Callable[..., dict[str, Any]]):
    assert r4b("research_study")["enrollment"] == [{"reference": "Group/nct07409259-eligibility"}]
    group = r4b("group")
    assert group["actual"] is False
    assert "membership" not in group
    assert group["extension"][0]["valueMarkdown"].startswith("Inclusion Criteria:")
    assert r4b("group", eligibility=Eligibility(sex="FEMALE"))["characteristic"][0]["exclude"] is False
