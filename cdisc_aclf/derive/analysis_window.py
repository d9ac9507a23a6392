"""Analysis windows around the planned days, and the one record that stands for each."""

from collections.abc import Sequence

import polars as pl

from cdisc_aclf.model.frame import Frame

_UNIT = "DAYS"


def add_analysis_window(frame: Frame, *, windows: Frame, before: str) -> Frame:
    """Add AVISIT, AVISITN, AWTARGET, AWTDIFF, AWLO, AWHI and AWU by the relative day or by the visit.

    A record outside every window keeps nulls. The window of day 1 holds records before treatment alone. AWTDIFF is the
    distance to the target in days, without a sign, and as there is no day 0, day -1 is 1 day from day 1 (ADaMIG 1.3
    section 3.3.6).

    Args:
        frame: a dataset with ADY and VISIT.
        windows: `avisit`, `target`, and either `low` and `high`, both within the window, of which an empty one is no
            limit, or `visit`, whatever the day. Windows do not overlap; several visits may have one.
        before: column that is true on records before treatment.

    Examples:
        >>> windows = pl.DataFrame({"avisit": ["Baseline", "Day 4"], "target": ["1", "4"], "low": [None, "2"],
        ...                         "high": ["1", "5"], "visit": [None, None]}, schema_overrides={"visit": pl.String})
        >>> frame = pl.DataFrame({"ADY": [-1, 2, 6, None], "VISIT": ["SCREENING", "DAY 4", None, None],
        ...                       "is_before": [True, False, False, False]})
        >>> held = add_analysis_window(frame, windows=windows, before="is_before")
        >>> held.select("AVISIT", "AVISITN", "AWTDIFF", "AWLO").rows()
        [('Baseline', 1, 1, None), ('Day 4', 4, 2, 2), (None, None, None, None), (None, None, None, None)]
    """
    day, target, low, high = (pl.col(name) for name in ("ADY", "AWTARGET", "AWLO", "AWHI"))
    limits = windows.select(
        AVISIT="avisit",
        AVISITN=pl.col("target").cast(pl.Int64),
        AWTARGET=pl.col("target").cast(pl.Int64),
        AWLO=pl.col("low").cast(pl.Int64),
        AWHI=pl.col("high").cast(pl.Int64),
        _visit="visit",
    )
    is_within = (low.is_null() | (day >= low)) & (high.is_null() | (day <= high))
    is_of_visit = pl.col("_visit").is_null() | (pl.col("VISIT") == pl.col("_visit"))
    numbered = frame.with_row_index("_row")
    inside = (
        numbered.select("_row", "ADY", "VISIT", _before=before)
        .join(limits, how="cross")
        .filter(is_within, is_of_visit, (target > 1) | pl.col("_before"))
        .with_columns(AWTDIFF=(_elapsed(day) - _elapsed(target)).abs(), AWU=pl.lit(_UNIT))
        .drop("ADY", "VISIT", "_visit", "_before")
    )
    return numbered.join(inside, on="_row", how="left", validate="1:1", maintain_order="left").drop("_row")


def _elapsed(day: pl.Expr) -> pl.Expr:
    """Days since day 1, of which day -1 is the one before."""
    return pl.when(day > 0).then(day - 1).otherwise(day)


def add_record_of_window(frame: Frame, name: str, *, by: Sequence[str], order: Sequence[str]) -> Frame:
    """Add Y on one record of each window: that with a value nearest to the target, of two as near the later one.

    Null elsewhere, so that every other record stays in the dataset and out of the analysis (ADaMIG 1.3 section 3.3.8,
    ANLzzFL).

    Args:
        frame: a dataset with USUBJID, AVISIT, AWTDIFF, AVAL and the variables named.
        name: flag to add, e.g. `ANL01FL`.
        by: variables that make a series, e.g. `["PARAMCD"]`.
        order: variables that say which of two records is later, nulls first.

    Examples:
        >>> frame = pl.DataFrame({"USUBJID": ["1"] * 4, "PARAMCD": ["ALT"] * 4, "AVISIT": ["Day 7"] * 3 + [None],
        ...     "ADY": [6, 8, 7, 30], "AWTDIFF": [1, 1, 0, None], "AVAL": [40.0, 41.0, None, 42.0]})
        >>> add_record_of_window(frame, "ANL01FL", by=["PARAMCD"], order=["ADY"])["ANL01FL"].to_list()
        [None, 'Y', None, None]
    """
    numbered = frame.with_row_index("_row")
    chosen = (
        numbered.filter(pl.col("AVISIT").is_not_null() & pl.col("AVAL").is_not_null())
        .sort(*order, "_row")
        .sort("AWTDIFF", descending=True, maintain_order=True)
        .group_by("USUBJID", *by, "AVISIT", maintain_order=True)
        .agg(pl.col("_row").last())
    )
    is_chosen = pl.col("_row").is_in(chosen["_row"].implode())
    return numbered.with_columns(pl.when(is_chosen).then(pl.lit("Y")).alias(name)).drop("_row")
