"""Resources that are rows of a frame of elements: elements are validated as columns, structures by one resource each.

What FHIR asks of a resource depends on single values, on which elements there are and which codes they hold, and on
few relations between values. Values and relations are constraints of a pandera schema, so every row is
validated against them. Rows that have the same elements and the same codes are one structure; for everything else a
resource of each structure stands for all of it, and goes through fhir.resources and the walk as it is written.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from json import loads

import polars as pl

from cdisc_aclf.datasets.schema import NOWHERE, Named, column_failures
from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import UNQUOTED, ElementSpec, FhirSpec, FhirVersion, ResourceSpec
from cdisc_aclf.fhir.validate.codes import LOINC, UCUM, is_loinc
from cdisc_aclf.fhir.validate.columns import forms, in_order, is_positive, not_above
from cdisc_aclf.fhir.validate.resources import Validator
from cdisc_aclf.fhir.validate.rows import About, bare_units, unresolved
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import Issue

CODED = {"code", "boolean", "uri", "url", "canonical"}
"""Types whose values are part of the structure: there are few of them, and invariants ask for them."""

BY_COLUMN = {"per-1", "rng-2", "age-1", "prov-1"}
"""Invariants that ask for values outside of the structure, and have a constraint here."""

BY_VALUE = BY_COLUMN | {"cnt-3", "ratrng-2", "inv-2", "tim-4", "tim-5", "exp-2", "csd-1", "pld-3", "pld-4"}
"""All invariants that ask for values outside of the structure."""

PAIRS: Mapping[str, tuple[str, str, Callable[[pl.Expr, pl.Expr], pl.Expr]]] = {
    "per-1": ("start", "end", in_order),
    "rng-2": ("low.value", "high.value", not_above),
    "prov-1": ("who.reference", "onBehalfOf.reference", pl.Expr.ne),
}
"""The two leaves that an invariant compares, and how."""

Render = Callable[[Frame], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """An element that varies, its types in the study's table and in the standard, and where its references may lead."""

    element: ElementSpec
    types: tuple[str, ...]
    targets: frozenset[str]


def validate_frame(
    frame: Frame,
    resource: ResourceSpec,
    spec: FhirSpec,
    validator: Validator,
    *,
    ids: pl.Series,
    render: Render,
) -> list[Issue]:
    """Hold every row of a frame of elements against FHIR and the tables of the study.

    Args:
        frame: one row per resource, one text column per element that varies.
        resource: its elements, at their places in the version of FHIR.
        spec: value sets and units of the study.
        validator: of that version; it shows fhir.resources one resource of each structure, or every one if asked to.
        ids: `Type/id` of everything that a reference may lead to.
        render: the JSON of the resources in some rows, as it is written.

    Returns:
        One Issue per failing value or structure and resource; references that lead nowhere and units without code
        are reported once each, with their count.

    Raises:
        DefinitionError: an element is none of this version of FHIR, or an invariant has no constraint for columns.
    """
    if frame.is_empty():
        return []
    columns = [_column(element, resource, validator) for element in resource.elements if not element.fixed]
    places = {column.element.column: column.element.path for column in columns}
    text = frame.select(pl.col(places.keys()).cast(pl.String))
    required = {column.element.column for column in columns if column.element.required}
    constraints: dict[str, list[Named]] = {}
    for column in columns:
        checks = [
            *_forms(column),
            *(_codes(column.element, resource, spec, text) if validator.version is FhirVersion.R5 else ()),
        ]
        constraints.setdefault(column.element.column, []).extend(checks)
    for name, constraint in _relations(columns, resource, validator):
        constraints[name].append(constraint)
    failures = column_failures(text, constraints, required=required, missing="FHIR-REQUIRED", where=resource.file)
    about = About(frame, resource)
    issues = [
        about.at(index, rule, places[column], value or "")
        for index, column, rule, value in failures.select("index", "column", "rule", "value").iter_rows()
    ]
    links = [column.element for column in columns if column.element.type == "reference"]
    issues += unresolved(text, links, about, ids, failed=failures)
    issues += bare_units(text, resource, about)
    known = {(issue.rule, issue.key, issue.variable) for issue in issues}
    for issue in _structures(text, columns, validator, about, render, set(failures["index"])):
        if (issue.rule, issue.key, issue.variable) not in known:
            issues.append(issue)
    return issues


def _column(element: ElementSpec, resource: ResourceSpec, validator: Validator) -> Column:
    slots = validator.walker.way(resource.type, element.path)
    if slots is None:
        raise DefinitionError(resource.file, f"{element.path} is no element of {resource.type} in {validator.version}")
    own = "string" if element.type == "reference" else element.type
    targets = frozenset(element.targets)
    if len(slots) > 1 and slots[-2].type == "Reference":
        allowed = slots[-2].element.targets
        targets = targets & allowed if targets and allowed and "Resource" not in allowed else targets or allowed
    return Column(element, tuple(dict.fromkeys((element.type, own, slots[-1].type))), targets)


def _forms(column: Column) -> Iterator[Named]:
    if column.element.values:  # the codes of another version: the structures hold them
        return
    yield "FHIR-FORM", lambda values: pl.all_horizontal(forms(values, name) for name in column.types)
    if column.element.type == "reference" and column.targets:
        kinds = "|".join(sorted(column.targets))
        yield "FHIR-TARGET", lambda values: values.str.contains(f"^({kinds})/") | ~forms(values, "reference")


def _codes(element: ElementSpec, resource: ResourceSpec, spec: FhirSpec, text: Frame) -> Iterator[Named]:
    """Codes in the value set that the study gives them, LOINC numbers, and units that it lists."""
    if element.type != "code":
        return
    path = element.path.rpartition(".code")[0] + ".system"
    beside = next((each for each in resource.elements if each.path == path and element.path.endswith(".code")), None)
    system = (
        pl.lit(None, pl.String) if beside is None else pl.lit(beside.fixed) if beside.fixed else pl.col(beside.column)
    )
    loinc = [code for code in text[element.column].unique() if code and is_loinc(code)]
    yield "FHIR-LOINC", lambda values: system.ne_missing(pl.lit(LOINC)) | values.is_in(loinc)
    yield "FHIR-UCUM", lambda values: system.ne_missing(pl.lit(UCUM)) | values.is_in(sorted(spec.ucum))
    if not element.value_set:
        return
    members = spec.value_sets[element.value_set]
    if element.anywhere.endswith("coding[].code"):
        known = [f"{of} {code}" for of, code in sorted(members)]
        yield "FHIR-CODE", lambda values: pl.concat_str(system.fill_null(""), values, separator=" ").is_in(known)
    else:
        yield "FHIR-CODE", lambda values: values.is_in(sorted({code for _, code in members}))


def _relations(columns: Sequence[Column], resource: ResourceSpec, validator: Validator) -> Iterator[tuple[str, Named]]:
    """Constraints between the elements of one part: the invariants that the structure cannot answer."""
    at = {column.element.path: column.element.column for column in columns}
    parts = {path.rsplit(".", depth)[0] for path in at for depth in (1, 2) if path.count(".") >= depth}
    for above in sorted(parts):
        way = validator.walker.way(resource.type, above)
        keys = {key for key, _ in way[-1].checks} & BY_VALUE if way else set()
        if unknown := sorted(keys - BY_COLUMN):
            raise DefinitionError(resource.file, f"{above}: no constraint between columns holds {', '.join(unknown)}")
        for key in sorted(keys):
            yield from _relation(key, above, at)


def _relation(key: str, above: str, at: dict[str, str]) -> Iterator[tuple[str, Named]]:
    if key == "age-1":
        if value := at.get(f"{above}.value"):
            yield value, ("FHIR-INVARIANT", is_positive)
        return
    first, second, holds = PAIRS[key]
    low, high = at.get(f"{above}.{first}"), at.get(f"{above}.{second}")
    units = [pl.col(column) for end in ("low", "high") if (column := at.get(f"{above}.{end}.code"))]
    other = units[0].ne_missing(units[1]) if key == "rng-2" and len(units) > 1 else NOWHERE
    if low and high:
        yield high, ("FHIR-INVARIANT", lambda values: holds(pl.col(low), values).fill_null(value=True) | other)


def _structures(
    text: Frame, columns: Sequence[Column], validator: Validator, about: About, render: Render, failed: set[int]
) -> Iterator[Issue]:
    """What is wrong with one resource of every structure, said of each resource that has it."""
    by_value = {column.element.anywhere for column in columns if not _is_coded(column)}
    structure = {str(place): _in_structure(column) for place, column in enumerate(columns)}
    rows = (
        text.select(**structure)
        .with_row_index("index")
        .with_columns(place=pl.col("index"), failed=pl.col("index").is_in(list(failed)))
    )
    by = ["index"] if validator.every else list(structure)
    groups = rows.group_by(by, maintain_order=True).agg(
        one=pl.coalesce(pl.col("place").filter(~pl.col("failed")).first(), pl.col("place").first()), members="place"
    )
    texts = render(about.frame[groups["one"]])
    for one, group, json in zip(groups["one"], groups["members"], texts, strict=True):
        issues, _ = validator.validate(loads(json, parse_float=Decimal))
        for issue in issues:
            is_value = re.sub(r"\[\d+\]", "[]", issue.variable) in by_value
            if is_value and one in failed:  # the column reports it, for every row that has it
                continue
            for index in [one] if is_value else group:
                there = about.at(index, issue.rule, issue.variable, issue.value)
                yield replace(there, message=issue.message)


def _is_coded(column: Column) -> bool:
    return bool(CODED & set(column.types))


def _in_structure(column: Column) -> pl.Expr:
    """What the structure keeps: a code as it is, of other values whether they are there and how JSON writes them."""
    values = pl.col(column.element.column)
    if _is_coded(column):
        return values
    if column.element.type in UNQUOTED:
        return forms(values, column.element.type)
    return values.is_not_null()
