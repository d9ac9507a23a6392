"""What data types and lengths say of values; expected by ODM 1.3.2, section 2.14, and by counting."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdisc_aclf.define.describe.structure import Shape, shape_of, shape_within


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
    assert shape_of(pl.Series(values, dtype=pl.String), "datetime") == Shape(data_type, None)


def test_the_length_of_text_counts_bytes_as_the_transport_file_does():
    assert shape_of(pl.Series(["肝", "ab"]), "text") == Shape("text", 3)
    assert shape_of(pl.Series([None], dtype=pl.String), "text") == Shape("text", 1)


def test_a_number_is_as_long_as_it_is_written():
    assert shape_of(pl.Series([-12, 7]), "integer") == Shape("integer", 3)
    assert shape_of(pl.Series([1.5, -10.25]), "float") == Shape("float", 6, 2)
    assert shape_of(pl.Series([1.0, 20.0]), "float") == Shape("float", 2, 0)


def test_the_noise_of_a_binary_fraction_makes_no_digits():
    assert shape_of(pl.Series([0.1 + 0.2, 1e-7, 1e15]), "float") == Shape("float", 16, 7)


def test_a_numeric_date_is_a_number_of_eight_bytes():
    assert shape_of(pl.Series([date(2026, 1, 10)]), "integer") == Shape("integer", 8)


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        (["1", "-20"], Shape("integer", 3)),
        (["1.5", "20"], Shape("float", 3, 1)),
        (["0012"], Shape("text", 4)),
        (["<0.5", "1"], Shape("text", 4)),
        (["1."], Shape("text", 2)),
        (["2026-01-10"], Shape("date", None)),
        (["2026", "2027"], Shape("integer", 4)),
        (["2026-01-10", "UNKNOWN"], Shape("text", 10)),
    ],
)
def test_text_of_one_test_may_be_all_numbers_or_all_dates(values: list[str], shape: Shape):
    assert shape_within(pl.Series(values), "text") == shape


def test_numbers_of_one_test_may_be_all_whole():
    assert shape_within(pl.Series([1.0, 20.0]), "float") == Shape("integer", 2)
    assert shape_within(pl.Series([1.0, 20.5]), "float") == Shape("float", 4, 1)


@given(st.lists(st.decimals(-999999, 999999, places=3), min_size=1))
def test_length_and_digits_hold_every_number_of_up_to_twelve_digits(numbers: list[object]):
    shape = shape_of(pl.Series([float(str(number)) for number in numbers]), "float")
    assert shape.length is not None
    assert shape.digits is not None
    for number in numbers:
        text = f"{number:f}".rstrip("0").rstrip(".")
        assert len(text) <= shape.length
        assert len(text.partition(".")[2]) <= shape.digits


def test_a_whole_number_may_be_longer_than_a_computer_counts():
    assert shape_within(pl.Series([10.0**30, -7.0]), "float") == Shape("integer", 31)
