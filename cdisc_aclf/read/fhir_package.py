"""The FHIR resources of a package that an earlier build wrote."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cdisc_aclf.errors import InputError
from cdisc_aclf.model.load import Loadable

Resource = Mapping[str, Any]


def read_package(folder: Path) -> list[Loadable]:
    """Read the Bulk Data files of one FHIR version: each line is a resource, its text kept byte for byte.

    Args:
        folder: `fhir/r5` or `fhir/r4b` of a package.

    Raises:
        InputError: there are none, or a line is no resource with type and id.
    """
    files = sorted((folder / "ndjson").glob("*.ndjson"))
    if not files:
        raise InputError(str(folder / "ndjson"), "has no Bulk Data files (*.ndjson); build the package first")
    texts: dict[str, str] = {}
    own: dict[str, str] = {}
    traced: dict[str, str] = {}
    for reference, text, resource in (made for file in files for made in _resources(file)):
        if reference in texts:
            raise InputError(str(folder / "ndjson"), f"{reference} is there twice")
        texts[reference] = text
        own[reference] = _identifier(resource)
        if resource["resourceType"] == "Provenance":
            source = ", ".join(filter(None, map(_entity, resource.get("entity", []))))
            traced |= {target.get("reference", ""): source for target in resource.get("target", [])}
    return [Loadable(reference, text, traced.get(reference) or own[reference]) for reference, text in texts.items()]


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


def _resources(file: Path) -> Iterator[tuple[str, str, Resource]]:
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
        yield reference, line, resource


def _identifier(resource: Resource) -> str:
    identifiers = resource.get("identifier", [])
    values = [
        identifier.get("value", "") for identifier in (identifiers if isinstance(identifiers, list) else [identifiers])
    ]
    return next(filter(None, values), "")


def _entity(entity: Resource) -> str:
    what = entity.get("what", {})
    return str(what.get("display") or what.get("identifier", {}).get("value") or what.get("reference", ""))
