"""What the table of trial elements says of an element."""

import re

import polars as pl

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.frame import Frame


def planned_days(elements: Frame, etcd: str) -> int:
    """The days that an element is planned to take.

    Args:
        elements: `etcd` and `tedur`, an ISO 8601 duration (SDTMIG 3.4, TE).
        etcd: the element.

    Raises:
        DefinitionError: the table has no such element, or not a whole number of days for it.

    Examples:
        >>> planned_days(pl.DataFrame({"etcd": ["SCRN", "SOC"], "tedur": [None, "P13D"]}), "SOC")
        13
    """
    durations = elements.filter(pl.col("etcd") == etcd)["tedur"].to_list()
    found = re.fullmatch("P([0-9]+)D", durations[0] or "") if len(durations) == 1 else None
    if found is None:
        raise DefinitionError("specs/reference/elements.csv", f"{etcd}: no number of days such as P13D in tedur")
    return int(found[1])
