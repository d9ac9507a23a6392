"""One walk over a resource, by the tables of its version: forms, codes, units, references and invariants."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cdisc_aclf.fhir.model.definitions import ElementDefinition, FhirDefinitions, UcumAtoms
from cdisc_aclf.fhir.model.spec import FORMS
from cdisc_aclf.fhir.validate.coding import Codes
from cdisc_aclf.fhir.validate.extension import Extensions
from cdisc_aclf.fhir.validate.invariants import INVARIANTS, OF_R4B, WARNINGS, Holds, contained_faults
from cdisc_aclf.fhir.validate.values import is_narrative, is_of_form

Json = Mapping[str, Any]
Fault = tuple[str, str, object, str]
"""Rule, path, value and detail of what is wrong."""

QUANTITIES = {"Quantity", "SimpleQuantity", "Age", "Count", "Distance", "Duration", "MoneyQuantity"}
ANY = {"Resource", "CanonicalResource", "MetadataResource"}
_TYPED = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/[A-Za-z0-9.-]{1,64}(?:/_history/[A-Za-z0-9.-]{1,64})?$")


@dataclass(frozen=True, slots=True)
class Slot:
    """What one name in the JSON of an object stands for: an element, and the one of its types that the name says."""

    element: ElementDefinition
    type: str
    owner: str
    checks: tuple[tuple[str, Holds], ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference: what holds it and where, what it says, and to which types it may lead."""

    resource: Json
    path: str
    text: str
    targets: frozenset[str]


@dataclass(slots=True, kw_only=True)
class Walk:
    """What a walk found: faults, and references that others have to resolve."""

    resource: Json
    root: Json
    faults: list[Fault] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    shapeless: int = 0

    def add(self, rule: str, path: str, value: object, detail: str = "") -> None:
        """Keep a fault."""
        self.faults.append((rule, path, value, detail))

    def misshapen(self, path: str, wanted: str) -> None:
        """Keep that a value is of another JSON type than its element."""
        self.shapeless += 1
        self.add("FHIR-STRUCTURE", path, "", f"not {wanted}")


class Walker:
    """Walks over resources of one version; what it needs to know of a type it works out once.

    Args:
        definitions: of the version.
        latest: of R5, whose elements the extensions of an earlier version may name.
        atoms: what units are made of.
    """

    def __init__(self, definitions: FhirDefinitions, latest: FhirDefinitions, atoms: UcumAtoms) -> None:
        """Learn the invariants of the version."""
        self.definitions = definitions
        self._codes = Codes(definitions, atoms)
        self._extensions = Extensions(definitions, latest)
        self._types = {code for _, code in definitions.value_sets.get("resource-types", ())}
        self._known: dict[str, dict[str, Slot]] = {}
        self._invariants = {**INVARIANTS, **(OF_R4B if definitions.version == "R4B" else {})}

    def way(self, resource_type: str, path: str) -> list[Slot] | None:
        """What each name on the way to an element stands for; None where there is no such element.

        Args:
            resource_type: where the way begins.
            path: of the element, positions of lists in brackets, e.g. `code.coding[0].system`.
        """
        owner, way = resource_type, []
        for name in re.sub(r"\[\d*\]", "", path).split("."):
            slot = self._slots(owner).get(name)
            if slot is None:
                return None
            way.append(slot)
            owner = slot.owner
        return way

    def knows(self, resource_type: object) -> bool:
        """Whether the tables have a type of resource."""
        return resource_type in self.definitions.elements

    def walk(self, resource: Json, root: Json | None = None, above: str = "") -> Walk:
        """Walk over a resource, and over those that it contains.

        Args:
            resource: what `json.loads` gives, numbers as int or Decimal.
            root: what contains it; itself where nothing does.
            above: path of the place where it is contained.
        """
        walk = Walk(resource=resource, root=root or resource)
        owner = str(resource.get("resourceType"))
        if not self.knows(owner):
            return walk
        self._held(walk, resource, owner, above.removesuffix("."), self._checks(self.definitions.invariants[owner]))
        for rule, path, detail in contained_faults(resource):
            walk.add(rule, above + path, "", detail)
        contained = resource.get("contained")
        for place, part in enumerate(contained if root is None and isinstance(contained, list) else ()):
            if isinstance(part, dict):
                inside = self.walk(part, resource, f"{above}contained[{place}].")
                walk.faults += inside.faults
                walk.references += [replace(found, resource=resource) for found in inside.references]
        return walk

    def _held(self, walk: Walk, part: Json, owner: str, path: str, checks: tuple[tuple[str, Holds], ...]) -> None:
        """Walk over a part, then ask its invariants, which need what they look at to have its structure."""
        before = walk.shapeless
        self._object(walk, part, owner, path and f"{path}.")
        for key, holds in checks if walk.shapeless == before else ():
            if not holds(part, walk.resource):
                walk.add("FHIR-LINK" if key in WARNINGS else "FHIR-INVARIANT", path, "", key)

    def _object(self, walk: Walk, part: Json, owner: str, above: str) -> None:
        slots = self._slots(owner)
        for name, value in part.items():
            slot = slots.get(name)
            path = above + name
            if slot is None:
                if name[:1] == "_":
                    self._sibling(walk, value, path, slots.get(name[1:]), beside=name[1:] in part)
                continue
            if isinstance(value, list) and slot.element.repeats:
                if not value:
                    walk.add("FHIR-EMPTY", path, value)
                beside = part.get(f"_{name}")
                for place, item in enumerate(value):
                    if item is None and isinstance(beside, list) and place < len(beside) and beside[place]:
                        continue
                    self._value(walk, item, slot, f"{path}[{place}]")
            elif isinstance(value, list) or (slot.element.repeats and value is not None):
                walk.misshapen(path, "one value" if isinstance(value, list) else "a list")
            else:
                self._value(walk, value, slot, path)

    def _value(self, walk: Walk, value: object, slot: Slot, path: str) -> None:
        if value is None:
            walk.add("FHIR-EMPTY", path, value)
        elif slot.type in FORMS:
            if isinstance(value, dict | list):
                walk.misshapen(path, slot.type)
            elif not is_of_form(value, slot.type):
                walk.add("FHIR-FORM", path, value, slot.type)
            elif slot.type == "xhtml" and not is_narrative(str(value)):
                walk.add("FHIR-NARRATIVE", path, "")
            elif slot.element.value_set:
                walk.faults += self._codes.bound(value, slot.element, path)
        elif isinstance(value, dict):
            self._complex(walk, value, slot, path)
        else:
            walk.misshapen(path, f"an object, {slot.type}")

    def _complex(self, walk: Walk, part: Json, slot: Slot, path: str) -> None:
        if not part.keys() - {"id"}:
            walk.add("FHIR-EMPTY", path, part)
        if (
            slot.type == "Resource"
        ):  # contained ones are walked after the rest, those of a bundle by the bundle's validator
            return
        self._held(walk, part, slot.owner, path, slot.checks)
        if slot.type == "Reference":
            self._reference(walk, part, slot.element, path)
        elif slot.type == "Extension":
            walk.faults += self._extensions.faults(part, self._slots("Extension"), path)
        elif slot.type == "Coding":
            walk.faults += self._codes.coding(part, path)
        elif slot.type in QUANTITIES:
            walk.faults += self._codes.quantity(part, path)
            if slot.type == "SimpleQuantity" and "comparator" in part:
                walk.add("FHIR-COMPARATOR", f"{path}.comparator", part["comparator"])
        if slot.element.value_set and slot.type != "CodeableReference":
            walk.faults += self._codes.concept(part, slot.element, slot.type, path)

    def _sibling(self, walk: Walk, value: object, path: str, slot: Slot | None, *, beside: bool) -> None:
        if slot is None or slot.type not in FORMS:
            walk.add("FHIR-STRUCTURE", path, "", "no simple element of that name")
            return
        if value is None or value == []:
            walk.add("FHIR-EMPTY", path, value)
        for place, item in enumerate(value if isinstance(value, list) else [value]):
            where = f"{path}[{place}]" if isinstance(value, list) else path
            if isinstance(item, dict):
                if not item:
                    walk.add("FHIR-EMPTY", where, item)
                self._object(walk, item, "Element", f"{where}.")
            elif item is None and isinstance(value, list) and not beside:
                walk.add("FHIR-EMPTY", where, item)

    def _reference(self, walk: Walk, part: Json, element: ElementDefinition, path: str) -> None:
        text = part.get("reference")
        if not isinstance(text, str):
            return
        where = f"{path}.reference"
        named = text.partition("?")[0] if re.match(r"[A-Z][A-Za-z]+\?", text) else None
        if match := _TYPED.search(text.partition("#")[0]):
            named = match[1]
        if text.startswith("#"):
            inside = [c for c in walk.root.get("contained", ()) if isinstance(c, dict)]
            named = next((str(c.get("resourceType")) for c in inside if f"#{c.get('id')}" == text), None)
            if named is None and (text != "#" or walk.root is walk.resource):
                walk.add("FHIR-REFERENCE", where, text, "ref-1: nothing of that id is contained")
        else:
            walk.references.append(Reference(walk.resource, where, text, element.targets))
        open_to_any = not element.targets or element.targets & ANY
        if named and (named not in self._types if open_to_any else named not in element.targets):
            walk.add("FHIR-TARGET", where, text)
        said = part.get("type")
        if named and isinstance(said, str) and said != named and not said.endswith(f"/{named}"):
            walk.add("FHIR-TARGET", f"{path}.type", said, f"the reference names {named}")

    def _checks(self, keys: tuple[str, ...]) -> tuple[tuple[str, Holds], ...]:
        return tuple((key, self._invariants[key]) for key in keys if key in self._invariants)

    def _slots(self, owner: str) -> dict[str, Slot]:
        if owner not in self._known:
            base, _, outer = owner.partition("@")
            self._known[owner] = {
                name: slot for element in self._below(base, outer) for name, slot in self._named(element)
            }
        return self._known[owner]

    def _below(self, owner: str, outer: str) -> Iterator[ElementDefinition]:
        """The elements right below a path; a CodeableReference takes codes and targets of the element it stands for."""
        for element in self.definitions.elements.get(owner, ()):
            if not outer:
                yield element
                continue
            above, _, name = outer.rpartition(".")
            whole = next(known for known in self.definitions.elements[above] if known.name == name)
            if element.name == "concept":
                yield replace(element, binding=whole.binding, value_set=whole.value_set)
            else:
                yield replace(element, targets=whole.targets) if element.name == "reference" else element
        if "." in owner:
            yield from self.definitions.elements["BackboneElement"]

    def _named(self, element: ElementDefinition) -> Iterator[tuple[str, Slot]]:
        for type_name in element.types:
            of_type = replace(element, types=(type_name,))
            owner = self.definitions.owner(of_type)
            keys = element.invariants
            if owner in self.definitions.invariants:
                keys += self.definitions.invariants[owner]
            if type_name == "CodeableReference":
                owner = f"{owner}@{element.path}"
            if type_name.startswith("#"):
                keys += self._of_path(type_name[1:])
            code = "Quantity" if type_name == "SimpleQuantity" else type_name
            name = element.name.replace("[x]", code[:1].upper() + code[1:])
            yield name, Slot(of_type, type_name, owner, self._checks(tuple(dict.fromkeys(keys))))

    def _of_path(self, path: str) -> tuple[str, ...]:
        above, _, name = path.rpartition(".")
        return next(known.invariants for known in self.definitions.elements[above] if known.name == name)
