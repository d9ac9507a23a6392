"""Analysis values of results, limits of quantification included."""

import polars as pl

from cdisc_aclf.model.frame import Frame

_BELOW, _ABOVE = r"^<=?\s*([0-9]+(?:\.[0-9]+)?)$", r"^>=?\s*([0-9]+(?:\.[0-9]+)?)$"


def add_analysis_value(frame: Frame, *, text: str, number: str) -> Frame:
    """Add AVAL and DTYPE: the number; of a result below a limit half of it, of one above it the limit.

    DTYPE says so, HALFLLOQ or ULOQ, and is null where the value is the result itself (ADaMIG 1.3 section 3.3.6, DTYPE;
    codelist C81224). Any other text has no analysis value.

    Args:
        frame: a Findings dataset.
        text: standard result as text, e.g. `LBSTRESC`.
        number: the same as a number, e.g. `LBSTRESN`.

    Examples:
        >>> results = {"LBSTRESC": ["12.5", "<0.5", ">1000", "clotted"], "LBSTRESN": [12.5, None, None, None]}
        >>> frame = pl.DataFrame(results)
        >>> add_analysis_value(frame, text="LBSTRESC", number="LBSTRESN").select("AVAL", "DTYPE").rows()
        [(12.5, None), (0.25, 'HALFLLOQ'), (1000.0, 'ULOQ'), (None, None)]
    """
    is_number = pl.col(number).is_not_null()
    limit = pl.when(~is_number).then(pl.col(text))
    below, above = (limit.str.extract(pattern).cast(pl.Float64) for pattern in (_BELOW, _ABOVE))
    return frame.with_columns(
        pl.coalesce(number, below / 2, above).alias("AVAL"),
        pl.when(below.is_not_null())
        .then(pl.lit("HALFLLOQ"))
        .when(above.is_not_null())
        .then(pl.lit("ULOQ"))
        .alias("DTYPE"),
    )
