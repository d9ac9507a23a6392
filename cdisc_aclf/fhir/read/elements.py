"""FHIR JSON back to frames: one row per resource, one text column per element."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import polars as pl

from cdisc_aclf.model.frame import Frame


def read_elements(texts: Iterable[str], types: Collection[str]) -> dict[str, Frame]:
    """Read resources of some types. Digits of numbers stay as they are written.

    An item of a list is named by its system or URL, else by its position; of those that share one, the second is
    named `#1`. So a coding is found whatever else is beside it.

    Args:
        texts: the JSON of each resource.
        types: of resources that are wanted.

    Returns:
        A frame per type, in the order of the texts; an element that a resource does not have is null.

    Examples:
        >>> text = '{"resourceType":"Observation","code":{"coding":[{"system":"urn:l","code":"a"}]},"value":1.50}'
        >>> frame = read_elements([text], ["Observation"])["Observation"]
        >>> frame["code.coding[urn:l].code"].item(), frame["value"].item()
        ('a', '1.50')
    """
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for text in texts:
        resource = json.loads(text, parse_float=str, parse_int=str)
        if resource["resourceType"] in types:
            rows[resource["resourceType"]].append(dict(_leaves(resource)))
    return {name: _frame(rows[name]) for name in types}


def _frame(rows: list[dict[str, str]]) -> Frame:
    columns = dict.fromkeys(path for row in rows for path in row) or {"id": None}  # every resource has one
    return pl.DataFrame({path: [row.get(path) for row in rows] for path in columns}, dict.fromkeys(columns, pl.String))


def _leaves(part: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in part.items():
        items = _named(value) if isinstance(value, list) else [("", value)]
        for key, item in items:
            if isinstance(item, dict):
                yield from _leaves(item, f"{above}{name}{key}.")
            else:
                yield f"{above}{name}{key}", json.dumps(item) if isinstance(item, bool) else item


def _named(items: list[Any]) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = defaultdict(int)
    for place, item in enumerate(items):
        name = (item.get("system") or item.get("url")) if isinstance(item, dict) else None
        if name is None:
            yield f"[{place}]", item
            continue
        again = seen[name]
        seen[name] += 1
        yield f"[{name}#{again}]" if again else f"[{name}]", item
