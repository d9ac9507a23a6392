"""Scores: the worked examples of the publications, by hand to four decimals, and what must not give a number."""

from collections.abc import Callable

import polars as pl
import pytest

from cdisc_aclf.errors import HouseError
from cdisc_aclf.map.score import (
    albumin_points,
    bilirubin_points,
    child_pugh_grade,
    child_pugh_total,
    cossh_aclf_ii,
    encephalopathy_score,
    inr_points,
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


def test_another_coding_of_encephalopathy_has_to_be_asked_for():
    raw = {grade: grade for grade in range(5)}
    assert round(cossh(INPUTS, coding=raw), 4) == 6.6722


@pytest.mark.parametrize(
    ("name", "unit"),
    [("bilirubin", "mg/dL"), ("urea", "mg/dL"), ("neutrophils", "%"), ("inr", "%"), ("age", "MONTHS")],
)
def test_a_quantity_in_another_unit_is_refused_by_name(name: str, unit: str):
    with pytest.raises(HouseError, match=rf"(?i)takes {name} in .*, and is given {unit}"):
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
    with pytest.raises(HouseError, match=f"and is given {unit}"):
        points(Quantity(pl.lit(2.0), unit))


def test_a_missing_result_has_no_points_no_total_and_no_grade():
    assert child_pugh(0, 1, None, 36, 1.5) == (None, None)


def test_a_total_that_cannot_be_has_no_grade():
    grades = pl.DataFrame({"total": [4, 16, None]}).select(child_pugh_grade(pl.col("total"))).to_series()
    assert grades.to_list() == [None, None, None]
