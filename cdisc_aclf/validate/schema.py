"""A pandera schema for every dataset, built from its spec; every failure of every row as a Finding."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

from cdisc_aclf.errors import HouseError
from cdisc_aclf.model.finding import Finding, Rule, Severity
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.spec import DatasetSpec, VariableSpec
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.validate.where import findings_at

_MONTH, _DAY, _TIME = "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])", "([01][0-9]|2[0-3])(:[0-5][0-9]){0,2}"
ISO_8601 = f"^[0-9]{{4}}(-{_MONTH}(-{_DAY}(T{_TIME})?)?|---{_DAY})?$"
TEXT = r"^[^\s\p{Cc}](\P{Cc}*[^\s\p{Cc}])?$"
NAME = r"^[A-Z_][A-Z0-9_]{0,7}$"

RULES = {
    rule.name: rule
    for rule in (
        Rule("SD-REQUIRED", Severity.ERROR, "a required variable has no value"),
        Rule("SD-TERM", Severity.ERROR, "not a term of the codelist, which cannot be extended"),
        Rule("SD-TERM-EXTENDED", Severity.WARNING, "not among the terms that the study lists for the codelist"),
        Rule("SD-LENGTH", Severity.ERROR, "longer in bytes than the length in the spec"),
        Rule("SD-DATE", Severity.ERROR, "not an ISO 8601 date or date and time"),
        Rule("SD-TEXT", Severity.ERROR, "a blank at the start or end, a lone full stop, or a control character"),
        Rule("SD-NAME", Severity.ERROR, "a short name has up to 8 of A-Z, 0-9, _ and does not start with a digit"),
        Rule("SD-ONE-TO-ONE", Severity.ERROR, "short name and name of a test do not belong together one to one"),
        Rule("SD-KEY", Severity.ERROR, "the natural key is there more than once"),
        Rule("SD-SEQUENCE", Severity.ERROR, "the sequence number is there more than once for the subject"),
    )
}
"""Every kind of constraint."""

NOWHERE = pl.lit(False)  # noqa: FBT003 - a literal expression
Constraint = Callable[[pl.Expr], pl.Expr]


def schema_of(spec: DatasetSpec, ct: Terminology) -> pa.DataFrameSchema:
    """The pandera schema of a dataset: types, order, required values, codelists, bytes, dates, names and keys.

    The values of a copy are judged where they come from, so that one wrong cell is one Finding; that it is a copy is
    for `judge_analysis` to say.

    Args:
        spec: the dataset's spec.
        ct: the codelists that the study ships.

    Raises:
        HouseError: the spec names a codelist that `specs/codelists.csv` does not have.
    """
    columns = {
        variable.name: pa.Column(variable.dtype, nullable=_may_be_null(variable), checks=_checks(variable, spec, ct))
        for variable in spec.variables
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True)


def judge(frame: Frame, spec: DatasetSpec, ct: Terminology) -> list[Finding]:
    """Hold a dataset against its spec.

    Args:
        frame: the conformed dataset with its trace column.
        spec: its spec.
        ct: the codelists that the study ships.

    Returns:
        One Finding per failing value, with form, raw record, subject, natural key, variable and value.

    Raises:
        HouseError: columns, order or types differ from the spec, or a codelist is missing.
    """
    cases = _failures(schema_of(spec, ct), frame.drop(RAW_RECORD), missing="SD-REQUIRED", where=spec.file)
    variables = {variable.name: variable for variable in spec.variables}
    found = []
    for (column, name, value), group in cases.group_by("column", "rule", "value", maintain_order=True):
        rule = RULES[str(name)]
        if rule.name.startswith("SD-TERM"):
            hint = _hint(str(value), group.height, _codelists(variables[str(column)], spec), ct)
            rule = replace(rule, message=f"{rule.message} ({hint})")
        found += findings_at(frame, spec, group["index"], rule, str(column))
    return found


def column_failures(
    frame: Frame,
    constraints: Mapping[str, Sequence[tuple[str, Constraint]]],
    *,
    required: Collection[str],
    missing: str,
    where: str,
) -> Frame:
    """Hold columns of text against named constraints.

    Args:
        frame: the columns.
        constraints: for each column the rules and what they ask; an expression that is null counts as held.
        required: columns without nulls.
        missing: the rule that a null in such a column breaks.
        where: the file that lists the columns.

    Returns:
        One row per failing value: `index` of the row, `column`, `rule`, `value`.

    Raises:
        HouseError: a column is absent or holds no text.

    Examples:
        >>> frame = pl.DataFrame({"id": ["a", None, "b c"]})
        >>> constraints = {"id": [("ID", lambda column: column.str.contains("^[a-z]$"))]}
        >>> column_failures(frame, constraints, required={"id"}, missing="ABSENT", where="patient.csv").rows()
        [(1, 'id', 'ABSENT', None), (2, 'id', 'ID', 'b c')]
    """
    columns = {
        name: pa.Column(pl.String, nullable=name not in required, checks=[_check(*each) for each in checks])
        for name, checks in constraints.items()
    }
    return _failures(pa.DataFrameSchema(columns), frame, missing=missing, where=where)


def _failures(schema: pa.DataFrameSchema, frame: Frame, *, missing: str, where: str) -> Frame:
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures: Frame = errors.failure_cases
    else:
        return pl.DataFrame(schema={"index": pl.Int64, "column": pl.String, "rule": pl.String, "value": pl.String})
    if not (structural := failures.filter(pl.col("index").is_null())).is_empty():
        row = structural.row(0, named=True)
        raise HouseError(where, f"{row['column'] or 'the frame'}: {row['check']}: {row['failure_case']}")
    return failures.select(
        pl.col("index").cast(pl.Int64),
        "column",
        rule=pl.col("check").replace("not_nullable", missing),
        value=pl.col("failure_case").cast(pl.String),
    )


def _codelists(variable: VariableSpec, spec: DatasetSpec) -> list[str]:
    """All codelists of a variable, those of single tests included."""
    lists = [*variable.codelists, *(n for v in spec.values if v.variable == variable.name for n in v.codelists)]
    return list(dict.fromkeys(lists))


def _hint(value: str, count: int, codelists: Sequence[str], ct: Terminology) -> str:
    spellings = {term.casefold(): term for name in codelists for term in ct.codelists[name].values}
    near = [spellings[text] for text in get_close_matches(value.casefold(), spellings, cutoff=0.4)]
    return f"{', '.join(codelists)}; in {count} records; nearest: {', '.join(near) or 'none'}"


def _may_be_null(variable: VariableSpec) -> bool:
    return bool(variable.predecessor) or not variable.is_filled


def _checks(variable: VariableSpec, spec: DatasetSpec, ct: Terminology) -> list[pa.Check]:
    checks = []
    if variable.name == spec.key[0]:
        checks.append(_check("SD-KEY", lambda _: ~pl.struct(spec.key).is_duplicated()))
    if variable.name in {f"{spec.name}SEQ", "ASEQ"} and "USUBJID" in spec.names:
        checks.append(_check("SD-SEQUENCE", lambda column: ~pl.struct("USUBJID", column).is_duplicated()))
    if variable.predecessor or not variable.is_text:
        return checks
    checks.append(_check("SD-LENGTH", lambda column: column.str.len_bytes() <= variable.length))
    checks.append(_check("SD-TEXT", lambda column: column.str.contains(TEXT) & (column != ".")))
    if variable.data_type == "datetime":
        checks.append(_check("SD-DATE", is_iso_8601))
    if variable.codelists:
        checks.append(_terms(variable.codelists, ct, where=spec.file))
    for value in spec.values:
        # what the variable allows anywhere was judged once
        if value.variable == variable.name and not set(value.codelists) <= set(variable.codelists):
            elsewhere = pl.col(value.where).ne_missing(pl.lit(value.equals))
            checks.append(_terms(value.codelists, ct, where=spec.file, elsewhere=elsewhere))
    if variable.name.endswith(("TESTCD", "PARAMCD")):
        name = variable.name.removesuffix("CD")
        checks.append(_check("SD-NAME", lambda column: column.str.contains(NAME)))
        checks.append(_check("SD-ONE-TO-ONE", lambda column: _one_to_one(column, pl.col(name))))
    return checks


def _terms(names: Sequence[str], ct: Terminology, *, where: str, elsewhere: pl.Expr = NOWHERE) -> pa.Check:
    if missing := [name for name in names if name not in ct.codelists]:
        raise HouseError("specs/codelists.csv", f"no codelist {', '.join(missing)}, which {where} names")
    lists = [ct.codelists[name] for name in names]
    allowed = [term for codelist in lists for term in codelist.values]
    rule = "SD-TERM-EXTENDED" if any(codelist.extensible for codelist in lists) else "SD-TERM"
    return _check(rule, lambda column: column.is_in(allowed) | elsewhere)


def _one_to_one(code: pl.Expr, name: pl.Expr) -> pl.Expr:
    return (name.n_unique().over(code) == 1) & (code.n_unique().over(name) == 1)


def is_iso_8601(column: pl.Expr) -> pl.Expr:
    """Whether a text is an ISO 8601 date or date and time that exists, possibly truncated (SDTMIG 3.4, 4.4.1).

    Examples:
        >>> texts = ["2026-02-28", "2026-02", "2026---15", "2026-02-30", "2026-02-28T24:10", "28.02.2026"]
        >>> pl.DataFrame({"d": texts}).select(is_iso_8601(pl.col("d"))).to_series().to_list()
        [True, True, True, False, False, False]
    """
    day = column.str.extract("^([0-9]{4}-[0-9]{2}-[0-9]{2})")
    return column.str.contains(ISO_8601) & (day.is_null() | day.str.to_date("%Y-%m-%d", strict=False).is_not_null())


def _check(rule: str, holds: Constraint) -> pa.Check:
    def check(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(pl.col(data.key).is_null() | holds(pl.col(data.key)))

    return pa.Check(check, name=rule)
