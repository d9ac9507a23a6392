"""Epochs."""

import polars as pl

from cdisc_aclf.derive.study_day import calendar_day
from cdisc_aclf.model.dates import comparable
from cdisc_aclf.model.frame import Frame


def starts_by(start: str, moment: str) -> pl.Expr:
    """Whether `start` is not after `moment`, at the precision that both ISO 8601 texts have.

    Of `2026---15` the year is compared. Null where a text is missing or no such date.

    Examples:
        >>> pl.DataFrame({"s": ["2026-01-10T09:30"] * 2, "m": ["2026-01-10", "2026-01-10T08:00"]}).select(
        ...     starts_by("s", "m")
        ... ).to_series().to_list()
        [True, False]
    """
    first, second = comparable(start, moment)
    return first <= second


def add_epoch(frame: Frame, *, date: str, se: Frame) -> Frame:
    """Add EPOCH: that of the last element which began by `date`.

    Null before the first element, and where the day of `date` is unknown or impossible (SDTMIG 3.4 section 4.1.10 and
    SE: an epoch is never imputed).

    Args:
        frame: a dataset with USUBJID and `date`.
        date: ISO 8601 variable.
        se: subject elements in their order, with USUBJID, SESTDTC and EPOCH.

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
        .filter(calendar_day(date).is_not_null())
        .join(se.select("USUBJID", "SESTDTC", "EPOCH").with_row_index("_element"), on="USUBJID")
        .filter(starts_by("SESTDTC", date))
        .sort("_row", "_element")
        .group_by("_row", maintain_order=True)
        .agg(pl.col("EPOCH").last())
    )
    return numbered.join(epochs, on="_row", how="left", maintain_order="left").drop("_row")
