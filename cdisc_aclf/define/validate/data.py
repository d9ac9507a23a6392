"""A Define-XML document validated against the files that it describes."""

from collections.abc import Iterator, Mapping

import polars as pl
import polars.selectors as cs

from cdisc_aclf.define.model.document import Condition, DatasetDef, Define, ItemRef, VariableDef, by_oid
from cdisc_aclf.formats.xpt.model import Column, SasDataset
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import Issue, Rule, Severity

DATASET = Rule("DX-DATASET", Severity.ERROR, "a dataset is in the document or in the folder, not in both")
VARIABLE = Rule("DX-VARIABLE", Severity.ERROR, "a variable is in the document or in the file, not in both")
ORDER = Rule("DX-ORDER", Severity.ERROR, "the variables of the file stand in another order")
LABEL = Rule("DX-LABEL", Severity.ERROR, "the label in the file is another one")
TYPE = Rule("DX-TYPE", Severity.ERROR, "text in the file and a number in the document, or the other way round")
LENGTH = Rule("DX-LENGTH", Severity.ERROR, "longer than the document says")
TERM = Rule("DX-TERM", Severity.ERROR, "not a term of the codelist in the document")
EMPTY = Rule("DX-MANDATORY", Severity.ERROR, "mandatory in the document, and a record has no value")
KEY = Rule("DX-KEY", Severity.ERROR, "the keys in the document do not tell records apart")
SORT = Rule("DX-SORT", Severity.WARNING, "the file is not sorted by the keys in the document")

_NUMERIC = frozenset({"integer", "float", "double"})
_MOMENTS = frozenset({"date", "datetime", "time"})


def validate_described(define: Define, datasets: Mapping[str, SasDataset]) -> list[Issue]:
    """Compare a document with what the files of its datasets hold.

    Value-level metadata counts where its where clauses speak of variables of the same dataset.

    Args:
        define: the document.
        datasets: the files by dataset name, as a reader gave them.

    Returns:
        One Issue per difference; of values one per kind of value that the document does not allow.
    """
    described = {dataset.name: dataset for dataset in define.datasets}
    found = [_issue(DATASET, name) for name in sorted(set(described) ^ set(datasets))]
    for name, file in datasets.items():
        if name in described:
            found += _differences(define, described[name], file)
    return found


def _differences(define: Define, dataset: DatasetDef, file: SasDataset) -> Iterator[Issue]:
    variables = by_oid(define.variables)
    items = [(item, variables[item.item]) for item in dataset.items if item.item in variables]
    columns = {column.name: column for column in file.columns}
    names = [variable.name for _, variable in items]
    if dataset.submitted_label != file.label:
        yield _issue(LABEL, dataset.name, value=file.label)
    for name in sorted(set(names) ^ set(columns)):
        yield _issue(VARIABLE, dataset.name, name)
    shared = [name for name in names if name in columns]
    if shared != [name for name in columns if name in names]:
        yield _issue(ORDER, dataset.name, value=" ".join(columns))
    texts = _as_text(file.frame)
    for item, variable in items:
        if variable.name in columns:
            yield from _of_variable(define, dataset, item, columns[variable.name], texts)
    yield from _of_keys(dataset, {variable.name: item.key for item, variable in items}, file.frame)


def _of_variable(define: Define, dataset: DatasetDef, item: ItemRef, column: Column, texts: Frame) -> Iterator[Issue]:
    variables, clauses = by_oid(define.variables), by_oid(define.where_clauses)
    variable = variables[item.item]
    if variable.submitted_label != column.label:
        yield _issue(LABEL, dataset.name, variable.name, column.label)
    is_number = variable.data_type in _NUMERIC or (variable.data_type in _MOMENTS and bool(variable.format))
    if is_number != (column.kind == "num"):
        yield _issue(TYPE, dataset.name, variable.name, column.kind)
        return
    values = texts[variable.name]
    if item.mandatory and values.null_count():
        yield _issue(EMPTY, dataset.name, variable.name, count=values.null_count())
    yield from _of_values(define, dataset, variable, values)
    here = {each.item: variables[each.item].name for each in dataset.items if each.item in variables}
    here = {oid: name for oid, name in here.items() if name in texts.columns}
    for part in next((each.items for each in define.value_lists if each.oid == variable.value_list), ()):
        conditions = [clauses[oid].conditions for oid in part.where if oid in clauses]
        if part.item in variables and all(each.item in here for all_of in conditions for each in all_of):
            picks = [pl.all_horizontal(_holds(each, here[each.item]) for each in all_of) for all_of in conditions]
            records = texts.filter(pl.any_horizontal(picks)) if picks else texts
            yield from _of_values(define, dataset, variables[part.item], records[variable.name])


def _holds(condition: Condition, variable: str) -> pl.Expr:
    value = pl.col(variable)
    match condition.comparator:
        case "EQ" | "IN":
            return value.is_in(condition.values)
        case "NE" | "NOTIN":
            return ~value.is_in(condition.values)
    number, limit = (text.cast(pl.Float64, strict=False) for text in (value, pl.lit("".join(condition.values[:1]))))
    match condition.comparator:
        case "LT":
            return number < limit
        case "LE":
            return number <= limit
        case "GT":
            return number > limit
    return number >= limit


def _of_values(define: Define, dataset: DatasetDef, variable: VariableDef, values: pl.Series) -> Iterator[Issue]:
    texts = values.drop_nulls()
    codelist = by_oid(define.codelists).get(variable.codelist)
    if codelist and not codelist.dictionary:
        odd = texts.filter(~texts.is_in([term.value for term in codelist.terms]))
        yield from _counted(TERM, dataset, variable, odd)
    if variable.data_type == "text" and variable.length is not None:
        yield from _counted(LENGTH, dataset, variable, texts.filter(texts.str.len_bytes() > variable.length))
    if variable.digits is not None:
        decimals = texts.str.extract(r"\.([0-9]+)$").str.len_chars().fill_null(0)
        yield from _counted(LENGTH, dataset, variable, texts.filter(decimals > variable.digits))
    if variable.data_type in _NUMERIC:
        yield from _counted(TYPE, dataset, variable, texts.filter(texts.cast(pl.Float64, strict=False).is_null()))


def _of_keys(dataset: DatasetDef, keys: Mapping[str, int | None], frame: Frame) -> Iterator[Issue]:
    names = sorted((name for name, key in keys.items() if key is not None), key=lambda name: keys[name] or 0)
    if not names or not set(names) <= set(frame.columns):
        return
    ordered = frame.select(names)
    if twice := int(ordered.is_duplicated().sum()):
        yield _issue(KEY, dataset.name, " ".join(names), count=twice)
    if not ordered.equals(ordered.sort(names, maintain_order=True)):
        yield _issue(SORT, dataset.name, " ".join(names))


def _as_text(frame: Frame) -> Frame:
    """Numbers as a codelist writes them, 1 and not 1.0, in 12 digits: that leaves the noise of doubles behind."""
    return frame.with_columns(cs.numeric().round_sig_figs(12).cast(pl.String).str.strip_suffix(".0"))


def _counted(rule: Rule, dataset: DatasetDef, variable: VariableDef, odd: pl.Series) -> Iterator[Issue]:
    for value, count in odd.value_counts().sort(odd.name).rows():
        yield _issue(rule, dataset.name, variable.oid.partition(".")[2], value, count)


def _issue(rule: Rule, dataset: str, variable: str = "", value: str = "", count: int = 1) -> Issue:
    return Issue(
        rule=rule.name,
        severity=rule.severity,
        message=rule.message,
        dataset=dataset,
        form="define.xml",
        variable=variable,
        value=value,
        count=count,
    )
