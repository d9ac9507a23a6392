import json
import re
import string
from collections import Counter
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from cdisc_aclf.model.issue import Severity
from cdisc_aclf.model.protocol import OutcomeKind
from cdisc_aclf.registry.consistency import contradictions
from cdisc_aclf.registry.trial import read_trial

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples" / "ctgov"
RECORDS = sorted(SAMPLES.glob("*.json"))
# Results, documents, the registry's own navigation and predictions, persons to telephone.
NOT_HELD = {
    "annotationSection",
    "documentSection",
    "resultsSection",
    "derivedSection.conditionBrowseModule.browseBranches",
    "derivedSection.conditionBrowseModule.browseLeaves",
    "derivedSection.interventionBrowseModule.browseBranches",
    "derivedSection.interventionBrowseModule.browseLeaves",
    "derivedSection.miscInfoModule.modelPredictions",
    "derivedSection.miscInfoModule.submissionTracking",
    "protocolSection.contactsLocationsModule.centralContacts",
    "protocolSection.contactsLocationsModule.locations[].contacts",
    "protocolSection.contactsLocationsModule.locations_nested",
}

pytestmark = pytest.mark.skipif(not RECORDS, reason="the sample records are not here")
each_record = pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)


def protocol(path: Path) -> dict:
    return json.loads(path.read_text("utf-8"))["protocolSection"]


def unescaped(text: str) -> str:
    for mark in string.punctuation:
        text = text.replace(f"\\{mark}", mark)
    return text


def record_leaves(value: object, path: str = "") -> Counter:
    if path in NOT_HELD:
        return Counter()
    if isinstance(value, dict):
        return sum((record_leaves(item, f"{path}.{key}".strip(".")) for key, item in value.items()), Counter())
    if isinstance(value, list):
        return sum((record_leaves(item, f"{path}[]") for item in value), Counter())
    return Counter([(isinstance(value, bool), unescaped(str(value)))])


def trial_leaves(value: object) -> Counter:
    if is_dataclass(value):
        return sum((trial_leaves(getattr(value, field.name)) for field in fields(value)), Counter())
    if isinstance(value, tuple):
        return sum(map(trial_leaves, value), Counter())
    return Counter([(isinstance(value, bool), str(value))])


def bulleted_lines_and_paragraphs(text: str) -> int:
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith(" ")]
    return sum(bool(re.match(r"(\*|\d+\.) ", line)) or not line.endswith(":") for line in lines)


def test_all_twelve_records_are_here():
    assert len(RECORDS) == 12


@each_record
def test_no_arm_intervention_outcome_or_site_is_lost(path: Path):
    record, trial = protocol(path), read_trial(path)
    groups = record.get("armsInterventionsModule", {})
    assert len(trial.arms) == len(groups.get("armGroups", []))
    assert len(trial.interventions) == len(groups.get("interventions", []))
    assert len(trial.locations) == len(record["contactsLocationsModule"]["locations"])
    for kind in OutcomeKind:
        assert len(trial.outcomes_of(kind)) == len(record["outcomesModule"].get(f"{kind}Outcomes", []))


@each_record
def test_every_arm_finds_its_interventions_and_they_find_it(path: Path):
    trial = read_trial(path)
    for arm in trial.arms:
        assert len(trial.interventions_of(arm)) == len(arm.intervention_names)
    for intervention in trial.interventions:
        assert len(trial.arms_of(intervention)) == len(intervention.arm_labels)


@each_record
def test_no_criterion_is_lost(path: Path):
    text = protocol(path)["eligibilityModule"]["eligibilityCriteria"]
    inclusion, exclusion = re.split(r"Exclusion [Cc]riteria:", text)
    limits = read_trial(path).eligibility
    assert len(limits.inclusion) == bulleted_lines_and_paragraphs(inclusion)
    assert len(limits.exclusion) == bulleted_lines_and_paragraphs(exclusion)
    assert len(limits.criteria) == len(limits.inclusion) + len(limits.exclusion)


@each_record
def test_criteria_and_headings_hold_every_line_of_the_text_in_its_order(path: Path):
    limits = read_trial(path).eligibility
    kept = ["Inclusion criteria:", "Exclusion criteria:"]
    for item in limits.criteria:
        kept += [item.heading or "", *item.text.split("\n")]
    for line in unescaped(protocol(path)["eligibilityModule"]["eligibilityCriteria"]).split("\n"):
        if line.strip():
            words = re.sub(r"^(\*|\d+\.) ", "", line).strip()
            assert any(words.lower() == text.lower() for text in kept)
    assert limits.text is not None
    places = [limits.text.index(item.text.split("\n")[0]) for item in limits.criteria]
    assert places == sorted(places)


@each_record
def test_every_value_outside_the_named_sections_is_held(path: Path):
    record = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    trial = read_trial(path)
    assert record_leaves(record) - trial_leaves(trial) == Counter()
    assert {re.sub(r"\[\d+\]", "[]", place) for place in trial.unread} <= NOT_HELD


@each_record
def test_no_contradiction_is_an_error(path: Path):
    assert all(issue.severity != Severity.ERROR for issue in contradictions(read_trial(path)))


def test_the_samples_raise_only_the_alarms_that_a_reader_of_them_raised():
    # Found by reading the records: 90 days from randomisation beside a visit on Day 90, a primary completion
    # in the past of a trial that recruits, and records first submitted after the start.
    found = {path.stem: {issue.rule for issue in contradictions(read_trial(path))} for path in RECORDS}
    assert {name: rules for name, rules in found.items() if rules} == {
        "NCT00353704": {"PROTOCOL-LATE-RECORD"},
        "NCT00415220": {"PROTOCOL-LATE-RECORD"},
        "NCT04550923": {"PROTOCOL-DATE-TYPE"},
        "NCT05480501": {"PROTOCOL-LATE-RECORD"},
        "NCT05894499": {"PROTOCOL-LATE-RECORD"},
        "NCT06223893": {"PROTOCOL-DAY-COUNT"},
        "NCT06761612": {"PROTOCOL-LATE-RECORD"},
    }
