"""Scores: the worked examples of the publications, by hand to four decimals, and what must not give a number."""

import math
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.map.score import (
    CODINGS,
    POINTS,
    albumin_points,
    bilirubin_points,
    child_pugh_grade,
    child_pugh_total,
    cossh_aclf_ii,
    cossh_risk,
    encephalopathy_score,
    inr_points,
    laboratory_points,
    why_not_usable,
)
from cdisc_aclf.model.quantity import Quantity

UNITS = {"inr": "RATIO", "neutrophils": "10^9/L", "bilirubin": "umol/L", "urea": "mmol/L", "age": "YEARS"}
INPUTS = {"inr": 2.1, "west_haven": 0, "neutrophils": 5.0, "bilirubin": 350.0, "urea": 5.0, "age": 46}


def cossh(inputs: dict[str, float | None], units: dict[str, str] = UNITS, **options: dict[int, int]) -> float | None:
    quantities = {name: Quantity(pl.col(name), unit) for name, unit in units.items()}
    score = cossh_aclf_ii(west_haven=pl.col("west_haven"), **quantities, **options)
    frame = pl.DataFrame([inputs], schema=dict.fromkeys(inputs, pl.Float64))
    return frame.select(score).item()


# INR, West Haven grade, neutrophils 10^9/L, bilirubin umol/L, urea mmol/L, age; the score was worked out by hand
@pytest.mark.parametrize(
    ("inputs", "score"),
    [
        ((2.1, 0, 5.0, 350, 5.0, 46), 7.1292),
        ((2.5, 2, 8.0, 420, 8.5, 55), 8.7483),
        ((3.2, 4, 11.6, 512.4, 14.2, 61), 10.3427),
        ((2.2, 1, 4.6, 300, 5.6, 48), 7.6978),
        ((1.5, 0, 3.1, 205.2, 3.4, 33), 5.5087),
    ],
)
def test_the_worked_examples_of_cossh_aclf_ii_come_out_to_four_decimals(inputs: tuple[float, ...], score: float):
    assert round(cossh(dict(zip(INPUTS, inputs, strict=True))), 4) == score


def test_an_inr_below_1_is_legal_and_lowers_the_score():
    # ln 0.9 = -0.10536, ln 2.1 = 0.74194: 1.649 times the difference is -1.39720
    assert cossh(INPUTS | {"inr": 0.9}) == pytest.approx(7.12924 - 1.39720, abs=1e-4)


def test_the_score_is_not_rounded():
    assert cossh(INPUTS) != round(cossh(INPUTS), 4)


@pytest.mark.parametrize("name", INPUTS)
def test_one_missing_input_leaves_the_score_missing(name: str):
    assert cossh(INPUTS | {name: None}) is None


@pytest.mark.parametrize("name", ["inr", "neutrophils", "bilirubin", "urea"])
@pytest.mark.parametrize("value", [0.0, -1.0])
def test_what_has_no_logarithm_leaves_the_score_missing(name: str, value: float):
    assert cossh(INPUTS | {name: value}) is None


def test_a_grade_that_does_not_exist_leaves_the_score_missing():
    assert cossh(INPUTS | {"west_haven": 5}) is None


# the same five subjects with the West Haven grade itself: 0.457 less for grades 0 and 1, 0.457 more for grade 4
@pytest.mark.parametrize(
    ("inputs", "score", "risk"),
    [
        ((2.1, 0, 5.0, 350, 5.0, 46), 6.6722, "LOW"),
        ((2.5, 2, 8.0, 420, 8.5, 55), 8.7483, "HIGH"),
        ((3.2, 4, 11.6, 512.4, 14.2, 61), 10.7997, "HIGH"),
        ((2.2, 1, 4.6, 300, 5.6, 48), 7.2408, "LOW"),
        ((1.5, 0, 3.1, 205.2, 3.4, 33), 5.0517, "LOW"),
    ],
)
def test_the_literal_reading_of_the_record_has_to_be_asked_for_by_name(
    inputs: tuple[float, ...], score: float, risk: str
):
    found = cossh(dict(zip(INPUTS, inputs, strict=True)), coding=CODINGS["literal"])
    assert round(found, 4) == score
    assert pl.select(cossh_risk(pl.lit(found))).item() == risk


def test_the_published_coding_is_the_one_that_nobody_has_to_ask_for():
    assert cossh(INPUTS) == cossh(INPUTS, coding=CODINGS["published"])


def test_a_risk_group_holds_its_lower_limit_and_compares_the_score_as_it_is():
    # 7.396 is displayed as 7.40 and 8.39999999 as 8.40: both stay in the group below
    scores = pl.DataFrame({"score": [0.9, 7.396, 7.4, 8.39999999, 8.4, 15.2, None]})
    groups = scores.select(cossh_risk(pl.col("score"))).to_series().to_list()
    assert groups == ["LOW", "LOW", "MODERATE", "MODERATE", "HIGH", "HIGH", None]


@pytest.mark.parametrize(
    ("value", "result", "reason"),
    [
        (2.1, "2.1", None),
        (0.0, "0", "UREA NOT POSITIVE"),
        (-1.0, "-1", "UREA NOT POSITIVE"),
        (None, "<0.1", "UREA CENSORED"),
        (None, ">=80", "UREA CENSORED"),
        (None, "clotted", "UREA NO STANDARD RESULT"),
        (None, None, "UREA MISSING"),
    ],
)
def test_a_result_that_no_score_can_take_says_why(value: float | None, result: str | None, reason: str | None):
    given = {"value": pl.lit(value, pl.Float64), "result": pl.lit(result, pl.String)}
    assert pl.select(why_not_usable("UREA", **given)).item() == reason


LABORATORY = st.floats(0.01, 5000)
SUBJECTS = st.fixed_dictionaries(
    {
        "inr": LABORATORY,
        "west_haven": st.integers(0, 4),
        "neutrophils": LABORATORY,
        "bilirubin": LABORATORY,
        "urea": LABORATORY,
        "age": st.integers(18, 99),
    }
)


@given(SUBJECTS, st.sampled_from(["inr", "neutrophils", "bilirubin", "urea"]))
def test_doubling_a_result_adds_its_coefficient_times_the_logarithm_of_2(inputs: dict[str, float], name: str):
    coefficient = {"inr": 1.649, "neutrophils": 0.425, "bilirubin": 0.396, "urea": 0.576}[name]
    doubled = inputs | {name: 2 * inputs[name]}
    assert cossh(doubled) - cossh(inputs) == pytest.approx(coefficient * math.log(2), abs=1e-9)


@given(SUBJECTS)
def test_the_two_codings_differ_by_no_more_than_one_level(inputs: dict[str, float]):
    difference = cossh(inputs, coding=CODINGS["literal"]) - cossh(inputs)
    assert difference == pytest.approx({0: -0.457, 1: -0.457, 2: 0, 3: 0, 4: 0.457}[inputs["west_haven"]], abs=1e-9)


@pytest.mark.parametrize(
    ("name", "unit"),
    [("bilirubin", "mg/dL"), ("urea", "mg/dL"), ("neutrophils", "%"), ("inr", "%"), ("age", "MONTHS")],
)
def test_a_quantity_in_another_unit_is_refused_by_name(name: str, unit: str):
    with pytest.raises(DefinitionError, match=rf"(?i)takes {name} in .*, and is given {unit}"):
        cossh(INPUTS, UNITS | {name: unit})


def child_pugh(west_haven: int, ascites: int, bilirubin: float, albumin: float, inr: float) -> tuple[int, str]:
    total = child_pugh_total(
        encephalopathy=encephalopathy_score(pl.lit(west_haven)),
        ascites=pl.lit(ascites),
        bilirubin=bilirubin_points(Quantity(pl.lit(bilirubin), "umol/L")),
        albumin=albumin_points(Quantity(pl.lit(albumin), "g/L")),
        inr=inr_points(Quantity(pl.lit(inr), "RATIO")),
    )
    return pl.select(total=total, grade=child_pugh_grade(total)).row(0)


# ascites as its points: absent 1, slight 2, moderate 3
@pytest.mark.parametrize(
    ("results", "total", "grade"),
    [
        ((0, 1, 30, 36, 1.5), 5, "A"),
        ((1, 2, 34.2, 35, 1.7), 10, "C"),
        ((0, 2, 51.3, 28, 2.3), 9, "B"),
        ((4, 3, 350, 27.9, 2.31), 15, "C"),
        ((2, 2, 350, 31, 2.1), 11, "C"),
        ((0, 1, 34.19, 35.01, 1.69), 5, "A"),
    ],
)
def test_the_worked_examples_of_child_pugh_come_out(
    results: tuple[int, int, float, float, float], total: int, grade: str
):
    assert child_pugh(*results) == (total, grade)


def test_a_value_on_a_cut_off_has_two_points_in_every_unit_that_the_cut_off_is_published_in():
    on_cut_off = [
        *(bilirubin_points(Quantity(pl.lit(value), "umol/L")) for value in (34.2, 51.3)),
        *(bilirubin_points(Quantity(pl.lit(value), "mg/dL")) for value in (2.0, 3.0)),
        *(albumin_points(Quantity(pl.lit(value), "g/L")) for value in (28.0, 35.0)),
        *(albumin_points(Quantity(pl.lit(value), "g/dL")) for value in (2.8, 3.5)),
        *(inr_points(Quantity(pl.lit(value), "RATIO")) for value in (1.7, 2.3)),
    ]
    assert {pl.select(points).item() for points in on_cut_off} == {2}


def test_a_value_just_outside_the_middle_band_is_outside_in_every_unit():
    bilirubin = [(34.19, "umol/L"), (51.31, "umol/L"), (1.99, "mg/dL"), (3.01, "mg/dL")]
    albumin = [(35.01, "g/L"), (27.99, "g/L"), (3.51, "g/dL"), (2.79, "g/dL")]
    inr = [(1.69, "RATIO"), (2.31, "RATIO")]
    for points, results in ((bilirubin_points, bilirubin), (albumin_points, albumin), (inr_points, inr)):
        found = [pl.select(points(Quantity(pl.lit(value), unit))).item() for value, unit in results]
        assert found == [1, 3] * (len(results) // 2)


@pytest.mark.parametrize(("points", "unit"), [(bilirubin_points, "g/L"), (albumin_points, "umol/L"), (inr_points, "s")])
def test_points_of_a_quantity_in_a_unit_without_cut_offs_are_refused(points: Callable[[Quantity], pl.Expr], unit: str):
    with pytest.raises(DefinitionError, match=f"and is given {unit}"):
        points(Quantity(pl.lit(2.0), unit))


def test_what_binary_arithmetic_adds_to_a_decimal_does_not_move_it_over_a_cut_off():
    # 3 * 17.1 is 51.300000000000004 and 0.1 * 28 is 2.8000000000000003 in binary
    assert pl.select(bilirubin_points(Quantity(pl.lit(3 * 17.1), "umol/L"))).item() == 2
    assert pl.select(albumin_points(Quantity(pl.lit(0.1 * 28), "g/dL"))).item() == 2


@given(st.sampled_from(sorted(POINTS)), st.floats(0.1, 900), st.floats(0.1, 900))
def test_points_rise_with_bilirubin_and_inr_and_fall_with_albumin(test: tuple[str, str], one: float, two: float):
    low, high = (pl.select(POINTS[test](Quantity(pl.lit(value), test[1]))).item() for value in sorted((one, two)))
    assert 1 <= low <= 3
    assert (low >= high) if test[0] == "ALB" else (low <= high)


def test_points_are_given_in_the_unit_that_was_reported():
    # 3.0 mg/dL is on the cut-off; times 17.104 it would be 51.312 umol/L and above it
    rows = [("BILI", "mg/dL", 3.0), ("BILI", "umol/L", 51.312), ("BILI", "g/L", 3.0), ("INR", "RATIO", 1.0)]
    results = pl.DataFrame(rows, schema=["test", "unit", "value"], orient="row")
    assert results.select(laboratory_points("test", "unit", pl.col("value"))).to_series().to_list() == [2, 3, None, 1]


ITEMS = st.tuples(*[st.integers(1, 3)] * 5)


@given(ITEMS, st.permutations(range(5)))
def test_the_total_does_not_depend_on_the_order_of_the_items(points: tuple[int, ...], order: list[int]):
    names = ("encephalopathy", "ascites", "bilirubin", "albumin", "inr")
    one = child_pugh_total(**dict(zip(names, map(pl.lit, points), strict=True)))
    two = child_pugh_total(**{name: pl.lit(points[place]) for name, place in zip(names, order, strict=True)})
    assert pl.select(one).item() == pl.select(two).item() == sum(points)


def test_a_missing_result_has_no_points_no_total_and_no_grade():
    assert child_pugh(0, 1, None, 36, 1.5) == (None, None)


def test_a_total_that_cannot_be_has_no_grade():
    grades = pl.DataFrame({"total": [4, 16, None]}).select(child_pugh_grade(pl.col("total"))).to_series()
    assert grades.to_list() == [None, None, None]
