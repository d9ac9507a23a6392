"""Mistakes that are planted in a resource, or in a transaction, as a whole."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
Change = Callable[[Json], object]


def of_resources(resource: Json, version: str) -> Iterator[tuple[str, Change]]:
    def put(**added: object) -> Change:
        return lambda r: r.update(copy.deepcopy(added))

    yield "unknown resource type", put(resourceType="Exosome")
    if "contained" not in resource and resource["resourceType"] != "Bundle":
        lone = {"resourceType": "Patient", "id": "lone"}
        yield "invariant dom-3", put(contained=[lone])
        used = {"url": "http://example.org/x", "valueReference": {"reference": "#lone"}}
        for key, part in (
            ("dom-2", {"contained": [{"resourceType": "Patient", "id": "y"}]}),
            ("dom-4", {"meta": {"versionId": "1"}}),
            ("dom-5", {"meta": {"security": [{"system": "urn:x", "code": "R"}]}}),
        ):
            yield f"invariant {key}", put(contained=[lone | part], extension=[*resource.get("extension", []), used])
        yield (
            "inside of a contained resource",
            put(contained=[lone | {"gender": "banana"}], extension=[*resource.get("extension", []), used]),
        )
    for name, versions, kind, added in OF_RESOURCES:
        if resource["resourceType"] == name and version in versions:
            yield kind, put(**added)
    yield from _of_observations(resource, put)
    for name, versions, kind, elements in EITHER_OF:
        if resource["resourceType"] == name and version in versions:
            yield kind, lambda r, elements=elements: [r.pop(element, None) for element in elements]


def _of_observations(resource: Json, put: Callable[..., Change]) -> Iterator[tuple[str, Change]]:
    has_value = any(key.startswith("value") for key in resource)
    if resource["resourceType"] == "Observation" and has_value and "dataAbsentReason" not in resource:
        yield "invariant obs-6", put(dataAbsentReason={"text": "unknown"})
        if resource["code"].get("coding"):
            yield "invariant obs-7", put(component=[{"code": resource["code"], "valueString": "x"}])


ACTIVE = {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}
SAME = {"reference": "Organization/1"}
OF_RESOURCES: tuple[tuple[str, str, str, Json], ...] = (
    ("Observation", "R5 R4B", "invariant obs-3", {"referenceRange": [{"type": {"text": "normal"}}]}),
    ("Patient", "R5 R4B", "invariant pat-1", {"contact": [{"gender": "female"}]}),
    ("MedicationAdministration", "R5 R4B", "invariant mad-1", {"dosage": {"route": {"text": "iv"}}}),
    ("MedicationAdministration", "R4B", "invariant mad-1", {"dosage": {"text": "once"}}),
    ("Condition", "R5 R4B", "invariant con-1", {"stage": [{"type": {"text": "x"}}]}),
    ("Group", "R4B", "invariant grp-1", {"actual": False, "member": [{"entity": {"reference": "Patient/1"}}]}),
    ("CodeSystem", "R5 R4B", "invariant csd-1",
     {"concept": [{"code": "a"}, {"code": "b", "concept": [{"code": "c", "concept": [{"code": "a"}]}]}]}),
    ("Provenance", "R5", "invariant prov-1", {"agent": [{"who": SAME, "onBehalfOf": SAME}]}),
    ("Encounter", "R5", "invariant enc-1", {"participant": [{"period": {"start": "2026"}}]}),
    ("EvidenceVariable", "R5", "invariant evv-1",
     {"characteristic": [{"definitionCodeableConcept": {"text": "x"}, "definitionId": "a"}]}),
    ("Condition", "R5 R4B", "invariant con-3", {"abatementDateTime": "2026", "clinicalStatus": {"coding": [ACTIVE]}}),
)  # fmt: skip
EITHER_OF = (
    ("Organization", "R5 R4B", "invariant org-1", ("name", "identifier")),
    ("Consent", "R4B", "invariant ppc-1", ("policy", "policyRule")),
)


def bundle_mutants(bundle: Json) -> Iterator[tuple[str, Json]]:
    """Mistakes in the entries of a transaction, each planted in a copy."""
    for place, entry in enumerate(bundle["entry"]):
        for kind, change in _of_entries(entry, place):
            mutant = copy.deepcopy(bundle)
            change(mutant["entry"][place])
            yield kind, mutant
    for kind, added in (
        ("bundle type", {"type": "banana"}),
        ("bundle type", {"type": "collection"}),
        ("bundle total", {"total": 3}),
        ("bundle entry twice", {"entry": [*bundle["entry"], bundle["entry"][0]]}),
    ):
        yield kind, copy.deepcopy(bundle | added)


def _of_entries(entry: Json, place: int) -> Iterator[tuple[str, Change]]:
    request = entry["request"]
    yield "bundle fullUrl", lambda e: e.update(fullUrl="https://x.org/Patient/other" if place % 2 else "relative/1")
    yield "bundle request url", lambda e: e["request"].update(url="Nothing/1")
    yield "bundle request method", lambda e: e["request"].update(method="SEND")
    yield "bundle without resource", lambda e: e.pop("resource")
    yield "bundle without request", lambda e: e.pop("request")
    if request["method"] == "PUT":
        yield "bundle ifNoneExist", lambda e: e["request"].update(ifNoneExist="identifier=1")
        yield "bundle PUT without id", lambda e: e["resource"].pop("id")
    text = json.dumps(entry["resource"])
    for found in list(re.finditer(r'"reference": "([^#"]+)"', text))[:1]:
        for wrong in ("Patient/nowhere", "urn:uuid:00000000-0000-4000-8000-000000000000", "no reference"):

            def unresolved(e: Json, found: re.Match[str] = found, wrong: str = wrong) -> None:
                e["resource"] = json.loads(text[: found.start(1)] + wrong + text[found.end(1) :])

            yield "bundle reference", unresolved
