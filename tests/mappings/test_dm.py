from collections.abc import Callable, Mapping

import pytest

from cdisc_aclf.datasets.conform import Dataset

Story = Callable[..., list[tuple[object, ...]]]
REFERENCE = ("RFSTDTC", "RFENDTC", "RFXSTDTC", "RFXENDTC", "RFICDTC", "RFPENDTC")
ARM = ("ARMCD", "ARM", "ACTARMCD", "ACTARM", "ARMNRS", "ACTARMUD")
EXOSOME, CONTROL = ("EXO", "Study Group"), ("CTRL", "Control Group")


def test_every_subject_who_gave_consent_has_one_record_screen_failures_included(stories: Mapping[str, Dataset]):
    subjects = stories["DM"].frame["SUBJID"].to_list()
    assert len(subjects) == len(set(subjects)) == 13
    assert "SCREENFAIL" in subjects


def test_an_exosome_subject_is_referred_to_randomisation_consent_doses_and_last_contact(story: Story):
    # the last infusion has no end, so its start is the last moment known
    assert story("DM", "EXOSOME", *REFERENCE) == [
        ("2026-01-10", "2026-04-03", "2026-01-10T10:00", "2026-01-19T10:00", "2026-01-08T10:00", "2026-04-03")
    ]
    assert story("DM", "EXOSOME", *ARM) == [(*EXOSOME, *EXOSOME, None, None)]


def test_a_control_starts_at_randomisation_and_has_no_exposure_and_no_reason_for_a_missing_arm(story: Story):
    assert story("DM", "CONTROL", *REFERENCE) == [
        ("2026-01-10", "2026-04-03", None, None, "2026-01-08T11:00", "2026-04-03")
    ]
    assert story("DM", "CONTROL", *ARM) == [(*CONTROL, *CONTROL, None, None)]


def test_an_exosome_subject_who_was_never_dosed_has_no_actual_arm_and_says_why(story: Story):
    assert story("DM", "NEVERDOSED", *ARM) == [(*EXOSOME, None, None, "ASSIGNED, NOT TREATED", None)]
    assert story("DM", "NEVERDOSED", *REFERENCE) == [
        ("2026-01-10", "2026-04-03", None, None, "2026-01-08T10:00", "2026-04-03")
    ]


def test_a_control_who_was_dosed_in_error_keeps_the_planned_arm_and_has_the_other_as_actual_arm(story: Story):
    assert story("DM", "WRONGARM", *ARM) == [(*CONTROL, *EXOSOME, None, None)]
    assert story("DM", "WRONGARM", "RFSTDTC", "RFXSTDTC", "RFXENDTC") == [
        ("2026-01-10", "2026-01-13T10:00", "2026-01-13T12:30")
    ]


def test_a_screen_failure_has_consent_and_end_of_participation_and_nothing_of_an_arm(story: Story):
    assert story("DM", "SCREENFAIL", *ARM) == [(None, None, None, None, "SCREEN FAILURE", None)]
    assert story("DM", "SCREENFAIL", *REFERENCE) == [(None, None, None, None, "2026-01-08T10:00", "2026-01-09")]


def test_a_death_ends_participation_at_its_own_minute_although_someone_was_asked_later(story: Story):
    assert story("DM", "DEATH", "DTHFL", "DTHDTC", "RFENDTC", "RFPENDTC") == [("Y", *["2026-01-25T18:10"] * 3)]


def test_the_living_have_no_death_flag(stories: Mapping[str, Dataset]):
    assert stories["DM"].frame["DTHFL"].to_list().count("Y") == 1
    assert set(stories["DM"].frame["DTHFL"]) == {"Y", None}


@pytest.mark.parametrize(
    ("subject", "end"),
    [("ABANDONED", "2026-04-04"), ("LOST", "2026-04-10"), ("WITHDRAWN", "2026-01-20"), ("TWOLABS", "2026-01-10")],
)
def test_participation_ends_with_the_last_visit_survival_contact_or_disposition(story: Story, subject: str, end: str):
    assert story("DM", subject, "RFPENDTC", "RFENDTC") == [(end, end)]


@pytest.mark.parametrize(
    ("subject", "years"), [("EXOSOME", 45), ("CONTROL", 60), ("WRONGARM", 55), ("SCREENFAIL", 65), ("NEVERDOSED", None)]
)
def test_age_is_in_completed_years_at_consent_and_unknown_where_the_birth_date_is_partial(
    story: Story, subject: str, years: int | None
):
    assert story("DM", subject, "AGE", "AGEU") == [(years, None if years is None else "YEARS")]


def test_a_partial_birth_date_stays_partial(story: Story):
    assert story("DM", "NEVERDOSED", "BRTHDTC") == [("1980",)]


def test_identity_sex_race_and_country_are_terms(story: Story):
    variables = ("STUDYID", "DOMAIN", "USUBJID", "SUBJID", "SITEID", "SEX", "RACE", "COUNTRY")
    assert story("DM", "SAMEDAY", *variables) == [("PL21", "DM", "PL21-SAMEDAY", "SAMEDAY", "01", "M", "OTHER", "CHN")]


def test_the_ethnic_group_is_a_qualifier_and_never_ethnic(story: Story, stories: Mapping[str, Dataset]):
    assert "ETHNIC" not in stories["DM"].frame.columns
    assert story("SUPPDM", "CONTROL", "IDVAR", "IDVARVAL", "QNAM", "QVAL", "QORIG") == [
        (None, None, "ETHGRP", "汉族", "Collected"),
        (None, None, "RANDNO", "R002", "Collected"),
    ]


@pytest.mark.parametrize(("subject", "day"), [("EXOSOME", -2), ("SAMEDAY", 1), ("SCREENFAIL", None)])
def test_the_study_day_of_collection_is_counted_from_randomisation(story: Story, subject: str, day: int | None):
    assert story("DM", subject, "DMDY") == [(day,)]


def test_a_record_names_every_raw_record_that_it_rests_on(story: Story):
    [(records,)] = story("DM", "DEATH", "raw_record")
    assert records == "demographics:7 randomisation:6 infusion:8 death:2"


def test_the_second_dose_is_not_taken_for_the_first_where_the_first_has_no_start(story: Story):
    assert story("DM", "NOSTART", "RFXSTDTC", "RFXENDTC", "ACTARMCD", "ARMNRS") == [
        (None, "2026-01-13T12:30", "EXO", None)
    ]
