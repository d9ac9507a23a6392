"""Can every viral load be compared with the others?"""

import polars as pl

from cdisc_aclf.model.frame import Frame


def viral_load_without_standard(mb: Frame) -> Frame:
    """Results that have no standard result."""
    return mb.filter(pl.col("MBORRES").is_not_null() & pl.col("MBSTRESC").is_null())
