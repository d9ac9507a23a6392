"""The planted faults: each kind is there, where the truth says, and nothing else has changed."""

import re
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from mappings.simulation.study import Simulated

Simulate = Callable[..., "Simulated"]
Specs = dict[str, pl.DataFrame]
Rules = dict[str, str]


def records(frame: pl.DataFrame) -> dict[tuple[str, str], dict[str, str | None]]:
    return {(row["subject"], row["record"]): row for row in frame.iter_rows(named=True)}


def by_subject(frame: pl.DataFrame, column: str) -> dict[str, str]:
    return dict(frame.select("subject", column).iter_rows())


@pytest.mark.parametrize("seed", range(5))
def test_twenty_subjects_hold_every_kind_of_fault_once(seed: int, simulate: Simulate, rules: Rules):
    truth = simulate(20, seed).truth
    assert Counter(truth["fault"]) == dict.fromkeys(rules, 1)


def test_forty_subjects_hold_every_kind_twice_each_time_in_another_subject(simulate: Simulate, rules: Rules):
    truth = simulate(40).truth
    assert Counter(truth["fault"]) == dict.fromkeys(rules, 2)
    assert not truth.select("fault", "subject").is_duplicated().any()


def check_truth(study: "Simulated", rules: Rules) -> None:
    for row in study.truth.iter_rows(named=True):
        frame = study.forms[row["form"]]
        assert row["rule"] == rules[row["fault"]]
        if row["row"] is None:
            assert row["value"] in frame.filter(pl.col("subject") == row["subject"])[row["column"]].to_list(), row
        else:
            record = frame.row(int(row["row"]) - 2, named=True)
            assert (record["subject"], record[row["column"]]) == (row["subject"], row["value"]), row


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(), subjects=st.integers(1, 10))
def test_every_row_of_the_truth_stands_where_it_says_in_a_study_of_any_size(
    seed: int, subjects: int, simulate: Simulate, rules: Rules
):
    study = simulate(subjects, seed)
    check_truth(study, rules)
    places = study.truth.drop_nulls("row").select("form", "row")
    assert not places.is_duplicated().any()


def test_every_row_of_the_truth_of_a_larger_study_stands_where_it_says(simulate: Simulate, rules: Rules):
    check_truth(simulate(100), rules)


def test_what_the_truth_does_not_name_is_as_in_the_clean_study(clean: "Simulated", dirty: "Simulated"):
    """Records beside the named ones change for these kinds only, and only of their subjects."""
    beside = {
        "lab": ("ineligible_subject", "missed_visit", "second_laboratory", "unscheduled_visit"),
        "cossh_aclf": ("ineligible_subject",),
        **dict.fromkeys(("he_ascites", "child_pugh", "symptom_score", "vital_signs"), ("missed_visit",)),
    }
    subjects = dict(dirty.truth.select("fault", "subject").iter_rows())
    for form in dirty.forms:
        was, now = records(clean.forms[form]), records(dirty.forms[form])
        named = dirty.truth.filter(pl.col("form") == form).drop_nulls("row")["row"].cast(int) - 2
        expected = {tuple(dirty.forms[form].select("subject", "record").row(row)) for row in named}
        changed = {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
        assert expected <= changed, form
        allowed = {subjects[fault] for fault in beside.get(form, ())}
        assert {subject for subject, _ in changed - expected} <= allowed, form


def test_a_named_record_differs_in_the_named_column(clean: "Simulated", dirty: "Simulated"):
    for form, row, column in dirty.truth.select("form", "row", "column").drop_nulls().iter_rows():
        record = dirty.forms[form].row(int(row) - 2, named=True)
        before = records(clean.forms[form]).get((record["subject"], record["record"]))
        assert before is None or before[column] != record[column], (form, row, column)


def planted(study: "Simulated", fault: str) -> tuple[dict[str, str], dict[str, str | None]]:
    [row] = study.truth.filter(pl.col("fault") == fault).iter_rows(named=True)
    record = study.forms[row["form"]].row(int(row["row"]) - 2, named=True) if row["row"] else {}
    return row, record


def test_the_ineligible_subject_is_randomised_with_a_score_that_its_results_bear_out(dirty: "Simulated"):
    row, record = planted(dirty, "ineligible_subject")
    assert (record["incl03"], record["eligible"]) == ("否", "是")
    assert row["subject"] in dirty.forms["randomisation"]["subject"].to_list()
    score = dirty.forms["cossh_aclf"].row(by_predicate=pl.col("subject") == row["subject"], named=True)
    assert 7.5 <= float(score["score"]) <= 7.6
    urea = dirty.forms["lab"].filter(
        pl.col("subject") == row["subject"], pl.col("visit") == "筛选期", pl.col("analyte") == "尿素"
    )
    assert urea["result"].to_list() == [score["urea"]]


def test_the_second_laboratory_reports_the_same_results_in_its_own_units(
    clean: "Simulated", dirty: "Simulated", specs: Specs
):
    row, _ = planted(dirty, "second_laboratory")
    testcds = dict(specs["lb_analytes"].iter_rows())
    factors = {
        (code, unit): float(factor)
        for code, unit, factor in specs["lb_units"].select("testcd", "unit", "factor").iter_rows()
    }
    before = records(clean.forms["lab"])
    sample = dirty.forms["lab"].filter(pl.col("laboratory") == "COUNTY LAB")
    assert sample["subject"].unique().to_list() == [row["subject"]]
    assert {"TBIL", "BUN", "CREA", "HGB", "ALB"} <= set(sample["analyte"])
    for record in sample.filter(pl.col("result").is_not_null()).iter_rows(named=True):
        original = float(before[record["subject"], record["record"]]["result"])
        factor = factors.get((testcds[record["analyte"]], record["unit"]), 1.0)
        digits = len(record["result"].partition(".")[2])
        assert abs(float(record["result"]) * factor - original) <= 0.51 * factor * 10**-digits, record
    units = by_subject(sample.select(subject="analyte", unit="unit"), "unit")
    assert {units[name] for name in ("TBIL", "DBIL", "CREA", "BUN")} == {"mg/dL"}
    assert {units[name] for name in ("HGB", "ALB")} == {"g/dL"}


def test_the_unscheduled_visit_lies_between_two_planned_ones_and_has_results(dirty: "Simulated"):
    row, record = planted(dirty, "unscheduled_visit")
    assert record["visit"] == "计划外1"
    assert record["reason"]
    dates = dirty.forms["visit"].filter(pl.col("subject") == row["subject"])["visit_date"].drop_nulls()
    assert dates.min() < record["visit_date"] < dates.max()
    lab = dirty.forms["lab"].filter(pl.col("subject") == row["subject"], pl.col("visit") == "计划外1")
    assert lab["sample_date"].unique().to_list() == [record["visit_date"]]
    assert lab.height == 17


def test_the_missed_visit_has_a_reason_no_date_and_no_results(dirty: "Simulated"):
    row, record = planted(dirty, "missed_visit")
    assert (record["status"], record["visit_date"], record["contact"]) == ("未访", None, None)
    assert record["reason"]
    for form in ("lab", "he_ascites", "child_pugh", "symptom_score", "vital_signs"):
        left = dirty.forms[form].filter(pl.col("subject") == row["subject"], pl.col("visit") == record["visit"])
        assert left.is_empty(), form


def test_the_missed_dose_has_a_reason_and_nothing_else(dirty: "Simulated"):
    _, record = planted(dirty, "missed_dose")
    assert (record["visit"], record["given"]) == ("第7天", "否")
    assert record["reason_not_given"]
    assert all(record[name] is None for name in ("start_date", "end_time", "particles", "volume", "lot"))


def test_the_only_infused_control_is_the_planted_one(dirty: "Simulated"):
    row, record = planted(dirty, "wrong_arm_dose")
    arm = by_subject(dirty.forms["randomisation"], "arm")
    infused = {subject for subject in dirty.forms["infusion"]["subject"] if arm[subject] == "对照组"}
    assert infused == {row["subject"]}
    assert record["visit"] == "第1天"


def test_the_short_infusion_lasts_70_to_110_minutes(dirty: "Simulated"):
    _, record = planted(dirty, "short_infusion")
    hours, minutes = zip(*(map(int, record[name].split(":")) for name in ("start_time", "end_time")), strict=True)
    assert 70 <= (hours[1] - hours[0]) * 60 + minutes[1] - minutes[0] <= 110


def test_the_duplicate_sample_differs_from_another_in_result_and_number_only(dirty: "Simulated"):
    _, record = planted(dirty, "duplicate_sample")
    moment = ("subject", "analyte", "sample_date", "sample_time", "visit", "laboratory")
    same = dirty.forms["lab"].filter(pl.col(name) == record[name] for name in moment)
    assert same.height == 2
    assert same["result"].n_unique() == same["sample_id"].n_unique() == 2


def test_the_late_sample_is_the_only_thing_after_a_death(dirty: "Simulated"):
    row, record = planted(dirty, "date_after_death")
    death = by_subject(dirty.forms["death"], "death_date")
    assert record["sample_date"] > death[row["subject"]]
    lab = dirty.forms["lab"].filter(pl.col("subject").is_in(list(death)))
    late = [one for one in lab.iter_rows(named=True) if one["sample_date"] > death[one["subject"]]]
    assert late == [record]


def test_long_text_takes_more_than_200_bytes_and_sometimes_more_than_400(simulate: Simulate):
    texts = simulate(40).truth.filter(pl.col("fault") == "long_chinese_text")["value"]
    lengths = sorted(len(text.encode()) for text in texts)
    assert 200 < lengths[0] <= 400 < lengths[1]


def test_planted_dates_are_partial_or_impossible_in_the_ways_of_real_exports(simulate: Simulate):
    truth = simulate(200).truth
    partial = truth.filter(pl.col("fault") == "partial_date")["value"]
    shapes = {re.sub(r"\d", "9", value) for value in partial}
    assert shapes == {"9999-99", "9999-UK-UK", "9999-99-UK"}
    impossible = truth.filter(pl.col("fault") == "impossible_date")["value"]
    assert set(impossible.str.tail(5)) == {"02-30", "04-31", "06-31", "09-31", "11-31"}


def test_planted_results_are_typed_as_people_type_them(dirty: "Simulated", specs: Specs, rules: Rules):
    values = {fault: planted(dirty, fault)[0]["value"] for fault in rules}
    assert values["censored_result"] == "<0.5"
    assert values["full_width_censored"] == "＜0.5"
    assert re.fullmatch("[０-９]+(．[０-９]+)?", values["full_width_digits"])
    spelled = specs["collected"].filter(pl.col("codelist") == "UNIT", pl.col("collected") != pl.col("term"))
    assert values["unit_spelling"] in set(spelled["collected"])
    assert values["unmapped_analyte"] not in set(specs["lb_analytes"]["analyte"])
    assert values["unmapped_term"] not in set(specs["collected"]["collected"])
    assert values["ae_term_not_in_dictionary"] not in set(dirty.dictionaries["meddra"]["llt"])
