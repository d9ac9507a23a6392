"""The synthetic export: the same bytes again, as large as asked, and clean where nothing is planted."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import polars as pl
import pytest

if TYPE_CHECKING:
    from mappings.simulation.study import Simulated

Simulate = Callable[..., "Simulated"]
Specs = dict[str, pl.DataFrame]
Load = Callable[[str], ModuleType]
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
ISO_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
NUMBER = re.compile(r"\d+(\.\d+)?")


def cells(study: "Simulated", specs: Specs, *types: str) -> Iterator[tuple[str, str, str]]:
    for form, frame in study.forms.items():
        for column in specs[f"raw/{form}"].filter(pl.col("type").is_in(types))["column"]:
            for value in frame[column].drop_nulls():
                yield form, column, value


def test_the_command_writes_the_same_bytes_whatever_the_hash_seed_and_the_time_zone(dirty: "Simulated", tmp_path: Path):
    command = [sys.executable, "-m", "cdisc_aclf", "simulate", "--subjects", "20", "--seed", "7", "--out"]
    env = {**os.environ, "PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo"}
    subprocess.run([*command, str(tmp_path / "out")], env=env, capture_output=True, check=True)
    for form, frame in dirty.forms.items():
        assert (tmp_path / "out" / "raw" / f"{form}.csv").read_bytes() == frame.write_csv().encode(), form
    assert (tmp_path / "out" / "truth.csv").read_bytes() == dirty.truth.write_csv().encode()


def test_the_same_seed_gives_the_same_study_and_another_seed_another_one(dirty: "Simulated", simulate: Simulate):
    same, other = simulate(), simulate(seed=8)
    assert all(frame.equals(dirty.forms[form]) for form, frame in same.forms.items())
    assert same.truth.equals(dirty.truth)
    assert not any(frame.equals(dirty.forms[form]) for form, frame in other.forms.items())


@pytest.mark.parametrize("subjects", [1, 4, 20, 22, 50])
def test_as_many_subjects_are_randomised_as_asked_and_one_to_one_in_blocks_of_four(subjects: int, simulate: Simulate):
    randomised = simulate(subjects, clean=True).forms["randomisation"].sort("randomisation_number")
    arms = randomised["arm"].to_list()
    assert len(arms) == subjects
    for block in range(0, subjects - 3, 4):
        assert sorted(Counter(arms[block : block + 4]).values()) == [2, 2]


@pytest.mark.parametrize(("subjects", "failures"), [(1, 2), (20, 3), (100, 15)])
def test_screen_failures_come_on_top(subjects: int, failures: int, simulate: Simulate):
    forms = simulate(subjects, clean=True).forms
    assert forms["demographics"].height == subjects + failures


def test_a_subject_has_the_same_results_whatever_the_size_of_the_study(simulate: Simulate):
    def results(study: "Simulated") -> pl.DataFrame:
        numbers = study.forms["randomisation"].select("subject", "randomisation_number")
        lab = study.forms["lab"].join(numbers, on="subject", how="inner")
        return lab.select("randomisation_number", "visit", "analyte", "result").sort(pl.all())

    few, many = results(simulate(20, clean=True)), results(simulate(60, clean=True))
    assert few.equals(many.filter(pl.col("randomisation_number").is_in(few["randomisation_number"].unique())))


def test_subject_numbers_grow_by_a_digit_beyond_999_and_stay_sortable(module: Load, specs: Specs):
    facts = module("facts").read_facts(specs)
    subjects = [one.subject for one in module("enrolment").enrol(facts, 880, 1)]
    assert subjects[0] == "01-0001"
    assert subjects == sorted(subjects)
    assert len(subjects) == 880 + 132


def test_every_form_has_the_columns_of_its_spec_in_order_and_holds_text(clean: "Simulated", specs: Specs):
    assert list(clean.forms) == specs["raw/forms"]["form"].to_list()
    for form, frame in clean.forms.items():
        assert frame.columns == specs[f"raw/{form}"]["column"].to_list(), form
        assert set(frame.dtypes) == {pl.String}, form


def test_no_form_is_empty_and_its_rows_are_sorted_and_say_that_they_are_synthetic(dirty: "Simulated"):
    for form, frame in dirty.forms.items():
        assert frame["environment"].unique().to_list() == ["SYNTHETIC"], form
        assert frame["site"].unique().to_list() == ["01"], form
        assert frame["subject"].is_sorted(), form


def test_records_are_numbered_within_subject_and_form(clean: "Simulated"):
    for form, frame in clean.forms.items():
        numbers: Counter[str] = Counter()
        for subject, record in frame.select("subject", "record").iter_rows():
            numbers[subject] += 1
            assert record == str(numbers[subject]), form


def test_the_key_of_each_form_is_unique_in_clean_data(large: "Simulated", specs: Specs):
    for form, key in specs["raw/forms"].select("form", "key").iter_rows():
        assert not large.forms[form].select(key.split()).is_duplicated().any(), form


def test_a_column_that_the_spec_does_not_name_is_refused(module: Load):
    book = module("casebook").Casebook({"death": ("environment", "site", "subject", "record", "cause")})
    book.add("death", "01-001", {"reason": "typo"})
    with pytest.raises(KeyError, match=r"death\.csv has no column reason"):
        book.frame("death")


def test_clean_data_plant_nothing(clean: "Simulated"):
    assert clean.truth.is_empty()
    assert clean.truth.columns == ["fault", "form", "row", "subject", "column", "value", "rule"]


def test_every_clean_date_and_time_is_whole_and_exists(clean: "Simulated", specs: Specs):
    for form, column, value in cells(clean, specs, "date"):
        assert ISO_DATE.fullmatch(value), (form, column, value)
        assert date.fromisoformat(value)
    for form, column, value in cells(clean, specs, "time"):
        assert ISO_TIME.fullmatch(value), (form, column, value)


def test_every_clean_number_is_plain(clean: "Simulated", specs: Specs):
    for form, column, value in cells(clean, specs, "integer", "decimal", "result"):
        assert NUMBER.fullmatch(value), (form, column, value)
        assert value.isascii(), (form, column, value)


def test_clean_free_text_is_ascii_english(clean: "Simulated", specs: Specs):
    for form, column, value in cells(clean, specs, "text"):
        assert value.isascii(), (form, column, value)


def test_every_clean_choice_is_listed_and_every_clean_unit_is_a_term(clean: "Simulated", specs: Specs):
    for form, frame in clean.forms.items():
        coded = specs[f"raw/{form}"].filter(pl.col("type").is_in(["choice", "visit", "unit"]))
        for column, kind, codelist in coded.select("column", "type", "codelist").iter_rows():
            table, _, known = codelist.partition(".")
            rows = specs["collected"].filter(pl.col("codelist") == codelist)
            listed = specs[table][known] if known else rows["term" if kind == "unit" else "collected"]
            assert set(frame[column].drop_nulls()) <= set(listed), (form, column)


def test_clean_results_come_from_one_laboratory_in_standard_units_with_inr_bare(clean: "Simulated", specs: Specs):
    lab = clean.forms["lab"]
    assert lab["laboratory"].unique().to_list() == ["CENTRAL LAB"]
    standard = (
        lab.filter(pl.col("result").is_not_null())
        .join(specs["lb_analytes"], on="analyte")
        .join(specs["lb_tests"], on="testcd")
    )
    assert standard.height == lab["result"].drop_nulls().len()
    inr = standard.filter(pl.col("testcd") == "INR")
    assert inr["unit"].null_count() == inr.height
    others = standard.filter(pl.col("testcd") != "INR")
    assert others["unit"].to_list() == others["standard_unit"].to_list()
    assert set(standard["testcd"]) == set(specs["lb_tests"]["testcd"]) - {"UREAN"}


def test_every_result_is_printed_with_the_decimals_of_its_analyte(clean: "Simulated"):
    for shape in (
        clean.forms["lab"]
        .filter(pl.col("result").is_not_null())
        .group_by("analyte")
        .agg(pl.col("result").str.split(".").list.get(1, null_on_oob=True).str.len_chars().n_unique())["result"]
    ):
        assert shape == 1


def test_a_flag_stands_exactly_where_a_result_is_outside_the_printed_range(large: "Simulated"):
    for row in large.forms["lab"].filter(pl.col("result").is_not_null()).iter_rows(named=True):
        low, value, high = (float(row[name]) for name in ("range_low", "result", "range_high"))
        assert row["lab_flag"] == ("↓" if value < low else "↑" if value > high else None), row


def test_a_test_that_was_not_done_has_a_reason_and_no_result(large: "Simulated"):
    skipped = large.forms["lab"].filter(pl.col("not_done") == "是")
    assert skipped.height > 0
    assert skipped["result"].null_count() == skipped.height
    assert skipped["not_done_reason"].null_count() == 0
    done = large.forms["lab"].filter(pl.col("not_done") == "否")
    assert done["result"].null_count() == 0


def test_the_invented_dictionary_codes_every_clean_event_and_history_and_each_code_has_one_name(large: "Simulated"):
    terms = large.dictionaries["meddra"]
    for form in ("adverse_event", "medical_history"):
        assert set(large.forms[form]["term"]) <= set(terms["llt"])
    for level in ("llt", "pt", "hlt", "hlgt", "soc"):
        pairs = terms.select(level, f"{level}_code").unique()
        assert pairs[level].n_unique() == pairs[f"{level}_code"].n_unique() == pairs.height


def test_the_invented_drug_dictionary_codes_every_clean_treatment_and_each_class_has_one_code(large: "Simulated"):
    drugs = large.dictionaries["whodrug"]
    assert set(large.forms["concomitant"]["treatment"]) <= set(drugs["drug"])
    classes = drugs.select("atc", "atc_code").unique()
    assert classes["atc"].n_unique() == classes["atc_code"].n_unique() == classes.height
