from collections.abc import Callable, Mapping

import pytest

from cdisc_aclf.datasets.conform import Dataset

Story = Callable[..., list[tuple[object, ...]]]


def test_every_infusion_that_was_given_is_one_record_with_its_times(story: Story):
    variables = ("EXSEQ", "VISIT", "EPOCH", "EXSTDTC", "EXENDTC", "EXSTDY", "EXENDY")
    assert story("EX", "EXOSOME", *variables) == [
        (1, "DAY 1", "TREATMENT", "2026-01-10T10:00", "2026-01-10T12:10", 1, 1),
        (2, "DAY 4", "TREATMENT", "2026-01-13T10:05", "2026-01-13T13:00", 4, 4),
        (3, "DAY 7", "TREATMENT", "2026-01-16T10:00", "2026-01-16T12:00", 7, 7),
        (4, "DAY 10", "TREATMENT", "2026-01-19T10:00", None, 10, None),
    ]


def test_the_dose_is_the_number_of_particles_that_was_given_in_units_of_10_to_the_11(story: Story):
    assert story("EX", "EXOSOME", "EXDOSE", "EXDOSU", "EXVAMT", "EXVAMTU") == [
        (2.0, "10^11 particles", 100.0, "mL"),
        (2.0, "10^11 particles", 100.0, "mL"),
        (1.5, "10^11 particles", 75.0, "mL"),
        (2.0, "10^11 particles", 100.0, "mL"),
    ]


def test_the_treatment_is_named_without_strength_or_form(story: Story):
    variables = ("EXTRT", "EXDOSFRM", "EXDOSFRQ", "EXROUTE", "EXTRTV", "EXLOT")
    assert story("EX", "WRONGARM", *variables) == [
        ("PT-MSCs-EVS-2023-1", "INJECTION", "ONCE", "INTRAVENOUS", "SODIUM CHLORIDE 0.9%", "A1")
    ]


@pytest.mark.parametrize("subject", ["CONTROL", "LOST", "NEVERDOSED", "SCREENFAIL"])
def test_who_got_no_infusion_has_no_record(story: Story, subject: str):
    assert story("EX", subject, "EXSEQ") == []


def test_a_missed_dose_has_no_record_and_never_a_dose_of_0(story: Story, stories: Mapping[str, Dataset]):
    assert story("EX", "ABANDONED", "VISIT") == [("DAY 1",), ("DAY 4",)]
    assert 0 not in stories["EX"].frame["EXDOSE"].to_list()


def test_an_interruption_has_its_reason_and_a_qualifier(story: Story):
    assert story("EX", "EXOSOME", "EXSEQ", "EXADJ")[1] == (2, "寒战")
    flags = story("SUPPEX", "EXOSOME", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
    assert flags[1] == ("EXSEQ", "2", "EXINTRP", "Y")


def test_a_time_that_was_not_collected_is_not_made_up(story: Story):
    assert story("EX", "DEATH", "EXSTDTC", "EXENDTC") == [("2026-01-10", "2026-01-10")]


def test_a_dose_that_is_not_on_the_form_has_no_unit_and_the_saline_that_is_has_one(story: Story):
    assert story("EX", "NOSTART", "EXDOSE", "EXDOSU", "EXVAMT", "EXVAMTU", "EXSTDTC")[0] == (
        None,
        None,
        100.0,
        "mL",
        None,
    )
