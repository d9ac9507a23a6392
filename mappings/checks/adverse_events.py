"""Do grade, seriousness and outcome of an adverse event agree?"""

import polars as pl

from cdisc_aclf.model.frame import Frame

CRITERIA = ("AESCONG", "AESDISAB", "AESDTH", "AESHOSP", "AESLIFE", "AESMIE")


def grade_5_not_fatal(ae: Frame) -> Frame:
    """Events of grade 5 with another outcome, and fatal events of another grade or not marked as resulting in death."""
    signs = [pl.col("AETOXGR") == "5", pl.col("AEOUT") == "FATAL", pl.col("AESDTH") == "Y"]
    agreeing = pl.sum_horizontal(sign.fill_null(value=False) for sign in signs)
    return ae.filter(~agreeing.is_in([0, len(signs)]))


def seriousness_without_criterion(ae: Frame) -> Frame:
    """Serious events that meet no criterion."""
    return ae.filter((pl.col("AESER") == "Y") & ~_meets_criterion())


def criterion_without_seriousness(ae: Frame) -> Frame:
    """Events that meet a criterion and are not serious."""
    return ae.filter((pl.col("AESER") == "N") & _meets_criterion())


def ongoing_with_end(ae: Frame) -> Frame:
    """Events that go on and have an end date."""
    return ae.filter(pl.col("AEENRTPT").is_not_null() & pl.col("AEENDTC").is_not_null())


def _meets_criterion() -> pl.Expr:
    return pl.any_horizontal(pl.col(name).eq_missing(pl.lit("Y")) for name in CRITERIA)
