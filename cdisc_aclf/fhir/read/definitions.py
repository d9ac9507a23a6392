"""`specs/fhir/<version>/` and `specs/fhir/ucum.csv` as frozen facts."""

from collections import defaultdict
from pathlib import Path

from cdisc_aclf.fhir.model.definitions import ElementDefinition, FhirDefinitions, UcumAtoms
from cdisc_aclf.fhir.model.spec import FhirVersion
from cdisc_aclf.files.tables import read_table


def read_definitions(folder: Path, version: FhirVersion) -> FhirDefinitions:
    """Read what the tables say of one version of FHIR.

    Args:
        folder: the study folder.
        version: of FHIR.

    Raises:
        DefinitionError: a table is missing or lacks a column.
    """
    tables = folder / "specs" / "fhir" / version.lower()
    elements: dict[str, list[ElementDefinition]] = defaultdict(list)
    invariants = {}
    facts = ("path", "max", "types", "binding", "value_set", "targets", "invariants")
    for row in read_table(tables / "elements.csv", facts):
        owner, _, name = row["path"].rpartition(".")
        invariants[row["path"]] = tuple(row["invariants"].split())
        if owner:
            elements[owner].append(
                ElementDefinition(
                    name=name,
                    path=row["path"],
                    types=tuple(row["types"].split()),
                    repeats=row["max"] == "*",
                    binding=row["binding"],
                    value_set=row["value_set"],
                    targets=frozenset(row["targets"].split()),
                    invariants=invariants[row["path"]],
                )
            )
    value_sets: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in read_table(tables / "value_sets.csv", ("value_set", "system", "codes")):
        value_sets[row["value_set"]] |= {(row["system"], code) for code in row["codes"].split()}
    systems = {row["system"]: row for row in read_table(tables / "systems.csv", ("system", "case", "codes"))}
    folded = frozenset(system for system, row in systems.items() if row["case"] == "any")
    return FhirDefinitions(
        version=version,
        elements={owner: tuple(below) for owner, below in elements.items()},
        invariants={path: keys for path, keys in invariants.items() if "." not in path},
        value_sets={name: frozenset(members) for name, members in value_sets.items()},
        systems={
            system: frozenset((row["codes"].lower() if system in folded else row["codes"]).split())
            for system, row in systems.items()
        },
        folded=folded,
        extensions={
            row["extension"]: frozenset(row["types"].split())
            for row in read_table(tables / "extensions.csv", ("extension", "types"))
        },
    )


def read_ucum(folder: Path) -> UcumAtoms:
    """Read what units are made of.

    Raises:
        DefinitionError: the table is missing or lacks a column.
    """
    atoms: dict[str, set[str]] = defaultdict(set)
    for row in read_table(folder / "specs" / "fhir" / "ucum.csv", ("kind", "code")):
        atoms[row["kind"]].add(row["code"])
    return UcumAtoms(frozenset(atoms["prefix"]), frozenset(atoms["metric"]), frozenset(atoms["unit"]))
