"""ADEFF of the stories by hand: who is lost before a landmark is neither alive nor dead."""

from collections.abc import Callable, Mapping

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset

Story = Callable[..., list[tuple[object, ...]]]
PARAMETERS = ["SURV4W", "SURV12W", "ADVO4W", "ADVO12W"]


# alive at 4 and 12 weeks, adverse outcome by 4 and 12 weeks; the worst case where that is unknown
@pytest.mark.parametrize(
    ("subject", "answers", "worst"),
    [
        ("EXOSOME", ("Y", "Y", "N", "N"), ("Y", "Y", "N", "N")),
        ("NEVERDOSED", ("Y", "Y", "Y", "Y"), ("Y", "Y", "Y", "Y")),  # transplanted on Day 1, alive on day 84
        ("DEATH", ("N", "N", "Y", "Y"), ("N", "N", "Y", "Y")),
        ("ABANDONED", ("Y", "Y", "Y", "Y"), ("Y", "Y", "Y", "Y")),  # gave up treatment, alive on day 85
        ("LOST", ("Y", None, "N", None), ("Y", "N", "N", "Y")),  # last seen on day 28
        ("WITHDRAWN", (None, None, None, None), ("N", "N", "Y", "Y")),
    ],
)
def test_an_outcome_is_yes_no_or_unknown(
    story: Story, subject: str, answers: tuple[str | None, ...], worst: tuple[str, ...]
):
    records = story("ADEFF", subject, "PARAMCD", "AVALC", "CRIT1FL", "AVAL")
    assert [record[0] for record in records] == PARAMETERS
    assert tuple(record[1] for record in records) == answers
    assert tuple(record[2] for record in records) == worst
    assert [record[3] for record in records] == [{"Y": 1, "N": 0, None: None}[answer] for answer in answers]


def test_what_is_unknown_says_why(story: Story):
    assert story("ADEFF", "LOST", "MISSREAS") == [(None,), ("LOST TO FOLLOW-UP",), (None,), ("LOST TO FOLLOW-UP",)]
    assert story("ADEFF", "NOSTART", "MISSREAS") == [("STILL IN THE STUDY",)] * 4


def test_the_denominator_is_every_randomised_subject(stories: Mapping[str, Dataset]):
    randomised = stories["ADSL"].frame.filter(pl.col("RANDFL") == "Y")["USUBJID"]
    counts = stories["ADEFF"].frame.group_by("PARAMCD").agg(pl.col("USUBJID").n_unique())
    assert dict(counts.rows()) == dict.fromkeys(PARAMETERS, randomised.len())


def test_every_answer_names_the_record_of_adtte_that_it_comes_from(stories: Mapping[str, Dataset]):
    sources = {"SURV4W": "OS28", "SURV12W": "OS84", "ADVO4W": "AO28", "ADVO12W": "AO84"}
    adtte = stories["ADTTE"].frame.select("USUBJID", SRCSEQ="ASEQ", source="PARAMCD")
    found = stories["ADEFF"].frame.join(adtte, on=["USUBJID", "SRCSEQ"]).select("PARAMCD", "source")
    assert found.height == stories["ADEFF"].frame.height
    assert dict(found.unique().rows()) == sources
