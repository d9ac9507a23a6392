"""`specs/fhir/` as frozen facts."""

import re
from collections import defaultdict
from pathlib import Path

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import (
    COMPOSITES,
    FORMS,
    LOST,
    ONLY_R4B,
    ElementSpec,
    FhirSpec,
    FhirVersion,
    ResourceSpec,
    UnmappedVariable,
)
from cdisc_aclf.fhir.read.definitions import read_definitions, read_ucum
from cdisc_aclf.files.tables import read_table

LEVELS = ("study", "subject")
UCUM = "http://unitsofmeasure.org"
_SPAN = re.compile(r"\[(\d+)-(\d+)\]")


def read_fhir(folder: Path) -> FhirSpec:
    """Read `specs/fhir/`, and the units of `specs/reference/`.

    Raises:
        DefinitionError: a table is missing, or an element names a type, a value set or an element that does not exist.
    """
    fhir, reference = folder / "specs" / "fhir", folder / "specs" / "reference"
    value_sets: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in read_table(fhir / "value_sets.csv", ("value_set", "system", "code")):
        value_sets[row["value_set"]].add((row["system"], row["code"]))
    resources = {}
    table = fhir / "resources.csv"
    for line, row in enumerate(read_table(table, ("mapping", "resource", "level", "result")), start=2):
        if row["level"] not in LEVELS:
            raise DefinitionError(f"{table}:{line}", f"level {row['level']!r} is none of {', '.join(LEVELS)}")
        path = fhir / f"{row['mapping']}.csv"
        elements = _leaves(path, set(value_sets))
        resources[row["mapping"]] = ResourceSpec(
            name=row["mapping"],
            type=row["resource"],
            is_about_subjects=row["level"] == "subject",
            elements=tuple(element for element in elements if not element.source),
            file=str(path),
            result=row["result"],
            other_elements=tuple(element for element in elements if element.source),
        )
    units = {row["ucum"] for row in read_table(reference / "ucum.csv", ("unit", "ucum"))}
    codes = read_table(reference / "fhir_codes.csv", ("field", "value", "system", "code", "display"))
    units.update(row["code"] for row in codes if row["system"] == UCUM)
    return FhirSpec(
        resources=resources,
        value_sets={name: frozenset(codes) for name, codes in value_sets.items()},
        ucum=frozenset(units),
        r4b_systems={row["r5"]: row["r4b"] for row in read_table(fhir / "r4b_systems.csv", ("r5", "r4b"))},
        r4b_codes={
            (row["element"], row["r5"]): row["r4b"]
            for row in read_table(fhir / "r4b_codes.csv", ("element", "r5", "r4b"))
        },
        definitions={version: read_definitions(folder, version) for version in FhirVersion},
        atoms=read_ucum(folder),
        dataset_unmapped=tuple(
            UnmappedVariable(row["dataset"], row["variable"], row["kept"], row["why"])
            for row in read_table(fhir / "round_trip_unmapped.csv", ("dataset", "variable", "kept", "why"))
        ),
        record_unmapped={
            row["field"]: row["why"] for row in read_table(fhir / "record_unmapped.csv", ("field", "why"))
        },
    )


def _leaves(path: Path, value_sets: set[str]) -> tuple[ElementSpec, ...]:
    rows = _spread(read_table(path, ("path", "type", "required", "value_set", "target", "fixed", "with", "r4b")))
    paths = {row["path"] for _, row in rows}
    elements = []
    for line, row in rows:
        for fact, known in (("type", {*FORMS, *COMPOSITES}), ("value_set", value_sets | {""}), ("with", paths | {""})):
            if row[fact] not in known:
                raise DefinitionError(f"{path}:{line}", f"{fact} {row[fact]!r} is none of {', '.join(sorted(known))}")
        if _is_place(row["r4b"]) and row["r4b"].count("[]") != row["path"].count("[]"):
            raise DefinitionError(f"{path}:{line}", f"{row['r4b']} has not as many open positions as {row['path']}")
        place = row["path"].removeprefix(ONLY_R4B)
        for part, element_type in COMPOSITES.get(row["type"], {"": row["type"]}).items():
            elements.append(
                ElementSpec(
                    path=f"{place}.{part}" if part else place,
                    type=element_type,
                    required=row["required"] == "Y",
                    value_set=row["value_set"] if element_type == "code" else "",
                    targets=tuple(row["target"].split()),
                    fixed=row["fixed"],
                    present_with=row["with"],
                    r4b=f"{row['r4b']}.{part}" if part and _is_place(row["r4b"]) else row["r4b"],
                    source=row["path"] if row["path"] != place else "",
                )
            )
    first: dict[str, ElementSpec] = {}
    for element in (element for element in elements if not element.source):
        twin = first.setdefault(element.anywhere, element)
        if (element.type, element.value_set, element.targets) != (twin.type, twin.value_set, twin.targets):
            raise DefinitionError(str(path), f"{element.path} differs from the same element in another position")
    return tuple(elements)


def _spread(rows: list[dict[str, str]]) -> list[tuple[int, dict[str, str]]]:
    """Each row with its line; one with `component[0-5]` once per position, in every cell that has it."""
    spread: list[tuple[int, dict[str, str]]] = []
    for line, row in enumerate(rows, start=2):
        span = _SPAN.search(row["path"])
        places = range(int(span[1]), int(span[2]) + 1) if span else (0,)
        spread += [(line, {name: _SPAN.sub(f"[{place}]", cell) for name, cell in row.items()}) for place in places]
    return spread


def _is_place(cell: str) -> bool:
    return bool(cell) and not cell.startswith(LOST)
