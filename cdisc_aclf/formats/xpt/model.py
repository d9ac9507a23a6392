"""A SAS dataset: what the transport writer is given and the SAS reader gives back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cdisc_aclf.model.frame import Frame

TIMES: Mapping[str, str] = {
    **dict.fromkeys(("DATE", "YYMMDD", "YYMMDDD", "MMDDYY", "DDMMYY", "E8601DA", "B8601DA", "IS8601DA"), "date"),
    **dict.fromkeys(("DATETIME", "E8601DT", "B8601DT", "IS8601DT"), "datetime"),
    **dict.fromkeys(("TIME", "E8601TM", "B8601TM", "IS8601TM"), "time"),
}
"""What a number is by the name of its SAS format: days since 1960-01-01, seconds since then, or seconds of a day."""


@dataclass(frozen=True, slots=True)
class Column:
    """One variable as SAS knows it.

    Args:
        name: variable name, e.g. `LBSEQ`.
        label: variable label; empty where there is none.
        kind: SAS has two types, text and numbers.
        width: bytes in each record; 8 for a number.
        format: SAS format with its dot, e.g. `DATE9.`, `8.2` or `$20.`; empty where there is none.
    """

    name: str
    label: str
    kind: Literal["char", "num"]
    width: int
    format: str = ""


@dataclass(frozen=True, slots=True)
class SasDataset:
    """One dataset of a SAS file, values as stored: dates are counts of days or seconds since 1960-01-01.

    Args:
        name: dataset name, e.g. `LB`.
        label: dataset label; empty where there is none.
        columns: the variables, in file order.
        frame: one String or Float64 column per variable; a missing number and a blank text are null.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    frame: Frame
