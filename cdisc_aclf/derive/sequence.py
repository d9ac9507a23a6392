"""Sequence numbers."""

from collections.abc import Sequence

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD, Frame


def add_sequence(frame: Frame, name: str, *, order: Sequence[str]) -> Frame:
    """Sort by subject and `order`, and number the records of each subject from 1.

    The raw record (form, then row as a number) breaks ties, so the numbers depend neither on the engine nor on
    the other subjects of the file (SDTMIG 3.4 section 4.1.5: unique within USUBJID and domain).

    Args:
        frame: a dataset with USUBJID and the trace column.
        name: variable to add, e.g. `LBSEQ`.
        order: variables to sort by; nulls first.

    Examples:
        >>> frame = pl.DataFrame({"USUBJID": ["1", "1"], "AETERM": ["b", "a"], "raw_record": ["ae:2", "ae:3"]})
        >>> add_sequence(frame, "AESEQ", order=["AETERM"]).rows()
        [('1', 'a', 'ae:3', 1), ('1', 'b', 'ae:2', 2)]
    """
    form = pl.col(RAW_RECORD).str.extract(r"^(\w+):")
    row = pl.col(RAW_RECORD).str.extract(r":(\d+)").cast(pl.Int64)
    return frame.sort(["USUBJID", *order, form, row]).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("USUBJID").alias(name)
    )
