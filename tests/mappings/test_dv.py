from collections.abc import Callable, Mapping

import pytest

from cdisc_aclf.conform import Dataset

Story = Callable[..., list[tuple[object, ...]]]
DEVIATION = ("DVDECOD", "DVCAT", "DVSTDTC", "DVSTDY", "EPOCH")


@pytest.mark.parametrize(
    ("subject", "deviation"),
    [
        ("NEVERDOSED", ("INFUSION NOT GIVEN", "STUDY TREATMENT", "2026-01-10", 1, "TREATMENT")),
        ("ABANDONED", ("INFUSION NOT GIVEN", "STUDY TREATMENT", None, None, None)),
        ("WRONGARM", ("STUDY DRUG IN WRONG ARM", "STUDY TREATMENT", "2026-01-13T10:00", 4, "TREATMENT")),
        ("EXOSOME", ("DOSE NOT AS PLANNED", "STUDY TREATMENT", "2026-01-16T10:00", 7, "TREATMENT")),
        ("WITHDRAWN", ("CRITERION NOT MET", "ELIGIBILITY", "2026-01-10", 1, "TREATMENT")),
    ],
)
def test_a_deviation_is_dated_by_the_infusion_its_visit_or_randomisation(
    story: Story, subject: str, deviation: tuple[object, ...]
):
    assert story("DV", subject, *DEVIATION) == [deviation]


def test_the_reason_why_a_dose_was_not_given_is_a_qualifier(story: Story):
    for subject, reason in (("NEVERDOSED", "肝移植"), ("ABANDONED", "放弃治疗")):
        assert story("SUPPDV", subject, "IDVAR", "IDVARVAL", "QNAM", "QVAL") == [("DVSEQ", "1", "REASNG", reason)]


@pytest.mark.parametrize("subject", ["CONTROL", "SCREENFAIL", "DEATH", "LOST", "TWOLABS"])
def test_a_subject_treated_as_planned_or_never_randomised_has_no_deviation(story: Story, subject: str):
    assert story("DV", subject, "DVTERM") == []


def test_an_infusion_that_was_not_given_is_submitted_here_and_keeps_its_trace(stories: Mapping[str, Dataset]):
    assert set(stories["DV"].frame["raw_record"]) == {
        "infusion:4", "infusion:6", "infusion:7", "infusion:11", "eligibility:5",
    }  # fmt: skip


def test_every_deviation_has_its_words(stories: Mapping[str, Dataset]):
    assert stories["DV"].frame.select("DVTERM", "DVDECOD", "DVCAT").null_count().row(0) == (0, 0, 0)
