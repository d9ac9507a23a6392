"""Epochs."""

import polars as pl

from cdisc_aclf.model.frame import Frame


def starts_by(start: str, moment: str) -> pl.Expr:
    """Whether `start` is not after `moment`, at the precision that both ISO 8601 texts have.

    Examples:
        >>> pl.DataFrame({"s": ["2026-01-10T09:30"] * 2, "m": ["2026-01-10", "2026-01-10T08:00"]}).select(
        ...     starts_by("s", "m")
        ... ).to_series().to_list()
        [True, False]
    """
    length = pl.min_horizontal(pl.col(start).str.len_chars(), pl.col(moment).str.len_chars())
    return pl.col(start).str.head(length) <= pl.col(moment).str.head(length)


def add_epoch(frame: Frame, *, date: str, se: Frame) -> Frame:
    """Add EPOCH: that of the last element which began by `date`.

    Null before the first element, and where the day of `date` is unknown (SDTMIG 3.4 section 4.1.10 and SE: an epoch
    is never imputed).

    Args:
        frame: a dataset with USUBJID and `date`.
        date: ISO 8601 variable.
        se: subject elements with USUBJID, SESTDTC and EPOCH.

    Examples:
        >>> se = pl.DataFrame({"USUBJID": ["1", "1"], "SESTDTC": ["2026-01-08", "2026-01-10"],
        ...                    "EPOCH": ["SCREENING", "TREATMENT"]})
        >>> frame = pl.DataFrame({"USUBJID": ["1", "1", "1"], "LBDTC": ["2026-01-07", "2026-01-09", "2026-01-10"]})
        >>> add_epoch(frame, date="LBDTC", se=se)["EPOCH"].to_list()
        [None, 'SCREENING', 'TREATMENT']
    """
    numbered = frame.with_row_index("_row")
    epochs = (
        numbered.select("_row", "USUBJID", date)
        .filter(pl.col(date).str.contains(r"^\d{4}-\d{2}-\d{2}"))
        .join(se.select("USUBJID", "SESTDTC", "EPOCH"), on="USUBJID")
        .filter(starts_by("SESTDTC", date))
        .sort("_row", "SESTDTC")
        .group_by("_row", maintain_order=True)
        .agg(pl.col("EPOCH").last())
    )
    return numbered.join(epochs, on="_row", how="left", maintain_order="left").drop("_row")
