"""Numbers that know their unit."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Quantity:
    """Numbers and the unit that all of them are in.

    A formula that is published for one unit asks for a Quantity and refuses any other unit: nothing is converted
    behind the back of who calls it.

    Args:
        value: the numbers, null where there is none.
        unit: submission value of the CDISC codelist UNIT, e.g. `umol/L`. It comes from the table that gave the numbers
            their unit (`standard_unit` of `specs/reference/`), never from memory.
    """

    value: pl.Expr
    unit: str
