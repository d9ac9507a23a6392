"""What data types and lengths say of values; expected by ODM 1.3.2, section 2.14, and by counting."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdisc_aclf.define.describe.value_type import ValueType, type_of, type_within


@pytest.mark.parametrize(
    ("values", "data_type"),
    [
        (["2026-01-10", "2026-02-28"], "date"),
        (["2026-01-10", "2026-02"], "partialDate"),
        (["2026"], "partialDate"),
        (["2026-01-10T08:30:00"], "datetime"),
        (["2026-01-10T08:30:00", "2026-01-10"], "partialDatetime"),
        (["2026-01-10T08:30"], "partialDatetime"),
        (["2026---15", "2026-01-10"], "incompleteDatetime"),
        ([None], "datetime"),
    ],
)
def test_dates_have_the_narrowest_type_that_holds_all_of_them_and_no_length(values: list[str | None], data_type: str):
    assert type_of(pl.Series(values, dtype=pl.String), "datetime") == ValueType(data_type, None)


def test_the_length_of_text_counts_bytes_as_the_transport_file_does():
    assert type_of(pl.Series(["肝", "ab"]), "text") == ValueType("text", 3)
    assert type_of(pl.Series([None], dtype=pl.String), "text") == ValueType("text", 1)


def test_a_number_is_as_long_as_it_is_written():
    assert type_of(pl.Series([-12, 7]), "integer") == ValueType("integer", 3)
    assert type_of(pl.Series([1.5, -10.25]), "float") == ValueType("float", 6, 2)
    assert type_of(pl.Series([1.0, 20.0]), "float") == ValueType("float", 2, 0)


def test_the_noise_of_a_binary_fraction_makes_no_digits():
    assert type_of(pl.Series([0.1 + 0.2, 1e-7, 1e15]), "float") == ValueType("float", 16, 7)


def test_a_numeric_date_is_a_number_of_eight_bytes():
    assert type_of(pl.Series([date(2026, 1, 10)]), "integer") == ValueType("integer", 8)


@pytest.mark.parametrize(
    ("values", "value_type"),
    [
        (["1", "-20"], ValueType("integer", 3)),
        (["1.5", "20"], ValueType("float", 3, 1)),
        (["0012"], ValueType("text", 4)),
        (["<0.5", "1"], ValueType("text", 4)),
        (["1."], ValueType("text", 2)),
        (["2026-01-10"], ValueType("date", None)),
        (["2026", "2027"], ValueType("integer", 4)),
        (["2026-01-10", "UNKNOWN"], ValueType("text", 10)),
    ],
)
def test_text_of_one_test_may_be_all_numbers_or_all_dates(values: list[str], value_type: ValueType):
    assert type_within(pl.Series(values), "text") == value_type


def test_numbers_of_one_test_may_be_all_whole():
    assert type_within(pl.Series([1.0, 20.0]), "float") == ValueType("integer", 2)
    assert type_within(pl.Series([1.0, 20.5]), "float") == ValueType("float", 4, 1)


@given(st.lists(st.decimals(-999999, 999999, places=3), min_size=1))
def test_length_and_digits_hold_every_number_of_up_to_twelve_digits(numbers: list[object]):
    value_type = type_of(pl.Series([float(str(number)) for number in numbers]), "float")
    assert value_type.length is not None
    assert value_type.digits is not None
    for number in numbers:
        text = f"{number:f}".rstrip("0").rstrip(".")
        assert len(text) <= value_type.length
        assert len(text.partition(".")[2]) <= value_type.digits


def test_a_whole_number_may_be_longer_than_a_computer_counts():
    assert type_within(pl.Series([10.0**30, -7.0]), "float") == ValueType("integer", 31)
