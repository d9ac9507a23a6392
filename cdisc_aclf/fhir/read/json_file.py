"""FHIR JSON that anybody wrote: a resource or a bundle in a file, or a resource in each line of one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cdisc_aclf.errors import InputError
from cdisc_aclf.files.bounded import exact_number, json_problem, whole_file
from cdisc_aclf.formats.dataset_json.parts import parsed


def read_fhir_json(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read every resource of a file with its place, numbers with every digit.

    Args:
        path: JSON, or NDJSON where the name ends in `.ndjson`.

    Raises:
        InputError: no such file, not UTF-8, no JSON, or no object with a resourceType.

    Examples:
        >>> next(read_fhir_json(Path("bundle.json")))
        Traceback (most recent call last):
        cdisc_aclf.errors.InputError: bundle.json: cannot be opened: No such file or directory
    """
    try:
        text = whole_file(path).decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}", f"cannot be opened: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}", f"is not UTF-8: {error.reason}") from error
    if path.suffix.lower() != ".ndjson":
        yield f"{path}", _resource(text, f"{path}")
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{path}:{number}", _resource(line, f"{path}:{number}")


def _resource(text: str, place: str) -> dict[str, Any]:
    resource = parsed(text, place, number=exact_number)
    if problem := json_problem(resource):
        raise InputError(place, problem)
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        raise InputError(place, "is no FHIR resource: it has no resourceType")
    return resource
