"""The invariants of a Bundle (R5 5.0.0, R4B 4.3.0), and the rules of its entries that the standard gives in words."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cdisc_aclf.fhir.validate.parts import has, inner, items

Json = Mapping[str, Any]
Holds = Callable[[Json, Json], bool]

WITH_RESOURCE = {"POST", "PUT", "PATCH"}
REQUESTED = {"transaction", "batch"}
ANSWERED = {"transaction-response", "batch-response"}
READ = {"document", "message", "searchset", "collection"}

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BASE = re.compile(r"https?://.*?/(?=[A-Z][A-Za-z]+(?:[/?]|$))")


def entries(bundle: Json) -> list[Json]:
    """The entries of a bundle."""
    return items(bundle, "entry")


def method(entry: Json) -> object:
    """What an entry asks the server to do."""
    return inner(entry, "request").get("method")


def _carries(entry: Json) -> bool:
    return (method(entry) in WITH_RESOURCE) == has(entry, "resource")


def _first(bundle: Json, resource_type: str) -> bool:
    found = entries(bundle)
    return bool(found) and inner(found[0], "resource").get("resourceType") == resource_type


def _full_urls_once(bundle: Json, _: Json) -> bool:
    if bundle.get("type") == "history":
        return True
    urls = [
        f"{entry['fullUrl']}{inner(inner(entry, 'resource'), 'meta').get('versionId', '')}"
        for entry in entries(bundle)
        if "fullUrl" in entry
    ]
    return len(urls) == len(set(urls))


BUNDLE_INVARIANTS: Mapping[str, Holds] = {
    "bdl-1": lambda b, _: not has(b, "total") or b.get("type") in {"searchset", "history"},
    "bdl-2": lambda b, _: b.get("type") == "searchset" or not any(has(e, "search") for e in entries(b)),
    "bdl-3a": lambda b, _: b.get("type") not in READ
    or all(has(e, "resource") and not has(e, "request", "response") for e in entries(b)),
    "bdl-3b": lambda b, _: b.get("type") != "history"
    or all(has(e, "request") and has(e, "response") and _carries(e) for e in entries(b)),
    "bdl-3c": lambda b, _: b.get("type") not in REQUESTED or all(method(e) and _carries(e) for e in entries(b)),
    "bdl-3d": lambda b, _: b.get("type") not in ANSWERED or all(has(e, "response") for e in entries(b)),
    "bdl-5": lambda e, _: has(e, "resource", "request", "response"),
    "bdl-7": _full_urls_once,
    "bdl-8": lambda e, _: "/_history/" not in str(e.get("fullUrl", "")),
    "bdl-9": lambda b, _: b.get("type") != "document"
    or (has(inner(b, "identifier"), "system") and has(inner(b, "identifier"), "value")),
    "bdl-10": lambda b, _: b.get("type") != "document" or "timestamp" in b,
    "bdl-11": lambda b, _: b.get("type") != "document" or _first(b, "Composition"),
    "bdl-12": lambda b, _: b.get("type") != "message" or _first(b, "MessageHeader"),
    "bdl-13": lambda b, _: b.get("type") != "subscription-notification" or _first(b, "SubscriptionStatus"),
    "bdl-14": lambda b, _: b.get("type") != "history" or all(method(e) != "PATCH" for e in entries(b)),
    "bdl-15": lambda b, _: b.get("type") in REQUESTED | ANSWERED
    or all(has(e, "fullUrl") or method(e) == "POST" for e in entries(b)),
    "bdl-17": lambda b, _: b.get("type") != "document" or not has(b, "issues"),
    "bdl-18": lambda b, _: b.get("type") != "searchset"
    or any(link.get("relation") == "self" and "url" in link for link in items(b, "link")),
}  # fmt: skip
"""By key, of R5; `OF_R4B` has those that R4B words otherwise."""

BUNDLE_OF_R4B: Mapping[str, Holds] = {
    "bdl-3": lambda b, _: all(has(e, "request") == (b.get("type") in {*REQUESTED, "history"}) for e in entries(b)),
    "bdl-4": lambda b, _: all(has(e, "response") == (b.get("type") in {*ANSWERED, "history"}) for e in entries(b)),
}


def entry_faults(bundle: Json) -> Iterator[tuple[str, object, str]]:
    """Path, value and reason of every entry whose parts contradict each other (R5, http.html and bundle.html)."""
    written = Counter(
        str(inner(entry, "request").get("url"))
        for entry in entries(bundle)
        if bundle.get("type") in REQUESTED and method(entry) in {"PUT", "PATCH", "DELETE"}
    )
    bare = Counter(
        _name(entry) for entry in entries(bundle) if "fullUrl" not in entry and bundle.get("type") != "history"
    )
    for place, entry in enumerate(entries(bundle)):
        path = f"entry[{place}]"
        for below, value, why in _contradictions(entry):
            yield path + below, value, why
        if bundle.get("type") in REQUESTED and method(entry) in WITH_RESOURCE and not has(entry, "resource"):
            yield path, "", f"{method(entry)} without a resource"
        url = inner(entry, "request").get("url")
        if method(entry) in {"PUT", "PATCH", "DELETE"} and written[str(url)] > 1:
            yield f"{path}.request.url", url, "written by more than one entry"
        if "fullUrl" not in entry and _name(entry) and bare[_name(entry)] > 1:
            yield path, _name(entry), "in the bundle more than once"


def _name(entry: Json) -> str:
    resource = inner(entry, "resource")
    version = inner(resource, "meta").get("versionId", "")
    return f"{resource.get('resourceType')}/{resource['id']} {version}".strip() if "id" in resource else ""


def _contradictions(entry: Json) -> Iterator[tuple[str, object, str]]:
    resource, request, full_url = inner(entry, "resource"), inner(entry, "request"), entry.get("fullUrl")
    resource_type, resource_id = resource.get("resourceType"), resource.get("id")
    if isinstance(full_url, str):
        if not _ABSOLUTE.match(full_url):
            yield ".fullUrl", full_url, "not absolute"
        elif full_url.startswith("http") and resource_id and not full_url.endswith(f"/{resource_type}/{resource_id}"):
            yield ".fullUrl", full_url, f"does not end in {resource_type}/{resource_id}"
    if request.get("ifNoneExist") and method(entry) != "POST":
        yield ".request.ifNoneExist", request["ifNoneExist"], "is for POST alone"
    url = request.get("url")
    if not isinstance(url, str) or not resource_type:
        return
    relative = _BASE.sub("", url)
    if method(entry) == "POST" and relative != resource_type and "$" not in url:
        yield ".request.url", url, f"POST of a {resource_type} goes to {resource_type}"
    is_conditional = relative.startswith(f"{resource_type}?")
    if method(entry) == "PUT" and not is_conditional and relative != f"{resource_type}/{resource_id}":
        yield ".request.url", url, f"PUT of {resource_type}/{resource_id} goes there"
