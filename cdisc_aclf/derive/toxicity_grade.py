"""Toxicity grades of laboratory results."""

import polars as pl

from cdisc_aclf.model.frame import Frame

_EXACT = pl.Decimal(38, 8)  # 3 x 0.7 is 2.1, which it is not in binary
_LARGEST = 1e12
"""A number as large or larger is no laboratory result, and its multiples might not fit: it has no grade."""
_LIMITS = {"LLN": "ANRLO", "ULN": "ANRHI", "BASE": "BASE"}


def add_toxicity_grade(frame: Frame, direction: str, *, criteria: Frame) -> Frame:
    """Add ATOXGRL and ATOXDSCL, or ATOXGRH and ATOXDSCH: grade and name of the toxicity of a value.

    The grade is the highest whose criterion is met, `0` where none is. A criterion whose limit or baseline is missing
    is not met; as it might be, `0` is not said then either, and the grade is null. It is null too where the parameter
    has no criteria in this direction, or the value is missing; the name stands beside a grade only. A baseline is
    abnormal when BNRIND is HIGH, for a toxicity of high values, or LOW, for one of low values. Limits are compared as
    decimals (CTCAE v5.0; ADaMIG 1.3 section 3.3.7).

    Args:
        frame: a dataset with PARAMCD, AVAL, ANRLO, ANRHI, BASE and BNRIND.
        direction: `LOW` or `HIGH`, on which side of the range the toxicity lies.
        criteria: one row per limit: `paramcd`, `direction`, `term`, `baseline` (ANY, NORMAL or ABNORMAL), `grade`,
            `multiple` and `of` (LLN, ULN or BASE) or neither, `plus` in the unit of the parameter, and `boundary`:
            whether the limit itself is `included` in the grade or `excluded`. Of two rows for one grade either will do.

    Examples:
        >>> criteria = pl.DataFrame({"paramcd": ["BILI"] * 2, "direction": ["HIGH"] * 2, "term": ["Bilirubin"] * 2,
        ...     "baseline": ["ABNORMAL"] * 2, "grade": ["1", "2"], "multiple": ["1", "1.5"], "of": ["BASE"] * 2,
        ...     "plus": [None, None], "boundary": ["excluded"] * 2}, schema_overrides={"plus": pl.String})
        >>> frame = pl.DataFrame({"PARAMCD": ["BILI"] * 3, "AVAL": [350.0, 351.0, 526.0], "BASE": [350.0] * 3,
        ...     "BNRIND": ["HIGH"] * 3, "ANRLO": [3.0] * 3, "ANRHI": [21.0] * 3})
        >>> add_toxicity_grade(frame, "HIGH", criteria=criteria).select("ATOXGRH", "ATOXDSCH").rows()
        [('0', 'Bilirubin'), ('1', 'Bilirubin'), ('2', 'Bilirubin')]
    """
    numbered, side = frame.with_row_index("_row"), direction[0]
    value = _exact(pl.col("AVAL"))
    limit = _limit()
    past = value > limit if direction == "HIGH" else value < limit
    met = past | ((pl.col("boundary") == "included") & (value == limit))
    is_abnormal = pl.col("BNRIND") == direction
    applies = (pl.col("baseline") == "ANY") | (is_abnormal == (pl.col("baseline") == "ABNORMAL"))
    grade = pl.col("grade").cast(pl.Int64)
    graded = (
        numbered.filter(value.is_not_null())
        .join(criteria.filter(pl.col("direction") == direction), left_on="PARAMCD", right_on="paramcd")
        .with_columns(_met=applies & met)
        .group_by("_row", "term", maintain_order=True)
        .agg(highest=grade.filter(pl.col("_met")).max(), is_open=pl.col("_met").is_null().any())
        .select(
            "_row",
            pl.coalesce("highest", pl.when(~pl.col("is_open")).then(0)).cast(pl.String).alias(f"ATOXGR{side}"),
            pl.col("term").alias(f"ATOXDSC{side}"),
        )
        .drop_nulls(f"ATOXGR{side}")
    )
    return numbered.join(graded, on="_row", how="left", validate="1:1", maintain_order="left").drop("_row")


def _exact(number: pl.Expr) -> pl.Expr:
    return pl.when(number.abs() < _LARGEST).then(number).cast(_EXACT)


def _limit() -> pl.Expr:
    """The limit of a criterion; null where what it is a multiple of is missing."""
    of = pl.coalesce(pl.when(pl.col("of") == name).then(pl.col(variable)) for name, variable in _LIMITS.items())
    product = _exact(of) * pl.col("multiple").cast(_EXACT)
    plus = pl.col("plus").cast(_EXACT).fill_null(0)
    return pl.when(pl.col("of").is_null()).then(plus).otherwise(product + plus)
