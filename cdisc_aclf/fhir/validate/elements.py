"""Resources against the tables of this study: only elements that it lists, its own value sets, its own units."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import FORMS, UNQUOTED, ElementSpec, FhirSpec, ResourceSpec
from cdisc_aclf.fhir.validate.codes import LOINC, UCUM, is_loinc
from cdisc_aclf.fhir.validate.issues import found_in, text_of
from cdisc_aclf.model.issue import Issue

Json = Mapping[str, Any]

_FORMS = {name: re.compile(form) for name, form in FORMS.items()}


class StudyElements:
    """Validates resources by `specs/fhir/<mapping>.csv` and counts the units that have no code."""

    def __init__(self, spec: FhirSpec, *, only: ResourceSpec | None = None) -> None:
        """Learn the elements by type of resource, or those of one mapping alone."""
        self._spec = spec
        self._units: dict[tuple[str, str], Issue] = {}
        self._leaves: dict[str, dict[str, ElementSpec]] = {}
        for resource in [only] if only else spec.resources.values():
            known = self._leaves.setdefault(resource.type, {})
            own = {element.anywhere: element for element in resource.elements}
            shared = known.keys() & own.keys() if known else own.keys()
            for anywhere, element in (known | own).items():  # required of a type is what all of its tables require
                is_required = element.required and anywhere in shared and known.get(anywhere, element).required
                known[anywhere] = replace(element, required=is_required)

    def units(self) -> list[Issue]:
        """Units without code, once each with their count."""
        return list(self._units.values())

    def validate(self, resource: Json) -> Iterator[Issue]:
        """What is wrong with a resource by the tables of the study.

        Raises:
            DefinitionError: it is of a type, or has an element, that no table lists.
        """
        resource_type = resource.get("resourceType")
        if resource_type not in self._leaves:
            raise DefinitionError("specs/fhir/resources.csv", f"no resource {resource_type}")
        elements, there = self._leaves[resource_type], set()
        for path, value, parent in _walk(resource):
            if path == "resourceType" or path.startswith("meta."):  # the writer's own
                continue
            anywhere = re.sub(r"\[\d+\]", "[]", path)
            if anywhere not in elements:
                file = next(known.file for known in self._spec.resources.values() if known.type == resource_type)
                raise DefinitionError(file, f"does not list {anywhere}, which {resource.get('id')} has")
            there.add(anywhere)
            element = elements[anywhere]
            if rule := self._broken(value, parent, element):
                yield found_in(resource, rule, path, value)
            elif path.endswith("unit") and "code" not in parent:
                self._count((anywhere, value), found_in(resource, "FHIR-UNIT", path, value))
        for anywhere, element in elements.items():
            if element.required and anywhere not in there:
                yield found_in(resource, "FHIR-REQUIRED", anywhere, "")

    def _broken(self, value: object, parent: Json, element: ElementSpec) -> str | None:
        text = text_of(value)
        if isinstance(value, str) == (element.type in UNQUOTED) or not _FORMS[element.type].fullmatch(text):
            return "FHIR-FORM"
        if element.targets and text.partition("/")[0] not in element.targets:
            return "FHIR-TARGET"
        return self._broken_code(text, parent, element) if element.type == "code" else None

    def _broken_code(self, code: str, parent: Json, element: ElementSpec) -> str | None:
        system = parent.get("system") if element.anywhere.endswith(".code") else None
        if system == LOINC and not is_loinc(code):
            return "FHIR-LOINC"
        if system == UCUM and code not in self._spec.ucum:
            return "FHIR-UCUM"
        if not element.value_set:
            return None
        members = self._spec.value_sets[element.value_set]
        is_coding = element.anywhere.endswith("coding[].code")
        known = (system, code) in members if is_coding else any(code == member for _, member in members)
        return None if known else "FHIR-CODE"

    def _count(self, key: tuple[str, str], issue: Issue) -> None:
        known = self._units.get(key)
        self._units[key] = replace(known, count=known.count + 1) if known else issue


def _walk(part: Json, above: str = "") -> Iterator[tuple[str, Any, Json]]:
    for name, value in part.items():
        for place, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            path = above + name if place is None else f"{above}{name}[{place}]"
            if isinstance(item, dict):
                yield from _walk(item, f"{path}.")
            else:
                yield path, item, part
