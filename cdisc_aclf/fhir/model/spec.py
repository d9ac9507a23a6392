"""What the specs say of FHIR: resources, their elements, value sets and units."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cdisc_aclf.fhir.model.definitions import FhirDefinitions, UcumAtoms

LOST = "lost: "
"""How a cell begins that says why a version has no place for a value."""

ONLY_R4B = "r4b:"
"""How a path begins that R5 has no place for, and the column of its values: `r4b:policyRule.text`."""


class FhirVersion(StrEnum):
    """The versions of FHIR that are written; a server of R4 takes R4B, which has the same elements here."""

    R5 = "R5"
    R4B = "R4B"


_DATE = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]{1,9})?"
_ZONE = r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f"
_TEXT = rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$"
_OID = r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+"
_UUID = r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_SOLID = rf"[^\s{_CONTROL}]+"
_URI = f"^{_SOLID}$"

FORMS: Mapping[str, str] = {
    "boolean": r"^(true|false)$",
    "integer": r"^(0|-?[1-9][0-9]{0,9})$",
    "integer64": r"^(0|-?[1-9][0-9]{0,18})$",
    "unsignedInt": r"^(0|[1-9][0-9]{0,9})$",
    "positiveInt": r"^[1-9][0-9]{0,9}$",
    "decimal": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$",
    "string": _TEXT,
    "markdown": _TEXT,
    "code": f"^{_SOLID}( {_SOLID})*$",
    "uri": _URI,
    "url": _URI,
    "canonical": _URI,
    "oid": f"^{_OID}$",
    "uuid": f"^{_UUID}$",
    "id": r"^[A-Za-z0-9.-]{1,64}$",
    "date": f"^{_DATE}$",
    "dateTime": f"^{_DATE}$|^{_DAY}T{_TIME}{_ZONE}$",
    "instant": f"^{_DAY}T{_TIME}{_ZONE}$",
    "time": f"^{_TIME}$",
    "base64Binary": r"^(\s*[0-9A-Za-z+/]){4,}\s*(=\s*){0,2}$",
    "xhtml": r"^\s*<([a-z]+:)?div[\s>][\s\S]*</([a-z]+:)?div>\s*$",
    "reference": r"^[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}$",
}
"""What each type of element looks like (FHIR R5, Data Types), for Python and for Rust.

A time has seconds and a zone, which R5 asks for in words and leaves out of its own expression. A decimal has no
exponent here: no laboratory writes one. `reference` is a relative literal one.
"""

URN_FORMS: Mapping[str, str] = {"urn:oid:": f"^{_OID}$", "urn:uuid:": f"^{_UUID}$"}
"""How a `uri`, `url` or `canonical` that begins so goes on (FHIR R5, Data Types, uri)."""

COMPOSITES: Mapping[str, Mapping[str, str]] = {
    "CodeableConcept": {
        "coding[].system": "uri",
        "coding[].code": "code",
        "coding[].display": "string",
        "text": "string",
    },
    "Period": {"start": "dateTime", "end": "dateTime"},
    "Quantity": {"value": "decimal", "unit": "string", "system": "uri", "code": "code"},
}
"""Types that a table may name for all of their elements at once; a value set is then that of the codes."""

UNQUOTED = frozenset({"boolean", "integer", "unsignedInt", "positiveInt", "decimal"})
"""Types that JSON writes without quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementSpec:
    """One value of a resource, a row of `specs/fhir/<mapping>.csv`.

    Args:
        path: place in the resource, e.g. `code.coding[0].system`; `[]` stands for every position of a list. Elements
            that differ in positions alone are of one type, value set and targets.
        type: a key of `FORMS`.
        required: whether every resource has it.
        value_set: name in `value_sets.csv`; empty for free values.
        targets: resource types that a reference may name.
        fixed: the value that no mapping needs to name; empty where it varies.
        present_with: the column that the fixed value stands beside; empty where it always stands.
        r4b: the path in R4B, where it is another one, or `lost: ` and the reason. `extension[element]` is the
            extension that stands for an element of R5 which R4B lacks.
        source: the column of the frame that holds the value, where that is not named as the path.
        values: codes that the frame spells otherwise than this version, each with its own or None.
    """

    path: str
    type: str
    required: bool
    value_set: str
    targets: tuple[str, ...]
    fixed: str
    present_with: str
    r4b: str = ""
    source: str = ""
    values: tuple[tuple[str, str | None], ...] = ()

    @property
    def column(self) -> str:
        """The column of the frame that holds the value."""
        return self.source or self.path

    @property
    def anywhere(self) -> str:
        """The path with every position of a list open: what is null leaves no gap, so positions move.

        Examples:
            >>> ElementSpec(
            ...     path="code.coding[1].code",
            ...     type="code",
            ...     required=False,
            ...     value_set="",
            ...     targets=(),
            ...     fixed="",
            ...     present_with="",
            ... ).anywhere
            'code.coding[].code'
        """
        return re.sub(r"\[\d+\]", "[]", self.path)


@dataclass(frozen=True, slots=True)
class UnmappedElement:
    """What a form of the data cannot say.

    Args:
        origin: where the value stands, e.g. `registry record` or `R5`.
        form: where it has no place, e.g. `R5` or `R4B`.
        element: the value, e.g. `ResearchStudy.status`.
        why: the reason.
    """

    origin: str
    form: str
    element: str
    why: str


@dataclass(frozen=True, slots=True)
class UnmappedVariable:
    """What of a variable does not come back from FHIR.

    Args:
        dataset: e.g. `LB`.
        variable: e.g. `LBDTC`.
        kept: `nothing`, or the word for what is kept (`validate/round_trip.py`).
        why: the reason.
    """

    dataset: str
    variable: str
    kept: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceSpec:
    """What one mapping makes: a row of `resources.csv` and its elements, in the order of the standard.

    Args:
        name: the mapping, e.g. `research_study`.
        type: resource type, e.g. `ResearchStudy`.
        is_about_subjects: whether it holds data of single subjects.
        elements: in the order of the elements in the standard.
        file: where to look the elements up.
        result: variable whose digits every resource has to hold, e.g. `LB.LBORRES`; empty where there is none.
        other_elements: those that the other version alone has a place for; their columns are in the frame too.
    """

    name: str
    type: str
    is_about_subjects: bool
    elements: tuple[ElementSpec, ...]
    file: str
    result: str = ""
    other_elements: tuple[ElementSpec, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FhirSpec:
    """Every resource that this study writes, in the order of the bundle.

    Args:
        resources: by name of the mapping.
        value_sets: system and code of every member, by name.
        ucum: the UCUM codes that the study knows.
        r4b_systems: the URI in R4B of code systems that have another one there, or `lost: ` and the reason.
        r4b_codes: the code in R4B by element (`ResearchStudy.status`) and code of R5, where it is another one, or
            `lost: ` and the reason.
        definitions: what each version of FHIR says of its elements.
        atoms: what units are made of.
        record_unmapped: what of a registry record R5 does not hold, by field (`[]` stands for every position; a field
            stands for all below it), with the reason.
        dataset_unmapped: what of a dataset does not come back from R5.
    """

    resources: Mapping[str, ResourceSpec]
    value_sets: Mapping[str, frozenset[tuple[str, str]]]
    ucum: frozenset[str]
    r4b_systems: Mapping[str, str] = field(default_factory=dict)
    r4b_codes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    definitions: Mapping[str, FhirDefinitions] = field(default_factory=dict)
    atoms: UcumAtoms = field(default_factory=UcumAtoms)
    record_unmapped: Mapping[str, str] = field(default_factory=dict)
    dataset_unmapped: tuple[UnmappedVariable, ...] = ()

    def unmapped(self) -> Iterator[UnmappedElement]:
        """What R5 does not hold of the record and R4B not of R5, as the tables have it."""
        for field_name, why in self.record_unmapped.items():
            yield UnmappedElement("registry record", "R5", field_name, why)
        for loss in self.dataset_unmapped:
            kept = "" if loss.kept == "nothing" else f", but {loss.kept}"
            yield UnmappedElement("SDTM", "R5", f"{loss.dataset}.{loss.variable}{kept}", loss.why)
        for resource in self.resources.values():
            lost = {element.anywhere: element.r4b for element in resource.elements if element.r4b.startswith(LOST)}
            for path, why in lost.items():
                yield UnmappedElement("R5", "R4B", f"{resource.type}.{path}", why.removeprefix(LOST))
        for what, place in [
            *((f"codes of {system}", place) for system, place in self.r4b_systems.items()),
            *((f"{element} = {code}", place) for (element, code), place in self.r4b_codes.items()),
        ]:
            if place.startswith(LOST):
                yield UnmappedElement("R5", "R4B", what, place.removeprefix(LOST))


def elements_name(resource_type: str) -> str:
    """The parameter by which a mapping asks for resources that were read back.

    Examples:
        >>> elements_name("AdverseEvent")
        'fhir_adverse_event'
    """
    return "fhir" + re.sub(r"([A-Z])", r"_\1", resource_type).lower()
