"""Conversion factors are checked against molar masses and hand calculation, rounding against `decimal`."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cdisc_aclf.derive.standard_result import add_range_indicator, add_standard_result

REFERENCE = Path(__file__).resolve().parents[3] / "specs" / "reference"


def table(name: str) -> pl.DataFrame:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return pl.DataFrame(list(csv.DictReader(file))).with_columns(pl.all().replace("", None))


TESTS, UNITS = table("lb_tests.csv"), table("lb_units.csv")
COLUMNS = ("LBTESTCD", "LBORRES", "LBORRESU", "LBORNRLO", "LBORNRHI")
STANDARD = ("LBSTRESC", "LBSTRESN", "LBSTRESU")
Cell = str | None


def standard(*rows: tuple[Cell, ...], tests: pl.DataFrame = TESTS, units: pl.DataFrame = UNITS) -> pl.DataFrame:
    filled = [row + (None,) * (len(COLUMNS) - len(row)) for row in rows]
    frame = pl.DataFrame(filled, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    found = add_standard_result(frame, "LB", tests=tests, units=units)
    assert found.select(COLUMNS).equals(frame)
    return found


def result(test: str, value: Cell, unit: Cell) -> tuple[Cell, float | None, Cell]:
    return standard((test, value, unit)).select(STANDARD).row(0)


HAND_CALCULATED = {
    ("HGB", "g/L"): ("128", "128", "g/L"),
    ("HGB", "g/dL"): ("12.85", "128.5", "g/L"),
    ("WBC", "10^9/L"): ("6.20", "6.20", "10^9/L"),
    ("NEUT", "10^9/L"): ("5.0", "5.0", "10^9/L"),
    ("NEUTLE", "%"): ("71.3", "71.3", "%"),
    ("PLAT", "10^9/L"): ("104", "104", "10^9/L"),
    ("BILI", "umol/L"): ("350.60", "350.60", "umol/L"),
    ("BILI", "mg/dL"): ("20.5", "350.6", "umol/L"),  # 350.632
    ("BILDIR", "umol/L"): ("210.3", "210.3", "umol/L"),
    ("BILDIR", "mg/dL"): ("12.3", "210.4", "umol/L"),  # 210.3792
    ("ALB", "g/L"): ("31.0", "31.0", "g/L"),
    ("ALB", "g/dL"): ("3.1", "31.0", "g/L"),
    ("ALT", "U/L"): ("88", "88", "U/L"),
    ("AST", "U/L"): ("104", "104", "U/L"),
    ("UREA", "mmol/L"): ("5.0", "5.0", "mmol/L"),
    ("UREAN", "mmol/L"): ("5.00", "5.00", "mmol/L"),
    ("UREAN", "mg/dL"): ("14", "5.00", "mmol/L"),  # 4.997608
    ("CREAT", "umol/L"): ("88", "88", "umol/L"),
    ("CREAT", "mg/dL"): ("1.0", "88.4", "umol/L"),
    ("INR", "RATIO"): ("2.10", "2.10", "RATIO"),
    ("PT", "s"): ("22.4", "22.4", "s"),
    ("PTA", "%"): ("38", "38", "%"),
    ("INTLK6", "ng/L"): ("12.05", "12.05", "ng/L"),
    ("AFP", "ug/L"): ("7.1", "7.1", "ug/L"),
}


@pytest.mark.parametrize(("test", "unit"), UNITS.select("testcd", "unit").rows())
def test_every_listed_unit_leads_to_the_result_calculated_by_hand(test: str, unit: str):
    value, expected, standard_unit = HAND_CALCULATED[test, unit]
    assert result(test, value, unit) == (expected, float(expected), standard_unit)


@pytest.mark.parametrize(
    ("test", "unit", "factor", "tolerance"),
    [
        # 1 mg/dL is 10 mg/L; divided by g/mol it is mmol/L; IUPAC 2021 atomic masses
        ("BILI", "mg/dL", 10_000 / (33 * 12.011 + 36 * 1.008 + 4 * 14.007 + 6 * 15.999), 1e-3),
        ("CREAT", "mg/dL", 10_000 / (4 * 12.011 + 7 * 1.008 + 3 * 14.007 + 15.999), 1e-3),
        ("UREAN", "mg/dL", 10 / (2 * 14.007), 1e-4),
        ("HGB", "g/dL", 10, 0),
        ("ALB", "g/dL", 10, 0),
    ],
)
def test_factors_agree_with_the_molar_mass(test: str, unit: str, factor: float, tolerance: float):
    listed = UNITS.filter(pl.col("testcd") == test, pl.col("unit") == unit)["factor"].item()
    assert float(listed) == pytest.approx(factor, rel=tolerance)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.005", "0.1"),  # 0.05
        ("0.015", "0.2"),  # 0.15, which is 0.1499... in binary
        ("0.0049", "0.0"),  # 0.049
        ("-0.005", "-0.1"),
        ("-0.0049", "0.0"),
        ("3.425", "34.3"),  # 34.25
        ("3.435", "34.4"),  # 34.35
    ],
)
def test_a_tie_is_rounded_away_from_zero(value: str, expected: str):
    assert result("ALB", value, "g/dL") == (expected, float(expected), "g/L")


def test_a_product_just_below_a_tie_is_not_rounded_twice():
    tests = pl.DataFrame({"testcd": ["X"], "standard_unit": ["u"], "decimals": ["0"]})
    units = pl.DataFrame({"testcd": ["X"], "unit": ["half"], "factor": ["0.5"]})
    assert standard(("X", "2.99999999999", "half"), tests=tests, units=units)["LBSTRESC"].item() == "1"
    assert standard(("X", "3", "half"), tests=tests, units=units)["LBSTRESC"].item() == "2"


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.decimals(-(10**9), 10**9, places=9, allow_nan=False), min_size=1, max_size=20),
    st.sampled_from(["17.104", "0.356972", "88.4", "10", "0.5"]),
    st.integers(0, 4),
)
@example([Decimal("2.999999999"), Decimal("-2.999999999"), Decimal(3)], "0.5", 0)
def test_a_converted_result_is_the_decimal_product_rounded_half_up_in_magnitude(
    values: list[Decimal], factor: str, places: int
):
    tests = pl.DataFrame({"testcd": ["X"], "standard_unit": ["u"], "decimals": [str(places)]})
    units = pl.DataFrame({"testcd": ["X"], "unit": ["other"], "factor": [factor]})
    found = standard(*(("X", f"{value:f}", "other") for value in values), tests=tests, units=units)
    rounded = [(value * Decimal(factor)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) for value in values]
    expected = [f"{abs(number) if number == 0 else number:f}" for number in rounded]
    assert found["LBSTRESC"].to_list() == expected
    assert found["LBSTRESN"].to_list() == [float(text) for text in expected]


@settings(deadline=None, max_examples=100)
@given(st.decimals(0, 10**6, places=12, allow_nan=False))
def test_a_result_of_twelve_decimals_is_converted_exactly(value: Decimal):
    expected = (value * Decimal("17.104")).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert result("BILI", f"{value:f}", "mg/dL")[0] == f"{expected:f}"


@pytest.mark.parametrize("text", ["350.60", "1.50", "007", "+5", "-1", "<0.5", "< 0.5", ">=1000", "溶血", "1e3", ".5"])
def test_a_result_in_the_standard_unit_stays_character_by_character(text: str):
    assert standard(("BILI", text, "umol/L")).select("LBSTRESC", "LBSTRESU").row(0) == (text, "umol/L")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("<0.5", "<8.6"), ("< 0.5", "<8.6"), (">30", ">513.1"), ("<=0.5", "<=8.6"), (">=30", ">=513.1")],
)
def test_a_limit_keeps_its_comparator_and_has_no_number(value: str, expected: str):
    assert result("BILI", value, "mg/dL") == (expected, None, "umol/L")


@pytest.mark.parametrize("value", ["<0.5", "<= 0.5", ">1000"])
def test_a_limit_in_the_standard_unit_has_no_number_either(value: str):
    assert result("BILI", value, "umol/L") == (value, None, "umol/L")


def test_text_stays_text_without_a_number_and_without_a_unit():
    assert result("BILI", "溶血", None) == ("溶血", None, None)
    assert result("BILI", "POSITIVE", "stones") == ("POSITIVE", None, None)


@pytest.mark.parametrize("value", ["溶血", ".5", "5.", "5-10", "1,5", "1e3", "=5", "~5", "≤5", "5 mg/dL", "０.５"])
def test_what_is_no_plain_number_is_not_converted_and_does_not_get_the_standard_unit(value: str):
    assert result("BILI", value, "mg/dL") == (value, None, None)


@pytest.mark.parametrize("unit", ["stones", "g/dL", "MG/DL", None])
def test_a_number_in_a_unit_that_is_not_listed_for_the_test_has_no_standard_result(unit: Cell):
    assert result("BILI", "20.5", unit) == (None, None, None)
    assert result("BILI", "<20.5", unit) == (None, None, None)


def test_a_test_that_nobody_listed_has_no_standard_result():
    assert result("NEWTEST", "5", "mg/dL") == (None, None, None)
    assert standard((None, "5", "mg/dL")).select(STANDARD).row(0) == (None, None, None)


def test_where_nothing_was_measured_there_is_no_standard_result_and_no_standard_unit():
    assert result("BILI", None, "mg/dL") == (None, None, None)


def test_a_number_too_large_to_multiply_exactly_has_no_standard_result_and_no_standard_unit():
    assert result("BILI", "9" * 37, "mg/dL") == (None, None, None)


@pytest.mark.parametrize(
    ("row", "limits"),
    [
        (("BILI", "20.5", "mg/dL", "0.2", "1.2"), (3.4, 20.5)),  # 3.4208, 20.5248
        (("BILI", "20.5", "umol/L", "3.42", "20.5"), (3.42, 20.5)),
        (("BILI", "溶血", "mg/dL", "0.2", None), (3.4, None)),
        (("BILI", "20.5", "stones", "0.2", "1.2"), (None, None)),
        (("BILI", "20.5", "mg/dL", "normal", "-"), (None, None)),
    ],
)
def test_the_range_is_converted_as_its_result_is(row: tuple[Cell, ...], limits: tuple[float | None, ...]):
    assert standard(row).select("LBSTNRLO", "LBSTNRHI").row(0) == limits


def test_each_record_is_converted_by_its_own_test_and_unit_and_stays_in_its_place():
    rows = [("CREAT", "1.0", "mg/dL"), ("BILI", "1.0", "mg/dL"), ("CREAT", "1.0", "umol/L"), ("PLAT", "99", "10^9/L")]
    assert standard(*rows)["LBSTRESC"].to_list() == ["88.4", "17.1", "1.0", "99"]


def indicator(value: float | None, low: float | None, high: float | None) -> str | None:
    schema = dict.fromkeys(("LBSTRESN", "LBSTNRLO", "LBSTNRHI"), pl.Float64)
    frame = pl.DataFrame([(value, low, high)], schema=schema, orient="row")
    return add_range_indicator(frame, "LBNRIND", value="LBSTRESN", low="LBSTNRLO", high="LBSTNRHI")["LBNRIND"].item()


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (2.9, 3.0, 21.0, "LOW"),
        (3.0, 3.0, 21.0, "NORMAL"),
        (21.0, 3.0, 21.0, "NORMAL"),
        (21.1, 3.0, 21.0, "HIGH"),
        (2.9, 3.0, None, "LOW"),
        (3.0, 3.0, None, "NORMAL"),
        (21.1, None, 21.0, "HIGH"),
        (21.0, None, 21.0, "NORMAL"),
        (5.0, None, None, None),
        (None, 3.0, 21.0, None),
    ],
)
def test_the_range_indicator_says_on_which_side_of_the_range_a_number_lies(
    value: float | None, low: float | None, high: float | None, expected: str | None
):
    assert indicator(value, low, high) == expected


def test_a_limit_has_no_range_indicator():
    frame = standard(("BILI", "<0.5", "mg/dL", "0.2", "1.2"))
    found = add_range_indicator(frame, "LBNRIND", value="LBSTRESN", low="LBSTNRLO", high="LBSTNRHI")
    assert found["LBNRIND"].item() is None
