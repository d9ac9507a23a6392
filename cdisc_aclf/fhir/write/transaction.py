"""FHIR transactions: resources with what the server is to do with each, in parts that each stand alone.

Rule of splitting: a part holds every resource that a resource in it refers to, however indirectly. What several parts
need (the study, a subject) is repeated in each; by PUT to a stable id, or by conditional create, once more is no more.
So each part resolves by itself and in any order. Only where one resource needs more than a part may hold, is that part
larger. Within a part, what is referred to stands first.
"""

import json
import re
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from cdisc_aclf.fhir.write.resources import Entry, exact_json, framed

# Unescaped quotes inside of a text cannot be, so that this is always the element Reference.reference.
_REFERENCE = re.compile(r'"reference":"([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})"')


_ID = re.compile(r'^({"resourceType":"[A-Za-z]+",)"id":"[A-Za-z0-9.-]{1,64}",')  # the resource's own, no element's


def references(text: str) -> list[str]:
    """What a resource refers to by relative literal reference, in order.

    Args:
        text: JSON of a resource without white space, as this package renders it.

    Examples:
        >>> references('{"resourceType":"Encounter","subject":{"reference":"Patient/1"}}')
        ['Patient/1']
    """
    return _REFERENCE.findall(text)


def in_order(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Put what is referred to before what refers to it; the order is else as given.

    An entry is held back until everything that it refers to has come. One that refers to nothing that ever comes, or
    to itself by a detour, stands at the end.

    Examples:
        >>> study = '{"site":[{"reference":"Location/1"}]}'
        >>> [name for name, _ in in_order([("ResearchStudy/1", study), ("Location/1", "{}")])]
        ['Location/1', 'ResearchStudy/1']
    """
    come: set[str] = set()
    waiting: dict[str, list[Entry]] = {}
    for entry in entries:
        ready = [entry]
        while ready:
            reference, text = ready.pop(0)
            if lacks := {*references(text)} - come - {reference}:
                waiting.setdefault(min(lacks), []).append((reference, text))
                continue
            come.add(reference)
            yield reference, text
            ready += waiting.pop(reference, [])
    for held in waiting.values():
        yield from held


def closed_parts(entries: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    """Split resources into parts that each stand alone, by the rule that the module states.

    Args:
        entries: every resource of the package; all of their texts are held in memory.
        size: entries of a part, at least 1.

    Examples:
        >>> of = '{{"subject":{{"reference":"{}"}}}}'.format
        >>> made = [("Patient/1", "{}"), *((f"Observation/{n}", of("Patient/1")) for n in (1, 2, 3))]
        >>> for part in closed_parts(made, 3):
        ...     print(*(name for name, _ in part))
        Patient/1 Observation/1 Observation/2
        Patient/1 Observation/3
    """
    texts = dict(entries)
    shared: dict[str, list[str]] = {}
    placed: set[str] = set()
    part: dict[str, None] = {}
    for reference in texts:
        if reference in placed:
            continue
        needed = _closure(reference, texts, shared)
        if part and len(part) + sum(name not in part for name in needed) > size:
            yield [(name, texts[name]) for name in part]
            part = {}
        part |= dict.fromkeys(needed)
        placed.update(needed)
    if part:
        yield [(name, texts[name]) for name in part]


def _closure(reference: str, texts: Mapping[str, str], shared: dict[str, list[str]]) -> dict[str, None]:
    """The resource and all that it refers to, what is referred to first.

    `shared` remembers what the resources refer to that others refer to: the study is read once, not for each result.
    """
    found: dict[str, None] = {}
    open_ = [(reference, False)]
    entered: set[str] = set()
    while open_:
        name, is_done = open_.pop()
        if is_done:
            found[name] = None
        elif name not in entered:
            entered.add(name)
            open_.append((name, True))
            if (targets := shared.get(name)) is None:
                targets = [target for target in reversed(references(texts[name])) if target in texts]
                if name != reference:
                    shared[name] = targets
            open_ += [(target, False) for target in targets]
    return found


def put_row(reference: str, text: str, *, base: str) -> str:
    """Render the entry that creates or replaces a resource under its own id (FHIR R5, RESTful API, update).

    Examples:
        >>> print(put_row("Group/1", "{}", base="https://x.org"))
        {"fullUrl":"https://x.org/Group/1","resource":{},"request":{"method":"PUT","url":"Group/1"}}
    """
    request = exact_json({"method": "PUT", "url": reference})
    return f'{{"fullUrl":{exact_json(f"{base}/{reference}")},"resource":{text},"request":{request}}}'


def delete_row(reference: str) -> str:
    """Render the entry that deletes a resource (FHIR R5, RESTful API, delete).

    Examples:
        >>> print(delete_row("Group/1"))
        {"request":{"method":"DELETE","url":"Group/1"}}
    """
    return exact_json({"request": {"method": "DELETE", "url": reference}})


def put_rows(part: Iterable[Entry], *, base: str) -> Iterator[str]:
    """Render the entries of a part that is put."""
    return (put_row(reference, text, base=base) for reference, text in part)


def post_rows(part: Sequence[Entry], *, base: str) -> Iterator[str]:
    """Render entries that create each resource unless the server has it (FHIR R5, RESTful API, conditional create).

    The server gives ids of its own, so the id is left out and references name the fullUrl, a UUID of version 5. A
    resource is known by its first identifier with a system; one without, Provenance for one, by a tag that holds the
    id.

    Args:
        part: resources that refer to nothing outside of the part, as this package renders them.
        base: URL below which the systems of our own identifiers stand.

    Examples:
        >>> made = '{"resourceType":"Patient","id":"1","identifier":[{"system":"urn:s","value":"A|1"}]}'
        >>> entry = json.loads(next(post_rows([("Patient/1", made)], base="https://x.org")))
        >>> entry["request"]["ifNoneExist"], uuid.UUID(entry["fullUrl"]).version
        ('identifier=urn%3As%7CA%5C%7C1', 5)
    """
    names = {reference for reference, _ in part}
    for reference, text in part:
        resource = json.loads(text, parse_float=Decimal)
        if found := _identified(resource):
            condition, without_id = found, _ID.sub(r"\1", text)
        else:
            del resource["id"]
            condition = _tagged(resource, reference, base)
            without_id = exact_json(resource)
        request = exact_json({"method": "POST", "url": resource["resourceType"], "ifNoneExist": condition})
        url = exact_json(_urn(reference, base))
        yield f'{{"fullUrl":{url},"resource":{_renamed(without_id, names, base)},"request":{request}}}'


def transaction(rows: Iterable[str], *, synthetic: str | None = None) -> Iterator[bytes]:
    """Render a Bundle of type transaction around its entries.

    Args:
        rows: JSON of each entry.
        synthetic: what the export says of data that are not real; None for real data.
    """
    return framed("transaction", rows, synthetic=synthetic)


def _identified(resource: Mapping[str, Any]) -> str:
    """The search by the first identifier with a system; empty where the resource has none."""
    identifiers = resource.get("identifier", [])
    for identifier in identifiers if isinstance(identifiers, list) else [identifiers]:
        if "system" in identifier and "value" in identifier:
            return _token("identifier", identifier["system"], identifier["value"])
    return ""


def _tagged(resource: dict[str, Any], reference: str, base: str) -> str:
    """The search by a tag, which is added to the resource."""
    meta = resource.setdefault("meta", {})
    meta["tag"] = [*meta.get("tag", []), {"system": f"{base}/sid/resource", "code": reference}]
    return _token("_tag", f"{base}/sid/resource", reference)


def _token(parameter: str, system: str, code: str) -> str:
    """A search by token, its separators escaped (FHIR R5, Search, escaping search parameters)."""
    escaped = (re.sub(r"([\\$,|])", r"\\\1", text) for text in (system, code))
    return f"{parameter}={quote('|'.join(escaped), safe='')}"


def _urn(reference: str, base: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{base}/{reference}')}"


def _renamed(entry: str, names: Collection[str], base: str) -> str:
    return _REFERENCE.sub(
        lambda found: f'"reference":"{_urn(found[1], base)}"' if found[1] in names else found[0], entry
    )
