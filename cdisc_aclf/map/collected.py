"""What was collected, as standard text, number or term."""

import polars as pl

from cdisc_aclf.model.dates import plain
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.terminology import Terminology

_NUMBER = r"^([+-]?[0-9]+(?:\.[0-9]+)?)$"


def number(column: str) -> pl.Expr:
    """The value as a float; what is no number is null here and a RAW-NUMBER Issue of the form.

    Examples:
        >>> pl.DataFrame({"dose": ["2", " １.5", "two"]}).select(number("dose"))["dose"].to_list()
        [2.0, 1.5, None]
    """
    return plain(column).str.extract(_NUMBER).cast(pl.Float64)


def term(column: str, codelist: str, ct: Terminology) -> pl.Expr:
    """The submitted term of a collected value; a value nobody listed stays as typed, and the schema reports it.

    Examples:
        >>> ct = Terminology({}, {"SEX": {"男": "M", "女": "F"}, "UNIT": {"mg/dL": "mg/dL"}})
        >>> pl.DataFrame({"sex": ["男", "男性", None]}).select(term("sex", "SEX", ct))["sex"].to_list()
        ['M', '男性', None]
        >>> pl.DataFrame({"unit": ["ｍｇ／ｄＬ"]}).select(term("unit", "UNIT", ct))["unit"].to_list()
        ['mg/dL']
    """
    terms = ct.collected[codelist]
    given = list(terms), list(terms.values())
    typed = pl.col(column).str.strip_chars()
    return pl.coalesce(
        typed.replace_strict(*given, default=None), plain(column).replace_strict(*given, default=None), typed
    )


def has_term(terms: Frame) -> pl.Expr:
    """Whether a record has one of several terms, written in any case of letters.

    Args:
        terms: `variable` and `term`, in capital letters.

    Examples:
        >>> terms = pl.DataFrame({"variable": ["DSDECOD", "DSTERM"], "term": ["DEATH", "DIED"]})
        >>> frame = pl.DataFrame({"DSDECOD": ["DEATH", "OTHER", "OTHER"], "DSTERM": ["x", "died", None]})
        >>> frame.select(has_term(terms).alias("held"))["held"].to_list()
        [True, True, None]
    """
    return pl.any_horizontal(
        pl.col(variable).str.to_uppercase() == term for variable, term in terms.select("variable", "term").rows()
    )


def result(column: str) -> pl.Expr:
    """A laboratory result in ASCII: full-width forms folded, `≤` and `≥` written as `<=` and `>=`.

    Examples:
        >>> pl.DataFrame({"result": ["＜０.5", "≤0.5", "1.50", None]}).select(result("result"))["result"].to_list()
        ['<0.5', '<=0.5', '1.50', None]
    """
    return plain(column).str.replace_many(["≤", "≥"], ["<=", ">="])


def is_yes(column: str, ct: Terminology) -> pl.Expr:
    """Whether a yes/no field is ticked yes; false where it is empty."""
    return term(column, "NY", ct).eq_missing(pl.lit("Y"))


def name_of_test(code: str, codes: str, names: str, ct: Terminology) -> pl.Expr:
    """The --TEST that belongs to a --TESTCD, by the concept code that both terms share."""
    pairs = ct.names(codes, names)
    return pl.col(code).replace_strict(list(pairs), list(pairs.values()), default=None)
