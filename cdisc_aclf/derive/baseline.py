"""Baseline: the record, its values beside every other record, and what changed since."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from cdisc_aclf.model.dates import comparable
from cdisc_aclf.model.frame import Frame

_Compare = Callable[[pl.Expr, pl.Expr], pl.Expr]

BASELINES: Mapping[str, tuple[tuple[str, ...], _Compare]] = {
    "not_after": (("dosed",), lambda record, start: ~(start < record).fill_null(value=False)),
    "strictly_before": (("dosed", "randomised"), lambda record, start: record < start),
}
"""What may be a baseline by each option: the moments at which treatment starts, of which the first known one counts,
and how the moment of a record is validated against it."""


def add_side_of_treatment(frame: Frame, *, date: str, dm: Frame, ds: Frame, rule: str) -> Frame:
    """Add `is_before`, true on records that may be a baseline, and `is_after`, true on those that may have a change.

    Date and time are compared at the precision that both have. Before is a record on or before day 1 that is, by the
    rule `not_after`, not known to be after the first dose, and, by the rule `strictly_before`, known to be before the
    first dose, or before randomisation where no dose is known. After is a record that is after day 1, or known to be
    after that moment. A record without a day is on neither side.

    Args:
        frame: a dataset with USUBJID, ADY and `date`; day 1 is the start of treatment.
        date: ISO 8601 variable of the record.
        dm: USUBJID and RFXSTDTC, null for subjects who got no dose.
        ds: dispositions with USUBJID, DSDECOD and DSSTDTC; the protocol milestone RANDOMIZED is at most one a subject.
        rule: one of `BASELINES`.

    Examples:
        >>> dm = pl.DataFrame({"USUBJID": ["1"], "RFXSTDTC": ["2026-01-10T10:00"]})
        >>> ds = pl.DataFrame({"USUBJID": ["1"], "DSDECOD": ["RANDOMIZED"], "DSSTDTC": ["2026-01-10T08:00"]})
        >>> samples = ["2026-01-08", "2026-01-10T09:00", "2026-01-10T11:00", "2026-01-10", "2026-01-11"]
        >>> frame = pl.DataFrame({"USUBJID": ["1"] * 5, "ADY": [-2, 1, 1, 1, 2], "LBDTC": samples})
        >>> sides = add_side_of_treatment(frame, date="LBDTC", dm=dm, ds=ds, rule="not_after")
        >>> sides["is_before"].to_list(), sides["is_after"].to_list()
        ([True, True, False, True, False], [False, False, True, False, True])
        >>> add_side_of_treatment(frame, date="LBDTC", dm=dm, ds=ds, rule="strictly_before")["is_before"].to_list()
        [True, True, False, False, False]
    """
    moments, is_earlier = BASELINES[rule]
    milestone = ds.filter(pl.col("DSDECOD") == "RANDOMIZED").select("USUBJID", randomised="DSSTDTC")
    started = (
        dm.select("USUBJID", dosed="RFXSTDTC")
        .join(milestone.unique("USUBJID", keep="first", maintain_order=True), on="USUBJID", how="left")
        .select("USUBJID", _start=pl.coalesce(moments))
    )
    record, start = comparable(date, "_start")
    day = pl.col("ADY")
    return (
        frame.join(started, on="USUBJID", how="left", maintain_order="left")
        .with_columns(
            is_before=((day <= 1) & is_earlier(record, start)).fill_null(value=False),
            is_after=day.is_not_null() & ((day > 1) | (start < record).fill_null(value=False)),
        )
        .drop("_start")
    )


def add_baseline_flag(frame: Frame, *, by: Sequence[str], before: str | pl.Expr, order: Sequence[str]) -> Frame:
    """Add ABLFL: Y on the last record with a value before treatment, at most one for each subject and `by`.

    Null elsewhere (ADaMIG 1.3 section 3.3.8). It does not rest on --LOBXFL, which subjects without study drug lack.

    Args:
        frame: a dataset with USUBJID, AVAL and the variables named.
        by: variables that make a series, e.g. `["PARAMCD"]`.
        before: column or expression that is true on records that may be the baseline.
        order: variables that say which of two records is later, nulls first.

    Examples:
        >>> frame = pl.DataFrame({"USUBJID": ["1"] * 4, "PARAMCD": ["ALT"] * 4, "ADY": [-2, 1, 1, 4],
        ...                       "AVAL": [40.0, 41.0, None, 42.0]})
        >>> add_baseline_flag(frame, by=["PARAMCD"], before=pl.col("ADY") <= 1, order=["ADY"])["ABLFL"].to_list()
        [None, 'Y', None, None]
    """
    numbered = frame.with_row_index("_row")
    last = (
        numbered.filter(before, pl.col("AVAL").is_not_null())
        .sort(*order, "_row")
        .group_by("USUBJID", *by, maintain_order=True)
        .agg(pl.col("_row").last())
    )
    is_last = pl.col("_row").is_in(last["_row"].implode())
    return numbered.with_columns(pl.when(is_last).then(pl.lit("Y")).alias("ABLFL")).drop("_row")


def add_base(frame: Frame, name: str, *, of: str, by: Sequence[str]) -> Frame:
    """Add what the baseline record has in `of` to every record of its subject and series; null where there is none.

    Args:
        frame: a dataset with USUBJID, ABLFL, `of` and `by`.
        name: variable to add: BASE of AVAL, BNRIND of ANRIND, BTOXGRH of ATOXGRH (ADaMIG 1.3 sections 3.3.4, 3.3.7).
        of: the variable that it is the baseline of.
        by: variables that make a series, e.g. `["PARAMCD"]`.

    Examples:
        >>> series = {"USUBJID": ["1", "1"], "PARAMCD": ["ALT", "ALT"]}
        >>> frame = pl.DataFrame({**series, "ABLFL": ["Y", None], "AVAL": [40, 42]})
        >>> add_base(frame, "BASE", of="AVAL", by=["PARAMCD"])["BASE"].to_list()
        [40, 40]
    """
    value = pl.col(of).filter(pl.col("ABLFL") == "Y").first().over("USUBJID", *by)
    return frame.with_columns(value.alias(name))


def add_change(frame: Frame, *, after: str | pl.Expr) -> Frame:
    """Add CHG and PCHG: AVAL minus BASE, and that in percent of BASE, on records after the baseline.

    PCHG is null where BASE is 0 (ADaMIG 1.3 section 3.3.4, CHG and PCHG). The difference is rounded to 9 decimals, far
    beyond any result, so that 2.3 minus 2.1 is 0.2.

    Args:
        frame: a dataset with AVAL and BASE.
        after: column or expression that is true on records that have a change.

    Examples:
        >>> frame = pl.DataFrame({"AVAL": [2.1, 2.3, 5.0], "BASE": [2.1, 2.1, 0.0], "POST": [False, True, True]})
        >>> add_change(frame, after="POST").select("CHG", pl.col("PCHG").round(4)).rows()
        [(None, None), (0.2, 9.5238), (5.0, None)]
    """
    change = (pl.col("AVAL") - pl.col("BASE")).round(9)
    is_after = pl.col(after) if isinstance(after, str) else after
    return frame.with_columns(
        pl.when(is_after).then(change).alias("CHG"),
        pl.when(is_after, pl.col("BASE") != 0).then(100 * change / pl.col("BASE")).alias("PCHG"),
    )


def add_shift(frame: Frame, name: str, *, base: str, value: str, after: str | pl.Expr) -> Frame:
    """Add a shift such as `HIGH to NORMAL` on records after the baseline that have both values (SHIFTy, 3.3.4).

    Examples:
        >>> frame = pl.DataFrame({"BNRIND": ["HIGH", "HIGH", None], "ANRIND": ["NORMAL", "HIGH", "LOW"]})
        >>> add_shift(frame, "SHIFT1", base="BNRIND", value="ANRIND", after=pl.lit(True))["SHIFT1"].to_list()
        ['HIGH to NORMAL', 'HIGH to HIGH', None]
    """
    is_after = pl.col(after) if isinstance(after, str) else after
    return frame.with_columns(pl.when(is_after).then(pl.format("{} to {}", base, value)).alias(name))
