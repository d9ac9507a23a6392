"""The two severity scores as an investigator works them out from the printed results."""

import math
from bisect import bisect_left, bisect_right
from decimal import Decimal
from typing import NamedTuple

ELIGIBLE_BELOW = 7.4
"""Inclusion criterion 3: COSSH-ACLF II score < 7.4."""


def encephalopathy_level(west_haven: int) -> int:
    """Level 1 to 3 of a West Haven grade: none, grade 1 or 2, grade 3 or 4.

    Both scores use these bands: Child-Pugh as its points (CDISC codelist C208383), COSSH-ACLF II as its "HE
    score" (Li et al., J Hepatol 2021;75:1104-15).

    Examples:
        >>> [encephalopathy_level(grade) for grade in range(5)]
        [1, 2, 2, 3, 3]
    """
    return 1 + bisect_left([0, 2], west_haven)


def cossh_aclf_ii(*, inr: str, west_haven: int, neutrophils: str, bilirubin: str, urea: str, age: int) -> float:
    """COSSH-ACLF II score, unrounded (Li et al., J Hepatol 2021;75:1104-15).

    Args:
        inr: international normalised ratio.
        west_haven: grade of hepatic encephalopathy, 0 to 4.
        neutrophils: in 10^9/L.
        bilirubin: total bilirubin in umol/L.
        urea: in mmol/L.
        age: completed years.

    Examples:
        >>> worked = dict(inr="2.1", west_haven=0, neutrophils="5.0", bilirubin="350", urea="5.0", age=46)
        >>> round(cossh_aclf_ii(**worked), 4)
        7.1292
    """
    return (
        1.649 * math.log(float(inr))
        + 0.457 * encephalopathy_level(west_haven)
        + 0.425 * math.log(float(neutrophils))
        + 0.396 * math.log(float(bilirubin))
        + 0.576 * math.log(float(urea))
        + 0.033 * age
    )


def urea_for_score(score: float, *, urea: str, wanted: float) -> float:
    """Urea in mmol/L that turns a COSSH-ACLF II score into another one, all else being equal.

    Examples:
        >>> round(urea_for_score(7.0, urea="5.0", wanted=7.0 + 0.576), 4) == round(5 * math.e, 4)
        True
    """
    return float(urea) * math.exp((wanted - score) / 0.576)


class ChildPugh(NamedTuple):
    """Points of the five items (1 to 3 each), their total and its grade."""

    encephalopathy: int
    ascites: int
    bilirubin: int
    albumin: int
    inr: int
    total: int
    grade: str


def child_pugh(*, west_haven: int, ascites: str, bilirubin: str, albumin: str, inr: str) -> ChildPugh:
    """Child-Pugh by INR; a value on a cut-off belongs to the middle band (CDISC codelists C208383 to C208388).

    Args:
        west_haven: grade of hepatic encephalopathy, 0 to 4.
        ascites: `absent`, `slight` or `moderate`.
        bilirubin: total bilirubin in umol/L; 2 and 3 mg/dL are 34.2 and 51.3.
        albumin: in g/L.
        inr: international normalised ratio.

    Examples:
        >>> child_pugh(west_haven=0, ascites="slight", bilirubin="51.3", albumin="28", inr="2.3")
        ChildPugh(encephalopathy=1, ascites=2, bilirubin=2, albumin=2, inr=2, total=9, grade='B')
    """
    points = (
        encephalopathy_level(west_haven),
        1 + ("absent", "slight", "moderate").index(ascites),
        _points(bilirubin, "34.2", "51.3"),
        4 - _points(albumin, "28", "35"),
        _points(inr, "1.7", "2.3"),
    )
    total = sum(points)
    return ChildPugh(*points, total=total, grade="ABC"[bisect_right([7, 10], total)])


def _points(value: str, low: str, high: str) -> int:
    """1 below, 2 within, 3 above the band; decimal, as 3 * 17.1 is not 51.3 in binary."""
    return 1 + (Decimal(value) >= Decimal(low)) + (Decimal(value) > Decimal(high))
