"""A Define-XML document checked against itself: every reference leads somewhere, every definition is used, once."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import NamedTuple, TypeVar

from cdisc_aclf.define.model.document import Define, ItemRef, by_oid
from cdisc_aclf.model.document import Pages
from cdisc_aclf.model.issue import Issue, Rule, Severity

MISSING = Rule("DX-OID", Severity.ERROR, "a definition without an identifier")
TWICE = Rule("DX-TWICE", Severity.ERROR, "an identifier or number is there twice")
ORPHAN = Rule("DX-ORPHAN", Severity.ERROR, "refers to what the document does not define")
UNUSED = Rule("DX-UNUSED", Severity.WARNING, "is defined and nothing refers to it")
NO_FILE = Rule("DX-FILE", Severity.ERROR, "refers to a file that is not there")


Counted = TypeVar("Counted", str, tuple[str, str])


class Link(NamedTuple):
    """A reference: what refers, to which kind of thing (the element's name), by which identifier."""

    source: str
    kind: str
    target: str


def validate_links(define: Define, *, files: Collection[str] | None = None) -> list[Issue]:
    """Follow every reference of a document that anybody wrote.

    DX-OID: a definition has no OID or ID. DX-TWICE: two definitions have one, or two variables of a dataset one order
    or key number, or a codelist one term twice. DX-ORPHAN: a reference to nothing. DX-UNUSED: a definition that nothing
    refers to. DX-FILE: a leaf whose file is not there. Source: Define-XML 2.1, sections 4.2 and 5.3.

    Args:
        define: the document.
        files: names of the files beside it, relative to it; None where that is not known.

    Returns:
        One Issue per broken link, with the OID of what refers as variable and the identifier as value.

    Examples:
        >>> define = Define(
        ...     study_oid="ST", study_name="", study_text="", protocol="", oid="MDV", name="", crf=("LF.A",)
        ... )
        >>> [(issue.rule, issue.value) for issue in validate_links(define)]
        [('DX-ORPHAN', 'LF.A')]
    """
    definitions = list(_definitions(define))
    links = list(_links(define))
    known = {(kind, oid) for kind, oid in definitions}
    found = [_issue(MISSING, kind, "") for kind, oid in definitions if not oid]
    found += [_issue(TWICE, kind, oid) for (kind, oid), count in _counts(definitions) if oid and count > 1]
    found += [_issue(TWICE, oid, value) for oid, value in _numbered_twice(define)]
    found += [_issue(ORPHAN, link.source, link.target) for link in links if (link.kind, link.target) not in known]
    used = {(link.kind, link.target) for link in links}
    found += [
        _issue(UNUSED, kind, oid)
        for kind, oid in dict.fromkeys(definitions)
        if oid and kind not in _ROOTS and (kind, oid) not in used
    ]
    if files is not None:
        leaves = [*define.documents, *(dataset.file for dataset in define.datasets if dataset.file)]
        found += [_issue(NO_FILE, leaf.id, leaf.href) for leaf in leaves if leaf.href not in files]
    return found


_ROOTS = frozenset({"Standard", "ItemGroupDef", "ResultDisplay", "AnalysisResult"})
"""What nothing needs to refer to."""


def _definitions(define: Define) -> Iterator[tuple[str, str]]:
    for kind, definitions in (
        ("Standard", define.standards),
        ("ValueListDef", define.value_lists),
        ("WhereClauseDef", define.where_clauses),
        ("ItemGroupDef", define.datasets),
        ("ItemDef", define.variables),
        ("CodeList", define.codelists),
        ("MethodDef", define.methods),
        ("CommentDef", define.comments),
        ("ResultDisplay", define.displays),
    ):
        yield from ((kind, definition.oid) for definition in definitions)
    yield from (("AnalysisResult", result.oid) for display in define.displays for result in display.results)
    yield from (("leaf", leaf.id) for leaf in define.documents)
    yield from (("leaf", dataset.file.id) for dataset in define.datasets if dataset.file)


def _links(define: Define) -> Iterator[Link]:
    """Every reference that is filled in, in the order of the document."""
    yield from (link for link in _all_links(define) if link.target)


def _all_links(define: Define) -> Iterator[Link]:
    yield from (Link(define.oid, "leaf", leaf) for leaf in (*define.crf, *define.supplements))
    yield Link(define.oid, "CommentDef", define.comment)
    yield from (Link(standard.oid, "CommentDef", standard.comment) for standard in define.standards)
    yield from _of_structure(define)
    for codelist in define.codelists:
        yield Link(codelist.oid, "Standard", codelist.standard)
        yield Link(codelist.oid, "CommentDef", codelist.comment)
    for method in define.methods:
        yield from _of_pages(method.oid, method.pages)
    for comment in define.comments:
        yield from _of_pages(comment.oid, comment.pages)
    yield from _of_results(define)


def _of_structure(define: Define) -> Iterator[Link]:
    for values in define.value_lists:
        yield from _of_items(values.oid, values.items)
    for clause in define.where_clauses:
        yield from (Link(clause.oid, "ItemDef", condition.item) for condition in clause.conditions)
        yield Link(clause.oid, "CommentDef", clause.comment)
    for dataset in define.datasets:
        yield from _of_items(dataset.oid, dataset.items)
        yield Link(dataset.oid, "Standard", dataset.standard)
        yield Link(dataset.oid, "CommentDef", dataset.comment)
        # the leaf of a dataset is there for its archive location, which says so in the same element
        yield Link(dataset.oid, "leaf", dataset.file.id if dataset.file else "")
    for variable in define.variables:
        yield Link(variable.oid, "CodeList", variable.codelist)
        yield Link(variable.oid, "ValueListDef", variable.value_list)
        yield Link(variable.oid, "CommentDef", variable.comment)
        for origin in variable.origins:
            yield from _of_pages(variable.oid, origin.pages)


def _of_items(source: str, items: Collection[ItemRef]) -> Iterator[Link]:
    for item in items:
        yield Link(source, "ItemDef", item.item)
        yield Link(item.item, "MethodDef", item.method)
        yield from (Link(item.item, "WhereClauseDef", clause) for clause in item.where)


def _of_pages(source: str, pages: Collection[Pages]) -> Iterator[Link]:
    yield from (Link(source, "leaf", each.leaf) for each in pages)


def _of_results(define: Define) -> Iterator[Link]:
    for display in define.displays:
        yield from _of_pages(display.oid, display.pages)
        for result in display.results:
            yield from _of_pages(result.oid, result.pages)
            yield Link(result.oid, "ItemDef", result.parameter)
            for used in result.datasets:
                yield Link(result.oid, "ItemGroupDef", used.dataset)
                yield Link(result.oid, "WhereClauseDef", used.where)
                yield from (Link(result.oid, "ItemDef", variable) for variable in used.variables)


def _numbered_twice(define: Define) -> Iterator[tuple[str, str]]:
    """Order numbers, key numbers and names within a dataset; order numbers in a value list; terms of a codelist."""
    names = {oid: variable.name for oid, variable in by_oid(define.variables).items()}
    for dataset in define.datasets:
        for what in (
            [f"KeySequence {item.key}" for item in dataset.items if item.key is not None],
            [names[item.item] for item in dataset.items if item.item in names],
        ):
            yield from ((dataset.oid, value) for value, count in _counts(what) if count > 1)
    groups = [(dataset.oid, dataset.items) for dataset in define.datasets]
    groups += [(values.oid, values.items) for values in define.value_lists]
    for oid, items in groups:
        orders = [f"OrderNumber {item.order}" for item in items if item.order is not None]
        yield from ((oid, value) for value, count in _counts(orders) if count > 1)
    for codelist in define.codelists:
        values = [term.value for term in codelist.terms]
        yield from ((codelist.oid, value) for value, count in _counts(values) if count > 1)
    named = [dataset.name for dataset in define.datasets]
    yield from ((define.oid, value) for value, count in _counts(named) if count > 1)


def _counts(values: Collection[Counted]) -> list[tuple[Counted, int]]:
    return list(Counter(values).items())


def _issue(rule: Rule, where: str, value: str) -> Issue:
    return Issue(
        rule=rule.name,
        severity=rule.severity,
        message=rule.message,
        form="define.xml",
        variable=where,
        value=value,
    )
