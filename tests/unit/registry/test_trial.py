import ast
import json
from collections import Counter
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from cdisc_aclf.errors import InputError
from cdisc_aclf.model.protocol import OutcomeKind
from cdisc_aclf.model.timing import Age, DatePrecision, PartialDate, TimeUnit
from cdisc_aclf.model.trial import Trial
from cdisc_aclf.registry.trial import read_trial

RECORD = Path(__file__).resolve().parents[3] / "specs" / "protocol" / "NCT07409259.txt"
NAMED = {"identificationModule": {"nctId": "NCT00000000"}}


@pytest.fixture(scope="module")
def trial() -> Trial:
    return read_trial(RECORD)


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "record.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def with_modules(folder: Path, **modules: object) -> Path:
    return written(folder, json.dumps({"protocolSection": NAMED | modules}))


def leaves(value: object) -> Counter[object]:
    if is_dataclass(value):
        return sum((leaves(getattr(value, field.name)) for field in fields(value)), Counter())
    if isinstance(value, dict):
        return sum(map(leaves, value.values()), Counter())
    if isinstance(value, list | tuple):
        return sum(map(leaves, value), Counter())
    return Counter([(isinstance(value, bool), str(value))])


def test_every_one_of_the_125_values_of_the_record_is_held(trial: Trial):
    literal = ast.literal_eval(RECORD.read_text("utf-8").split("\n", 1)[1])
    given = leaves(literal)
    unescaped = Counter({(flag, text.replace("\\", "")): count for (flag, text), count in given.items()})
    assert given.total() == 125
    assert unescaped - leaves(trial) == Counter()
    assert trial.unread == ()


def test_the_literal_and_the_same_record_as_json_give_one_trial(trial: Trial, tmp_path: Path):
    literal = ast.literal_eval(RECORD.read_text("utf-8").split("\n", 1)[1])
    assert read_trial(written(tmp_path, json.dumps(literal))) == trial
    assert read_trial(written(tmp_path, b"\xef\xbb\xbf" + json.dumps(literal, ensure_ascii=False).encode())) == trial


def test_identification_and_parties(trial: Trial):
    named = trial.identification
    assert (named.nct_id, named.org_study_id and named.org_study_id.id) == ("NCT07409259", "PL21")
    assert trial.lead_sponsor == named.organization
    assert trial.responsible_party is not None
    assert (trial.responsible_party.name, trial.responsible_party.title) == ("Liang Peng", "Professor")
    assert trial.ipd_sharing.sharing == "NO"
    assert (trial.oversight.has_dmc, trial.oversight.is_fda_regulated_drug) == (True, False)


def test_dates_keep_their_precision_and_whether_they_are_actual(trial: Trial):
    status = trial.status
    assert status.start == PartialDate("2026-01-01", "ACTUAL")
    assert status.completion == PartialDate("2027-08-31", "ESTIMATED")
    assert status.verified is not None
    assert (status.verified.text, status.verified.precision) == ("2026-01", DatePrecision.MONTH)
    assert status.results_first_post is None


def test_arms_and_interventions_find_each_other(trial: Trial):
    exosome, standard = trial.interventions
    assert {arm.label: trial.interventions_of(arm) for arm in trial.arms} == {
        "Control Group": (standard,),
        "Study Group": (exosome, standard),
    }
    assert [arm.label for arm in trial.arms_of(exosome)] == ["Study Group"]
    assert [arm.label for arm in trial.arms_of(standard)] == ["Control Group", "Study Group"]


def test_outcomes_stand_by_class_with_their_study_days(trial: Trial):
    assert [len(trial.outcomes_of(kind)) for kind in OutcomeKind] == [1, 5, 5]
    (survival,) = trial.outcomes_of(OutcomeKind.PRIMARY)
    assert (survival.measure, [point.study_day for point in survival.time_points]) == ("12-Week Survival Rate", [85])
    hemoglobin = trial.outcomes_of(OutcomeKind.OTHER)[0]
    assert hemoglobin.position == "outcomesModule.otherOutcomes[0]"
    assert [point.study_day for point in hemoglobin.time_points] == [1, 4, 7, 10, 13, 28, 84]
    assert trial.study_days == (1, 4, 7, 10, 13, 28, 84)


def test_eligibility_has_four_inclusion_and_eight_exclusion_criteria(trial: Trial):
    limits = trial.eligibility
    assert [item.number for item in limits.inclusion] == [1, 2, 3, 4]
    assert [item.number for item in limits.exclusion] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert limits.inclusion[2].text == "COSSH-ACLF II score < 7.4."
    assert limits.exclusion[0].text == "Patients with chronic liver failure."
    assert (limits.minimum_age and limits.minimum_age.iso8601) == "P18Y"
    assert (limits.maximum_age and limits.maximum_age.iso8601) == "P65Y"


def test_the_registrys_escapes_are_undone(trial: Trial):
    assert trial.arms[1].description is not None
    assert trial.arms[1].description.endswith("(2×10^11 particles per dose).")


@pytest.mark.parametrize("record", [r"{'a': 'score \< 7.4'}", r"{'a': 'score \\< 7.4'}", r'{"a": "score \\< 7.4"}'])
def test_an_escape_that_python_does_not_know_is_read_as_the_registrys(tmp_path: Path, record: str):
    named = record.replace(
        "{", '{"protocolSection": {"identificationModule": {"nctId": "N"}, "descriptionModule": {', 1
    )
    path = written(tmp_path, named.replace("'a'", "'briefSummary'").replace('"a"', '"briefSummary"') + "}}")
    assert read_trial(path).brief_summary == "score < 7.4"


@pytest.mark.parametrize(
    ("text", "age", "duration"),
    [
        ("18 Years", Age("18 Years", 18, TimeUnit.YEAR), "P18Y"),
        ("1 Year", Age("1 Year", 1, TimeUnit.YEAR), "P1Y"),
        ("6 Months", Age("6 Months", 6, TimeUnit.MONTH), "P6M"),
        ("2 Weeks", Age("2 Weeks", 2, TimeUnit.WEEK), "P2W"),
        ("28 Days", Age("28 Days", 28, TimeUnit.DAY), "P28D"),
        ("12 Hours", Age("12 Hours", 12, TimeUnit.HOUR), "PT12H"),
        ("30 Minutes", Age("30 Minutes", 30, TimeUnit.MINUTE), "PT30M"),
    ],
)
def test_age_limits_become_iso_durations(tmp_path: Path, text: str, age: Age, duration: str):
    minimum = read_trial(with_modules(tmp_path, eligibilityModule={"minimumAge": text})).eligibility.minimum_age
    assert minimum == age
    assert age.iso8601 == duration


@pytest.mark.parametrize("latitude", ["23.11667", "23.10", "23", "-0.50"])
def test_coordinates_keep_their_digits(tmp_path: Path, latitude: str):
    point = f'{{"locations": [{{"geoPoint": {{"lat": {latitude}}}}}]}}'
    record = f'{{"protocolSection": {{"identificationModule": {{"nctId": "N"}}, "contactsLocationsModule": {point}}}}}'
    (location,) = read_trial(written(tmp_path, record)).locations
    assert str(location.latitude) == latitude
    assert location.longitude is None


def test_coordinates_of_a_literal_keep_their_digits(trial: Trial):
    assert (trial.locations[0].latitude, trial.locations[0].longitude) == (Decimal("23.11667"), Decimal("113.25"))


def test_what_the_record_does_not_say_stays_empty(tmp_path: Path):
    assert read_trial(with_modules(tmp_path)) == Trial(identification=read_trial(with_modules(tmp_path)).identification)


def test_null_says_nothing(tmp_path: Path):
    trial = read_trial(with_modules(tmp_path, statusModule={"startDateStruct": None}, conditionsModule=None))
    assert (trial.status.start, trial.conditions, trial.unread) == (None, (), ())


def test_keys_that_are_not_held_are_named(tmp_path: Path):
    path = with_modules(
        tmp_path,
        newModule={"a": 1},
        armsInterventionsModule={"armGroups": [{"label": "A", "color": "red"}]},
    )
    assert read_trial(path).unread == (
        "protocolSection.newModule",
        "protocolSection.armsInterventionsModule.armGroups[0].color",
    )


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (b"", "", "holds no record"),
        (b"Raw JSON\nno braces\n", "", "holds no record"),
        ("Krüger {}".encode("latin-1"), ":1", "not UTF-8 text"),
        (b'ok\n{"a":\n "\xff"}', ":3", "not UTF-8 text"),
        (b'Raw JSON\n{"a": 1,\n "b": }', ":3", "neither JSON"),
        (b"Raw JSON\n{'a': 1,\n 'b': }", ":3", "nor a Python literal"),
        (b"{'a': __import__('os').getcwd()}", ":1", "neither JSON"),
        (b"\n\n{1, 2}", ":3", "not an object"),
        (b"{[]: 1}", ":1", "neither JSON"),
        (b"{'a': '\0'}", ":1", "neither JSON"),
        (b"{'a': " + b"9" * 5000 + b"}", ":1", "neither JSON"),
        (b'{"a":' * 100_000, ":1", "neither JSON"),
        (b"{'a':" * 100_000, ":1", "neither JSON"),
        (b"{'a': " + b"-" * 100_000 + b"1}", ":1", "neither JSON"),
        (b"{'a': " + b"1+" * 100_000 + b"1}", ":1", "neither JSON"),
        (b'{"protocolSection": {}}', "", "no protocolSection.identificationModule.nctId"),
        (b'{"resourceType": "Patient"}', "", "is FHIR, and no record"),
    ],
)
def test_a_file_that_is_no_record_is_refused_with_file_and_line(tmp_path: Path, content: bytes, line: str, what: str):
    path = written(tmp_path, content)
    with pytest.raises(InputError, match=what) as refusal:
        read_trial(path)
    assert refusal.value.where == f"{path}{line}"


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path):
    for path, said in ((tmp_path / "absent.json", "cannot be read"), (tmp_path, "is a folder and no file")):
        with pytest.raises(InputError, match=said) as refusal:
            read_trial(path)
        assert refusal.value.where == str(path)


@pytest.mark.parametrize(
    ("module", "content", "what"),
    [
        ("statusModule", {"overallStatus": 7}, "statusModule.overallStatus should be a text, but is 7"),
        ("statusModule", {"statusVerifiedDate": "2026-13"}, "statusVerifiedDate should be a date such as 2026-01"),
        ("statusModule", {"startDateStruct": {"date": "20260101"}}, "startDateStruct.date should be a date"),
        ("statusModule", [], "statusModule should be an object, but is a list"),
        ("designModule", {"enrollmentInfo": {"count": True}}, "count should be a count, but is True"),
        ("designModule", {"enrollmentInfo": {"count": -1}}, "count should be a count, but is -1"),
        ("designModule", {"enrollmentInfo": {"count": "20"}}, "count should be a count, but is '20'"),
        ("designModule", {"phases": "PHASE1"}, "phases should be a list, but is 'PHASE1'"),
        ("designModule", {"phases": [1]}, r"phases\[0\] should be a text"),
        ("oversightModule", {"oversightHasDmc": "yes"}, "oversightHasDmc should be true or false"),
        ("armsInterventionsModule", {"armGroups": ["A"]}, r"armGroups\[0\] should be an object"),
        ("armsInterventionsModule", {"armGroups": [{}]}, r"no protocolSection.*armGroups\[0\].label"),
        ("eligibilityModule", {"minimumAge": "adult"}, "minimumAge should be an age such as 18 Years"),
        ("contactsLocationsModule", {"locations": [{"geoPoint": {"lat": float("nan")}}]}, "lat should be a number"),
        ("descriptionModule", {"briefSummary": "\ud800"}, "briefSummary holds half a character"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_its_place(tmp_path: Path, module: str, content: object, what: str):
    with pytest.raises(InputError, match=what):
        read_trial(with_modules(tmp_path, **{module: content}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"protocolSection": {}}]', "is a list, and no record: take one study out of it"),
        ('{"studies": [], "nextPageToken": "x"}', "is a page of search results of the API, and no record"),
        ('{"FullStudiesResponse": {}}', r"is an answer of the former API \(2019 to 2024\), and no record"),
        ('{"resourceType": "ResearchStudy"}', "is FHIR, and no record"),
        ("{'protocolSection': {b'x': 1}}", "has the key b'x', which is no text"),
        ('{"hasResults": true, "lat": 1e999999999}', "the number 1e999999999 has more than 400 places"),
        ('{"a":' * 150 + "1" + "}" * 150, "is nested more than 100 levels deep"),
    ],
)
def test_what_is_no_record_is_named_as_what_it_is(tmp_path: Path, text: str, said: str):
    path = tmp_path / "record.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=said):
        read_trial(path)
