"""What can be wrong with a FHIR resource, and how it becomes an Issue."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from cdisc_aclf.model.issue import Issue, Rule, Severity

Json = Mapping[str, Any]

RULES = {
    rule.name: rule
    for rule in (
        Rule("FHIR-STRUCTURE", Severity.ERROR, "not a resource of this version of FHIR"),
        Rule("FHIR-REQUIRED", Severity.ERROR, "an element that every such resource has is absent"),
        Rule("FHIR-EMPTY", Severity.ERROR, "null, or a list or an element that holds nothing"),
        Rule("FHIR-FORM", Severity.ERROR, "not of the form that the type of the element asks for"),
        Rule("FHIR-NARRATIVE", Severity.ERROR, "not a narrative: one well-formed div of XHTML with words in it"),
        Rule("FHIR-CODE", Severity.ERROR, "not in the value set that the element is bound to"),
        Rule(
            "FHIR-CODE-EXTENSIBLE", Severity.WARNING, "not in the value set that is to be used where a code of it fits"
        ),
        Rule("FHIR-CODE-UNKNOWN", Severity.ERROR, "the code system has no such code"),
        Rule("FHIR-SYSTEM", Severity.ERROR, "a value set where the name of a code system is asked for"),
        Rule("FHIR-SYSTEM-ABSENT", Severity.WARNING, "a code without its code system"),
        Rule("FHIR-LOINC", Severity.ERROR, "not a LOINC code: form or check digit is wrong"),
        Rule("FHIR-SNOMED", Severity.ERROR, "not a SNOMED CT identifier: form or check digit is wrong"),
        Rule("FHIR-UCUM", Severity.ERROR, "not a UCUM code that specs/reference/ucum.csv lists"),
        Rule("FHIR-UCUM-FORM", Severity.ERROR, "not a unit that the grammar of UCUM allows"),
        Rule("FHIR-UNIT", Severity.WARNING, "specs/reference/ucum.csv has no UCUM code for the unit"),
        Rule("FHIR-COMPARATOR", Severity.ERROR, "a comparator where an exact quantity is asked for (SimpleQuantity)"),
        Rule("FHIR-EXTENSION", Severity.ERROR, "not what this extension may hold"),
        Rule("FHIR-EXTENSION-UNKNOWN", Severity.WARNING, "HL7 has no such extension"),
        Rule("FHIR-INVARIANT", Severity.ERROR, "breaks an invariant of FHIR"),
        Rule("FHIR-LINK", Severity.WARNING, "names a part of the resource that is not there"),
        Rule("FHIR-TARGET", Severity.ERROR, "refers to a type of resource that the element may not name"),
        Rule("FHIR-REFERENCE", Severity.ERROR, "refers to a resource that is not in the set"),
        Rule("FHIR-DUPLICATE", Severity.ERROR, "the id is there more than once"),
        Rule("FHIR-BUNDLE", Severity.ERROR, "not how a bundle of this type is made"),
        Rule("FHIR-RESULT", Severity.ERROR, "the collected result is not in the resource digit for digit"),
    )
}
"""Every kind of rule."""


def text_of(value: object) -> str:
    """A JSON value as it is written, digits and all; of an object or a list nothing."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case dict() | list() | None:
            return ""
    return str(value)


def found(rule: str, resource_type: str, resource_id: str, path: str, value: str) -> Issue:
    """An Issue about an element of a resource."""
    known = RULES[rule]
    return Issue(
        rule=rule,
        severity=known.severity,
        message=known.message,
        dataset=resource_type,
        key=resource_id,
        variable=path,
        value=value,
    )


def found_in(resource: Json, rule: str, path: str, value: object, *, detail: str = "") -> Issue:
    """An Issue about an element of a resource, with the subject that the resource is about."""
    resource_type, resource_id = str(resource.get("resourceType", "")), text_of(resource.get("id", ""))
    subject = resource.get("subject")
    about = subject.get("reference") if isinstance(subject, dict) else None
    name = resource_id if resource_type == "Patient" else str(about or "").removeprefix("Patient/")
    issue = found(rule, resource_type, resource_id, path, text_of(value))
    return replace(issue, subject=name, message=f"{issue.message}{detail and f' ({detail})'}")
