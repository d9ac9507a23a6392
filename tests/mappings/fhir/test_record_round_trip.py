"""A registry record -> Trial -> R5 JSON -> the registry record again, value for value."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.fhir.read.spec import read_fhir
from cdisc_aclf.fhir.registry.compare import record_values, validate_record
from cdisc_aclf.fhir.resources import record_of
from cdisc_aclf.model.issue import Issue
from cdisc_aclf.model.trial import Trial
from cdisc_aclf.registry.record import escaped, load
from cdisc_aclf.registry.trial import read_trial
from cdisc_aclf.study.specs import read_references
from cdisc_aclf.study.study_toml import read_study

ROOT = Path(__file__).resolve().parents[3]
SPEC = read_fhir(ROOT)
CODES = read_references(ROOT)["fhir_codes"]
RECORD = ROOT / "specs" / read_study(ROOT).record

Apply = Callable[..., Any]


def round_trip(apply: Apply, trial: Trial) -> dict[str, object]:
    names = [name for name, spec in SPEC.resources.items() if not spec.is_about_subjects]
    return record_of({name: apply(name, trial=trial) for name in names}, SPEC, CODES)


def validated(apply: Apply, path: Path) -> tuple[list[Issue], int]:
    return validate_record(load(path).content, round_trip(apply, read_trial(path)), {})


def test_every_value_of_this_studys_record_comes_back_from_r5(apply: Apply):
    assert len(list(record_values(load(RECORD).content))) == 125
    assert validated(apply, RECORD) == ([], 125)


def test_a_value_that_a_mapping_forgets_is_missed(apply: Apply):
    made = {name: apply(name) for name, spec in SPEC.resources.items() if not spec.is_about_subjects}
    [study] = made["research_study"]
    made["research_study"] = [study | {"title": "another", "whyStopped": {"text": "no money"}}]
    issues, count = validate_record(load(RECORD).content, record_of(made, SPEC, CODES), {})
    assert [(issue.record, issue.value) for issue in issues] == [
        (
            "protocolSection.identificationModule.briefTitle",
            "PT-MSCs Exosome Injection in the Treatment of Chronic-to-acute Liver Failure",
        ),
        ("protocolSection.statusModule.whyStopped", "no money"),
    ]
    assert count == 124


# Any record: texts of every kind, words that no code list has, and every field present or absent

text = st.text("ab Z:,.;()<>[]*_^~`\\'\"/&-0×肝\n", min_size=1, max_size=30).map(str.strip).filter(bool)
line = text.map(lambda words: " ".join(words.replace("\\", "").split())).filter(bool)  # no field without markup escapes
markup = text.map(escaped)
word = st.sampled_from(["ALL", "MALE", "OTHER", "NIH", "TREATMENT", "COMPLETED", "UNKNOWN", "NEW_WORD"])
days = st.dates(date(1990, 1, 1), date(2040, 1, 1)).map(date.isoformat)
partial = days | days.map(lambda day: day[:7]) | days.map(lambda day: day[:4])
age = st.tuples(st.integers(0, 120), st.sampled_from(["Years", "Months", "Days", "Year"])).map("{0[0]} {0[1]}".format)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with any of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


def with_name(name: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object that always has one field."""
    return st.fixed_dictionaries({name: line}, optional=fields)


def listed(each: st.SearchStrategy[Any], by: str = "") -> st.SearchStrategy[list[Any]]:
    return st.lists(each, min_size=1, max_size=3, unique_by=(lambda item: item[by]) if by else None)


dated = st.fixed_dictionaries({"date": partial}, optional={"type": st.sampled_from(["ACTUAL", "ESTIMATED"])})
mesh = some(
    meshes=listed(st.fixed_dictionaries({"id": line, "term": line})),
    ancestors=listed(st.fixed_dictionaries({"id": line, "term": line})),
)
organisation = with_name("name", **{"class": word})
registered = with_name("fullName", **{"class": word})
study_id = with_name("id", type=word, link=st.just("https://example.org/a"))
outcomes = listed(with_name("measure", description=markup, timeFrame=line | st.just("Day1, Day28")))


@st.composite
def groups(draw: st.DrawFn) -> dict[str, Any]:
    """Arms and interventions that may or may not agree on who gets what."""
    given = draw(listed(with_name("name", type=word, description=markup, otherNames=listed(line)), "name"))
    arms = draw(listed(with_name("label", type=word, description=markup), "label"))
    names = [f"{each.get('type', '').replace('_', ' ').title()}: {each['name']}" for each in given]
    for each in given:
        labels = draw(st.lists(st.sampled_from([arm["label"] for arm in arms]), unique=True))
        each.update({"armGroupLabels": labels} if labels else {})
    for arm in arms:
        listed_names = draw(st.lists(st.sampled_from([*names, "Drug: unknown"]), unique=True))
        arm.update({"interventionNames": listed_names} if listed_names else {})
    return {"armGroups": arms, "interventions": given}


protocol = st.fixed_dictionaries(
    {
        "identificationModule": st.fixed_dictionaries(
            {"nctId": st.just("NCT00000000")},
            optional={
                "briefTitle": line,
                "officialTitle": line,
                "acronym": line,
                "orgStudyIdInfo": study_id,
                "secondaryIdInfos": listed(with_name("id", type=word, domain=line), "id"),
                "organization": registered,
            },
        )
    },
    optional={
        "statusModule": some(
            overallStatus=word, lastKnownStatus=word, whyStopped=line, statusVerifiedDate=partial,
            expandedAccessInfo=some(hasExpandedAccess=st.booleans()),
            startDateStruct=dated, completionDateStruct=dated, primaryCompletionDateStruct=dated,
            studyFirstSubmitDate=partial, studyFirstPostDateStruct=dated, resultsFirstSubmitQcDate=partial,
        ),
        "sponsorCollaboratorsModule": some(
            leadSponsor=organisation, collaborators=listed(organisation),
            responsibleParty=with_name("investigatorFullName", type=word, investigatorTitle=line,
                                       investigatorAffiliation=line)
            | some(oldNameTitle=line, oldOrganization=line),
        ),
        "oversightModule": some(
            oversightHasDmc=st.booleans(), isFdaRegulatedDrug=st.booleans(), isUsExport=st.booleans()
        ),
        "descriptionModule": some(briefSummary=markup, detailedDescription=markup),
        "conditionsModule": some(conditions=listed(line), keywords=listed(line)),
        "designModule": some(
            studyType=word, phases=listed(word), patientRegistry=st.booleans(), targetDuration=line,
            enrollmentInfo=st.fixed_dictionaries(
                {"count": st.integers(0, 9999)}, optional={"type": st.sampled_from(["ACTUAL", "ESTIMATED"])}
            ),
            designInfo=some(
                allocation=word, interventionModel=word, interventionModelDescription=markup, primaryPurpose=word,
                observationalModel=word, timePerspective=word,
                maskingInfo=some(masking=word, maskingDescription=markup, whoMasked=listed(word)),
            ),
        ),
        "armsInterventionsModule": groups(),
        "outcomesModule": some(primaryOutcomes=outcomes, secondaryOutcomes=outcomes, otherOutcomes=outcomes),
        "eligibilityModule": some(
            eligibilityCriteria=markup, minimumAge=age, maximumAge=age, sex=word, healthyVolunteers=st.booleans(),
            stdAges=listed(word), studyPopulation=markup, samplingMethod=word,
        ),
        "contactsLocationsModule": some(
            overallOfficials=listed(with_name("name", affiliation=line, role=word)),
            locations=listed(
                with_name("facility", status=word, city=line, state=line, zip=line, country=line,
                          geoPoint=st.fixed_dictionaries({"lat": st.floats(-90, 90), "lon": st.floats(-180, 180)}))
            ),
        ),
        "referencesModule": some(
            references=listed(with_name("citation", type=word, pmid=st.just("8346839"))),
            seeAlsoLinks=listed(with_name("label", url=st.just("https://example.org/b"))),
        ),
        "ipdSharingStatementModule": some(
            ipdSharing=word, description=markup, infoTypes=listed(word), timeFrame=markup, accessCriteria=markup,
            url=st.just("https://example.org/c"),
        ),
    },
)  # fmt: skip
records = st.fixed_dictionaries(
    {"protocolSection": protocol},
    optional={
        "hasResults": st.booleans(),
        "derivedSection": some(
            miscInfoModule=some(versionHolder=partial), conditionBrowseModule=mesh, interventionBrowseModule=mesh
        ),
    },
)


@settings(max_examples=60, deadline=None)
@given(record=records)
def test_every_value_of_any_record_comes_back_from_r5(apply: Apply, record: dict[str, Any]):
    with TemporaryDirectory() as folder:
        path = Path(folder, "record.json")
        path.write_text(json.dumps(record), "utf-8")
        issues, count = validated(apply, path)
    assert issues == []
    assert count == len(list(record_values(record)))


@pytest.mark.parametrize(
    ("lost", "rule"), [({"b": "no place"}, []), ({"b[].c": "no place"}, []), ({"bb": "no place"}, ["FHIR-RECORD"])]
)
def test_a_value_is_listed_by_its_field_or_by_one_above_it(lost: dict[str, str], rule: list[str]):
    issues, count = validate_record({"a": True, "b": [{"c": 1}]}, {"a": True}, lost)
    assert ([issue.rule for issue in issues], count) == (rule, 1)


@pytest.mark.parametrize(("value", "back"), [(1, True), ("1", 1), (True, "true"), (1.5, 1.6)])
def test_a_value_of_another_type_or_of_other_digits_has_not_come_back(value: object, back: object):
    issues, count = validate_record({"a": value}, {"a": back}, {})
    assert ([issue.record for issue in issues], count) == (["a"], 0)
