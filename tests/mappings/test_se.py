from collections.abc import Callable, Mapping

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset

Story = Callable[..., list[tuple[object, ...]]]
ELEMENT = ("ETCD", "SESTDTC", "SEENDTC", "SESTDY", "SEENDY")


def test_exosome_treatment_begins_with_the_first_infusion_and_follow_up_on_study_day_14(story: Story):
    assert story("SE", "EXOSOME", *ELEMENT) == [
        ("SCRN", "2026-01-08T10:00", "2026-01-10T10:00", -2, 1),
        ("EXOSOC", "2026-01-10T10:00", "2026-01-23", 1, 14),
        ("FU", "2026-01-23", "2026-04-03", 14, 84),
    ]


@pytest.mark.parametrize(("subject", "consent"), [("CONTROL", "2026-01-08T11:00"), ("NEVERDOSED", "2026-01-08T10:00")])
def test_without_infusion_treatment_is_standard_care_from_randomisation_on(story: Story, subject: str, consent: str):
    assert story("SE", subject, *ELEMENT) == [
        ("SCRN", consent, "2026-01-10T09:00", -2, 1),
        ("SOC", "2026-01-10T09:00", "2026-01-23", 1, 14),
        ("FU", "2026-01-23", "2026-04-03", 14, 84),
    ]


def test_a_screen_failure_has_screening_only_and_no_study_day(story: Story):
    assert story("SE", "SCREENFAIL", *ELEMENT) == [("SCRN", "2026-01-08T10:00", "2026-01-09", None, None)]


def test_who_leaves_before_study_day_14_has_no_follow_up(story: Story):
    assert [code for code, *_ in story("SE", "WITHDRAWN", *ELEMENT)] == ["SCRN", "SOC"]


def test_the_last_element_ends_with_participation_at_the_moment_of_death(story: Story):
    assert story("SE", "DEATH", *ELEMENT)[-1] == ("FU", "2026-01-23", "2026-01-25T18:10", 14, 16)


def test_who_was_randomised_on_the_day_of_consent_was_screened_first_even_where_a_time_is_missing(story: Story):
    assert story("SE", "SAMEDAY", "SESEQ", *ELEMENT) == [
        (1, "SCRN", "2026-01-10T08:00", "2026-01-10", 1, 1),
        (2, "SOC", "2026-01-10", "2026-01-10", 1, 1),
    ]


def test_elements_have_their_name_epoch_and_order_in_the_arm(story: Story):
    assert story("SE", "EXOSOME", "ELEMENT", "EPOCH", "TAETORD") == [
        ("Screening", "SCREENING", 1),
        ("Exosome and Standard of Care", "TREATMENT", 2),
        ("Follow-up", "FOLLOW-UP", 3),
    ]


def test_there_is_no_gap_between_elements_and_none_without_a_start(stories: Mapping[str, Dataset]):
    se = stories["SE"].frame
    assert se["SESTDTC"].null_count() == 0
    following = pl.col("SESTDTC").shift(-1).over("USUBJID")
    assert se.filter(following != pl.col("SEENDTC")).is_empty()


def test_elements_are_numbered_in_the_order_of_their_days(stories: Mapping[str, Dataset]):
    se = stories["SE"].frame
    before = pl.col("SESTDTC").str.head(10).shift(1).over("USUBJID")
    assert se.filter(pl.col("SESTDTC").str.head(10) < before).is_empty()
    assert se.filter(pl.col("SESEQ") != pl.int_range(1, pl.len() + 1).over("USUBJID")).is_empty()


def test_who_was_treated_in_another_arm_left_screening_with_randomisation_and_has_an_unplanned_element(story: Story):
    assert story("SE", "WRONGARM", "ETCD", "TAETORD", "EPOCH", "SESTDTC") == [
        ("SCRN", 1, "SCREENING", "2026-01-08T10:00"),
        ("SOC", 2, "TREATMENT", "2026-01-10T09:00"),
        ("EXOSOC", None, "TREATMENT", "2026-01-13T10:00"),
        ("FU", 3, "FOLLOW-UP", "2026-01-23"),
    ]
