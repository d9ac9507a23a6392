from collections.abc import Callable, Mapping

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset

Story = Callable[..., list[tuple[object, ...]]]
EVENT = ("DSDECOD", "DSSCAT", "EPOCH", "DSSTDTC", "DSSTDY")


def ended(story: Story, subject: str) -> list[tuple[object, ...]]:
    return [
        event
        for category, *event in map(list, story("DS", subject, "DSCAT", *EVENT))
        if category == "DISPOSITION EVENT"
    ]


def test_consent_and_randomisation_are_milestones_of_screening(story: Story):
    variables = ("DSCAT", "DSTERM", *EVENT)
    consent, randomised = "INFORMED CONSENT OBTAINED", "RANDOMIZED"
    assert story("DS", "CONTROL", *variables)[:2] == [
        ("PROTOCOL MILESTONE", consent, consent, None, "SCREENING", "2026-01-08T11:00", -2),
        ("PROTOCOL MILESTONE", randomised, randomised, None, "SCREENING", "2026-01-10T09:00", 1),
    ]


def test_a_completer_completes_treatment_and_participation(story: Story):
    assert ended(story, "EXOSOME") == [
        ["COMPLETED", "STUDY TREATMENT", "TREATMENT", "2026-01-19", 10],
        ["COMPLETED", "STUDY PARTICIPATION", "FOLLOW-UP", "2026-04-03", 84],
    ]


def test_a_screen_failure_has_consent_and_its_end_in_screening_and_no_randomisation(story: Story):
    assert story("DS", "SCREENFAIL", "DSTERM", *EVENT) == [
        ("INFORMED CONSENT OBTAINED", "INFORMED CONSENT OBTAINED", None, "SCREENING", "2026-01-08T10:00", None),
        ("COSSH-ACLF II 8.1", "SCREEN FAILURE", "STUDY PARTICIPATION", "SCREENING", "2026-01-09", None),
    ]


def test_a_death_is_at_the_minute_that_dm_gives(story: Story):
    assert ended(story, "DEATH") == [
        ["DEATH", "STUDY TREATMENT", "FOLLOW-UP", "2026-01-25T18:10", 16],
        ["DEATH", "STUDY PARTICIPATION", "FOLLOW-UP", "2026-01-25T18:10", 16],
    ]


def test_who_abandons_treatment_may_stay_in_the_study(story: Story):
    assert ended(story, "ABANDONED") == [
        ["WITHDRAWAL BY SUBJECT", "STUDY TREATMENT", "TREATMENT", "2026-01-14", 5],
        ["COMPLETED", "STUDY PARTICIPATION", "FOLLOW-UP", "2026-04-04", 85],
    ]


def test_abandoned_treatment_can_be_told_from_another_withdrawal(story: Story):
    assert ("TREATMENT ABANDONMENT", "WITHDRAWAL BY SUBJECT") in story("DS", "ABANDONED", "DSTERM", "DSDECOD")


@pytest.mark.parametrize(
    ("subject", "event"),
    [
        ("LOST", ["LOST TO FOLLOW-UP", "STUDY PARTICIPATION", "FOLLOW-UP", "2026-04-10", 91]),
        ("WITHDRAWN", ["WITHDRAWAL OF CONSENT", "STUDY PARTICIPATION", "TREATMENT", "2026-01-20", 11]),
        ("NEVERDOSED", ["NEVER DOSED", "STUDY TREATMENT", "TREATMENT", "2026-01-10", 1]),
    ],
)
def test_a_reason_for_ending_is_its_term(story: Story, subject: str, event: list[object]):
    assert ended(story, subject)[0] == event


def test_the_words_of_the_form_are_the_reported_term(story: Story):
    assert ("接受肝移植", "NEVER DOSED") in story("DS", "NEVERDOSED", "DSTERM", "DSDECOD")


def test_what_is_completed_is_reported_as_completed(stories: Mapping[str, Dataset]):
    completed = stories["DS"].frame.filter(pl.col("DSDECOD") == "COMPLETED")
    assert set(completed["DSTERM"]) == {"COMPLETED"}


def test_an_epoch_has_one_disposition_event_for_each_subcategory(stories: Mapping[str, Dataset]):
    events = stories["DS"].frame.filter(pl.col("DSCAT") == "DISPOSITION EVENT")
    assert not events.select("USUBJID", "DSSCAT", "EPOCH").is_duplicated().any()


def test_the_consent_of_ds_is_that_of_dm(stories: Mapping[str, Dataset]):
    consents = stories["DS"].frame.filter(pl.col("DSDECOD") == "INFORMED CONSENT OBTAINED")
    dm = stories["DM"].frame.join(consents, on="USUBJID")
    assert dm["RFICDTC"].to_list() == dm["DSSTDTC"].to_list()
    assert dm.height == stories["DM"].frame.height
