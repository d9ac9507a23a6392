from collections.abc import Callable, Mapping

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset

Story = Callable[..., list[tuple[object, ...]]]
RESULT = ("LBTESTCD", "LBORRES", "LBORRESU", "LBSTRESC", "LBSTRESN", "LBSTRESU")


def test_every_result_that_the_laboratory_gave_is_one_record(stories: Mapping[str, Dataset]):
    records = stories["LB"].frame["raw_record"].to_list()
    assert sorted(records) == sorted(f"lab:{row}" for row in range(2, 25))


def test_results_keep_their_original_and_have_a_standard_result_in_one_unit(story: Story):
    assert story("LB", "TWOLABS", "LBNAM", *RESULT)[1:] == [
        ("LOCAL", "ALB", "31", "stones", None, None, None),
        ("CENTRAL", "BILI", "350.60", "umol/L", "350.60", 350.6, "umol/L"),
        ("LOCAL", "BILI", "20.5", "mg/dL", "350.6", 350.6, "umol/L"),  # 20.5 x 17.104 = 350.632
        ("LOCAL", "CREAT", "1.0", "mg/dL", "88.4", 88.4, "umol/L"),
        ("LOCAL", "PLAT", "99", "10^9/L", "99", 99.0, "10^9/L"),
        ("LOCAL", "PLAT", "101", "10^9/L", "101", 101.0, "10^9/L"),
        ("LOCAL", "PLAT", "99", "10^9/L", "99", 99.0, "10^9/L"),
        ("LOCAL", "UREAN", "14", "mg/dL", "5.00", 5.0, "mmol/L"),  # 14 x 0.356972 = 4.997608
    ]


def test_the_range_goes_with_its_result_and_says_on_which_side_it_lies(story: Story):
    variables = ("LBREFID", "LBORNRLO", "LBORNRHI", "LBSTNRLO", "LBSTNRHI", "LBNRIND")
    assert story("LB", "TWOLABS", *variables)[2:5] == [
        ("C1", "3.4", "20.5", 3.4, 20.5, "HIGH"),
        ("L1", "0.2", "1.2", 3.4, 20.5, "HIGH"),  # 3.4208 and 20.5248
        ("L1", "0.6", "1.2", 53.0, 106.1, "NORMAL"),  # 53.04 and 106.08
    ]


def test_a_limit_typed_in_full_width_is_a_limit_without_a_number_or_an_indicator(story: Story):
    assert story("LB", "EXOSOME", *RESULT, "LBNRIND")[2] == ("BILI", "<0.5", "umol/L", "<0.5", None, "umol/L", None)


def test_pg_per_ml_is_never_a_unit_of_the_submission(story: Story, stories: Mapping[str, Dataset]):
    assert story("LB", "EXOSOME", *RESULT)[5] == ("INTLK6", "12.5", "ng/L", "12.5", 12.5, "ng/L")
    assert "pg/mL" not in {*stories["LB"].frame["LBORRESU"], *stories["LB"].frame["LBSTRESU"]}


def test_a_ratio_that_is_printed_without_a_unit_has_one(story: Story):
    assert story("LB", "EXOSOME", *RESULT)[4] == ("INR", "2.10", "RATIO", "2.10", 2.1, "RATIO")


def test_a_test_that_was_not_done_says_so_and_has_no_result(story: Story):
    assert story("LB", "EXOSOME", *RESULT, "LBSTAT", "LBREASND")[0] == (
        "ALB", None, None, None, None, None, "NOT DONE", "溶血",
    )  # fmt: skip


def test_an_analyte_that_nobody_listed_keeps_its_result_and_has_no_test(story: Story):
    assert story("LB", "TWOLABS", "LBTEST", *RESULT)[0] == (None, None, "120", "U/L", None, None, None)


def test_tests_have_name_category_specimen_and_the_loinc_code_of_their_unit(story: Story):
    variables = ("LBTESTCD", "LBTEST", "LBCAT", "LBSPEC", "LBLOINC")
    assert story("LB", "TWOLABS", *variables)[2:6] == [
        ("BILI", "Bilirubin", "CHEMISTRY", "SERUM", "14631-6"),
        ("BILI", "Bilirubin", "CHEMISTRY", "SERUM", "1975-2"),
        ("CREAT", "Creatinine", "CHEMISTRY", "SERUM", "2160-0"),
        ("PLAT", "Platelets", "HEMATOLOGY", "BLOOD", "26515-7"),
    ]


def test_the_last_result_before_the_first_infusion_is_flagged_for_each_test(story: Story):
    variables = ("LBTESTCD", "LBDTC", "LBLOBXFL", "EPOCH")
    assert story("LB", "EXOSOME", *variables) == [
        ("ALB", "2026-01-10T08:30", None, "SCREENING"),
        ("BILI", "2026-01-08T08:00", None, None),  # before consent at 10:00
        ("BILI", "2026-01-10T08:30", "Y", "SCREENING"),
        ("BILI", "2026-01-10T13:00", None, "TREATMENT"),
        ("INR", "2026-01-10", None, "TREATMENT"),
        ("INTLK6", "2026-01", None, None),
    ]


@pytest.mark.parametrize("subject", ["CONTROL", "NEVERDOSED", "SCREENFAIL", "UNSCHEDULED"])
def test_who_got_no_infusion_has_no_flag(story: Story, subject: str):
    flags = story("LB", subject, "LBLOBXFL")
    assert flags
    assert set(flags) == {(None,)}


def test_of_two_results_at_one_moment_both_are_kept_and_the_later_record_of_each_test_is_flagged(story: Story):
    assert story("LB", "TWOLABS", "LBTESTCD", "LBREFID", "LBORRES", "LBLOBXFL") == [
        (None, "L1", "120", None),
        ("ALB", "L1", "31", None),
        ("BILI", "C1", "350.60", None),
        ("BILI", "L1", "20.5", "Y"),
        ("CREAT", "L1", "1.0", "Y"),
        ("PLAT", "L1", "99", None),
        ("PLAT", "L1", "101", None),
        ("PLAT", "L2", "99", "Y"),
        ("UREAN", "L1", "14", "Y"),
    ]


def test_controls_have_study_days_too(story: Story):
    assert story("LB", "CONTROL", "LBDTC", "LBDY", "EPOCH", "VISIT") == [
        ("2026-01-08T08:00", -2, None, "SCREENING"),
        ("2026-01-10T08:30", 1, "SCREENING", "DAY 1"),
        ("2026-04-03T08:30", 84, "FOLLOW-UP", "DAY 84"),
    ]


def test_a_partial_date_has_no_study_day_and_stays_partial(story: Story):
    assert story("LB", "EXOSOME", "LBDTC", "LBDY")[5] == ("2026-01", None)


def test_a_sample_of_an_unscheduled_visit_has_the_number_of_that_visit(story: Story):
    assert story("LB", "UNSCHEDULED", "VISITNUM", "VISIT", "VISITDY") == [
        (2.01, "UNSCHEDULED 2.01", None),
        (2.02, "UNSCHEDULED 2.02", None),
    ]


def test_the_flag_that_the_laboratory_printed_is_a_qualifier_of_its_record(story: Story):
    assert story("SUPPLB", "TWOLABS", "IDVAR", "IDVARVAL", "QNAM", "QVAL") == [("LBSEQ", "6", "LBFLAG", "LOW")]


def test_the_standard_number_is_the_standard_text(stories: Mapping[str, Dataset]):
    lb = stories["LB"].frame.drop_nulls("LBSTRESN")
    assert lb.filter(pl.col("LBSTRESC").cast(pl.Float64) != pl.col("LBSTRESN")).is_empty()
    same_unit = lb.filter(pl.col("LBORRESU") == pl.col("LBSTRESU"))
    assert same_unit.filter(pl.col("LBORRES") != pl.col("LBSTRESC")).is_empty()


def test_sequence_numbers_are_those_of_the_subject_alone(stories: Mapping[str, Dataset]):
    lb = stories["LB"].frame
    assert lb.filter(pl.col("LBSEQ") != pl.int_range(1, pl.len() + 1).over("USUBJID")).is_empty()
