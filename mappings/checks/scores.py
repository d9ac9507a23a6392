"""Do the scores that investigators wrote follow from what they are made of?"""

import polars as pl

from cdisc_aclf.map.collected import number
from cdisc_aclf.map.score import child_pugh_grade, child_pugh_total, cossh_aclf_ii, laboratory_points
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.quantity import Quantity

SYMPTOMS = ("SYMS0101", "SYMS0102", "SYMS0103", "SYMS0104", "SYMS0105")
BINARY = 1e-9  # what binary arithmetic may add to a difference of decimals


def child_pugh_total_differs(rs: Frame) -> Frame:
    """Totals that are not the sum of the five items of their form; with an item missing there is no total."""
    total = child_pugh_total(
        encephalopathy=_item("CPS0101"),
        ascites=_item("CPS0102"),
        bilirubin=_item("CPS0103"),
        albumin=_item("CPS0104"),
        inr=_item("CPS0105B"),
    )
    return _of(rs, "CPS01").filter(pl.col("RSSTRESN").ne_missing(total), pl.col("RSTESTCD") == "CPS0106")


def child_pugh_grade_differs(rs: Frame) -> Frame:
    """Grades that are not those of the total of their form."""
    grade = child_pugh_grade(_item("CPS0106"))
    return _of(rs, "CPS01").filter(pl.col("RSSTRESC").ne_missing(grade), pl.col("RSTESTCD") == "CPS0107")


def child_pugh_item_differs(rs: Frame, lb: Frame) -> Frame:
    """Points that no laboratory result of the visit leads to, compared in the unit that was reported."""
    points = laboratory_points("LBTESTCD", "LBORRESU", number("LBORRES"))
    results = lb.select("USUBJID", RSLNKGRP="LBLNKGRP", points=points.cast(pl.Float64)).drop_nulls()
    expected = results.group_by("USUBJID", "RSLNKGRP").agg("points")
    return (
        _of(rs, "CPS01")
        .join(expected, on=["USUBJID", "RSLNKGRP"], maintain_order="left")
        .filter(~pl.col("RSSTRESN").is_in("points"))
    )


def cossh_score_differs(rs: Frame, ref_rs_items: Frame) -> Frame:
    """Scores that the inputs on their form do not give, beyond the rounding of the decimals that were written.

    A score whose inputs are missing or have no logarithm is not validated.
    """
    units = dict(ref_rs_items.select("testcd", "standard_unit").rows())

    def quantity(code: str) -> Quantity:
        return Quantity(_item(code), units[code])

    score = cossh_aclf_ii(
        inr=quantity("COSH0101"),
        west_haven=_item("COSH0102"),
        neutrophils=quantity("COSH0103"),
        bilirubin=quantity("COSH0104"),
        urea=quantity("COSH0105"),
        age=quantity("COSH0106"),
    )
    is_score = pl.col("RSTESTCD") == "COSH0107"
    return _of(rs, "COSH01").filter((pl.col("RSSTRESN") - score).abs() > _rounding(), is_score)


def cossh_recomputed_differs(adrs: Frame, rs: Frame) -> Frame:
    """Scores as written that the laboratory results and the West Haven grade of the visit do not give.

    A difference within the rounding of the decimals that were written is none.
    """
    written = rs.select("USUBJID", "RSORRES", SRCSEQ="RSSEQ")
    return (
        _beside(adrs, written="COSH0107", computed="COSSH2")
        .join(written, on=["USUBJID", "SRCSEQ"], maintain_order="left")
        .filter((pl.col("AVAL") - pl.col("computed")).abs() > _rounding())
    )


def child_pugh_recomputed_differs(adrs: Frame) -> Frame:
    """Totals as written that the laboratory results, the West Haven grade and the ascites of the visit do not give."""
    return _beside(adrs, written="CPS0106", computed="CPTOT").filter(pl.col("AVAL") != pl.col("computed"))


def symptom_total_differs(rs: Frame) -> Frame:
    """Totals that are not the sum of the five symptoms of their form; with a symptom missing there is no total."""
    total = pl.sum_horizontal((_item(code) for code in SYMPTOMS), ignore_nulls=False)
    return _of(rs, "SYMS01").filter(pl.col("RSSTRESN").ne_missing(total), pl.col("RSTESTCD") == "SYMS0106")


def score_out_of_range(rs: Frame, ref_rs_items: Frame) -> Frame:
    """Items and scores that are no whole number between the lowest and the highest that there is."""
    bounds = ref_rs_items.drop_nulls("lowest").select(
        "testcd", pl.col("lowest").cast(pl.Float64), pl.col("highest").cast(pl.Float64)
    )
    value = pl.col("RSSTRESN")
    is_possible = value.is_between("lowest", "highest") & (value == value.floor())
    return rs.join(bounds, left_on="RSTESTCD", right_on="testcd", maintain_order="left").filter(
        ~is_possible.fill_null(value=False)
    )


def _of(rs: Frame, instrument: str) -> Frame:
    return rs.filter(pl.col("RSTESTCD").str.starts_with(instrument))


def _item(code: str) -> pl.Expr:
    """The number that the form of the record has for an item."""
    return pl.col("RSSTRESN").filter(pl.col("RSTESTCD") == code).first().over(RAW_RECORD)


def _rounding() -> pl.Expr:
    """Half of the last decimal that was written."""
    decimals = pl.col("RSORRES").str.extract(r"\.(\d+)$").str.len_chars().fill_null(0).cast(pl.Int64)
    return 0.5 * pl.lit(10.0).pow(-decimals) + BINARY


def _beside(adrs: Frame, *, written: str, computed: str) -> Frame:
    """Records of what was written, with what was computed at the same visit."""
    values = adrs.filter(pl.col("PARAMCD") == computed).select("USUBJID", "VISITNUM", computed="AVAL")
    return adrs.filter(pl.col("PARAMCD") == written).join(values, on=["USUBJID", "VISITNUM"], maintain_order="left")
