"""The CRF export validated as typed: what a data manager has to ask the site, or should know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

import polars as pl

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.dates import FULL_WIDTH, date_parts, is_time, plain
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.model.spec import ColumnSpec, FormSpec
from cdisc_aclf.model.text import LIMIT

# names that no form gives to a column
_ROW, _FIRST = "row of the form", "first record of the key"
_RECORD = pl.col(RAW_RECORD).str.extract(":([0-9]+)$")
_TYPED, _READ = pl.col("value"), pl.col("read")
_DATE = date_parts("read")
_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?"
_CENSORED = rf"^(?:[<>]=?|[≤≥])\s*{_NUMBER}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class _CellRule:
    """Which values get an Issue (`broken`) and what it says; both over `value`, as typed, and `read`, as understood.

    `once` asks for one Issue per value, at its first record, instead of one per record.
    """

    rule: str
    severity: Severity
    broken: pl.Expr
    message: pl.Expr
    once: bool = False


def _number(pattern: str, otherwise: str) -> _CellRule:
    return _CellRule(
        rule="RAW-NUMBER", severity=Severity.ERROR, broken=~_READ.str.contains(pattern), message=pl.lit(otherwise)
    )


_WIDTH = _CellRule(
    rule="RAW-WIDTH",
    severity=Severity.NOTE,
    broken=_TYPED.str.contains(FULL_WIDTH),
    message=pl.format("typed in full-width characters, read as {}", _READ),
)
_LONG = _CellRule(
    rule="RAW-LONG",
    severity=Severity.NOTE,
    broken=_TYPED.str.len_bytes() > LIMIT,
    message=pl.format(f"{{}} bytes; what does not fit into {LIMIT} continues in SUPP--", _TYPED.str.len_bytes()),
)
_NON_ASCII = _CellRule(
    rule="RAW-NON-ASCII",
    severity=Severity.NOTE,
    broken=_TYPED.str.contains(r"[^\x00-\x7F]"),
    message=pl.lit("not English: free text is translated before it is submitted"),
    once=True,
)
_BLANK = _CellRule(
    rule="RAW-BLANK",
    severity=Severity.WARNING,
    broken=_TYPED.str.contains(r"^\s|\s$|\p{Cc}"),
    message=pl.lit("a blank at the start or end, a line break or another control character"),
)
_BY_KIND: Mapping[str, tuple[_CellRule, ...]] = {
    "date": (
        _WIDTH,
        _CellRule(
            rule="RAW-DATE",
            severity=Severity.ERROR,
            broken=~_DATE.is_calendar,
            message=pl.when(_DATE.has_format)
            .then(pl.lit("no such day in the calendar"))
            .otherwise(
                pl.lit("not a date as 2026-02-03, 2026/2/3, 2026.2.3 or 2026年2月3日, with UK for what is unknown")
            ),
        ),
        _CellRule(
            rule="RAW-PARTIAL-DATE",
            severity=Severity.NOTE,
            broken=_DATE.is_calendar & (_DATE.month.is_null() | _DATE.day.is_null()),
            message=pl.when(_DATE.month.is_not_null())
            .then(pl.lit("the day is unknown"))
            .when(_DATE.day.is_not_null())
            .then(pl.lit("the month is unknown"))
            .otherwise(pl.lit("month and day are unknown")),
        ),
    ),
    "time": (
        _WIDTH,
        _CellRule(
            rule="RAW-TIME",
            severity=Severity.ERROR,
            broken=~is_time("read"),
            message=pl.lit("not a time as HH:MM or HH:MM:SS up to 23:59:59"),
        ),
    ),
    "integer": (_WIDTH, _number("^[+-]?[0-9]+$", "not a whole number")),
    "decimal": (_WIDTH, _number(f"^{_NUMBER}$", "not a number")),
    "result": (
        _WIDTH,
        _number(f"^{_NUMBER}$|{_CENSORED}", "neither a number nor <, >, <=, >=, ≤ or ≥ with a number"),
        _CellRule(
            rule="RAW-CENSORED",
            severity=Severity.NOTE,
            broken=_READ.str.contains(_CENSORED),
            message=pl.lit("a limit, no measured value: it has no numeric result"),
        ),
    ),
}
"""What is asked of a column by its type; see `_rules_of` for those that ask by more than that."""

_NO_VERDICT = pl.DataFrame(
    schema={
        "row": pl.UInt32,
        "rule": pl.String,
        "severity": pl.String,
        "message": pl.String,
        "key": pl.String,
        "value": pl.String,
        "count": pl.UInt32,
    }
)


def validate_forms(
    raw: Mapping[str, Frame], forms: Mapping[str, FormSpec], known: Mapping[str, Mapping[str, str]]
) -> list[Issue]:
    """Validate every cell of the export by the kind of its column; missing values are left to the datasets.

    Date, time, number and term are validated as `plain` reads them, so that full-width characters are a note only.

    Args:
        raw: the export by form, as `read_export` gives it.
        forms: what the study collects. The first form registers a subject; the others need a record there.
        known: the term of each collected value, by `ColumnSpec.codelist`.

    Returns:
        Issues in the order of forms, columns and rows.

    Raises:
        DefinitionError: a column is of no known type, or its codelist is not in `known`.

    Examples:
        >>> sex = ColumnSpec(
        ...     name="sex",
        ...     label="Sex",
        ...     label_zh="性别",
        ...     kind="choice",
        ...     codelist="SEX",
        ...     targets=("DM.SEX",),
        ...     ignored="",
        ... )
        >>> subject = ColumnSpec(
        ...     name="subject",
        ...     label="Subject",
        ...     label_zh="受试者",
        ...     kind="text",
        ...     codelist="",
        ...     targets=("DM.SUBJID",),
        ...     ignored="",
        ... )
        >>> form = FormSpec(
        ...     name="demographics",
        ...     label="",
        ...     label_zh="",
        ...     key=("subject",),
        ...     left_out="",
        ...     columns=(subject, sex),
        ...     file="specs/raw/demographics.csv",
        ... )
        >>> typed = pl.DataFrame({"subject": ["01"], "sex": ["男性"], "raw_record": ["demographics:2"]})
        >>> [issue] = validate_forms({"demographics": typed}, {"demographics": form}, {"SEX": {"男": "M", "女": "F"}})
        >>> issue.rule, issue.record, issue.variable, issue.message
        ('RAW-TERM', '2', 'sex', 'not among the known values; nearest: 男')
    """
    register = next(iter(forms))
    subjects = raw[register]["subject"].drop_nulls().to_list()
    issues = []
    for name, form in forms.items():
        frame = raw[name].with_row_index(_ROW)
        for column in form.columns:
            verdicts = _verdicts(frame, form, column, known)
            if column.name == "subject":
                verdicts.append(_unregistered(frame, subjects, register))
            if column.name == form.key[-1]:
                verdicts.append(_repeated(frame, form))
            issues += _issues(frame, form, column, verdicts)
    return issues


def _verdicts(frame: Frame, form: FormSpec, column: ColumnSpec, known: Mapping[str, Mapping[str, str]]) -> list[Frame]:
    cells = frame.select(row=_ROW, value=column.name).drop_nulls()
    # each distinct value is validated once, then found again in its rows
    values = cells.select("value").unique(maintain_order=True).with_columns(read=plain("value"))
    verdicts = []
    for rule in _rules_of(form, column, values, known):
        broken = values.filter(rule.broken).select("value", message=rule.message)
        if broken.is_empty():
            continue
        rows = cells.join(broken, on="value", maintain_order="left")
        if rule.once:
            rows = rows.with_columns(count=pl.len().over("value")).unique("value", keep="first", maintain_order=True)
        verdicts.append(_verdict(rows, rule.rule, rule.severity))
    return verdicts


def _verdict(rows: Frame, rule: str, severity: Severity) -> Frame:
    return rows.with_columns(rule=pl.lit(rule), severity=pl.lit(severity.value))


def _rules_of(
    form: FormSpec, column: ColumnSpec, values: Frame, known: Mapping[str, Mapping[str, str]]
) -> tuple[_CellRule, ...]:
    match column.kind:
        case "text":
            # what is not submitted has neither to fit nor to be English
            return (_LONG, _NON_ASCII, _BLANK) if column.targets else (_BLANK,)
        case "choice" | "unit" | "visit" if column.codelist in known:
            return _term_rules(column.kind, known[column.codelist], values)
        case kind if kind in _BY_KIND:
            return _BY_KIND[kind]
        case kind:
            raise DefinitionError(
                form.file, f"column {column.name!r}: no values of {kind} {column.codelist!r} are known"
            )


def _term_rules(kind: str, terms: Mapping[str, str], values: Frame) -> tuple[_CellRule, ...]:
    listed = list(terms)
    as_listed = _TYPED.is_in(listed)
    is_known = as_listed | _READ.is_in(listed)
    if kind == "visit":
        # an unscheduled visit carries its number
        is_known |= _READ.str.replace("[0-9]+$", "").is_in(listed)
    nearest = {value: _nearest(value, terms) for value in values.filter(~is_known)["read"]}
    message = _READ.replace_strict(nearest, default=None, return_dtype=pl.String)
    rules = (
        replace(_WIDTH, broken=_WIDTH.broken & ~as_listed),
        _CellRule(rule="RAW-TERM", severity=Severity.ERROR, broken=~is_known, message=message),
    )
    if kind != "unit":
        return rules
    term = pl.coalesce(text.replace_strict(terms, default=None, return_dtype=pl.String) for text in (_TYPED, _READ))
    spelling = pl.format("another spelling of {}", term)
    return (
        *rules,
        _CellRule(rule="RAW-UNIT", severity=Severity.NOTE, broken=term != _READ, message=spelling, once=True),
    )


def _nearest(value: str, known: Iterable[str]) -> str:
    spellings = {text.casefold(): text for text in known}
    nearest = [spellings[text] for text in get_close_matches(value.casefold(), spellings)]
    return "not among the known values" + (f"; nearest: {', '.join(nearest)}" if nearest else "")


def _unregistered(frame: Frame, subjects: list[str], register: str) -> Frame:
    rows = frame.filter(~pl.col("subject").is_in(subjects)).select(
        row=_ROW, value="subject", message=pl.lit(f"the subject has no record in {register}")
    )
    return _verdict(rows, "RAW-SUBJECT", Severity.ERROR)


def _repeated(frame: Frame, form: FormSpec) -> Frame:
    """Every record whose key an earlier one has; a key with an empty part is no key."""
    parts = [pl.format("{}={}", pl.lit(name), name) for name in form.key]
    rows = (
        frame.drop_nulls(form.key)
        .filter(pl.struct(form.key).is_duplicated())
        .with_columns(_RECORD.first().over(form.key).alias(_FIRST))
        .filter(pl.col(_FIRST) != _RECORD)
        .select(
            row=_ROW,
            value=form.key[-1],
            message=pl.format("the key is already in row {}", _FIRST),
            key=pl.concat_str(parts, separator=", "),
        )
    )
    return _verdict(rows, "RAW-KEY", Severity.ERROR)


def _issues(frame: Frame, form: FormSpec, column: ColumnSpec, verdicts: list[Frame]) -> list[Issue]:
    rows = pl.concat([_NO_VERDICT, *verdicts], how="diagonal").sort("row", maintain_order=True)
    places = frame.select("subject", RAW_RECORD)[rows["row"]].select(pl.col("subject").fill_null(""), record=_RECORD)
    found = rows.with_columns(pl.col("key").fill_null(""), pl.col("count").fill_null(1)).hstack(places)
    return [
        Issue(
            rule=rule,
            severity=Severity(severity),
            message=message,
            form=form.name,
            record=record,
            subject=subject,
            key=key,
            variable=column.name,
            value=value,
            count=count,
        )
        for _, rule, severity, message, key, value, count, subject, record in found.rows()
    ]
