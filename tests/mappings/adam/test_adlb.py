"""ADLB of the stories, worked out by hand: Day 1 is 2026-01-10, the upper limit of bilirubin 20.5 umol/L."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset
from cdisc_aclf.study.mappings import load_mappings
from cdisc_aclf.study.plan import run
from cdisc_aclf.study.specs import read_references
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

Story = Callable[..., list[tuple[object, ...]]]
ROOT = Path(__file__).resolve().parents[3]
TABLES = read_references(ROOT)
STUDY = read_study(ROOT)
MAPPINGS = {mapping.name: mapping for mapping in load_mappings(ROOT / "mappings" / "adam")}


def test_every_result_with_a_number_or_a_limit_is_one_record_and_names_it(stories: Mapping[str, Dataset]):
    lb = stories["LB"].frame
    analysed = lb.filter(pl.col("LBTESTCD").is_not_null() & pl.col("LBSTRESC").is_not_null())
    assert analysed.height == 20  # of 23: one NOT DONE, one in stones, one of an analyte that nobody listed
    keys = ["USUBJID", "LBSEQ"]
    assert sorted(stories["ADLB"].frame.select(keys).rows()) == sorted(analysed.select(keys).rows())


def test_the_baseline_is_the_last_value_before_the_first_infusion_and_what_follows_it_on_day_1_is_in_no_window(
    story: Story,
):
    variables = ("LBSEQ", "ADY", "AVISIT", "AVAL", "DTYPE", "ABLFL", "ANL01FL", "BASE", "CHG", "PCHG")
    assert story("ADLB", "EXOSOME", "PARAMCD", *variables) == [
        ("BILI", 2, -2, "Baseline", 350.0, None, None, None, 0.25, None, None),
        ("BILI", 3, 1, "Baseline", 0.25, "HALFLLOQ", "Y", "Y", 0.25, None, None),  # <0.5 at 08:30
        ("BILI", 4, 1, None, 340.0, None, None, None, 0.25, 339.75, 135900.0),  # 13:00, after 10:00
        ("INR", 5, 1, "Baseline", 2.1, None, "Y", "Y", 2.1, None, None),  # Day 1 without a time
        ("INTLK6", 6, None, None, 12.5, None, None, None, None, None, None),  # 2026-01
    ]


def test_a_control_has_a_baseline_though_he_has_no_last_observation_before_exposure(story: Story):
    variables = ("LBSEQ", "ADT", "ADY", "AVISIT", "AVAL", "ABLFL", "ANL01FL", "BASE", "CHG")
    assert story("LB", "CONTROL", "LBLOBXFL") == [(None,)] * 3
    assert story("ADLB", "CONTROL", *variables) == [
        (1, date(2026, 1, 8), -2, "Baseline", 300.0, None, None, 310.0, None),
        (2, date(2026, 1, 10), 1, "Baseline", 310.0, "Y", "Y", 310.0, None),
        (3, date(2026, 4, 3), 84, "Day 84", 20.0, None, "Y", 310.0, -290.0),
    ]
    [change] = story("ADLB", "CONTROL", "PCHG")[2]
    assert change == pytest.approx(-93.5483870967742)


@pytest.fixture
def remade(stories: Mapping[str, Dataset]) -> Callable[..., list[tuple[object, ...]]]:
    """ADLB of one subject by another option: the given variables of each record."""

    def remade(decision: str, option: str, subject: str, *variables: str) -> list[tuple[object, ...]]:
        taken = replace(STUDY.decisions[decision], option=option)
        values = {name.lower(): dataset.frame for name, dataset in stories.items()}
        values |= {f"ref_{name}": table for name, table in TABLES.items()} | {"ct": read_terminology(ROOT)}
        values |= {"study": replace(STUDY, decisions={**STUDY.decisions, decision: taken})}
        values |= {"adsl": run(MAPPINGS["adsl"], values)}
        frame = run(MAPPINGS["adlb"], values).filter(pl.col("USUBJID") == f"PL21-{subject}")
        return list(frame.select(variables).rows())

    return remade


def test_a_strict_baseline_is_known_to_be_before_the_infusion_and_a_sample_of_day_1_without_a_time_is_none(
    remade: Callable[..., list[tuple[object, ...]]],
):
    variables = ("PARAMCD", "LBSEQ", "AVISIT", "ABLFL", "ANL01FL", "BASE", "CHG")
    assert remade("analysis_baseline", "strictly_before", "EXOSOME", *variables) == [
        ("BILI", 2, "Baseline", None, None, 0.25, None),
        ("BILI", 3, "Baseline", "Y", "Y", 0.25, None),  # 08:30, infusion at 10:00
        ("BILI", 4, None, None, None, 0.25, 339.75),  # 13:00
        ("INR", 5, None, None, None, None, None),  # of Day 1 without a time
        ("INTLK6", 6, None, None, None, None, None),
    ]
    # randomised at 09:00 and without infusion: the sample of 08:30 is before it
    assert remade("analysis_baseline", "strictly_before", "CONTROL", *variables)[1][3] == "Y"


def test_windows_by_visit_take_the_visit_and_leave_out_what_was_unscheduled(
    remade: Callable[..., list[tuple[object, ...]]],
):
    variables = ("VISIT", "ADY", "AVISIT", "AWTARGET", "ANL01FL")
    assert remade("analysis_windows", "visit", "UNSCHEDULED", *variables) == [
        ("UNSCHEDULED 2.01", 5, None, None, None),
        ("UNSCHEDULED 2.02", 6, None, None, None),
    ]
    assert remade("analysis_windows", "halfway", "UNSCHEDULED", *variables) == [
        ("UNSCHEDULED 2.01", 5, "Day 4", 4, "Y"),
        ("UNSCHEDULED 2.02", 6, "Day 7", 7, "Y"),
    ]
    assert [row[2:] for row in remade("analysis_windows", "visit", "CONTROL", *variables)] == [
        ("Baseline", 1, None),
        ("Baseline", 1, "Y"),
        ("Day 84", 84, "Y"),
    ]


def test_days_may_be_counted_from_the_first_infusion(remade: Callable[..., list[tuple[object, ...]]]):
    variables = ("TRTSDT", "ADT", "ADY", "AVISIT", "ABLFL")
    infused, sampled = date(2026, 1, 13), date(2026, 1, 10)
    assert remade("treatment_start", "first_infusion", "WRONGARM", *variables) == [
        (infused, sampled, -3, "Baseline", "Y")
    ]
    assert remade("treatment_start", "randomisation", "WRONGARM", *variables) == [
        (sampled, sampled, 1, "Baseline", "Y")
    ]
    assert remade("treatment_start", "first_infusion", "NEVERDOSED", *variables)[0][:3] == (sampled, sampled, 1)


def test_every_option_of_the_windows_is_in_the_table():
    assert set(TABLES["analysis_windows"]["option"]) == set(STUDY.decisions["analysis_windows"].options)


def test_the_window_is_given_with_its_limits(story: Story):
    variables = ("AVISIT", "AVISITN", "AWTARGET", "AWTDIFF", "AWLO", "AWHI", "AWU")
    assert story("ADLB", "UNSCHEDULED", "VISIT", "ADY", *variables) == [
        ("UNSCHEDULED 2.01", 5, "Day 4", 4, 4, 1, 2, 5, "DAYS"),
        ("UNSCHEDULED 2.02", 6, "Day 7", 7, 7, 1, 6, 8, "DAYS"),
    ]


def test_bilirubin_is_graded_by_a_baseline_that_is_abnormal_and_by_the_limit_where_it_is_not(story: Story):
    variables = ("AVAL", "ANRIND", "BNRIND", "ATOXGRH", "BTOXGRH", "SHIFT1", "SHIFT3")
    assert story("ADLB", "CONTROL", *variables) == [
        (300.0, "HIGH", "HIGH", "0", "0", None, None),
        (310.0, "HIGH", "HIGH", "0", "0", None, None),
        (20.0, "NORMAL", "HIGH", "0", "0", "HIGH to NORMAL", "0 to 0"),
    ]
    assert story("ADLB", "EXOSOME", *variables)[:3] == [
        (350.0, "HIGH", "LOW", "4", "0", None, None),  # 17 times the upper limit
        (0.25, "LOW", "LOW", "0", "0", None, None),
        (340.0, "HIGH", "LOW", "4", "0", "LOW to HIGH", "0 to 4"),
    ]


def test_each_direction_has_its_grade_with_the_name_of_its_toxicity(story: Story):
    variables = ("PARAMCD", "AVAL", "ATOXGRL", "ATOXDSCL", "ATOXGRH", "ATOXDSCH")
    assert story("ADLB", "TWOLABS", *variables) == [
        ("PLAT", 99.0, "1", "Platelet count decreased", None, None),
        ("PLAT", 101.0, "0", "Platelet count decreased", None, None),
        ("PLAT", 99.0, "1", "Platelet count decreased", None, None),
        ("BILI", 350.6, None, None, "0", "Blood bilirubin increased"),
        ("BILI", 350.6, None, None, "0", "Blood bilirubin increased"),
        ("UREAN", 5.0, None, None, None, None),
        ("CREAT", 88.4, None, None, "0", "Creatinine increased"),
    ]


def test_of_several_results_at_one_moment_the_later_record_is_the_baseline(story: Story):
    assert story("ADLB", "TWOLABS", "PARAMCD", "LBNAM", "ABLFL")[:5] == [
        ("PLAT", "LOCAL", None),
        ("PLAT", "LOCAL", None),
        ("PLAT", "LOCAL", "Y"),
        ("BILI", "CENTRAL", None),
        ("BILI", "LOCAL", "Y"),
    ]


def test_who_was_not_randomised_has_his_results_and_neither_day_window_treatment_nor_grade(story: Story):
    variables = ("AVAL", "ADY", "AVISIT", "TRTP", "TRTA", "ABLFL", "ANL01FL", "ANRIND", "ATOXGRH", "SAFFL")
    assert story("ADLB", "SCREENFAIL", *variables) == [
        (88.0, None, None, None, None, None, None, "HIGH", None, "N"),
    ]


def test_planned_and_actual_treatment_are_those_of_the_subject(story: Story):
    assert story("ADLB", "WRONGARM", "TRTP", "TRTPN", "TRTA", "TRTAN") == [("Control Group", 1, "Study Group", 2)]


def test_a_subject_has_at_most_one_baseline_and_one_record_per_window_of_each_parameter(
    stories: Mapping[str, Dataset],
):
    adlb = stories["ADLB"].frame
    for flag, by in (("ABLFL", ["USUBJID", "PARAMCD"]), ("ANL01FL", ["USUBJID", "PARAMCD", "AVISIT"])):
        assert adlb.filter(pl.col(flag) == "Y").select(by).is_unique().all()
    of_window = adlb.filter(pl.col("AVISIT") == "Baseline")
    assert of_window["ABLFL"].equals(of_window["ANL01FL"].rename("ABLFL"))


def test_every_parameter_names_the_standard_unit_of_its_test_and_every_test_has_one():
    units = dict(TABLES["lb_tests"].select("testcd", "standard_unit").rows())
    names = read_terminology(ROOT).names("ADLBPC", "ADLBPN")
    assert names.keys() == units.keys()
    assert [testcd for testcd, unit in units.items() if f"({unit}" not in names[testcd]] == []
    of_dataset = TABLES["parameters"].filter(pl.col("dataset") == "ADLB")
    assert set(of_dataset["paramcd"]) == units.keys()
    assert of_dataset["paramn"].is_unique().all()


def test_a_record_is_traced_to_the_laboratory_form(stories: Mapping[str, Dataset]):
    frame = stories["ADLB"].frame.filter(pl.col("USUBJID") == "PL21-CONTROL")
    assert frame["raw_record"].to_list() == ["lab:8", "lab:9", "lab:10"]
