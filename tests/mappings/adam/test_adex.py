"""ADEX of the stories, worked out by hand: four infusions of 2 x 10^11 particles are planned, 8 in all."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset

Story = Callable[..., list[tuple[object, ...]]]
COURSE = ("NINF", "TOTDOSE", "RDI", "COURSE")


def course(story: Story, subject: str) -> dict[object, object]:
    return {code: value for code, value in story("ADEX", subject, "PARAMCD", "AVAL") if code in COURSE}


def test_only_subjects_who_got_an_infusion_have_records(stories: Mapping[str, Dataset]):
    found = set(stories["ADEX"].frame["USUBJID"])
    assert found == {f"PL21-{each}" for each in ("EXOSOME", "WRONGARM", "DEATH", "ABANDONED", "TWOLABS", "NOSTART")}


def test_each_infusion_has_its_dose_volume_and_minutes_and_names_its_record(story: Story):
    variables = ("PARAMCD", "AVAL", "SRCDOM", "SRCVAR", "SRCSEQ", "VISIT", "ASTDY")
    assert story("ADEX", "EXOSOME", *variables)[:12] == [
        ("DOSE", 2.0, "EX", "EXDOSE", 1, "DAY 1", 1),
        ("DOSE", 2.0, "EX", "EXDOSE", 2, "DAY 4", 4),
        ("DOSE", 1.5, "EX", "EXDOSE", 3, "DAY 7", 7),
        ("DOSE", 2.0, "EX", "EXDOSE", 4, "DAY 10", 10),
        ("VOLUME", 100.0, "EX", "EXVAMT", 1, "DAY 1", 1),
        ("VOLUME", 100.0, "EX", "EXVAMT", 2, "DAY 4", 4),
        ("VOLUME", 75.0, "EX", "EXVAMT", 3, "DAY 7", 7),
        ("VOLUME", 100.0, "EX", "EXVAMT", 4, "DAY 10", 10),
        ("DURMIN", 130.0, "EX", None, 1, "DAY 1", 1),
        ("DURMIN", 175.0, "EX", None, 2, "DAY 4", 4),
        ("DURMIN", 120.0, "EX", None, 3, "DAY 7", 7),
        ("DURMIN", None, "EX", None, 4, "DAY 10", 10),  # no end on the form
    ]


@pytest.mark.parametrize(
    ("subject", "values"),
    [
        ("EXOSOME", (4.0, 7.5, 93.75, 10.0)),
        ("ABANDONED", (2.0, 4.0, 50.0, 4.0)),
        ("DEATH", (1.0, 2.0, 25.0, 1.0)),
        ("WRONGARM", (1.0, 2.0, 25.0, 1.0)),
        ("NOSTART", (2.0, None, None, None)),  # the first infusion has neither dose nor start
    ],
)
def test_over_the_course_there_are_number_total_intensity_and_days(
    story: Story, subject: str, values: tuple[float | None, ...]
):
    assert course(story, subject) == dict(zip(COURSE, values, strict=True))


def test_what_is_computed_from_other_parameters_is_derived_and_names_no_record(stories: Mapping[str, Dataset]):
    adex = stories["ADEX"].frame
    derived = adex.filter(pl.col("PARAMTYP") == "DERIVED")
    assert set(derived["PARAMCD"]) == set(COURSE)
    assert derived["SRCSEQ"].null_count() == derived.height
    assert adex.filter(pl.col("PARAMTYP").is_null())["SRCSEQ"].null_count() == 0


def test_an_infusion_has_its_moments_and_the_course_its_days(story: Story):
    variables = ("PARAMCD", "ASTDT", "ASTDTM", "AENDT", "AENDTM")
    assert story("ADEX", "ABANDONED", *variables)[1] == (
        "DOSE", date(2026, 1, 13), datetime(2026, 1, 13, 10), date(2026, 1, 13), datetime(2026, 1, 13, 12, 10),
    )  # fmt: skip
    assert story("ADEX", "ABANDONED", *variables)[-1] == ("COURSE", date(2026, 1, 10), None, date(2026, 1, 13), None)
    assert story("ADEX", "DEATH", *variables)[0] == ("DOSE", date(2026, 1, 10), None, date(2026, 1, 10), None)


def test_exposure_in_the_wrong_arm_is_of_the_treatment_that_was_got(story: Story):
    assert set(story("ADEX", "WRONGARM", "TRTP", "TRTA")) == {("Control Group", "Study Group")}


def test_records_are_numbered_within_the_subject_and_traced_to_the_form(stories: Mapping[str, Dataset]):
    frame = stories["ADEX"].frame.filter(pl.col("USUBJID") == "PL21-ABANDONED")
    assert frame["ASEQ"].to_list() == list(range(1, 11))
    assert frame["raw_record"].to_list()[:2] == ["infusion:9", "infusion:10"]
    assert set(frame["raw_record"][6:]) == {"infusion:9 infusion:10"}
