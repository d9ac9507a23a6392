import polars as pl
import pytest

from cdisc_aclf.map.collected import is_yes, name_of_test, number, result, term
from cdisc_aclf.model.terminology import CodeList, Term, Terminology

CT = Terminology(
    {
        "TESTCD": CodeList(
            name="TESTCD", ccode="C1", label="", extensible=True, terms=(Term("ALB", "C64431"), Term("OWN", ""))
        ),
        "TEST": CodeList(name="TEST", ccode="C2", label="", extensible=True, terms=(Term("Albumin", "C64431"),)),
    },
    {"SEX": {"男": "M", "女": "F"}, "NY": {"是": "Y", "否": "N"}, "UNIT": {"mg/dL": "mg/dL", "μmol/L": "umol/L"}},
)


def column(*values: str | None) -> pl.DataFrame:
    return pl.DataFrame({"value": values}, schema={"value": pl.String})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("2", 2.0), (" 1.5 ", 1.5), ("１．５", 1.5), ("-0.5", -0.5), ("+3", 3.0), ("007", 7.0), ("2.50", 2.5)],
)
def test_a_number_is_read_with_blanks_around_and_full_width_digits(typed: str, expected: float):
    assert column(typed).select(number("value")).item() == expected


@pytest.mark.parametrize(
    "typed", [None, "", "two", "<0.5", "1,5", "1e5", "nan", "NaN", "inf", "-Infinity", ".5", "5.", "2 ml"]
)
def test_what_the_form_reports_as_no_number_is_null(typed: str | None):
    assert column(typed).select(number("value")).item() is None


def test_a_collected_value_leads_to_its_term_whatever_blanks_are_around_it():
    assert column("男", " 女 ").select(term("value", "SEX", CT))["value"].to_list() == ["M", "F"]


def test_a_value_typed_in_full_width_leads_to_the_term_of_what_it_stands_for():
    assert column("ｍｇ／ｄＬ", "μｍｏｌ／L").select(term("value", "UNIT", CT))["value"].to_list() == [
        "mg/dL",
        "umol/L",
    ]


def test_a_result_is_written_in_ascii_digit_by_digit():
    typed = ["＜０.５", "≤0.5", " ≥ 10", "1.50", "阴性", "×10⁹", None]
    expected = ["<0.5", "<=0.5", ">= 10", "1.50", "阴性", "×10⁹", None]
    assert column(*typed).select(result("value"))["value"].to_list() == expected


def test_a_value_that_nobody_listed_stays_as_typed_so_that_the_schema_reports_it():
    assert column("男性", "M", None).select(term("value", "SEX", CT))["value"].to_list() == ["男性", "M", None]


def test_a_list_of_values_that_the_study_does_not_have_stops_the_run():
    with pytest.raises(KeyError):
        term("value", "NOLIST", CT)


def test_only_yes_is_yes_and_an_empty_field_is_no():
    found = column("是", " 是", "否", "不知道", None).select(is_yes("value", CT)).to_series()
    assert found.to_list() == [True, True, False, False, False]


def test_the_name_of_a_test_has_the_concept_code_of_its_short_name():
    found = column("ALB", "OWN", "NONE", None).select(name_of_test("value", "TESTCD", "TEST", CT))["value"]
    assert found.to_list() == ["Albumin", None, None, None]
