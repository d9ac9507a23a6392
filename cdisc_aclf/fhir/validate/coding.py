"""Codes: in the value set they are bound to, in the code system they name, or of its form where it is too large."""

from collections.abc import Iterator, Mapping
from typing import Any

from cdisc_aclf.fhir.model.definitions import REQUIRED, ElementDefinition, FhirDefinitions, UcumAtoms
from cdisc_aclf.fhir.validate.codes import LOINC, SNOMED, UCUM, is_loinc, is_loinc_part, is_snomed, is_ucum

Json = Mapping[str, Any]
Fault = tuple[str, str, object, str]


class Codes:
    """Validates codes by the value sets and code systems of one version."""

    def __init__(self, definitions: FhirDefinitions, atoms: UcumAtoms) -> None:
        """Learn the value sets."""
        self._value_sets, self._systems = definitions.value_sets, definitions.systems
        self._folded, self._atoms = definitions.folded, atoms
        self._codes = {name: frozenset(code for _, code in members) for name, members in self._value_sets.items()}

    def bound(self, code: object, element: ElementDefinition, path: str) -> Iterator[Fault]:
        """A bare code is a member of the value set."""
        if code not in self._codes[element.value_set]:
            yield self._outside(element), path, code, element.value_set

    def concept(self, part: Json, element: ElementDefinition, type_name: str, path: str) -> Iterator[Fault]:
        """One coding of a concept, a Coding, or the unit of a Quantity, is a member of the value set."""
        codings = part.get("coding", ()) if type_name == "CodeableConcept" else [part]
        coded = (
            [c for c in codings if isinstance(c, dict) and isinstance(c.get("code"), str)]
            if isinstance(codings, list | tuple)
            else []
        )
        members = self._value_sets[element.value_set]
        if any((str(coding.get("system")), coding["code"]) in members for coding in coded):
            return
        if coded:
            where = f"{path}.coding[0].code" if type_name == "CodeableConcept" else f"{path}.code"
            yield self._outside(element), where, coded[0]["code"], element.value_set
        elif element.binding == REQUIRED and type_name != "Quantity":
            yield "FHIR-CODE", path, part.get("text", ""), f"{element.value_set}: no coding at all"

    @staticmethod
    def _outside(element: ElementDefinition) -> str:
        return "FHIR-CODE" if element.binding == REQUIRED else "FHIR-CODE-EXTENSIBLE"

    def coding(self, part: Json, path: str) -> Iterator[Fault]:
        """A code is one of the system that it names."""
        code, system = part.get("code"), part.get("system")
        if not isinstance(code, str):
            return
        where = f"{path}.code"
        if system is None:
            yield "FHIR-SYSTEM-ABSENT", where, code, ""
        elif "/ValueSet/" in str(system):
            yield "FHIR-SYSTEM", f"{path}.system", system, ""
        elif rule := self._broken(str(system), code):
            yield rule, where, code, str(system)

    def _broken(self, system: str, code: str) -> str | None:
        match system:
            case _ if system == LOINC:
                return None if is_loinc(code) or is_loinc_part(code) else "FHIR-LOINC"
            case _ if system == SNOMED:
                return None if is_snomed(code) else "FHIR-SNOMED"
            case _ if system == UCUM:
                return None if is_ucum(code, self._atoms) else "FHIR-UCUM-FORM"
            case _ if system in self._systems:
                spelled = code.lower() if system in self._folded else code
                return None if spelled in self._systems[system] else "FHIR-CODE-UNKNOWN"
        return None

    def quantity(self, part: Json, path: str) -> Iterator[Fault]:
        """The code of a quantity in UCUM is a unit."""
        code = part.get("code")
        if part.get("system") == UCUM and isinstance(code, str) and not is_ucum(code, self._atoms):
            yield "FHIR-UCUM-FORM", f"{path}.code", code, ""
