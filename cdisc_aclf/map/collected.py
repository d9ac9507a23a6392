"""What was collected, as standard text, number or term."""

import polars as pl

from cdisc_aclf.model.dates import plain
from cdisc_aclf.model.terminology import Terminology


def number(column: str) -> pl.Expr:
    """The value as a float; what is no number is null here and a RAW-NUMBER Finding of the form.

    Examples:
        >>> pl.DataFrame({"dose": ["2", " １.5", "two"]}).select(number("dose"))["dose"].to_list()
        [2.0, 1.5, None]
    """
    return plain(column).cast(pl.Float64, strict=False)


def term(column: str, codelist: str, ct: Terminology) -> pl.Expr:
    """The submitted term of a collected value; a value nobody listed stays as typed, and the schema reports it.

    Examples:
        >>> ct = Terminology({}, {"SEX": {"男": "M", "女": "F"}})
        >>> pl.DataFrame({"sex": ["男", "男性", None]}).select(term("sex", "SEX", ct))["sex"].to_list()
        ['M', '男性', None]
    """
    terms = ct.collected[codelist]
    return pl.col(column).str.strip_chars().replace(list(terms), list(terms.values()))


def is_yes(column: str, ct: Terminology) -> pl.Expr:
    """Whether a yes/no field is ticked yes; false where it is empty."""
    return term(column, "NY", ct).eq_missing(pl.lit("Y"))


def name_of_test(code: str, codes: str, names: str, ct: Terminology) -> pl.Expr:
    """The --TEST that belongs to a --TESTCD, by the concept code that both terms share."""
    pairs = ct.names(codes, names)
    return pl.col(code).replace_strict(list(pairs), list(pairs.values()), default=None)
