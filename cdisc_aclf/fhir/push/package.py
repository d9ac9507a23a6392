"""The FHIR resources of a package that an earlier build wrote."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from cdisc_aclf.errors import InputError
from cdisc_aclf.fhir.push.outcome import Loadable


def read_package(folder: Path) -> list[Loadable]:
    """Read the Bulk Data files of one FHIR version: each line is a resource, its text kept byte for byte.

    Args:
        folder: `fhir/r5` or `fhir/r4b` of a package; `fhir/sources.csv` says where each resource comes from.

    Raises:
        InputError: there are none, or a line is no resource with type and id.
    """
    files = sorted((folder / "ndjson").glob("*.ndjson"))
    if not files:
        raise InputError(str(folder / "ndjson"), "has no Bulk Data files (*.ndjson); build the package first")
    sources = _sources(folder.parent / "sources.csv")
    made: dict[str, Loadable] = {}
    for reference, text in (resource for file in files for resource in _resources(file)):
        if reference in made:
            raise InputError(str(folder / "ndjson"), f"{reference} is there twice")
        made[reference] = Loadable(reference, text, sources.get(reference, ""))
    return list(made.values())


def read_base(folder: Path) -> str:
    """The URL below which the systems of the package's own codes stand, as its manifest has it.

    Raises:
        InputError: there is no manifest, or it names no request.
    """
    path = folder / "manifest.json"
    try:
        return str(json.loads(path.read_bytes())["request"]).removesuffix("/$export")
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise InputError(str(path), "is not the manifest of a Bulk Data export") from problem


def _sources(path: Path) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["resource"]: row["source"] for row in csv.DictReader(file)}
    except (OSError, UnicodeDecodeError, KeyError) as problem:
        raise InputError(str(path), "does not say which record each resource comes from") from problem


def _resources(file: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = file.read_bytes().decode().split("\n")
    except UnicodeDecodeError:
        raise InputError(str(file), "is not UTF-8") from None
    for number, line in enumerate(lines, start=1):
        if not line and number == len(lines):
            return
        try:
            resource = json.loads(line)
            reference = f"{resource['resourceType']}/{resource['id']}"
        except (ValueError, KeyError, TypeError):
            raise InputError(f"{file}:{number}", "is no resource with resourceType and id") from None
        yield reference, line
