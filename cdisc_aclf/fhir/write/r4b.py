"""R4B from R5: every element of a nested resource at the place that `specs/fhir/` gives it.

What R4B has no element for stands in the extension that HL7 reserves for it (FHIR, cross-version extensions):
`http://hl7.org/fhir/5.0/StructureDefinition/extension-<Type>.<element>`. What even that cannot hold is listed as lost.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import LOST, ElementSpec, FhirSpec, ResourceSpec

Json = dict[str, Any]

Step = str | int | tuple[str, int]
"""A name, a position, or an extension: the element that it stands for and which of them it is."""

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_CROSS_VERSION = "http://hl7.org/fhir/5.0/StructureDefinition/extension-"
_STEP = re.compile(r"(?P<name>\w+)(?:\[(?P<element>[A-Za-z][\w.]*)\])?(?:\[(?P<position>\d*)\])?")


def as_r4b(resources: Iterable[Json], resource: ResourceSpec, spec: FhirSpec) -> Iterator[Json]:
    """Turn R5 resources that are nested dicts into those of R4B.

    Args:
        resources: of one mapping.
        resource: its elements, each with its place in R4B.
        spec: the systems and codes that have another name in R4B.

    Raises:
        DefinitionError: the table of the mapping has no place for an element, or one place for two.

    Examples:
        >>> elements = (
        ...     ElementSpec(path="id", type="id", required=True, value_set="", targets=(), fixed="", present_with=""),
        ...     ElementSpec(
        ...         path="label[].value",
        ...         type="string",
        ...         required=False,
        ...         value_set="",
        ...         targets=(),
        ...         fixed="",
        ...         present_with="",
        ...         r4b="extension[label][].extension[value].valueString",
        ...     ),
        ... )
        >>> study = ResourceSpec(
        ...     name="research_study",
        ...     type="ResearchStudy",
        ...     is_about_subjects=False,
        ...     elements=elements,
        ...     file="research_study.csv",
        ... )
        >>> made = {"resourceType": "ResearchStudy", "id": "s", "label": [{"value": "ACLF"}]}
        >>> [turned] = as_r4b([made], study, FhirSpec(resources={}, value_sets={}, ucum=frozenset()))
        >>> turned["extension"]  # doctest: +NORMALIZE_WHITESPACE
        [{'url': 'http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy.label',
          'extension': [{'url': 'value', 'valueString': 'ACLF'}]}]
    """
    places = [(_form(element.path), element) for element in resource.elements]
    for made in resources:
        tree: dict[Step, Any] = {"resourceType": made["resourceType"]}
        found = {
            path: (value, *_place(path, places, resource.file))
            for path, value in _leaves({name: made[name] for name in made if name != "resourceType"})
        }
        values = {
            path: _in_r4b(value, f"{resource.type}.{element.anywhere}", spec)
            for path, (value, element, _) in found.items()
        }
        gone = {path.rpartition(".")[0] for path, value in values.items() if value is None}
        for path, (_, element, positions) in found.items():
            if not element.r4b.startswith(LOST) and path.rpartition(".")[0] not in gone:
                _put(tree, _steps(element.r4b or element.path, positions), values[path], resource.file)
        turned = _closed(tree, f"{_CROSS_VERSION}{resource.type}.")
        if resource.type == "ResearchStudy":
            turned |= _study(made, turned, spec)
        if resource.type == "Group":
            turned["actual"] = made["membership"] == "enumerated"
        yield turned


def elements_in_r4b(resource: ResourceSpec, spec: FhirSpec) -> ResourceSpec:
    """The elements of a frame at their places in R4B, with the codes and systems of R4B.

    Args:
        resource: its elements in R5, each with its place in R4B, and those that R4B alone has.
        spec: the systems and codes that have another name in R4B.

    Examples:
        >>> elements = (
        ...     ElementSpec(path="id", type="id", required=True, value_set="", targets=(), fixed="", present_with=""),
        ...     ElementSpec(
        ...         path="status",
        ...         type="code",
        ...         required=True,
        ...         value_set="",
        ...         targets=(),
        ...         fixed="completed",
        ...         present_with="",
        ...     ),
        ...     ElementSpec(
        ...         path="actualPeriod.start",
        ...         type="dateTime",
        ...         required=False,
        ...         value_set="",
        ...         targets=(),
        ...         fixed="",
        ...         present_with="",
        ...         r4b="period.start",
        ...     ),
        ... )
        >>> visit = ResourceSpec(
        ...     name="encounter", type="Encounter", is_about_subjects=True, elements=elements, file="encounter.csv"
        ... )
        >>> codes = {("Encounter.status", "completed"): "finished"}
        >>> turned = elements_in_r4b(visit, FhirSpec(resources={}, value_sets={}, ucum=frozenset(), r4b_codes=codes))
        >>> [(element.path, element.column, element.fixed) for element in turned.elements[1:]]
        [('status', 'status', 'finished'), ('period.start', 'actualPeriod.start', '')]
    """
    kept = [
        _element_in_r4b(element, resource.type, spec)
        for element in resource.elements
        if not element.r4b.startswith(LOST)
    ]
    return replace(
        resource,
        elements=(*(element for element in kept if element), *resource.other_elements),
        other_elements=tuple(element for element in resource.elements if not element.fixed),
    )


def _element_in_r4b(element: ElementSpec, resource_type: str, spec: FhirSpec) -> ElementSpec | None:
    place = f"{resource_type}.{element.anywhere}"
    placed = replace(element, path=element.r4b or element.path, source=element.column)
    if element.fixed:
        fixed = _in_r4b(element.fixed, place, spec)
        return replace(placed, fixed=str(fixed)) if fixed else None
    codes = [code for known, code in spec.r4b_codes if known == place]
    other = [(code, _in_r4b(code, place, spec)) for code in codes]
    return replace(placed, values=tuple((code, text if isinstance(text, str) else None) for code, text in other))


def _form(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path).replace(r"\[\]", r"\[(\d+)\]"))


def _leaves(part: Json, above: str = "") -> Iterator[tuple[str, object]]:
    for name, value in part.items():
        for place, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            path = above + name if place is None else f"{above}{name}[{place}]"
            if isinstance(item, dict):
                yield from _leaves(item, f"{path}.")
            else:
                yield path, item


def _place(path: str, places: list[tuple[re.Pattern[str], ElementSpec]], file: str) -> tuple[ElementSpec, list[int]]:
    for form, element in places:
        if found := form.fullmatch(path):
            return element, [int(position) for position in found.groups()]
    raise DefinitionError(file, f"does not list {path}, so it has no place in R4B")


def _steps(path: str, positions: list[int]) -> list[Step]:
    """The way to an element: the open positions are those that the value has in R5, in their order."""
    following = iter(positions)
    steps: list[Step] = []
    for step in _STEP.finditer(path):
        steps.append(step["name"])
        position = next(following) if step["position"] == "" else int(step["position"] or 0)
        if step["element"]:
            steps.append((step["element"], position))
        elif step["position"] is not None:
            steps.append(position)
    return steps


def _in_r4b(value: object, element: str, spec: FhirSpec) -> object:
    """The value as R4B has it; None for a code or a system that is lost, and with it the coding."""
    if not isinstance(value, str):
        return value
    turned = spec.r4b_systems.get(value, value) if element.endswith(".system") else value
    turned = spec.r4b_codes.get((element, value), turned)
    return None if turned.startswith(LOST) else turned


def _put(tree: dict[Step, Any], steps: list[Step], value: object, file: str) -> None:
    *above, last = steps
    for step in above:
        tree = tree.setdefault(step, {})
    if last in tree:
        raise DefinitionError(file, f"puts two values at {steps} of R4B")
    tree[last] = value


def _closed(node: object, urls: str) -> Any:  # noqa: ANN401 - a dict, a list or a value, as the tree has it
    """Dicts for names, lists for positions; an extension begins with its URL, inside of another with its name."""
    if not isinstance(node, dict):
        return node
    if all(isinstance(step, str) for step in node):
        return {step: _closed(part, urls) for step, part in node.items()}
    return [
        {"url": _url(step[0], urls)} | _closed(part, "") if isinstance(step, tuple) else _closed(part, urls)
        for step, part in node.items()
    ]


def _url(element: str, urls: str) -> str:
    """The URL of the extension for an element of this resource, or of another type (`RelatedArtifact.classifier`)."""
    return f"{_CROSS_VERSION}{element}" if urls and element[0].isupper() else f"{urls}{element}"


def _study(made: Json, turned: Json, spec: FhirSpec) -> Json:
    """The state of the trial, sponsor, investigator and description, each of which R5 has in another form."""
    states = [coding["code"] for part in made.get("progressStatus", []) for coding in part["state"].get("coding", [])]
    known = [spec.r4b_codes[key] for state in states if (key := ("ResearchStudy.status", state)) in spec.r4b_codes]
    absent = {"_status": {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}}
    added: Json = {"status": known[0]} if known else absent
    for element, roles in (
        ("sponsor", {"lead-sponsor"}),
        ("principalInvestigator", {"primary-investigator", "sponsor-investigator"}),
    ):
        for party in made.get("associatedParty", []):
            if roles & {coding["code"] for coding in party["role"].get("coding", [])} and "party" in party:
                added.setdefault(element, party["party"])
    if "description" not in turned and "descriptionSummary" in made:
        added["description"] = made["descriptionSummary"]
    return added
