"""What a Define-XML 2.1 document has to say of each variable, value and term."""

from collections.abc import Iterator, Mapping

from cdisc_aclf.define.model.document import Define, VariableDef, by_oid
from cdisc_aclf.model.issue import Issue, Rule, Severity

ORIGIN = Rule("DX-ORIGIN", Severity.ERROR, "no origin, or a type and source that do not go together")
METHOD = Rule("DX-METHOD", Severity.ERROR, "derived, and no method says how")
CODE = Rule("DX-CODE", Severity.ERROR, "a term of a published codelist without a code, and not marked as an extension")
SIZE = Rule("DX-SIZE", Severity.ERROR, "text or a number without a length, or a fraction without digits")

_SOURCES: Mapping[str, frozenset[str]] = {
    "Assigned": frozenset({"Sponsor", "Vendor", "Investigator", "Subject"}),
    "Collected": frozenset({"Investigator", "Subject", "Vendor", "Sponsor"}),
    "Derived": frozenset({"Sponsor", "Vendor", "Investigator"}),
    "Protocol": frozenset({"Sponsor"}),
    "Predecessor": frozenset({"", "Sponsor"}),
    "Not Available": frozenset({""}),
    "Other": frozenset({"", "Sponsor", "Vendor", "Investigator", "Subject"}),
}
"""Who may stand behind each type of origin (Define-XML terminology, codelists C170449 and C170450)."""


def validate_facts(define: Define) -> list[Issue]:
    """Ask of each variable where it comes from, how it is derived and how large it is; of each term its code.

    A document without def:Standards is of Define-XML 2.0, which has other origins, and is not asked for them.

    Args:
        define: the document.

    Returns:
        One Issue per answer that is missing or impossible, with the OID as variable.
    """
    items = [item for dataset in define.datasets for item in dataset.items]
    items += [item for values in define.value_lists for item in values.items]
    methods = {item.item: item.method for item in items}
    parts = {oid: {item.item for item in values.items} for oid, values in by_oid(define.value_lists).items()}
    found: list[Issue] = []
    for variable in define.variables:
        told_by_values = parts.get(variable.value_list, set())
        if define.standards:
            found += _of_origin(variable, has_values=bool(told_by_values))
        has_method = any(methods.get(oid) for oid in {variable.oid, *told_by_values})
        if any(origin.kind == "Derived" for origin in variable.origins) and not has_method:
            found.append(_issue(METHOD, variable.oid, ""))
        is_sized = variable.data_type not in {"text", "integer", "float"} or variable.length is not None
        if not is_sized or (variable.data_type == "float" and variable.digits is None):
            found.append(_issue(SIZE, variable.oid, variable.data_type))
    for codelist in define.codelists:
        bare = [term.value for term in codelist.terms if codelist.ccode and not (term.ccode or term.is_extension)]
        found += [_issue(CODE, codelist.oid, value) for value in bare]
    return found


def _of_origin(variable: VariableDef, *, has_values: bool) -> Iterator[Issue]:
    """Where the values of a variable are described one by one, their origins are enough."""
    if not (variable.origins or has_values):
        yield _issue(ORIGIN, variable.oid, "")
    for origin in variable.origins:
        if origin.source not in _SOURCES.get(origin.kind, ()):
            yield _issue(ORIGIN, variable.oid, f"{origin.kind} {origin.source}".strip())


def _issue(rule: Rule, where: str, value: str) -> Issue:
    return Issue(
        rule=rule.name, severity=rule.severity, message=rule.message, form="define.xml", variable=where, value=value
    )
