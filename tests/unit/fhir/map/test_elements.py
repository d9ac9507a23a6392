import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.fhir.map.elements import (
    concept_code,
    fhir_datetime,
    fhir_id,
    is_quantity,
    present,
    quantity,
    simple_quantity,
)
from cdisc_aclf.model.terminology import CodeList, Term, Terminology

UCUM = pl.DataFrame({"unit": ["10^9/L"], "ucum": ["10*9/L"]})


@pytest.mark.parametrize(
    ("dtc", "expected"),
    [
        ("2026-01-10T08:30", "2026-01-10T08:30:00+08:00"),
        ("2026-01-10T08:30:15", "2026-01-10T08:30:15+08:00"),
        ("2026-01-10T08:30:15.250", "2026-01-10T08:30:15.250+08:00"),
        ("2026-01-10T08:30Z", "2026-01-10T08:30:00Z"),
        ("2026-01-10T08:30:15-05:30", "2026-01-10T08:30:15-05:30"),
        ("2026-01-10T08", "2026-01-10"),
        ("2026-01-10T-:30", "2026-01-10"),
        ("2026-01-10", "2026-01-10"),
        ("2026-01", "2026-01"),
        ("2026---15", "2026"),
        ("2026---15T08:30", "2026"),
        ("2026", "2026"),
        ("--01-10", None),
        (None, None),
    ],
)
def test_a_date_is_cut_before_its_first_unknown_part_and_a_time_gets_seconds_and_zone(
    dtc: str | None, expected: str | None
):
    frame = pl.DataFrame({"LBDTC": [dtc]}, schema={"LBDTC": pl.String})
    assert frame.select(fhir_datetime("LBDTC", "+08:00")).item() == expected


@pytest.mark.parametrize(
    ("dtc", "expected"),
    [
        ("2026-02-30", "2026-02"),
        ("2026-02-30T08:30", "2026-02"),
        ("2026-13-01", "2026"),
        ("2024-02-29T23:59", "2024-02-29T23:59:00+08:00"),
        ("2026-02-28T24:00", "2026-02-28"),
        ("2026-02-28T08:30:75", "2026-02-28T08:30:00+08:00"),
    ],
)
def test_a_date_or_time_that_does_not_exist_is_cut_before_it_goes_wrong_and_not_corrected(dtc: str, expected: str):
    assert pl.DataFrame({"d": [dtc]}).select(fhir_datetime("d", "+08:00")).item() == expected


def elements(result: str | None, unit: str | None = "10^9/L") -> dict[str, str | None]:
    frame = pl.DataFrame({"r": [result], "u": [unit]}, schema={"r": pl.String, "u": pl.String})
    return frame.select(**quantity("q", "r", "u", UCUM), **simple_quantity("s", "r", "u", UCUM)).row(0, named=True)


@settings(deadline=None)
@given(
    st.from_regex(r"\A-?(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?\Z"),
    st.sampled_from(["", "<", "<=", ">", ">=", "< ", "≤", "≥ "]),
)
def test_the_digits_of_any_number_survive_with_and_without_comparator(digits: str, comparator: str):
    found = elements(comparator + digits)
    assert found["q.value"] == digits
    assert found["q.comparator"] == (comparator.strip().replace("≤", "<=").replace("≥", ">=") or None)
    assert found["s.value"] == (None if comparator else digits)


@settings(deadline=None)
@given(st.text(alphabet="0123456789.-<>=e+ ,nega", max_size=6))
def test_a_text_is_a_quantity_or_words_and_nothing_between(text: str):
    is_number = pl.DataFrame({"r": [text]}).select(is_quantity("r")).item()
    assert is_number == bool(re.fullmatch(r"([<>]=?\s*)?-?(0|[1-9]\d*)(\.\d+)?", text))
    assert (elements(text)["q.value"] is not None) == is_number


def test_a_unit_stands_beside_a_value_only():
    assert elements("positive") == dict.fromkeys(elements("positive"))
    assert (elements("1", "g%")["q.unit"], elements("1", "g%")["q.code"]) == ("g%", None)
    assert elements("1", None)["q.unit"] is None


def test_an_id_is_null_where_a_part_is():
    frame = pl.DataFrame({"a": ["PL21 01_1", None], "b": ["é", "2"]})
    assert frame.select(fhir_id("a", "b")).to_series().to_list() == ["PL21-01-1--", None]


def test_a_term_of_the_sponsor_and_an_unknown_term_have_no_concept_code():
    terms = (Term("HGB", "C64848"), Term("PTA", ""), Term("COSH0101", "PL21.COSH0101"))
    ct = Terminology(
        {"LBTESTCD": CodeList(name="LBTESTCD", ccode="C65047", label="", extensible=True, terms=terms)}, {}
    )
    frame = pl.DataFrame({"t": ["HGB", "PTA", "COSH0101", "XYZ", None]})
    assert frame.select(concept_code("t", "LBTESTCD", ct))["t"].to_list() == ["C64848", None, None, None, None]


def test_absent_parts_leave_no_trace_while_false_and_zero_stay():
    part = {"a": None, "b": {"c": [None, {"d": ""}]}, "e": False, "f": 0, "g": [{"h": None}, "i"]}
    assert present(part) == {"e": False, "f": 0, "g": ["i"]}
