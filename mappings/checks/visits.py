"""Which visits left the schedule?"""

import polars as pl

from cdisc_aclf.model.frame import Frame


def visit_missed(sv: Frame) -> Frame:
    """Planned visits that did not take place."""
    return sv.filter(pl.col("SVOCCUR") == "N")


def visit_unscheduled(sv: Frame) -> Frame:
    """Visits that nobody planned."""
    return sv.filter(pl.col("SVPRESP").is_null())
