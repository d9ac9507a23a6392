"""Extensions: a value or further extensions, an absolute name, and for those of HL7 the types that they take."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cdisc_aclf.fhir.model.definitions import FhirDefinitions

Json = Mapping[str, Any]
Fault = tuple[str, str, object, str]

CORE = "http://hl7.org/fhir/StructureDefinition/"
_ACROSS_VERSIONS = re.compile(r"http://hl7\.org/fhir/5\.0/StructureDefinition/extension-([A-Z][A-Za-z]+\..+)")


class Extensions:
    """Validates extensions by what one version, and R5 behind it, knows of them."""

    def __init__(self, definitions: FhirDefinitions, latest: FhirDefinitions) -> None:
        """Learn the extensions of HL7."""
        self._types = definitions.extensions
        self._latest = latest

    def faults(self, part: Json, slots: Mapping[str, Any], path: str) -> Iterator[Fault]:
        """What is wrong with an extension.

        Args:
            part: the extension.
            slots: what each name in an extension stands for.
            path: where it is.
        """
        values = [name.lstrip("_") for name in part if name.lstrip("_").startswith("value")]
        if bool(values) == ("extension" in part):
            yield "FHIR-INVARIANT", path, "", "ext-1"
        url = part.get("url")
        if not isinstance(url, str):
            return
        where = f"{path}.url"
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url):
            if not re.search(r"[eE]xtension\[[0-9]+\]\.extension\[[0-9]+\]$", path):
                yield "FHIR-EXTENSION", where, url, "its name is not absolute"
        elif match := _ACROSS_VERSIONS.fullmatch(url):
            resource_type = match[1].partition(".")[0]
            if resource_type in self._latest.elements and not self._latest.has(match[1]):
                yield "FHIR-EXTENSION", where, url, "R5 has no such element"
        elif url.startswith(CORE):
            yield from self._core(url, values, slots, path)

    def _core(self, url: str, values: list[str], slots: Mapping[str, Any], path: str) -> Iterator[Fault]:
        types = self._types.get(url.removeprefix(CORE).partition("|")[0])
        if types is None:
            yield "FHIR-EXTENSION-UNKNOWN", f"{path}.url", url, ""
            return
        for name in values:
            given = slots[name].type if name in slots else name
            if given not in types:
                yield "FHIR-EXTENSION", f"{path}.{name}", "", f"takes {', '.join(sorted(types)) or 'extensions only'}"
