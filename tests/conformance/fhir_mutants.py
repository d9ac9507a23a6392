"""Planted mistakes: good resources, each with one thing changed that FHIR forbids."""

import copy
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fhir_mutants_of_wholes import of_resources

from cdisc_aclf.fhir.model.definitions import ElementDefinition, FhirDefinitions

Json = dict[str, Any]
Change = Callable[[Json], object]
TEXTS = {"string", "markdown"}
NUMBERS = {"decimal", "integer", "positiveInt", "unsignedInt"}
FORMS: dict[str, tuple[object, ...]] = {
    "date": ("2026-13-01", "2026-02-30", "01.02.2026", "2026-1-2"),
    "dateTime": ("2026-01-10T08:30:00", "2026-01-10T08:30Z", "2026-04-31", "2026-01-10 08:30:00Z", "26"),
    "instant": ("2026-01-10", "2026-01-10T08:30:00", "2026-02-29T08:30:00Z"),
    "time": ("25:00:00", "8:30"),
    "id": ("a_b", "x" * 65, "a b"),
    "code": (" final", "a  b", "a\tb"),
    "uri": ("a b", "urn:uuid:ABC", "urn:oid:1.02"),
    "url": ("a b",),
    "canonical": ("a b",),
    "string": ("", "   ", "a\u0007b"),
    "markdown": ("", "  "),
    "positiveInt": (0, -1, 2**31),
    "unsignedInt": (-1,),
    "integer": (2**31, "2"),
    "base64Binary": ("abc", "a*b="),
}


SAMPLES: dict[str, object] = {
    "boolean": True,
    "dateTime": "2026",
    "integer": 1,
    "string": "x",
    "CodeableConcept": {"text": "x"},
    "Period": {"start": "2026"},
    "Reference": {"display": "x"},
}


@dataclass(frozen=True)
class Site:
    """A place in a resource: the object, the name in it, and what stands there."""

    steps: tuple[str | int, ...]
    name: str
    type: str
    element: ElementDefinition
    value: object

    def put(self, value: object) -> Change:
        def change(resource: Json) -> None:
            owner_of(resource, self.steps)[self.name] = value

        return change

    def drop(self) -> Change:
        def change(resource: Json) -> None:
            del owner_of(resource, self.steps)[self.name]

        return change

    def beside(self, **added: object) -> Change:
        def change(resource: Json) -> None:
            owner_of(resource, self.steps).update(added)

        return change

    def inside(self, change: Callable[[Json], None], place: int = 0) -> Change:
        def whole(resource: Json) -> None:
            value = owner_of(resource, self.steps)[self.name]
            change(value[place] if isinstance(value, list) else value)

        return whole


def owner_of(resource: Json, steps: tuple[str | int, ...]) -> Json:
    part: Any = resource
    for step in steps:
        part = part[step]
    return part


def sites(resource: Json, definitions: FhirDefinitions) -> Iterator[Site]:
    yield from _sites(resource, resource["resourceType"], (), definitions)


def _sites(part: Json, owner: str, steps: tuple[str | int, ...], known: FhirDefinitions) -> Iterator[Site]:
    elements = {}
    for element in known.elements.get(owner, ()):
        for name in element.types:
            code = "Quantity" if name == "SimpleQuantity" else name
            elements[element.name.replace("[x]", code[:1].upper() + code[1:])] = (element, name)
    for name, value in part.items():
        if name not in elements:
            continue
        element, type_name = elements[name]
        yield Site(steps, name, type_name, element, value)
        below = element.path if element.path in known.elements else type_name.removeprefix("#")
        below = "Quantity" if below == "SimpleQuantity" else below
        for place, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(item, dict) and type_name != "Resource":
                inner = (*steps, name) if place is None else (*steps, name, place)
                yield from _sites(item, below, inner, known)


Kinds = dict[str, list[tuple[Json, Change]]]


def mutants(
    resources: list[Json], definitions: FhirDefinitions, minima: dict[str, int], *, each: int, seed: int
) -> Iterator[tuple[str, Json]]:
    """Up to `each` mutants of every kind, drawn from all places of all resources where the kind is possible."""
    draw = random.Random(seed)  # noqa: S311 the same places each time, no secret
    kinds: Kinds = defaultdict(list)
    for resource in resources:
        for kind, change in changes(resource, definitions, minima):
            kinds[kind].append((resource, change))
    for kind in sorted(kinds):
        for resource, change in draw.sample(kinds[kind], min(each, len(kinds[kind]))):
            mutant = copy.deepcopy(resource)
            change(mutant)
            yield kind, mutant


def changes(resource: Json, definitions: FhirDefinitions, minima: dict[str, int]) -> Iterator[tuple[str, Change]]:
    for site in sites(resource, definitions):
        first = site.value[0] if isinstance(site.value, list) and site.value else site.value
        yield from _of_structure(site, first, minima)
        yield from _of_values(site, first)
        yield from _of_codes(site, first, definitions)
        yield from _of_parts(site, first, definitions)
    yield from of_resources(resource, definitions.version)


def _of_structure(site: Site, first: object, minima: dict[str, int]) -> Iterator[tuple[str, Change]]:
    yield "unknown element", site.beside(favourite="x")
    yield "unknown element", site.beside(**{f"{site.name}s": first})
    yield "unknown sibling", site.beside(**{f"_{site.name}x": {"id": "a"}})
    if minima[site.element.path]:
        yield "missing element", site.drop()
    yield "cardinality", site.put(first if site.element.repeats else [first])
    yield "null", site.put([None] if site.element.repeats else None)
    if site.element.repeats:
        yield "empty array", site.put([])
    if isinstance(first, dict):
        yield "empty object", site.put([{}] if site.element.repeats else {})
        yield "only an id", site.put([{"id": "a"}] if site.element.repeats else {"id": "a"})
        yield "type of value", site.put(["x"] if site.element.repeats else "x")
    else:
        yield "type of value", site.put([{"value": "x"}] if site.element.repeats else {"value": "x"})
    if site.element.name.endswith("[x]"):
        base = site.element.name[:-3]
        for other in [name for name in SAMPLES if name in site.element.types]:
            if (name := f"{base}{other[0].upper()}{other[1:]}") != site.name:
                yield "choice twice", site.beside(**{name: SAMPLES[other]})


def _of_values(site: Site, first: object) -> Iterator[tuple[str, Change]]:
    def put(value: object) -> Change:
        return site.put([value] if site.element.repeats else value)

    if site.type in NUMBERS and isinstance(first, int | float):
        yield "type of number", put(str(first))
    if site.type == "boolean":
        yield "type of boolean", put("true")
        yield "type of boolean", put(1)
    if site.type in TEXTS | {"code", "uri", "id", "date", "dateTime"} and isinstance(first, str):
        yield "type of text", put(5)
    for wrong in FORMS.get(site.type, ()):
        yield f"form of {site.type}", put(wrong)
    if site.type == "xhtml" and isinstance(first, str):
        yield "narrative", put("<div>no namespace</div>")
        yield "narrative", put(first.replace("</div>", "<p></div>", 1))
        yield "narrative", put(first[: first.rindex("</")] + "<script>x()</script></div>")
        yield "narrative", put('<div xmlns="http://www.w3.org/1999/xhtml"> </div>')
        yield "narrative", put('<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="x()">a</p></div>')


def _of_codes(site: Site, first: object, definitions: FhirDefinitions) -> Iterator[tuple[str, Change]]:
    if site.type == "code" and site.element.binding == "required":
        yield "required binding", site.put(["banana"] if site.element.repeats else "banana")
    if site.type in {"CodeableConcept", "Coding"} and site.element.binding == "required":
        coding = {"system": "http://example.org/x", "code": "banana"}
        wrong = coding if site.type == "Coding" else {"coding": [coding]}
        yield "required binding", site.put([wrong] if site.element.repeats else wrong)
        if site.type == "CodeableConcept":
            yield "required binding", site.put([{"text": "x"}] if site.element.repeats else {"text": "x"})
    if site.type == "Coding" and isinstance(first, dict) and isinstance(first.get("code"), str):
        code, system = first["code"], first.get("system")
        yield "value set as system", site.inside(lambda c: c.update(system="http://hl7.org/fhir/ValueSet/x"))
        if system in definitions.systems:
            yield "code unknown to its system", site.inside(lambda c: c.update(code="nosuchcode"))
        if system == "http://loinc.org" and re.fullmatch(r"\d+-\d", code):
            yield "LOINC", site.inside(lambda c: c.update(code=f"{code[:-1]}{(int(code[-1]) + 1) % 10}"))
            yield "LOINC", site.inside(lambda c: c.update(code="HGB"))
        if system == "http://snomed.info/sct" and code.isdigit():
            yield "SNOMED CT", site.inside(lambda c: c.update(code=f"{code[:-1]}{(int(code[-1]) + 1) % 10}"))
    if isinstance(first, dict) and first.get("system") == "http://unitsofmeasure.org" and "code" in first:
        for unit in ("grams", "mg per L", "mg//L", "10^9/l)", "UI/L", "score"):
            yield "UCUM", site.inside(lambda q, unit=unit: q.update(code=unit))


def _of_parts(site: Site, first: object, definitions: FhirDefinitions) -> Iterator[tuple[str, Change]]:
    if not isinstance(first, dict):
        return
    if {"code", "system"} <= first.keys() and site.type in {"Quantity", "SimpleQuantity", "Age", "Duration"}:
        yield "invariant qty-3", site.inside(lambda q: q.pop("system"))
    if site.type == "Range" and isinstance(first.get("low"), dict) and isinstance(first.get("high"), dict):
        yield "invariant rng-2", site.inside(lambda r: r.update(low=r["high"], high=r["low"]))
    for type_name, needs, kind, change in OF_TYPES:
        if site.type == type_name and needs <= first.keys():
            yield kind, site.inside(change)
    if site.type == "Reference" and isinstance(first.get("reference"), str):
        yield from _of_references(site, definitions)
    if site.type == "Extension" and site.name == "extension":
        yield from _of_extensions(site, first)


OF_TYPES: tuple[tuple[str, set[str], str, Change], ...] = (
    ("SimpleQuantity", set(), "comparator of SimpleQuantity", lambda q: q.update(comparator="<")),
    ("Period", {"start"}, "invariant per-1", lambda p: p.update(start="2031-05-01", end="2030-01-01")),
    ("Ratio", {"denominator"}, "invariant rat-1", lambda r: r.pop("denominator")),
    ("ContactPoint", {"system", "value"}, "invariant cpt-2", lambda c: c.pop("system")),
    ("Attachment", {"data"}, "invariant att-1", lambda a: a.pop("contentType", None)),
    ("Expression", {"expression"}, "invariant exp-1", lambda e: (e.pop("expression"), e.pop("reference", None))),
)


def _of_references(site: Site, definitions: FhirDefinitions) -> Iterator[tuple[str, Change]]:
    types = {code for _, code in definitions.value_sets["resource-types"]}
    wrong = sorted(types - site.element.targets)
    if wrong and not site.element.targets & {"Resource", "CanonicalResource"} and site.element.targets:
        yield "target of reference", site.inside(lambda r: r.update(reference=f"{wrong[0]}/1"))
        yield "target of reference", site.inside(lambda r: r.update(reference=f"https://x.org/fhir/{wrong[-1]}/1"))
    yield "type of reference", site.inside(lambda r: r.update(reference="Patient/1", type="Organization"))
    yield "contained reference", site.inside(lambda r: r.update(reference="#nowhere"))
    yield "invariant ref-2", site.inside(lambda r: (r.clear(), r.update(type="Patient")))


def _of_extensions(site: Site, first: Json) -> Iterator[tuple[str, Change]]:
    core = "http://hl7.org/fhir/StructureDefinition/"
    value = next((name for name in first if name.startswith("value")), None)
    if value:
        yield "invariant ext-1", site.inside(lambda e: e.pop(value))
        yield "invariant ext-1", site.inside(lambda e: e.update(extension=[{"url": "a", "valueString": "b"}]))
    if str(first.get("url", "")).startswith("http") and len(site.steps) == 0:
        yield "extension without absolute url", site.inside(lambda e: e.update(url="relative"))
        wrong = {"url": f"{core}data-absent-reason", "valueString": "unknown"}
        yield "type in extension", site.inside(lambda e: (e.clear(), e.update(wrong)))
        across = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy.banana"
        yield "cross-version extension", site.inside(lambda e: (e.clear(), e.update(url=across, valueString="x")))
