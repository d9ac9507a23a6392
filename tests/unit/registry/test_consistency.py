import csv
from dataclasses import fields, replace
from pathlib import Path

import pytest

from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.model.protocol import Arm, Design, Eligibility, Intervention, Outcome, OutcomeKind
from cdisc_aclf.model.timing import Age, PartialDate, TimeKind, TimePoint, TimeUnit
from cdisc_aclf.model.trial import (
    Identification,
    KnownTerm,
    Location,
    Mesh,
    MeshTerm,
    Organization,
    ResponsibleParty,
    Status,
    Trial,
)
from cdisc_aclf.registry.consistency import contradictions
from cdisc_aclf.registry.trial import read_trial

PROTOCOL = Path(__file__).resolve().parents[3] / "specs" / "protocol"
KNOWN_TERMS = PROTOCOL / "known_terms.csv"
BARE = Trial(identification=Identification(nct_id="NCT00000000"))


def rules(trial: Trial) -> list[str]:
    return [issue.rule for issue in contradictions(trial)]


def only(trial: Trial) -> Issue:
    (issue,) = contradictions(trial)
    return issue


def day(number: int) -> TimePoint:
    return TimePoint(text=f"Day {number}", kind=TimeKind.STUDY_DAY, number=number, unit=TimeUnit.DAY)


def weeks(number: int, event: str | None = None) -> TimePoint:
    return TimePoint(text=f"{number} weeks", kind=TimeKind.ELAPSED, number=number, unit=TimeUnit.WEEK, event=event)


def outcome(index: int, frame: str, *points: TimePoint) -> Outcome:
    return Outcome(kind=OutcomeKind.PRIMARY, index=index, measure="Survival", time_frame=frame, time_points=points)


def test_a_record_that_says_nothing_contradicts_nothing():
    assert contradictions(BARE) == []


def test_twelve_weeks_are_study_day_85_where_the_last_visit_is_day_84():
    schedule = outcome(0, "Day 1, Day 84", day(1), day(84))
    issue = only(
        replace(BARE, outcomes=(schedule, outcome(1, "12 weeks", weeks(12)), outcome(2, "12 weeks", weeks(12))))
    )
    assert (issue.rule, issue.severity) == ("PROTOCOL-DAY-COUNT", Severity.WARNING)
    assert (issue.form, issue.record) == ("protocol", "outcomesModule.primaryOutcomes[1].timeFrame")
    assert (issue.variable, issue.value, issue.count) == ("timeFrame", "12 weeks", 2)
    assert "study day 85" in issue.message
    assert "has Day 84 and no Day 85" in issue.message


def test_weeks_since_an_event_are_held_against_the_visits_too():
    schedule = outcome(0, "Day 28", day(28))
    issue = only(replace(BARE, outcomes=(schedule, outcome(1, "4 weeks after infusion", weeks(4, "infusion")))))
    assert "28 days after infusion" in issue.message


@pytest.mark.parametrize("visits", [(1, 85), (1, 84, 85), (1,)])
def test_twelve_weeks_and_a_visit_on_day_85_agree(visits: tuple[int, ...]):
    schedule = outcome(0, "visits", *map(day, visits))
    assert contradictions(replace(BARE, outcomes=(schedule, outcome(1, "12 weeks", weeks(12))))) == []


def years(number: int) -> Age:
    return Age(f"{number} Years", number, TimeUnit.YEAR)


@pytest.mark.parametrize(
    ("low", "high", "bands", "found"),
    [
        (years(18), years(65), ("ADULT", "OLDER_ADULT"), ["PROTOCOL-AGE-BOUNDARY"]),
        (years(18), years(64), ("ADULT",), []),
        (years(18), years(64), ("ADULT", "OLDER_ADULT"), ["PROTOCOL-AGE-BANDS"]),
        (years(18), None, ("ADULT", "OLDER_ADULT"), []),
        (years(18), None, ("ADULT",), ["PROTOCOL-AGE-BANDS"]),
        (years(3), years(70), ("CHILD", "ADULT", "OLDER_ADULT"), []),
        (None, years(17), ("CHILD",), []),
        (None, years(18), ("CHILD", "ADULT"), ["PROTOCOL-AGE-BOUNDARY"]),
        (Age("6 Months", 6, TimeUnit.MONTH), years(17), ("CHILD",), []),
        (Age("216 Months", 216, TimeUnit.MONTH), years(30), ("ADULT",), []),
        (None, Age("28 Days", 28, TimeUnit.DAY), ("CHILD",), []),
        (None, None, ("CHILD",), []),
        (years(18), years(65), (), []),
    ],
)
def test_age_bands_are_those_that_the_age_limits_take_in(
    low: Age | None, high: Age | None, bands: tuple[str, ...], found: list[str]
):
    limits = Eligibility(minimum_age=low, maximum_age=high, std_ages=bands)
    assert rules(replace(BARE, eligibility=limits)) == found


def test_a_title_that_turns_the_condition_round_is_found():
    named = Identification(nct_id="N", brief_title="Care in Chronic-to-acute Liver Failure")
    issue = only(replace(BARE, identification=named, conditions=("Acute-on-Chronic Liver Failure",)))
    assert (issue.rule, issue.record) == ("PROTOCOL-CONDITION", "identificationModule.briefTitle")
    assert issue.message == ("The title says 'Chronic-to-acute', the conditions say 'Acute-on-Chronic Liver Failure'")


def test_a_mesh_heading_counts_as_a_condition():
    named = Identification(nct_id="N", official_title="Chronic-to-acute failure")
    mesh = Mesh(terms=(MeshTerm(id="D065290", term="Acute-On-Chronic Liver Failure"),))
    assert rules(replace(BARE, identification=named, condition_mesh=mesh)) == ["PROTOCOL-CONDITION"]


@pytest.mark.parametrize("title", ["Acute-on-chronic failure", "Day-to-day care", "Chronic and acute failure"])
def test_other_titles_agree_with_the_condition(title: str):
    named = Identification(nct_id="N", brief_title=title)
    assert contradictions(replace(BARE, identification=named, conditions=("Acute-on-Chronic Failure",))) == []


def test_an_organisation_spelled_in_two_ways_is_found_inside_an_address():
    sponsor = Organization(name="Hospital, Sun Yat-Sen University")
    site = Location(facility="Hospital, Sun Yat-sen University Guangzhou")
    issue = only(replace(BARE, lead_sponsor=sponsor, locations=(site,)))
    assert issue.record == "contactsLocationsModule.locations[0].facility"
    assert "Sun Yat-sen" in issue.message
    assert "Sun Yat-Sen" in issue.message


def test_organisations_that_only_look_alike_are_not_confused():
    sponsor = Organization(name="UCL")
    party = ResponsibleParty(affiliation="UCL Hospitals", old_organization="Nuclear Centre")
    assert contradictions(replace(BARE, lead_sponsor=sponsor, responsible_party=party)) == []


@pytest.mark.parametrize(
    ("overall", "enrolment", "found"),
    [
        ("ACTIVE_NOT_RECRUITING", "ESTIMATED", ["PROTOCOL-ENROLMENT-TYPE"]),
        ("COMPLETED", "ESTIMATED", ["PROTOCOL-ENROLMENT-TYPE"]),
        ("ACTIVE_NOT_RECRUITING", "ACTUAL", []),
        ("RECRUITING", "ESTIMATED", []),
    ],
)
def test_enrolment_is_counted_once_recruitment_is_over(overall: str, enrolment: str, found: list[str]):
    trial = replace(BARE, status=Status(overall=overall), design=Design(enrollment_type=enrolment))
    assert rules(trial) == found


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (Status(start=PartialDate("2026-01-01", "ACTUAL"), first_submit=PartialDate("2026-01-12")), "LATE-RECORD"),
        (Status(start=PartialDate("2026-01", "ACTUAL"), first_submit=PartialDate("2026-01-12")), ""),
        (Status(start=PartialDate("2026-01-01", "ESTIMATED"), first_submit=PartialDate("2026-01-12")), ""),
        (Status(start=PartialDate("2025", "ESTIMATED"), last_update_submit=PartialDate("2026-02-06")), "DATE-TYPE"),
        (Status(start=PartialDate("2026-03", "ACTUAL"), last_update_submit=PartialDate("2026-02-06")), "DATE-TYPE"),
        (Status(completion=PartialDate("2026", "ACTUAL"), overall="ACTIVE_NOT_RECRUITING"), "DATE-TYPE"),
        (Status(completion=PartialDate("2026", "ESTIMATED"), overall="COMPLETED"), "DATE-TYPE"),
        (Status(completion=PartialDate("2026", "ACTUAL"), overall="COMPLETED"), ""),
        (Status(primary_completion=PartialDate("2026", "ACTUAL"), overall="RECRUITING"), "DATE-TYPE"),
        (Status(primary_completion=PartialDate("2026", "ACTUAL"), overall="ACTIVE_NOT_RECRUITING"), ""),
        (Status(start=PartialDate("2026", "ACTUAL"), overall="RECRUITING"), ""),
        (Status(start=PartialDate("2026-05"), primary_completion=PartialDate("2026-04-30")), "DATE-ORDER"),
        (Status(start=PartialDate("2026-05"), completion=PartialDate("2026")), ""),
    ],
)
def test_dates_agree_with_the_status_and_with_each_other(status: Status, found: str):
    assert rules(replace(BARE, status=status)) == ([f"PROTOCOL-{found}"] if found else [])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("standard treatment,", 1),
        ("Acute -On-Chronic Liver Failure", 1),
        ("two  blanks", 1),
        ("COVID - 19", 0),
        ("-80 degrees", 0),
        ("Bio-artificial liver", 0),
    ],
)
def test_a_name_with_a_stray_mark_or_space_is_noted(name: str, found: int):
    issues = contradictions(replace(BARE, keywords=(name,), interventions=(Intervention(name=name),)))
    assert [issue.record for issue in issues] == [
        "conditionsModule.keywords[0]",
        "armsInterventionsModule.interventions[0].name",
    ][: 2 * found]
    assert {issue.severity for issue in issues} <= {Severity.NOTE}


def test_risk_groups_that_leave_their_boundaries_open_are_found():
    text = "Less than 7.4 is low risk, between 7.4 and 8.4 moderate, and greater than 8.4 high."
    issue = only(replace(BARE, outcomes=(replace(outcome(0, ""), description=text),)))
    assert issue.record == "outcomesModule.primaryOutcomes[0].description"
    assert "exactly 7.4 and exactly 8.4" in issue.message


def test_risk_groups_with_a_closed_boundary_are_clear():
    text = "Less than 7.4 is low risk, 7.4 to less than 8.4 moderate, 8.4 or greater high."
    assert contradictions(replace(BARE, brief_summary=text)) == []


@pytest.mark.parametrize(
    ("text", "planned", "values"),
    [
        ("A total of 20 eligible participants.", 20, []),
        ("A total of 24 eligible participants.", 20, ["total of 24 eligible participants"]),
        ("A total of 1,200 patients.", 1200, []),
        ("A total of 10 patients per arm.", 20, []),
        ("Control (10 patients): care. Study (10 patients): more.", 20, []),
        ("Control (10 patients): care. Study (12 patients): more.", 20, ["10 + 12 in the arms"]),
        ("Control (10 patients): care.", 20, []),
        ("A total of 24 participants.", None, []),
    ],
)
def test_numbers_of_subjects_in_the_text_are_the_enrolment(text: str, planned: int | None, values: list[str]):
    arms = (Arm(label="Control"), Arm(label="Study"))
    trial = replace(BARE, brief_summary=text, design=Design(enrollment_count=planned), arms=arms)
    assert [issue.value for issue in contradictions(trial)] == values


def test_one_time_frame_spelled_in_two_ways_is_noted_at_the_rarer_spelling():
    outcomes = tuple(outcome(i, text, weeks(12)) for i, text in enumerate(["12-weeks", "12 weeks", "12 weeks."]))
    issue = only(replace(BARE, outcomes=outcomes))
    assert (issue.severity, issue.value) == (Severity.NOTE, "12-weeks")
    assert issue.message == "'12-weeks' says the same as '12 weeks'"


def test_time_points_separated_by_two_marks_are_noted_once():
    outcomes = tuple(outcome(i, "Day1, Day4、Day7", day(1), day(4), day(7)) for i in range(4))
    assert only(replace(BARE, outcomes=outcomes)).count == 4


def test_arms_and_interventions_name_each_other():
    care = Intervention(name="care", type="OTHER", arm_labels=("A", "B"))
    arms = (Arm(label="A", intervention_names=("Other: care",)), Arm(label="B", intervention_names=("Other: care",)))
    assert contradictions(replace(BARE, arms=arms, interventions=(care,))) == []


@pytest.mark.parametrize(
    ("listed", "labels", "value"),
    [((), ("A",), "Other: care"), (("Other: care",), (), "Other: care"), (("Other: care",), ("A", "C"), "C")],
)
def test_a_link_that_one_side_does_not_know_is_found(listed: tuple[str, ...], labels: tuple[str, ...], value: str):
    care = Intervention(name="care", type="OTHER", arm_labels=labels)
    trial = replace(BARE, arms=(Arm(label="A", intervention_names=listed),), interventions=(care,))
    issue = only(trial)
    assert (issue.rule, issue.value) == ("PROTOCOL-ARM-LINK", value)


def test_known_terms_are_found_wherever_they_stand():
    term = KnownTerm(rule="R-1", severity=Severity.WARNING, text="HE grade", message="The score takes the HE score")
    trial = replace(BARE, brief_summary="0.457×HE grade", arms=(Arm(label="A", description="by HE grade"),))
    issues = contradictions(trial, (term,))
    assert [(issue.rule, issue.severity, issue.record) for issue in issues] == [
        ("R-1", Severity.WARNING, "descriptionModule.briefSummary"),
        ("R-1", Severity.WARNING, "armsInterventionsModule.armGroups[0].description"),
    ]
    assert contradictions(replace(BARE, brief_summary="HE score"), (term,)) == []


def test_the_studys_known_terms_have_the_columns_of_the_model():
    with KNOWN_TERMS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [field.name for field in fields(KnownTerm)]
    assert all(all(row.values()) for row in rows)
    assert {Severity(row["severity"]) for row in rows} <= {Severity.WARNING, Severity.NOTE}


def test_the_record_of_the_first_study_contradicts_itself_in_these_places():
    with KNOWN_TERMS.open(encoding="utf-8", newline="") as file:
        terms = tuple(KnownTerm(**row | {"severity": Severity(row["severity"])}) for row in csv.DictReader(file))
    issues = contradictions(read_trial(PROTOCOL / "NCT07409259.txt"), terms)
    assert [(issue.rule, issue.record, issue.count) for issue in issues] == [
        ("PROTOCOL-DAY-COUNT", "outcomesModule.primaryOutcomes[0].timeFrame", 6),
        ("PROTOCOL-DAY-COUNT", "outcomesModule.secondaryOutcomes[3].timeFrame", 2),
        ("PROTOCOL-AGE-BOUNDARY", "eligibilityModule.stdAges", 1),
        ("PROTOCOL-CONDITION", "identificationModule.briefTitle", 1),
        ("PROTOCOL-CONDITION", "identificationModule.officialTitle", 1),
        ("PROTOCOL-ORGANISATION", "contactsLocationsModule.locations[0].facility", 1),
        ("PROTOCOL-ENROLMENT-TYPE", "designModule.enrollmentInfo.type", 1),
        ("PROTOCOL-LATE-RECORD", "statusModule.startDateStruct.date", 1),
        ("PROTOCOL-NAME", "conditionsModule.keywords[0]", 1),
        ("PROTOCOL-NAME", "armsInterventionsModule.interventions[1].name", 1),
        ("PROTOCOL-BOUNDARY", "outcomesModule.secondaryOutcomes[0].description", 1),
        ("PROTOCOL-TIME-FRAME", "outcomesModule.secondaryOutcomes[1].timeFrame", 1),
        ("PROTOCOL-TIME-FRAME", "outcomesModule.otherOutcomes[0].timeFrame", 4),
        ("PROTOCOL-HE-SCORE", "outcomesModule.secondaryOutcomes[0].description", 1),
        ("PROTOCOL-RISK-GROUP", "outcomesModule.secondaryOutcomes[0].description", 1),
    ]
