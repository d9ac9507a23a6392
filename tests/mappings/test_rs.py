"""RS: scores as their instruments word them, and their links to the laboratory."""

from collections.abc import Callable, Mapping

import polars as pl

from cdisc_aclf.datasets.conform import Dataset

Story = Callable[..., list[tuple[object, ...]]]
RESULT = ("RSTESTCD", "RSORRES", "RSORRESU", "RSSTRESC", "RSSTRESN", "RSSTRESU")


def at(story: Story, subject: str, visit: str, *variables: str) -> list[tuple[object, ...]]:
    return [record[1:] for record in story("RS", subject, "VISIT", *variables) if record[0] == visit]


def test_child_pugh_points_are_submitted_as_the_ranges_of_the_instrument_with_their_points(story: Story):
    records = at(story, "EXOSOME", "DAY 1", *RESULT)
    assert [record for record in records if str(record[0]).startswith("CPS")] == [
        ("CPS0101", "1 or 2", None, "2", 2.0, None),
        ("CPS0102", "absent", None, "1", 1.0, None),
        ("CPS0103", "<2", "mg/dL", "1", 1.0, None),
        ("CPS0104", ">3.5", "g/dL", "1", 1.0, None),
        ("CPS0105B", ">2.3", None, "3", 3.0, None),
        ("CPS0106", "8", None, "8", 8.0, None),
        ("CPS0107", "B", None, "B", None, None),
    ]


def test_every_range_of_child_pugh_is_worded_as_in_its_codelist(story: Story):
    found = {record for subject in ("EXOSOME", "CONTROL") for record in story("RS", subject, "RSTESTCD", "RSORRES")}
    assert found > {
        ("CPS0101", "none"), ("CPS0101", "3 or 4"), ("CPS0102", "slight"), ("CPS0102", "moderate"),
        ("CPS0103", "2 to 3"), ("CPS0103", ">3"), ("CPS0104", "2.8 to 3.5"), ("CPS0105B", "<1.7"),
        ("CPS0105B", "1.7-2.3"),
    }  # fmt: skip


def test_an_item_without_an_answer_has_no_record_and_full_width_digits_are_read(story: Story):
    records = at(story, "CONTROL", "DAY 1", "RSTESTCD", "RSORRES", "RSSTRESN")
    assert [record for record in records if str(record[0]).startswith("CPS")] == [
        ("CPS0101", "3 or 4", 3.0),
        ("CPS0102", "slight", 2.0),
        ("CPS0103", "2 to 3", 2.0),
        ("CPS0105B", "<1.7", 1.0),
        ("CPS0106", "8", 8.0),
    ]


def test_an_answer_that_the_instrument_does_not_have_stays_as_typed(story: Story):
    assert story("RS", "SCREENFAIL", *RESULT) == [
        ("CPS0101", "4", None, "4", 4.0, None),
        ("CPS0107", "D", None, "D", None, None),
    ]
    assert story("RS", "UNSCHEDULED", *RESULT) == [
        ("ASCT0101", "大量", None, "大量", None, None),
        ("WHEG0101", "5", None, "5", 5.0, None),
    ]


def test_west_haven_and_ascites_are_submitted_as_their_terms(story: Story):
    assert at(story, "EXOSOME", "SCREENING", "RSTESTCD", "RSCAT", "RSORRES", "RSSTRESC", "RSSTRESN")[0] == (
        "ASCT0101", "ASCITES GRADE", "absent", "absent", None
    )  # fmt: skip
    assert at(story, "CONTROL", "DAY 1", "RSTESTCD", "RSCAT", "RSORRES", "RSSTRESC", "RSSTRESN")[-1] == (
        "WHEG0101", "WEST HAVEN HEPATIC ENCEPHALOPATHY GRADE", "GRADE 4", "GRADE 4", None
    )  # fmt: skip


def test_inputs_and_score_of_cossh_aclf_ii_are_submitted_as_typed_with_their_units(story: Story):
    records = at(story, "EXOSOME", "SCREENING", *RESULT)
    assert [record for record in records if str(record[0]).startswith("COSH")] == [
        ("COSH0101", "2.1", "RATIO", "2.1", 2.1, "RATIO"),
        ("COSH0102", "0", None, "0", 0.0, None),
        ("COSH0103", "5.0", "10^9/L", "5.0", 5.0, "10^9/L"),
        ("COSH0104", "350", "umol/L", "350", 350.0, "umol/L"),
        ("COSH0105", "5.0", "mmol/L", "5.0", 5.0, "mmol/L"),
        ("COSH0106", "46", "YEARS", "46", 46.0, "YEARS"),
        ("COSH0107", "7.13", None, "7.13", 7.13, None),
    ]


def test_symptoms_and_their_total_are_submitted_as_numbers(story: Story):
    records = at(story, "EXOSOME", "SCREENING", "RSTESTCD", "RSTEST", "RSCAT", "RSORRES", "RSSTRESN")
    assert [record for record in records if str(record[0]).startswith("SYMS")] == [
        ("SYMS0101", "SYMS01-Fatigue", "CLINICAL SYMPTOM SCORE", "1", 1.0),
        ("SYMS0102", "SYMS01-Anorexia", "CLINICAL SYMPTOM SCORE", "2", 2.0),
        ("SYMS0103", "SYMS01-Nausea", "CLINICAL SYMPTOM SCORE", "0", 0.0),
        ("SYMS0104", "SYMS01-Jaundice", "CLINICAL SYMPTOM SCORE", "3", 3.0),
        ("SYMS0105", "SYMS01-Level of Consciousness", "CLINICAL SYMPTOM SCORE", "0", 0.0),
        ("SYMS0106", "SYMS01-Total Score", "CLINICAL SYMPTOM SCORE", "6", 6.0),
    ]


def test_every_test_has_its_name(stories: Mapping[str, Dataset]):
    names = dict(stories["RS"].frame.select("RSTESTCD", "RSTEST").unique().rows())
    assert names["CPS0105B"] == "CPS01-PT, INR"
    assert names["WHEG0101"] == "WHEG01-WH Hepatic Encephalopathy Grade"
    assert names["ASCT0101"] == "ASCT01-Ascites"
    assert names["COSH0107"] == "COSH01-Total Score"
    assert None not in names.values()


def test_the_last_assessment_on_a_day_before_the_first_dose_is_flagged_per_test(story: Story):
    flags = {record[:2]: record[2] for record in story("RS", "EXOSOME", "RSTESTCD", "RSDTC", "RSLOBXFL")}
    # the dose is on 2026-01-10, and an assessment has no time
    assert (flags["CPS0106", "2026-01-08"], flags["CPS0106", "2026-01-10"]) == ("Y", None)
    assert (flags["WHEG0101", "2026-01-08"], flags["WHEG0101", "2026-01-09"]) == (None, "Y")


def test_an_item_shares_its_link_group_with_the_results_of_its_visit_that_it_compares(
    story: Story, stories: Mapping[str, Dataset]
):
    items = [record for record in story("RS", "EXOSOME", "RSLNKGRP", "RSTESTCD") if record[0]]
    assert items == [
        ("INR SCREENING", "COSH0101"),
        ("NEUT SCREENING", "COSH0103"),
        ("BILI SCREENING", "COSH0104"),
        ("UREA SCREENING", "COSH0105"),
        ("BILI SCREENING", "CPS0103"),
        ("BILI DAY 1", "CPS0103"),
        ("ALB SCREENING", "CPS0104"),
        ("ALB DAY 1", "CPS0104"),
        ("INR SCREENING", "CPS0105B"),
        ("INR DAY 1", "CPS0105B"),
    ]
    # albumin of day 1 was not done, interleukin 6 feeds no score
    assert story("LB", "EXOSOME", "LBTESTCD", "LBORRES", "LBLNKGRP") == [
        ("ALB", None, None),
        ("BILI", "350", "BILI SCREENING"),
        ("BILI", "<0.5", "BILI DAY 1"),
        ("BILI", "340.0", "BILI DAY 1"),
        ("INR", "2.10", "INR DAY 1"),
        ("INTLK6", "12.5", None),
    ]
    linked = stories["LB"].frame.drop_nulls("LBLNKGRP").select("USUBJID", RSLNKGRP="LBLNKGRP")
    assert linked.join(stories["RS"].frame, on=["USUBJID", "RSLNKGRP"], how="anti").is_empty()
    assert linked.filter(pl.col("USUBJID") == "PL21-TWOLABS").is_empty()
