"""Which visits left the schedule?"""

import polars as pl

from cdisc_aclf.map.collected import term
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.terminology import Terminology


def visit_missed(sv: Frame) -> Frame:
    """Planned visits that did not take place."""
    return sv.filter(pl.col("SVOCCUR") == "N")


def visit_status_contradicted(raw_visit: Frame, ct: Terminology) -> Frame:
    """Visits that took place without a date, and missed ones that have one."""
    took_place = term("status", "VISITSTATUS", ct) == "Y"
    return raw_visit.filter(took_place == pl.col("visit_date").is_null())


def visit_unscheduled(sv: Frame) -> Frame:
    """Visits that nobody planned."""
    return sv.filter(pl.col("SVPRESP").is_null())
