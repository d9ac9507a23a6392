"""First and worst occurrences."""

from collections.abc import Sequence

import polars as pl

from cdisc_aclf.model.frame import Frame


def add_occurrence_flag(
    frame: Frame, name: str, *, by: Sequence[str], among: pl.Expr, order: Sequence[str], worst: str | None = None
) -> Frame:
    """Add Y on the first record of every subject and group, or on the first of its worst ones; null elsewhere.

    OCCDS 1.1 section 3.2.7, AOCCFL to AOCCSIFL. A record that lacks one of `by`, such as an event without a preferred
    term, belongs to no group.

    Args:
        frame: an occurrence dataset with USUBJID and the variables named.
        name: flag to add, e.g. `AOCCPFL`.
        by: variables that make a group within the subject; none for the subject as a whole.
        among: true on the records that may be flagged.
        order: variables that say which of two records is the first; nulls last.
        worst: a number; only records with the highest one of their group may be flagged, none where all lack it.

    Examples:
        >>> frame = pl.DataFrame({"USUBJID": ["1"] * 3, "PT": ["A", "A", "B"], "ASTDY": [1, 5, 3], "GRADE": [1, 3, 3]})
        >>> rule = {"among": pl.lit(True), "order": ["ASTDY"]}
        >>> frame = add_occurrence_flag(frame, "AOCCPFL", by=["PT"], **rule)
        >>> frame = add_occurrence_flag(frame, "AOCCIFL", by=[], worst="GRADE", **rule)
        >>> frame.select("AOCCPFL", "AOCCIFL").rows()
        [('Y', None), (None, None), ('Y', 'Y')]
    """
    numbered = frame.with_row_index("_row")
    group = ["USUBJID", *by]
    candidates = numbered.filter(among).drop_nulls(group)
    if worst:
        candidates = candidates.filter(pl.col(worst) == pl.col(worst).max().over(group))
    first = (
        candidates.sort(*order, "_row", nulls_last=True)
        .group_by(group, maintain_order=True)
        .agg(pl.col("_row").first())
    )
    is_first = pl.col("_row").is_in(first["_row"].implode())
    return numbered.with_columns(pl.when(is_first).then(pl.lit("Y")).alias(name)).drop("_row")
