"""FHIR resources, judged as they are published: structure by fhir.resources, and what that does not look at by us.

fhir.resources knows elements, cardinality and types. It accepts any code, any reference and a time without a zone,
and turns 1.50 into 1.5. Codes, references, forms, units and digits are therefore held against our own tables.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from cdisc_aclf.errors import HouseError
from cdisc_aclf.model.fhir import FORMS, UNQUOTED, FhirSpec, LeafSpec
from cdisc_aclf.model.finding import Finding, Rule, Severity

RULES = {
    rule.name: rule
    for rule in (
        Rule("FHIR-STRUCTURE", Severity.ERROR, "not a resource of FHIR R5"),
        Rule("FHIR-REQUIRED", Severity.ERROR, "an element that every such resource has is absent"),
        Rule("FHIR-FORM", Severity.ERROR, "not of the form that the type of the element asks for"),
        Rule("FHIR-CODE", Severity.ERROR, "not in the value set that the element is bound to"),
        Rule("FHIR-LOINC", Severity.ERROR, "not a LOINC code: form or check digit is wrong"),
        Rule("FHIR-UCUM", Severity.ERROR, "not a UCUM code that specs/reference/ucum.csv lists"),
        Rule("FHIR-UNIT", Severity.WARNING, "specs/reference/ucum.csv has no UCUM code for the unit"),
        Rule("FHIR-TARGET", Severity.ERROR, "refers to a type of resource that the element may not name"),
        Rule("FHIR-REFERENCE", Severity.ERROR, "refers to a resource that is not in the set"),
        Rule("FHIR-DUPLICATE", Severity.ERROR, "the id is there more than once"),
        Rule("FHIR-RESULT", Severity.ERROR, "the collected result is not in the resource digit for digit"),
    )
}
"""Every kind of judgement."""

_LOINC, _UCUM = "http://loinc.org", "http://unitsofmeasure.org"
_FORMS = {name: re.compile(form) for name, form in FORMS.items()}

Resource = Mapping[str, Any]


@dataclass(slots=True)
class _Seen:
    """What is only known when every resource was seen."""

    ids: Counter[str] = field(default_factory=Counter)
    references: dict[str, Finding] = field(default_factory=dict)
    units: dict[tuple[str, str], Finding] = field(default_factory=dict)


def judge_resources(
    texts: Iterable[str], spec: FhirSpec, *, collected: Mapping[str, str | None] | None = None
) -> list[Finding]:
    """Judge a set of resources that refer to each other.

    Args:
        texts: the JSON of each resource.
        spec: leaves, value sets and units.
        collected: the result as it stands in SDTM (--ORRES) by id of its Observation; every one has to be found.

    Returns:
        One Finding per failing value: resource type, id and path as dataset, key and variable. References that
        lead nowhere and units without code are reported once each, with their count.

    Raises:
        HouseError: a resource has an element that `specs/fhir/` does not list.

    Examples:
        >>> leaves = (LeafSpec("id", "id", True, "", (), "", ""), LeafSpec("gender", "code", False, "g", (), "", ""))
        >>> from cdisc_aclf.model.fhir import ResourceSpec
        >>> spec = FhirSpec({"patient": ResourceSpec("patient", "Patient", True, leaves, "patient.csv")},
        ...                 {"g": frozenset({("urn:g", "male")})}, frozenset())
        >>> [finding] = judge_resources(['{"resourceType":"Patient","id":"1","gender":"banana"}'], spec)
        >>> finding.rule, finding.key, finding.variable, finding.value
        ('FHIR-CODE', '1', 'gender', 'banana')
    """
    leaves = _leaves_by_type(spec)
    missing = dict(collected or {})
    seen = _Seen()
    findings: list[Finding] = []
    for text in texts:
        resource = json.loads(text, parse_float=Decimal)
        resource_type, resource_id = resource["resourceType"], str(resource.get("id", ""))
        seen.ids[f"{resource_type}/{resource_id}"] += 1
        if resource_type not in leaves:
            raise HouseError("specs/fhir/resources.csv", f"no resource {resource_type}")
        findings += _structure(resource)
        findings += _content(resource, leaves[resource_type], spec, seen)
        if resource_type == "Observation" and resource_id in missing:
            findings += _result(resource, missing.pop(resource_id))
    for reference, finding in seen.references.items():
        if reference not in seen.ids:
            findings.append(finding)
    for name, count in seen.ids.items():
        if count > 1:
            resource_type, _, resource_id = name.partition("/")
            duplicate = _broken("FHIR-DUPLICATE", resource_type, resource_id, "id", resource_id)
            findings.append(replace(duplicate, count=count))
    for resource_id, result in missing.items():
        findings.append(_broken("FHIR-RESULT", "Observation", resource_id, "id", result or ""))
    return findings + list(seen.units.values())


def _leaves_by_type(spec: FhirSpec) -> dict[str, dict[str, LeafSpec]]:
    leaves: dict[str, dict[str, LeafSpec]] = {}
    for resource in spec.resources.values():
        known = leaves.setdefault(resource.type, {})
        own = {leaf.anywhere: leaf for leaf in resource.leaves}
        shared = known.keys() & own.keys() if known else own.keys()
        for anywhere, leaf in (known | own).items():  # required of a type is what all of its tables require
            is_required = leaf.required and anywhere in shared and known.get(anywhere, leaf).required
            known[anywhere] = replace(leaf, required=is_required)
    return leaves


def _structure(resource: Resource) -> Iterator[Finding]:
    from fhir.resources import get_fhir_model_class  # noqa: PLC0415 takes half a second
    from pydantic import ValidationError  # noqa: PLC0415 as above

    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValidationError as problem:
        for error in problem.errors(include_url=False):
            path = ".".join(map(str, error["loc"]))
            value = "" if isinstance(error["input"], dict | list) else error["input"]
            yield _of(resource, "FHIR-STRUCTURE", path, value, detail=error["msg"])


def _content(resource: Resource, leaves: Mapping[str, LeafSpec], spec: FhirSpec, seen: _Seen) -> Iterator[Finding]:
    found = set()
    for path, value, parent in _walk(resource):
        if path == "resourceType" or path.startswith("meta."):  # the writer's own
            continue
        anywhere = re.sub(r"\[\d+\]", "[]", path)
        if anywhere not in leaves:
            file = next(known.file for known in spec.resources.values() if known.type == resource["resourceType"])
            raise HouseError(file, f"does not list {anywhere}, which {resource.get('id')} has")
        found.add(anywhere)
        leaf = leaves[anywhere]
        if rule := _broken_rule(value, parent, leaf, spec):
            yield _of(resource, rule, path, value)
        elif leaf.targets:
            _count(seen.references, value, _of(resource, "FHIR-REFERENCE", path, value))
        elif path.endswith("unit") and "code" not in parent:
            _count(seen.units, (anywhere, value), _of(resource, "FHIR-UNIT", path, value))
    for anywhere, leaf in leaves.items():
        if leaf.required and anywhere not in found:
            yield _of(resource, "FHIR-REQUIRED", anywhere, "")


def _walk(part: Resource, above: str = "") -> Iterator[tuple[str, Any, Resource]]:
    for name, value in part.items():
        for place, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            path = above + name if place is None else f"{above}{name}[{place}]"
            if isinstance(item, dict):
                yield from _walk(item, f"{path}.")
            else:
                yield path, item, part


def _broken_rule(value: object, parent: Resource, leaf: LeafSpec, spec: FhirSpec) -> str | None:
    text = _text(value)
    if isinstance(value, str) == (leaf.type in UNQUOTED) or not _FORMS[leaf.type].fullmatch(text):
        return "FHIR-FORM"
    if leaf.targets and text.partition("/")[0] not in leaf.targets:
        return "FHIR-TARGET"
    return _broken_code(text, parent, leaf, spec) if leaf.type == "code" else None


def _broken_code(code: str, parent: Resource, leaf: LeafSpec, spec: FhirSpec) -> str | None:
    system = parent.get("system") if leaf.anywhere.endswith(".code") else None
    if system == _LOINC and not is_loinc(code):
        return "FHIR-LOINC"
    if system == _UCUM and code not in spec.ucum:
        return "FHIR-UCUM"
    if not leaf.value_set:
        return None
    members = spec.value_sets[leaf.value_set]
    is_coding = leaf.anywhere.endswith("coding[].code")
    known = (system, code) in members if is_coding else any(code == member for _, member in members)
    return None if known else "FHIR-CODE"


def is_loinc(code: str) -> bool:
    """Whether a LOINC number ends in its check digit (LOINC Users' Guide: modulus 10, as Luhn has it).

    Examples:
        >>> is_loinc("718-7"), is_loinc("718-8"), is_loinc("7187")
        (True, False, False)
    """
    if not re.fullmatch(r"[1-9][0-9]{0,6}-[0-9]", code):
        return False
    number, _, check = code.partition("-")
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in number[::-2]]
    return (sum(doubled) + sum(map(int, number[-2::-2])) + int(check)) % 10 == 0


def _result(resource: Resource, collected: str | None) -> Iterator[Finding]:
    quantity = resource.get("valueQuantity", {})
    number = quantity.get("comparator", "") + _text(quantity.get("value", ""))
    words = resource.get("valueCodeableConcept", {}).get("text", "")
    comparable = re.sub(r"^([<>≤≥]=?)\s*", r"\1", collected or "").replace("≤", "<=").replace("≥", ">=")
    if (number or words) != (comparable if number else collected or ""):
        yield _of(resource, "FHIR-RESULT", "value", number or words, detail=f"collected: {collected}")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _count(findings: dict[Any, Finding], key: object, finding: Finding) -> None:
    known = findings.get(key)
    findings[key] = replace(known, count=known.count + 1) if known else finding


def _of(resource: Resource, rule: str, path: str, value: object, *, detail: str = "") -> Finding:
    resource_type, resource_id = resource["resourceType"], str(resource.get("id", ""))
    about = resource.get("subject", {}).get("reference", "")
    subject = resource_id if resource_type == "Patient" else about.removeprefix("Patient/")
    finding = _broken(rule, resource_type, resource_id, path, _text(value))
    return replace(finding, subject=subject, message=f"{finding.message}{detail and f' ({detail})'}")


def _broken(rule: str, resource_type: str, resource_id: str, path: str, value: str) -> Finding:
    known = RULES[rule]
    return Finding(
        rule=rule,
        severity=known.severity,
        message=known.message,
        dataset=resource_type,
        key=resource_id,
        variable=path,
        value=value,
    )
