"""What a version of FHIR says of its elements: names, types, bindings, targets and invariants."""

from collections.abc import Mapping
from dataclasses import dataclass

REQUIRED, EXTENSIBLE = "required", "extensible"
"""Strengths of a binding that are validated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementDefinition:
    """One element of a resource or of a complex type, a row of `specs/fhir/<version>/elements.csv`.

    Args:
        name: as the standard writes it, e.g. `status` or `value[x]`.
        path: with the type that it belongs to, e.g. `Observation.value[x]`.
        types: what it may hold; `#Observation.referenceRange` stands for the elements of that path.
        repeats: whether it is a list.
        binding: `required`, `extensible`, or empty where any code will do.
        value_set: name in `value_sets.csv`.
        targets: resource types that a reference may lead to; `Resource` stands for any.
        invariants: keys of the invariants that hold here.
    """

    name: str
    path: str
    types: tuple[str, ...]
    repeats: bool
    binding: str
    value_set: str
    targets: frozenset[str]
    invariants: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FhirDefinitions:
    """The part of one version that the resources of a study are validated by.

    Args:
        version: `R5` or `R4B`.
        elements: the elements right below a type or an element, by the path of that.
        invariants: keys of the invariants of a whole type, by its name.
        value_sets: system and code of every member, by name.
        systems: the codes of the code systems that are known as a whole.
        folded: those among them whose codes may be written in either case; their codes stand in lower case.
        extensions: types of the value by name of HL7's own extensions; none where it is made of further extensions.
    """

    version: str
    elements: Mapping[str, tuple[ElementDefinition, ...]]
    invariants: Mapping[str, tuple[str, ...]]
    value_sets: Mapping[str, frozenset[tuple[str, str]]]
    systems: Mapping[str, frozenset[str]]
    folded: frozenset[str]
    extensions: Mapping[str, frozenset[str]]

    def has(self, path: str) -> bool:
        """Whether the version has an element, given from its resource on, e.g. `ResearchStudy.progressStatus`."""
        owner, *names = path.split(".")
        for name in names:
            below = {element.name.removesuffix("[x]"): element for element in self.elements.get(owner, ())}
            if name not in below:
                return False
            owner = self.owner(below[name])
        return owner in self.elements or bool(names)

    def owner(self, element: ElementDefinition) -> str:
        """The path under which the elements inside of an element are listed.

        Examples:
            >>> text = ElementDefinition(
            ...     name="t",
            ...     path="A.t",
            ...     types=("string",),
            ...     repeats=False,
            ...     binding="",
            ...     value_set="",
            ...     targets=frozenset(),
            ...     invariants=(),
            ... )
            >>> FhirDefinitions(
            ...     version="R5",
            ...     elements={"A.t": (text,)},
            ...     invariants={},
            ...     value_sets={},
            ...     systems={},
            ...     folded=frozenset(),
            ...     extensions={},
            ... ).owner(text)
            'A.t'
        """
        if element.path in self.elements or not element.types:
            return element.path
        return "Quantity" if element.types[0] == "SimpleQuantity" else element.types[0].removeprefix("#")


@dataclass(frozen=True, slots=True)
class UcumAtoms:
    """What units are made of (The Unified Code for Units of Measure): prefixes, units that take one, and others."""

    prefixes: frozenset[str] = frozenset()
    metric: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
