"""Severity scores of liver failure. An input that is missing leaves the score missing: no part of a sum, no default."""

from collections.abc import Callable, Collection, Mapping

import polars as pl

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.quantity import Quantity

ENCEPHALOPATHY_SCORE: Mapping[int, int] = {0: 1, 1: 2, 2: 2, 3: 3, 4: 3}
"""West Haven grade to the three levels that both scores are published with: none, grade 1 or 2, grade 3 or 4.

Child-Pugh: CDISC codelist C208383. COSSH-ACLF II: Li et al., J Hepatol 2021;75:1104-15.
"""

CODINGS: Mapping[str, Mapping[int, int]] = {
    "published": ENCEPHALOPATHY_SCORE,
    "literal": {grade: grade for grade in range(5)},
}
"""What COSSH-ACLF II may take for hepatic encephalopathy: the three levels that it was fitted with, or the West Haven
grade itself, as the words "HE grade" of a registry record can be read."""

MODERATE_FROM, HIGH_FROM = 7.4, 8.4
"""Cut-offs of COSSH-ACLF II; the group above holds the cut-off (Li et al., J Hepatol 2021;75:1104-15)."""

_DECIMALS = 10  # more than any laboratory prints, fewer than a binary number holds


def encephalopathy_score(west_haven: pl.Expr, coding: Mapping[int, int] = ENCEPHALOPATHY_SCORE) -> pl.Expr:
    """Level 1 to 3 of hepatic encephalopathy; null where the grade is none of `coding`.

    Examples:
        >>> grades = pl.DataFrame({"grade": [0, 1, 2, 3, 4, 5, None]})
        >>> grades.select(encephalopathy_score(pl.col("grade")))["grade"].to_list()
        [1, 2, 2, 3, 3, None, None]
    """
    return west_haven.replace_strict(list(coding), list(coding.values()), default=None, return_dtype=pl.Int64)


def cossh_aclf_ii(  # noqa: PLR0913 - the published formula has six inputs, and each needs its name
    *,
    inr: Quantity,
    west_haven: pl.Expr,
    neutrophils: Quantity,
    bilirubin: Quantity,
    urea: Quantity,
    age: Quantity,
    coding: Mapping[int, int] = ENCEPHALOPATHY_SCORE,
) -> pl.Expr:
    """COSSH-ACLF II score, unrounded, null unless every input is known and every logarithm exists.

    Li et al., J Hepatol 2021;75:1104-15, with natural logarithms. It takes urea: a number of urea nitrogen in mg/dL
    would be 2.14 times too small.

    Args:
        inr: in RATIO.
        west_haven: grade 0 to 4.
        neutrophils: in 10^9/L.
        bilirubin: total bilirubin in umol/L.
        urea: in mmol/L.
        age: completed YEARS.
        coding: level of each grade; the published one, unless a study says otherwise.

    Raises:
        DefinitionError: a quantity is in another unit.

    Examples:
        >>> subject = {"INR": [2.1], "WH": [0], "NEUT": [5.0], "BILI": [350.0], "UREA": [5.0], "AGE": [46]}
        >>> score = cossh_aclf_ii(
        ...     inr=Quantity(pl.col("INR"), "RATIO"), west_haven=pl.col("WH"),
        ...     neutrophils=Quantity(pl.col("NEUT"), "10^9/L"), bilirubin=Quantity(pl.col("BILI"), "umol/L"),
        ...     urea=Quantity(pl.col("UREA"), "mmol/L"), age=Quantity(pl.col("AGE"), "YEARS"),
        ... )
        >>> round(pl.DataFrame(subject).select(score).item(), 4)
        7.1292
    """
    return (
        1.649 * _ln(_in("RATIO", inr, "INR"))
        + 0.457 * encephalopathy_score(west_haven, coding)
        + 0.425 * _ln(_in("10^9/L", neutrophils, "neutrophils"))
        + 0.396 * _ln(_in("umol/L", bilirubin, "bilirubin"))
        + 0.576 * _ln(_in("mmol/L", urea, "urea"))
        + 0.033 * _in("YEARS", age, "age")
    )


def cossh_risk(score: pl.Expr) -> pl.Expr:
    """Risk group of an unrounded COSSH-ACLF II score: LOW below 7.4, MODERATE below 8.4, HIGH from 8.4 on.

    7.396 is displayed as 7.40 and is LOW, so a rounded score must not be given.

    Examples:
        >>> scores = pl.DataFrame({"score": [7.396, 7.4, 8.3999, 8.4, None]})
        >>> scores.select(cossh_risk(pl.col("score"))).to_series().to_list()
        ['LOW', 'MODERATE', 'MODERATE', 'HIGH', None]
    """
    return (
        pl.when(score < MODERATE_FROM)
        .then(pl.lit("LOW"))
        .when(score < HIGH_FROM)
        .then(pl.lit("MODERATE"))
        .when(score >= HIGH_FROM)
        .then(pl.lit("HIGH"))
    )


def why_not_usable(name: str, *, value: pl.Expr, result: pl.Expr) -> pl.Expr:
    """Why a score cannot take a laboratory result, in words that begin with its name; null where it can.

    Zero and less have no logarithm and are no concentration.

    Args:
        name: of the input, e.g. `INR`.
        value: the number that the score takes.
        result: the result as text; a limit such as `<0.1` is no number.

    Examples:
        >>> inputs = pl.DataFrame({"value": [2.1, 0.0, -1.0, None, None, None],
        ...                        "result": ["2.1", "0", "-1", "<0.1", "clotted", None]})
        >>> inputs.select(why_not_usable("INR", value=pl.col("value"), result=pl.col("result"))).to_series().to_list()
        [None, 'INR NOT POSITIVE', 'INR NOT POSITIVE', 'INR CENSORED', 'INR NO STANDARD RESULT', 'INR MISSING']
    """
    return (
        pl.when(value > 0)
        .then(None)
        .when(value.is_not_null())
        .then(pl.lit(f"{name} NOT POSITIVE"))
        .when(result.str.contains("^[<>]"))
        .then(pl.lit(f"{name} CENSORED"))
        .when(result.is_not_null())
        .then(pl.lit(f"{name} NO STANDARD RESULT"))
        .otherwise(pl.lit(f"{name} MISSING"))
    )


def bilirubin_points(bilirubin: Quantity) -> pl.Expr:
    """Child-Pugh points of total bilirubin in umol/L or mg/dL: below 2 mg/dL is 1, from 2 to 3 is 2, above is 3.

    34.2 and 51.3 umol/L stand for 2 and 3 mg/dL. Give the result in the unit that was reported: nothing is computed
    here, so a value on a cut-off stays on it (CDISC codelist C208385). What binary arithmetic added to a decimal is
    taken off: 3 * 17.1 is 51.3.

    Raises:
        DefinitionError: the quantity is in another unit.

    Examples:
        >>> results = pl.DataFrame({"BILI": [34.19, 34.2, 51.3, 51.31, None]})
        >>> results.select(bilirubin_points(Quantity(pl.col("BILI"), "umol/L"))).to_series().to_list()
        [1, 2, 2, 3, None]
    """
    return _points(bilirubin, {"umol/L": (34.2, 51.3), "mg/dL": (2, 3)}, "bilirubin")


def albumin_points(albumin: Quantity) -> pl.Expr:
    """Child-Pugh points of albumin in g/L or g/dL: above 3.5 g/dL is 1, from 2.8 to 3.5 is 2, below is 3 (C208386).

    Raises:
        DefinitionError: the quantity is in another unit.

    Examples:
        >>> results = pl.DataFrame({"ALB": [35.01, 35.0, 28.0, 27.9]})
        >>> results.select(albumin_points(Quantity(pl.col("ALB"), "g/L"))).to_series().to_list()
        [1, 2, 2, 3]
    """
    return 4 - _points(albumin, {"g/L": (28, 35), "g/dL": (2.8, 3.5)}, "albumin")


def inr_points(inr: Quantity) -> pl.Expr:
    """Child-Pugh points of the INR: below 1.7 is 1, from 1.7 to 2.3 is 2, above is 3 (CDISC codelist C208388).

    Raises:
        DefinitionError: the quantity is in another unit.

    Examples:
        >>> results = pl.DataFrame({"INR": [1.69, 1.7, 2.3, 2.31]})
        >>> results.select(inr_points(Quantity(pl.col("INR"), "RATIO"))).to_series().to_list()
        [1, 2, 2, 3]
    """
    return _points(inr, {"RATIO": (1.7, 2.3)}, "INR")


POINTS: Mapping[tuple[str, str], Callable[[Quantity], pl.Expr]] = {
    ("BILI", "umol/L"): bilirubin_points,
    ("BILI", "mg/dL"): bilirubin_points,
    ("ALB", "g/L"): albumin_points,
    ("ALB", "g/dL"): albumin_points,
    ("INR", "RATIO"): inr_points,
}
"""Child-Pugh items by LBTESTCD and the unit that a result may be reported in."""


def laboratory_points(test: str, unit: str, result: pl.Expr) -> pl.Expr:
    """Child-Pugh points of a laboratory result in the unit that was reported; null for other tests and units.

    Args:
        test: variable with the LBTESTCD.
        unit: variable with the unit of `result`.
        result: the number as reported.

    Examples:
        >>> lb = pl.DataFrame({"LBTESTCD": ["BILI", "BILI", "ALB", "ALT"],
        ...                    "LBORRESU": ["mg/dL", "umol/L", "g/L", "U/L"],
        ...                    "result": [3.0, 51.31, 27.9, 88.0]})
        >>> lb.select(laboratory_points("LBTESTCD", "LBORRESU", pl.col("result"))).to_series().to_list()
        [2, 3, 3, None]
    """
    return pl.coalesce(
        pl.when(pl.col(test) == code, pl.col(unit) == reported).then(points(Quantity(result, reported)))
        for (code, reported), points in POINTS.items()
    )


def child_pugh_total(
    *, encephalopathy: pl.Expr, ascites: pl.Expr, bilirubin: pl.Expr, albumin: pl.Expr, inr: pl.Expr
) -> pl.Expr:
    """Sum of the points of the five items, null unless all five are known.

    Examples:
        >>> row = pl.DataFrame({"he": [2, 2], "asc": [2, None], "bili": [3, 3], "alb": [2, 2], "inr": [2, 2]})
        >>> total = child_pugh_total(encephalopathy=pl.col("he"), ascites=pl.col("asc"), bilirubin=pl.col("bili"),
        ...                          albumin=pl.col("alb"), inr=pl.col("inr"))
        >>> row.select(total=total)["total"].to_list()
        [11, None]
    """
    return encephalopathy + ascites + bilirubin + albumin + inr


def child_pugh_grade(total: pl.Expr) -> pl.Expr:
    """Grade A for 5 to 6 points, B for 7 to 9, C for 10 to 15; null for any other total.

    Examples:
        >>> totals = pl.DataFrame({"total": [5, 6, 7, 9, 10, 15, 16, None]})
        >>> totals.select(child_pugh_grade(pl.col("total"))).to_series().to_list()
        ['A', 'A', 'B', 'B', 'C', 'C', None, None]
    """
    grades = (("A", 5, 6), ("B", 7, 9), ("C", 10, 15))
    return pl.coalesce(pl.when(total.is_between(low, high)).then(pl.lit(grade)) for grade, low, high in grades)


def _in(unit: str, quantity: Quantity, name: str) -> pl.Expr:
    _refuse_other_units({unit}, quantity, name)
    return quantity.value


def _ln(value: pl.Expr) -> pl.Expr:
    return pl.when(value > 0).then(value.log())


def _points(quantity: Quantity, bands: Mapping[str, tuple[float, float]], name: str) -> pl.Expr:
    _refuse_other_units(bands.keys(), quantity, name)
    low, high = bands[quantity.unit]
    value = quantity.value.cast(pl.Float64).round(_DECIMALS)
    return 1 + (value >= low).cast(pl.Int64) + (value > high).cast(pl.Int64)


def _refuse_other_units(units: Collection[str], quantity: Quantity, name: str) -> None:
    if quantity.unit not in units:
        raise DefinitionError(
            "", f"the score takes {name} in {' or '.join(sorted(units))}, and is given {quantity.unit}"
        )
