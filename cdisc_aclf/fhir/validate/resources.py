"""FHIR resources, validated as they are published: structure by fhir.resources, and what that does not look at by us.

fhir.resources knows elements, cardinality and types. It accepts any code, any reference and a time without a zone,
breaks no invariant, and turns 1.50 into 1.5. So every value is validated against the tables of its version of FHIR
(`fhir_walk`), and what this study writes against its own tables too (`fhir_leaves`).
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import polars as pl

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import FhirSpec, FhirVersion
from cdisc_aclf.fhir.validate.elements import StudyElements
from cdisc_aclf.fhir.validate.issues import found, found_in, text_of
from cdisc_aclf.fhir.validate.structure import Structure
from cdisc_aclf.fhir.validate.walk import Reference, Walker
from cdisc_aclf.model.issue import Issue, Severity

Resource = Mapping[str, Any]

_RELATIVE = re.compile(r"([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?(?:#.*)?")
_ABSOLUTE = re.compile(r"(?!urn:(?:uuid|oid):)[a-z][a-z0-9+.-]*:.*")


class Validator:
    """Validates resources one by one; what it needs to know of a type it works out once.

    Args:
        spec: elements, value sets and units of the study, and the tables of the standard.
        version: of FHIR.
        every: show every resource to fhir.resources, not one of each structure.

    Raises:
        DefinitionError: the study has no tables of that version.
    """

    def __init__(self, spec: FhirSpec, version: FhirVersion = FhirVersion.R5, *, every: bool = False) -> None:
        """Learn the tables of the version."""
        if not {version, FhirVersion.R5} <= spec.definitions.keys():
            raise DefinitionError(f"specs/fhir/{version.lower()}", "the study has no tables of this version of FHIR")
        self.version, self.every = version, every
        self.walker = Walker(spec.definitions[version], spec.definitions[FhirVersion.R5], spec.atoms)
        self._structure = Structure(version, every=every)

    def validate(self, resource: Resource, shown: Resource | None = None) -> tuple[list[Issue], list[Reference]]:
        """What is wrong with a resource by itself, and the references that others have to resolve.

        Each place has one Issue of each rule; what fhir.resources says of a place that has one is left out.

        Args:
            resource: what `json.loads` gives, numbers as int or Decimal.
            shown: what to show to fhir.resources in its place.
        """
        walk = self.walker.walk(resource)
        issues = {
            (rule, path, detail): found_in(resource, rule, path, value, detail=detail)
            for rule, path, value, detail in walk.faults
        }
        faulty = {path for _, path, _ in issues}
        for path, value, why in self._structure.faults(shown or resource):
            is_sibling = path.rpartition(".")[2].startswith("_")  # the walk knows them all, fhir.resources does not
            if not is_sibling and not any(path == place or place.startswith(f"{path}[") for place in faulty):
                issues["FHIR-STRUCTURE", path, why] = found_in(resource, "FHIR-STRUCTURE", path, value, detail=why)
        return list(issues.values()), [r for r in walk.references if r.path not in faulty]


@dataclass(slots=True)
class _Seen:
    """What is only known when every resource was seen."""

    ids: Counter[str] = field(default_factory=Counter)
    references: dict[str, Issue] = field(default_factory=dict)


def validate_resources(
    texts: Iterable[str],
    spec: FhirSpec,
    *,
    version: FhirVersion = FhirVersion.R5,
    collected: Mapping[str, str | None] | None = None,
    validator: Validator | None = None,
    known: pl.Series | None = None,
) -> list[Issue]:
    """Validate a set of resources that refer to each other.

    Args:
        texts: the JSON of each resource.
        spec: elements, value sets and units of the study, and the tables of the standard.
        version: of FHIR; the tables of elements speak of R5.
        collected: the result as it stands in SDTM (--ORRES) by id of its Observation; every one has to be found.
        validator: one of its version that has validated other resources before; a new one of `version` unless given.
        known: `Type/id` of resources outside of the set that references may lead to.

    Returns:
        One Issue per failing value: resource type, id and path as dataset, key and variable. References that
        lead nowhere and units without code are reported once each, with their count.

    Raises:
        DefinitionError: a resource has an element that `specs/fhir/` does not list.

    Examples:
        >>> from cdisc_aclf.study.shipped import first_study
        >>> from cdisc_aclf.fhir.read.spec import read_fhir
        >>> text = '{"resourceType":"Location","id":"1","mode":"banana","name":"A"}'
        >>> [issue] = validate_resources([text], read_fhir(first_study()), version=FhirVersion.R4B)
        >>> issue.rule, issue.key, issue.variable, issue.value
        ('FHIR-CODE', '1', 'mode', 'banana')
    """
    validator = validator or Validator(spec, version)
    elements, missing, seen = StudyElements(spec), dict(collected or {}), _Seen()
    issues: list[Issue] = []
    for text in texts:
        resource = json.loads(text, parse_float=Decimal)
        resource_type, resource_id = str(resource.get("resourceType")), text_of(resource.get("id", ""))
        seen.ids[f"{resource_type}/{resource_id}"] += 1
        own, references = validator.validate(resource)
        if validator.version is FhirVersion.R5:
            places = {issue.variable for issue in own if issue.severity is Severity.ERROR}
            added = [issue for issue in elements.validate(resource) if issue.variable not in places]
            own += added
            faulty = {issue.variable for issue in added}
            references = [reference for reference in references if reference.path not in faulty]
        issues += own
        for reference in references:
            _keep(seen.references, reference)
        if resource_type == "Observation" and resource_id in missing:
            issues += _result(resource, missing.pop(resource_id))
    lost = _lost([name for name in seen.references if name not in seen.ids], known)
    issues += [seen.references[name] for name in lost]
    for name, count in seen.ids.items():
        if count > 1:
            resource_type, _, resource_id = name.partition("/")
            twice = found("FHIR-DUPLICATE", resource_type, resource_id, "id", resource_id)
            issues.append(replace(twice, count=count))
    for resource_id, result in missing.items():
        issues.append(found("FHIR-RESULT", "Observation", resource_id, "id", result or ""))
    return issues + elements.units()


def _lost(names: list[str], known: pl.Series | None) -> list[str]:
    """The names that are not among the known ones, which may be a million: they are gone through once for all."""
    if known is None or not names:
        return names
    return pl.Series(names).filter(~pl.Series(names).is_in(known.implode())).to_list()


def _keep(references: dict[str, Issue], reference: Reference) -> None:
    """Count a reference by what it leads to; one that leads out of the set is not followed."""
    if _ABSOLUTE.fullmatch(reference.text):
        return
    relative = _RELATIVE.fullmatch(reference.text)
    target = relative[1] if relative else reference.text
    known = references.get(target)
    if known is None:
        known = found_in(reference.resource, "FHIR-REFERENCE", reference.path, reference.text)
        references[target] = known
    else:
        references[target] = replace(known, count=known.count + 1)


def _result(resource: Resource, collected: str | None) -> Iterator[Issue]:
    quantity = resource.get("valueQuantity", {})
    number = quantity.get("comparator", "") + text_of(quantity.get("value", ""))
    words = resource.get("valueCodeableConcept", {}).get("text", "")
    comparable = re.sub(r"^([<>≤≥]=?)\s*", r"\1", collected or "").replace("≤", "<=").replace("≥", ">=")
    if (number or words) != (comparable if number else collected or ""):
        yield found_in(resource, "FHIR-RESULT", "value", number or words, detail=f"collected: {collected}")
