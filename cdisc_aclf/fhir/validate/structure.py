"""The structure of a resource: the one module that imports fhir.resources.

It knows elements, cardinality, choices and types, and takes half a millisecond for a resource. Whether it accepts one
follows from the *structure*, that is from which elements are there and of which JSON types, and from the form of single
values. The form of every value is held by `fhir_walk`; so it is enough to show it one instance of every structure.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cdisc_aclf.fhir.model.spec import FhirVersion

Json = Mapping[str, Any]


def structure_of(part: object) -> Hashable:
    """Which elements are there, and of which types: equal for resources that fhir.resources cannot tell apart.

    Examples:
        >>> names = {"name": [{"text": "x"}, {"text": "y"}]}
        >>> structure_of({"id": "a", **names}) == structure_of({"id": "b", "name": [{"text": "z"}]})
        True
        >>> patient = structure_of({"id": "a"})
        >>> patient == structure_of({"id": 1}), patient == structure_of({"id": "a", "status": "b"})
        (False, False)
    """
    if isinstance(part, dict):
        return tuple((name, value if name == "resourceType" else structure_of(value)) for name, value in part.items())
    if isinstance(part, list):
        return frozenset(map(structure_of, part))
    return "number" if isinstance(part, Decimal) else type(part).__name__.replace("int", "number")


@dataclass(slots=True)
class Structure:
    """Validates resources against fhir.resources, and remembers the structures that it accepted.

    Args:
        version: of FHIR.
        every: show it every resource, not one of each structure.
    """

    version: FhirVersion
    every: bool = False
    _good: set[Hashable] = field(default_factory=set)

    def faults(self, resource: Json) -> Iterator[tuple[str, object, str]]:
        """Path, value and reason of everything that fhir.resources rejects.

        A structure counts as good once an instance of it was accepted: a rejected one may have failed by a value.
        """
        seen = None if self.every else _hashable(resource)
        if seen in self._good:
            return
        problems = list(_rejected(resource, self.version))
        if not problems and seen is not None:
            self._good.add(seen)
        yield from problems


def _hashable(resource: Json) -> Hashable | None:
    try:
        known = structure_of(resource)
        hash(known)
    except TypeError:  # a resourceType that is no text
        return None
    return known


def _rejected(resource: Json, version: FhirVersion) -> Iterator[tuple[str, object, str]]:
    from fhir.resources import R4B, get_fhir_model_class  # noqa: PLC0415 takes half a second
    from pydantic import ValidationError  # noqa: PLC0415 as above

    model_of = R4B.get_fhir_model_class if version is FhirVersion.R4B else get_fhir_model_class
    try:
        model_of(str(resource.get("resourceType"))).model_validate(resource)
    except ValidationError as problem:
        for error in problem.errors(include_url=False):
            path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"])
            yield path.removeprefix(".").removesuffix(".root"), error["input"], error["msg"]
    except (KeyError, ValueError) as problem:
        yield "resourceType", resource.get("resourceType"), f"no such resource: {problem}"
