"""Can every laboratory result be compared with the others?"""

import polars as pl

from cdisc_aclf.model.frame import Frame


def sample_duplicated(lb: Frame) -> Frame:
    """Results of one test in one specimen at one time, where there is more than one."""
    results = lb.drop_nulls(["LBORRES", "LBTESTCD"])
    return results.filter(pl.struct("USUBJID", "LBTESTCD", "LBSPEC", "LBDTC").is_duplicated())


def result_without_standard(lb: Frame) -> Frame:
    """Results of a listed test that have no standard result."""
    return lb.filter(pl.col("LBTESTCD").is_not_null() & pl.col("LBORRES").is_not_null() & pl.col("LBSTRESC").is_null())


def results_converted(lb: Frame) -> Frame:
    """How many results of a subject and a laboratory were converted from another unit."""
    return (
        lb.filter(pl.col("LBORRESU") != pl.col("LBSTRESU"))
        .group_by("USUBJID", "LBNAM", maintain_order=True)
        .agg(pl.col("LBORRESU").unique().sort().str.join(", "), count=pl.len())
    )


def result_without_date(lb: Frame) -> Frame:
    """Results of samples whose date is not on the form."""
    return lb.filter(pl.col("LBORRES").is_not_null() & pl.col("LBDTC").is_null())


def range_reversed(lb: Frame) -> Frame:
    """Reference ranges whose lower limit is not below the upper one."""
    return lb.filter(pl.col("LBSTNRLO") >= pl.col("LBSTNRHI"))


def result_or_not_done(lb: Frame) -> Frame:
    """Records with a result that say NOT DONE, and records with neither."""
    return lb.filter(pl.col("LBORRES").is_not_null() == pl.col("LBSTAT").is_not_null())


def visit_unknown(lb: Frame) -> Frame:
    """Results of a visit that is neither planned nor in the visit form."""
    return lb.filter(pl.col("VISITNUM").is_null())
