"""ADAE of the stories, worked out by hand: Day 1 is 2026-01-10, the first infusion of EXOSOME is at 10:00 that day."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset
from cdisc_aclf.study.mappings import load_mappings

Story = Callable[..., list[tuple[object, ...]]]
[ADAE] = [
    each for each in load_mappings(Path(__file__).resolve().parents[3] / "mappings" / "adam") if each.name == "adae"
]
DAY_1 = date(2026, 1, 10)


def test_every_event_of_ae_is_one_record_and_has_the_values_of_ae(stories: Mapping[str, Dataset]):
    ae, adae = stories["AE"].frame, stories["ADAE"].frame
    shared = [name for name in ae.columns if name in adae.columns]
    assert {"AETERM", "AEDECOD", "AELLTCD", "AESOC", "AESER", "AEREL", "AETOXGR", "AESTDTC"} <= set(shared)
    assert adae.select(shared).equals(ae.select(shared))


def test_dates_are_completed_and_flagged_and_have_days(story: Story):
    variables = ("AESEQ", "ASTDT", "ASTDTF", "AENDT", "AENDTF", "ASTDY", "AENDY", "ADURN", "ADURU")
    assert story("ADAE", "EXOSOME", *variables) == [
        (1, DAY_1, "M", date(2026, 2, 1), None, 1, 23, 23, "DAYS"),  # 2026
        (2, date(2026, 1, 9), None, date(2026, 1, 12), None, -1, 3, 4, "DAYS"),
        (3, DAY_1, None, date(2026, 1, 31), "D", 1, 22, 22, "DAYS"),  # to 2026-01
        (4, DAY_1, None, None, None, 1, None, None, None),  # goes on
    ]


def test_an_event_is_treatment_emergent_by_the_time_of_the_infusion_by_a_partial_start_and_for_controls_by_day_1(
    story: Story,
):
    assert story("ADAE", "EXOSOME", "AESTDTC", "TRTEMFL") == [
        ("2026", "Y"),
        ("2026-01-09", None),
        ("2026-01-10T09:59", None),
        ("2026-01-10T10:30", "Y"),
    ]
    assert story("ADAE", "CONTROL", "AESTDTC", "TRTEMFL") == [("2026-01-09", None), ("2026-01-10", "Y")]


def test_the_flag_is_that_of_sdtm(stories: Mapping[str, Dataset]):
    flags = stories["AE"].supplement.filter(pl.col("QNAM") == "AETRTEM")
    emergent = stories["ADAE"].frame.filter(pl.col("TRTEMFL") == "Y")
    keys = emergent.select("USUBJID", pl.col("AESEQ").cast(pl.String)).rows()
    assert sorted(keys) == sorted(flags.select("USUBJID", "IDVARVAL").rows())


def test_first_and_worst_occurrences_are_those_of_treatment_emergent_events(story: Story):
    variables = ("AOCCFL", "AOCCSFL", "AOCCPFL", "AOCCIFL", "AOCCSIFL", "AOCCPIFL")
    assert story("ADAE", "EXOSOME", "AESEQ", "ATOXGRN", *variables) == [
        (1, 1, "Y", "Y", "Y", None, None, None),
        (2, 1, *[None] * 6),
        (3, 2, *[None] * 6),
        (4, 2, None, None, None, "Y", "Y", "Y"),
    ]


def test_a_fatal_event_ends_with_the_day_of_death(story: Story):
    variables = ("AENDT", "AENDTF", "ASTDY", "AENDY", "TRTEMFL", "ATOXGR", "AESDTH", "TRTA")
    assert story("ADAE", "DEATH", *variables) == [(date(2026, 1, 25), None, 11, 16, "Y", "5", "Y", "Study Group")]


@pytest.fixture
def dated(stories: Mapping[str, Dataset]) -> Callable[..., tuple[object, ...]]:
    """The one event of DEATH, who died on 2026-01-25, or that of another subject, with other dates."""

    def dated(start: str | None, end: str | None, subject: str = "DEATH") -> tuple[object, ...]:
        event = stories["AE"].frame.filter(pl.col("USUBJID") == "PL21-DEATH")
        changed = event.with_columns(
            USUBJID=pl.lit(f"PL21-{subject}"),
            AESTDTC=pl.lit(start, pl.String),
            AEENDTC=pl.lit(end, pl.String),
        )
        frame = ADAE.function(ae=changed, dm=stories["DM"].frame, adsl=stories["ADSL"].frame)
        return frame.select("ASTDT", "ASTDTF", "AENDT", "AENDTF", "TRTEMFL").row(0)

    return dated


Dated = Callable[..., tuple[object, ...]]


def test_no_completed_date_is_after_death(dated: Dated):
    assert dated("2026-01-20", "2026-01") == (date(2026, 1, 20), None, date(2026, 1, 25), "D", "Y")
    assert dated("2026-01", "2026") == (DAY_1, "D", date(2026, 1, 25), "M", "Y")


def test_no_completed_date_is_after_the_end_of_participation(dated: Dated):
    # WITHDRAWN left on 2026-01-20
    assert dated("2026-01-12", "2026-01", "WITHDRAWN") == (date(2026, 1, 12), None, date(2026, 1, 20), "D", "Y")


def test_no_completed_start_is_after_the_end(dated: Dated):
    assert dated("2026-01", "2026-01-05") == (date(2026, 1, 1), "D", date(2026, 1, 5), None, None)
    assert dated("2026", "2026-01-12") == (DAY_1, "M", date(2026, 1, 12), None, "Y")
    assert dated("2026-01-22", "2026-01") == (date(2026, 1, 22), None, date(2026, 1, 25), "D", "Y")


def test_a_missing_date_stays_missing_and_an_unknown_start_is_treatment_emergent(dated: Dated):
    assert dated(None, "2026-01-12") == (None, None, date(2026, 1, 12), None, "Y")
    assert dated(None, "2026-01-09") == (None, None, date(2026, 1, 9), None, None)


def test_a_start_is_completed_from_the_first_infusion_on_where_that_is_not_day_1(dated: Dated):
    # WRONGARM had the first infusion on 2026-01-13
    assert dated("2026-01", None, "WRONGARM") == (date(2026, 1, 13), "D", None, None, "Y")


def test_an_event_of_who_was_not_randomised_is_kept_and_is_not_treatment_emergent(dated: Dated):
    assert dated("2026-01", None, "SCREENFAIL") == (date(2026, 1, 1), "D", None, None, None)


def test_a_record_is_traced_to_the_form(stories: Mapping[str, Dataset]):
    frame = stories["ADAE"].frame.filter(pl.col("USUBJID") == "PL21-DEATH")
    assert frame["raw_record"].to_list() == ["adverse_event:8"]
