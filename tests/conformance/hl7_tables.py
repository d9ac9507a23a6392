"""The tables of `specs/fhir/r5/`, `r4b/` and `ucum.csv`, derived from the packages that HL7 publishes on npm.

Run as `python tests/conformance/hl7_tables.py NODE_MODULES SPECS_FHIR` to write them.
"""

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

RESOURCES = [
    "ActivityDefinition", "AdverseEvent", "Bundle", "CarePlan", "CodeSystem", "ConceptMap", "Condition", "Consent",
    "Device", "Encounter", "EvidenceVariable", "Group", "Location", "Medication", "MedicationAdministration",
    "MedicationStatement", "Observation", "Organization", "Patient", "PlanDefinition", "Practitioner",
    "PractitionerRole", "Procedure", "Provenance", "ResearchStudy", "ResearchSubject", "Specimen", "Substance",
]  # fmt: skip
LICENSED = {"http://snomed.info/sct", "http://loinc.org", "http://www.ama-assn.org/go/cpt"}
EVERYWHERE = ("ele-1", "ext-1", "dom-")  # held by the validate for every element or resource
WARNINGS = {"pld-3", "pld-4"}  # links inside a PlanDefinition, which a loader follows
CHECKED = {"required", "extensible"}
MANY = 1500  # a value set of more codes than this is no list that a person would look up
CORE = "http://hl7.org/fhir/StructureDefinition/"

Json = dict[str, Any]
Rows = list[dict[str, str]]


class Packages:
    """The packages of one version: core first, HL7 Terminology and the extension pack behind it."""

    def __init__(self, modules: Path, version: str) -> None:
        self.core = modules / f"hl7.fhir.{version}.core"
        self.extensions = modules / "hl7.fhir.uv.extensions.r5"
        folders = (self.core, modules / "hl7.terminology.r5", self.extensions)
        self.value_sets = dict(self.by_url("ValueSet", folders))
        self.systems = dict(self.by_url("CodeSystem", folders))
        self.expansions = dict(self.by_url("ValueSet", (modules / f"hl7.fhir.{version}.expansions",)))
        self.members = cache(self._members)

    @staticmethod
    def by_url(kind: str, folders: tuple[Path, ...]) -> Iterator[tuple[str, Json]]:
        for folder in reversed(folders):
            for path in sorted(folder.glob(f"{kind}-*.json")):
                resource = json.loads(path.read_text("utf-8"))
                if resource.get("url"):
                    yield resource["url"], resource

    def structure(self, name: str) -> Json | None:
        path = self.core / f"StructureDefinition-{name}.json"
        return json.loads(path.read_text("utf-8")) if path.exists() else None

    def system(self, url: str) -> frozenset[str] | None:
        """Every code of a system that the packages hold as a whole."""
        known = self.systems.get(url, {})
        if known.get("content") != "complete" or "concept" not in known or url in LICENSED:
            return None
        return frozenset(concept["code"] for concept in tree(known["concept"], "concept"))

    def _members(self, url: str) -> frozenset[tuple[str, str]] | None:
        """System and code of every member; None where the packages do not say, or may not be copied."""
        expansion = self.expansions.get(url, {}).get("expansion", {})
        if "contains" in expansion and not any("toocostly" in e["url"] for e in expansion.get("extension", [])):
            listed = list(tree(expansion["contains"], "contains"))
            if expansion.get("total", 0) <= len(listed):
                return frozenset((c["system"], c["code"]) for c in listed if "code" in c and not c.get("abstract"))
        found: set[tuple[str, str]] = set()
        compose = self.value_sets.get(url, {}).get("compose", {})
        for part in compose.get("include", []):
            if (included := self._included(part)) is None:
                return None
            found |= included
        for part in compose.get("exclude", []):
            found -= self._included(part) or set()
        return frozenset(found) or None

    def _included(self, part: Json) -> set[tuple[str, str]] | None:
        sets = [self.members(url.split("|")[0]) for url in part.get("valueSet", [])]
        if "system" in part:
            if "filter" in part:
                return None
            codes = (
                [concept["code"] for concept in part["concept"]] if "concept" in part else self.system(part["system"])
            )
            sets.append(None if codes is None else frozenset((part["system"], code) for code in codes))
        known = [members for members in sets if members is not None]
        return set(frozenset.intersection(*known)) if len(known) == len(sets) and known else None

    def systems_of(self, url: str) -> set[str]:
        """Every system that a value set draws from."""
        parts = self.value_sets.get(url, {}).get("compose", {}).get("include", [])
        nested = [self.systems_of(inner.split("|")[0]) for part in parts for inner in part.get("valueSet", [])]
        return {part["system"] for part in parts if "system" in part}.union(*nested)


def tree(concepts: list[Json], below: str) -> Iterator[Json]:
    for concept in concepts:
        yield concept
        yield from tree(concept.get(below, []), below)


def types_of(packages: Packages) -> dict[str, Json]:
    """The resources and every complex type that they, or an extension, may hold."""
    found: dict[str, Json] = {}
    waiting = [*RESOURCES, "Extension"]
    while waiting:
        name = waiting.pop()
        structure = packages.structure(name)
        if name in found or structure is None or structure["kind"] == "primitive-type":
            continue
        if structure["kind"] == "resource" and name not in RESOURCES:
            continue
        found[name] = structure
        waiting += [t["code"] for e in structure["snapshot"]["element"] for t in e.get("type", [])]
    return dict(sorted(found.items()))


def name_of(url: str) -> str:
    return url.partition("|")[0].rpartition("/")[2]


def element_row(element: Json, kind: str, packages: Packages) -> dict[str, str]:
    path = element["path"]
    types = [
        next((name_of(p) for p in t.get("profile", []) if name_of(p) == "SimpleQuantity"), code_of(t))
        for t in element.get("type", [])
    ]
    if path.endswith(".id"):
        types = ["id" if kind == "resource" and path.count(".") == 1 else "string"]
    if "contentReference" in element:
        types = [element["contentReference"][element["contentReference"].index("#") :]]
    targets = {name_of(p) for t in element.get("type", []) for p in t.get("targetProfile", [])}
    binding = element.get("binding", {})
    bound = binding.get("valueSet", "").split("|")[0] if binding.get("strength") in CHECKED else ""
    members = packages.members(bound) if bound else None
    listed = members and len(members) <= MANY and not any(system in LICENSED for system, _ in members)
    return {
        "path": path,
        "min": str(element["min"]),
        "max": element["max"],
        "types": " ".join(types),
        "binding": binding["strength"] if listed else "",
        "value_set": name_of(bound) if listed else "",
        "targets": " ".join(sorted(targets)),
        "invariants": " ".join(
            c["key"]
            for c in element.get("constraint", [])
            if (c["severity"] == "error" or c["key"] in WARNINGS)
            and c.get("expression")
            and not c["key"].startswith(EVERYWHERE)
        ),
    }


def code_of(element_type: Json) -> str:
    code = element_type["code"]
    if code.startswith("http://hl7.org/fhirpath/"):
        return next(
            (e["valueUrl"] for e in element_type.get("extension", []) if e["url"].endswith("fhir-type")), "string"
        )
    return str(code)


def tables(packages: Packages) -> dict[str, Rows]:
    """`elements.csv`, `value_sets.csv`, `systems.csv` and `extensions.csv`."""
    elements: Rows = []
    bound: dict[str, str] = {}
    drawn: set[str] = set()
    for structure in types_of(packages).values():
        for element in structure["snapshot"]["element"]:
            if re.search(r"\..*\.(extension|id|modifierExtension)$", element["path"]) or "sliceName" in element:
                continue
            row = element_row(element, structure["kind"], packages)
            elements.append(row)
            url = element.get("binding", {}).get("valueSet", "").split("|")[0]
            drawn |= packages.systems_of(url)
            if row["value_set"]:
                assert bound.setdefault(row["value_set"], url) == url, url
                drawn |= {system for system, _ in packages.members(url) or ()}
    value_sets = [
        {"value_set": name, "system": system, "codes": " ".join(sorted(codes))}
        for name, url in sorted(bound.items())
        for system, codes in sorted(by_system(packages.members(url) or ()).items())
    ]
    systems = [
        {
            "system": url,
            "case": "" if packages.systems[url].get("caseSensitive", True) else "any",
            "codes": " ".join(sorted(codes)),
        }
        for url in sorted(drawn)
        if (codes := packages.system(url)) and len(codes) <= MANY
    ]
    return {
        "elements": elements,
        "value_sets": value_sets,
        "systems": systems,
        "extensions": list(extensions(packages)),
    }


def by_system(members: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for system, code in members:
        assert " " not in code, code
        found.setdefault(system, set()).add(code)
    return found


def extensions(packages: Packages) -> Iterator[dict[str, str]]:
    """What each extension of HL7 holds: the types of its value, none where it is made of further extensions."""
    found = {}
    for folder in (packages.core, packages.extensions):
        for path in sorted(folder.glob("StructureDefinition-*.json")):
            structure = json.loads(path.read_text("utf-8"))
            if structure["type"] != "Extension" or structure["derivation"] != "constraint":
                continue
            value = next(
                (
                    e
                    for e in structure["snapshot"]["element"]
                    if e["path"] == "Extension.value[x]" and ".extension" not in e["id"]
                ),
                None,
            )
            if value is None or not structure["url"].startswith(CORE):
                continue
            types = [] if value["max"] == "0" else sorted({t["code"] for t in value.get("type", [])})
            found.setdefault(structure["url"].removeprefix(CORE), " ".join(types))
    for name, types in sorted(found.items()):
        yield {"extension": name, "types": types}


def units(modules: Path) -> Rows:
    """Prefixes, units that take a prefix and units that take none, of UCUM."""
    known = json.loads((modules / "@lhncbc/ucum-lhc/data/ucumDefs.min.json").read_text("utf-8"))
    columns = [column for column in known["units"]["config"] if isinstance(column, str)]
    place = {name: known["units"]["config"].index(name) for name in columns}
    found = {("prefix", row[0]) for row in known["prefixes"]["data"]}
    for row in known["units"]["data"]:
        if row[place["source_"]] == "UCUM":
            is_metric = row[place["isMetric_"]] or row[place["isBase_"]]
            found.add(("metric" if is_metric else "unit", row[place["csCode_"]]))
    return [{"kind": kind, "code": code} for kind, code in sorted(found)]


def as_csv(rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    Path(sys.argv[2], "ucum.csv").write_text(as_csv(units(Path(sys.argv[1]))), "utf-8")
    for version in ("r5", "r4b"):
        folder = Path(sys.argv[2]) / version
        folder.mkdir(exist_ok=True)
        for name, rows in tables(Packages(Path(sys.argv[1]), version)).items():
            (folder / f"{name}.csv").write_text(as_csv(rows), "utf-8")
