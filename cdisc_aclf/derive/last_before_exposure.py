"""Last observation before exposure."""

from collections.abc import Sequence

import polars as pl

from cdisc_aclf.derive.epoch import starts_by
from cdisc_aclf.model.frame import RAW_RECORD, Frame


def add_last_before_exposure(frame: Frame, domain: str, *, by: Sequence[str], dm: Frame) -> Frame:
    """Add --LOBXFL: Y on the last non-missing result before RFXSTDTC, null elsewhere.

    Date and time are compared at the precision that both have, so that a sample without a time on the day of the first
    dose is not before it. Subjects without exposure have no flag, nor has a record that says NOT DONE, nor a remark in
    the place of a measured value (SDTMIG 3.4, --LOBXFL). Of two results at one moment the later raw record is taken.

    Args:
        frame: a Findings dataset with USUBJID, --DTC, --STRESC and the trace column; --STAT where it is collected.
        domain: two-letter domain code that stands for `--`.
        by: variables that make a test, e.g. `["LBTESTCD", "LBSPEC"]`.
        dm: USUBJID and RFXSTDTC.

    Examples:
        >>> dm = pl.DataFrame({"USUBJID": ["1"], "RFXSTDTC": ["2026-01-10T10:00"]})
        >>> frame = pl.DataFrame({"USUBJID": ["1"] * 3, "LBTESTCD": ["ALT"] * 3, "LBSTRESC": ["40", "45", "50"],
        ...     "LBSTAT": [None] * 3,
        ...     "LBDTC": ["2026-01-09", "2026-01-10T08:00", "2026-01-10"], "raw_record": ["lab:2", "lab:3", "lab:4"]})
        >>> add_last_before_exposure(frame, "LB", by=["LBTESTCD"], dm=dm)["LBLOBXFL"].to_list()
        [None, 'Y', None]
    """
    date = f"{domain}DTC"
    has_result = pl.col(f"{domain}STRESC").is_not_null()
    if (status := f"{domain}STAT") in frame.columns:
        has_result &= pl.col(status).is_null()
    if {unit := f"{domain}ORRESU", number := f"{domain}STRESN"} <= set(frame.columns):
        is_limit = pl.col(f"{domain}STRESC").str.contains("^[<>]")
        has_result &= pl.col(unit).is_null() | pl.col(number).is_not_null() | is_limit
    numbered = frame.with_row_index("_row")
    row = pl.col(RAW_RECORD).str.extract(r":(\d+)").cast(pl.Int64)
    last = (
        numbered.join(dm.select("USUBJID", "RFXSTDTC"), on="USUBJID")
        .filter(has_result & ~starts_by("RFXSTDTC", date))
        .sort(date, row)
        .group_by("USUBJID", *by, maintain_order=True)
        .agg(pl.col("_row").last())
    )
    flag = pl.when(pl.col("_row").is_in(last["_row"].implode())).then(pl.lit("Y")).alias(f"{domain}LOBXFL")
    return numbered.with_columns(flag).drop("_row")
