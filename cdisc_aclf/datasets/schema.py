"""A pandera schema for every dataset, built from its spec; every failure of every row as an Issue."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

from cdisc_aclf.datasets.where import issues_at
from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.issue import Issue, Rule, Severity
from cdisc_aclf.model.spec import DatasetSpec, VariableSpec
from cdisc_aclf.model.terminology import Terminology

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
Named = tuple[str, Constraint]
"""The rule that a value breaks, and what it asks; an expression that is null counts as held."""


def validate(frame: Frame, spec: DatasetSpec, ct: Terminology) -> list[Issue]:
    """Validate a dataset against its spec: types, order, required values, codelists, bytes, dates, names and keys.

    The values of a copy are validated where they come from, so that one wrong cell is one Issue; that it is a copy is
    for `validate_analysis` to say.

    Args:
        frame: the conformed dataset with its trace column.
        spec: its spec.
        ct: the codelists that the study ships.

    Returns:
        One Issue per failing value, with form, raw record, subject, natural key, variable and value.

    Raises:
        DefinitionError: columns, order or types differ from the spec, or a codelist is missing.
    """
    columns = _columns_of(spec, ct)
    cases = _failures(columns, frame.drop(RAW_RECORD), is_exact=True, missing="SD-REQUIRED", where=spec.file)
    variables = {variable.name: variable for variable in spec.variables}
    found = []
    for (column, name, value), group in cases.group_by("column", "rule", "value", maintain_order=True):
        rule = RULES[str(name)]
        if rule.name.startswith("SD-TERM"):
            hint = _hint(str(value), group.height, _codelists(variables[str(column)], spec), ct)
            rule = replace(rule, message=f"{rule.message} ({hint})")
        found += issues_at(frame, spec, group["index"], rule, str(column))
    return found


def column_failures(
    frame: Frame,
    constraints: Mapping[str, Sequence[Named]],
    *,
    required: Collection[str],
    missing: str,
    where: str,
) -> Frame:
    """Validate columns of text against named constraints.

    Args:
        frame: the columns.
        constraints: for each column the rules and what they ask; an expression that is null counts as held.
        required: columns without nulls.
        missing: the rule that a null in such a column breaks.
        where: the file that lists the columns.

    Returns:
        One row per failing value: `index` of the row, `column`, `rule`, `value`.

    Raises:
        DefinitionError: a column is absent or holds no text.

    Examples:
        >>> frame = pl.DataFrame({"id": ["a", None, "b c"]})
        >>> constraints = {"id": [("ID", lambda column: column.str.contains("^[a-z]$"))]}
        >>> column_failures(frame, constraints, required={"id"}, missing="ABSENT", where="patient.csv").rows()
        [(1, 'id', 'ABSENT', None), (2, 'id', 'ID', 'b c')]
    """
    columns = {name: _Column(pl.String(), name not in required, tuple(each)) for name, each in constraints.items()}
    return _failures(columns, frame, is_exact=False, missing=missing, where=where)


@dataclass(frozen=True, slots=True)
class _Column:
    """What a schema asks of a column."""

    dtype: pl.DataType
    may_be_null: bool
    constraints: tuple[Named, ...] = ()


def _schema(columns: Mapping[str, _Column], *, is_exact: bool) -> pa.DataFrameSchema:
    """The pandera schema; an exact one takes no other columns and no other order."""
    return pa.DataFrameSchema(
        {
            name: pa.Column(each.dtype, nullable=each.may_be_null, checks=[_check(*one) for one in each.constraints])
            for name, each in columns.items()
        },
        strict=is_exact,
        ordered=is_exact,
    )


def _failures(columns: Mapping[str, _Column], frame: Frame, *, is_exact: bool, missing: str, where: str) -> Frame:
    """Every failing value, in the order of the columns.

    pandera asks each constraint in queries of its own, a millisecond apiece. So types, order and nulls are asked of
    all columns, then one query finds the constraints that some row breaks, and pandera names the rows of these.
    """
    bare = {name: replace(column, constraints=()) for name, column in columns.items()}
    nulls = _cases(_schema(bare, is_exact=is_exact), frame, missing=missing, where=where)
    broken = _broken(columns, frame)
    found = _cases(_schema(broken, is_exact=False), frame, missing=missing, where=where)
    places = {name: place for place, name in enumerate(columns)}
    both = pl.concat([nulls, found])
    return both.sort(pl.col("column").replace_strict(places, return_dtype=pl.Int64), maintain_order=True)


def _broken(columns: Mapping[str, _Column], frame: Frame) -> dict[str, _Column]:
    asked = [(name, named) for name, column in columns.items() for named in column.constraints]
    held = frame.select(
        (pl.col(name).is_null() | holds(pl.col(name))).all().alias(f"{place}")
        for place, (name, (_, holds)) in enumerate(asked)
    )
    broken: dict[str, list[Named]] = {}
    for place, (name, named) in enumerate(asked):
        if not held[f"{place}"][0]:
            broken.setdefault(name, []).append(named)
    return {name: replace(columns[name], may_be_null=True, constraints=tuple(each)) for name, each in broken.items()}


def _cases(schema: pa.DataFrameSchema, frame: Frame, *, missing: str, where: str) -> Frame:
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures: Frame = errors.failure_cases
    else:
        return pl.DataFrame(schema={"index": pl.Int64, "column": pl.String, "rule": pl.String, "value": pl.String})
    if not (structural := failures.filter(pl.col("index").is_null())).is_empty():
        row = structural.row(0, named=True)
        raise DefinitionError(where, f"{row['column'] or 'the frame'}: {row['check']}: {row['failure_case']}")
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


def _columns_of(spec: DatasetSpec, ct: Terminology) -> dict[str, _Column]:
    return {
        variable.name: _Column(variable.dtype, _may_be_null(variable), tuple(_checks(variable, spec, ct)))
        for variable in spec.variables
    }


def _checks(variable: VariableSpec, spec: DatasetSpec, ct: Terminology) -> list[Named]:
    checks: list[Named] = []
    if variable.name == spec.key[0]:
        checks.append(("SD-KEY", lambda _: ~pl.struct(spec.key).is_duplicated()))
    if variable.name in {f"{spec.name}SEQ", "ASEQ"} and "USUBJID" in spec.names:
        checks.append(("SD-SEQUENCE", lambda column: ~pl.struct("USUBJID", column).is_duplicated()))
    if variable.predecessor or not variable.is_text:
        return checks
    checks.append(("SD-LENGTH", lambda column: column.str.len_bytes() <= variable.length))
    checks.append(("SD-TEXT", lambda column: column.str.contains(TEXT) & (column != ".")))
    if variable.data_type == "datetime":
        checks.append(("SD-DATE", is_iso_8601))
    if variable.codelists:
        checks.append(_terms(variable.codelists, ct, where=spec.file))
    for value in spec.values:
        # what the variable allows anywhere was validated once
        if value.variable == variable.name and not set(value.codelists) <= set(variable.codelists):
            elsewhere = pl.col(value.where).ne_missing(pl.lit(value.equals))
            checks.append(_terms(value.codelists, ct, where=spec.file, elsewhere=elsewhere))
    if variable.name.endswith(("TESTCD", "PARAMCD")):
        name = variable.name.removesuffix("CD")
        checks.append(("SD-NAME", lambda column: column.str.contains(NAME)))
        checks.append(("SD-ONE-TO-ONE", lambda column: _one_to_one(column, pl.col(name))))
    return checks


def _terms(names: Sequence[str], ct: Terminology, *, where: str, elsewhere: pl.Expr = NOWHERE) -> Named:
    if missing := [name for name in names if name not in ct.codelists]:
        raise DefinitionError("specs/codelists.csv", f"no codelist {', '.join(missing)}, which {where} names")
    lists = [ct.codelists[name] for name in names]
    allowed = [term for codelist in lists for term in codelist.values]
    rule = "SD-TERM-EXTENDED" if any(codelist.extensible for codelist in lists) else "SD-TERM"
    return rule, lambda column: column.is_in(allowed) | elsewhere


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
