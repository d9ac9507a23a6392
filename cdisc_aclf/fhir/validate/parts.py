"""Parts of a resource as `json.loads` gives them, of whatever structure they are."""

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]


def has(part: Json, *names: str) -> bool:
    """Whether one of the elements is there, as a value or by its extensions alone."""
    return any(name in part or f"_{name}" in part for name in names)


def choice(part: Json, name: str) -> bool:
    """Whether an element of several types is there, e.g. `value` as `valueQuantity`."""
    size = len(name)
    return any(key.lstrip("_").startswith(name) and key.lstrip("_")[size : size + 1].isupper() for key in part)


def items(part: Json, name: str) -> list[Json]:
    """The objects of a list; none where it is absent or of another structure."""
    value = part.get(name, [])
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def inner(part: Json, name: str) -> Json:
    """An object inside of a part; an empty one where there is none."""
    value = part.get(name)
    return value if isinstance(value, dict) else {}


def codings(part: Json, name: str) -> list[Json]:
    """The codings of a CodeableConcept."""
    return items(inner(part, name), "coding")


def nested(part: Json, name: str) -> Iterator[Json]:
    """The objects of a list and those that are inside of them under the same name."""
    for item in items(part, name):
        yield item
        yield from nested(item, name)


def strings(part: object) -> Iterator[str]:
    """Every text in a part, at any depth."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for value in part.values() if isinstance(part, dict) else part:
            yield from strings(value)
