"""A Bundle: its entries, what they say of themselves, and references as a server resolves them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cdisc_aclf.fhir.model.spec import FhirSpec, FhirVersion
from cdisc_aclf.fhir.validate.bundle_rules import entries, entry_faults, method
from cdisc_aclf.fhir.validate.issues import found_in
from cdisc_aclf.fhir.validate.parts import inner
from cdisc_aclf.fhir.validate.resources import Validator
from cdisc_aclf.fhir.validate.walk import ANY, Reference
from cdisc_aclf.model.issue import Issue

Json = Mapping[str, Any]

_RELATIVE = re.compile(r"([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?")
_CONDITIONAL = re.compile(r"[A-Z][A-Za-z]+\?")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_REST = re.compile(r"(https?://.*/)[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}(?:/_history/.*)?")


@dataclass(frozen=True, slots=True)
class _Index:
    """The entries of a bundle by fullUrl, and by type and id."""

    by_url: Mapping[str, Json]
    by_name: Mapping[str, Json]

    def find(self, text: str, base: str) -> tuple[Json | None, bool]:
        """The entry that a reference leads to, and whether by its fullUrl."""
        plain = re.sub(r"/_history/[A-Za-z0-9.-]{1,64}$", "", text.partition("#")[0])
        for url in (plain, base + plain if base and not _SCHEME.match(plain) else plain):
            if url in self.by_url:
                return self.by_url[url], True
        return (None, False) if _SCHEME.match(plain) else (self.by_name.get(plain), False)


def validate_bundle(
    bundle: Json,
    spec: FhirSpec,
    *,
    version: FhirVersion = FhirVersion.R5,
    validator: Validator | None = None,
    closed: bool = True,
) -> list[Issue]:
    """Validate a bundle: each resource by itself, the entries, and the references between them.

    Args:
        bundle: what `json.loads(text, parse_float=Decimal)` gives.
        spec: the tables of the standard.
        version: of FHIR.
        validator: one that has validated other bundles before, so that it need not learn the types again.
        closed: whether every relative reference leads into the bundle.

    Returns:
        Issues about the resources, with their type and id, and about the Bundle, with the path of the entry.

    Raises:
        DefinitionError: the study has no tables of that version.

    Examples:
        >>> from cdisc_aclf.study.shipped import first_study
        >>> from cdisc_aclf.fhir.read.spec import read_fhir
        >>> entry = {"fullUrl": "https://x.org/Location/1", "resource": {"resourceType": "Location", "id": "2"}}
        >>> bundle = {"resourceType": "Bundle", "type": "collection", "entry": [entry]}
        >>> [(f.rule, f.variable) for f in validate_bundle(bundle, read_fhir(first_study()))]
        [('FHIR-BUNDLE', 'entry[0].fullUrl')]
    """
    validator = validator or Validator(spec, version)
    issues, _ = validator.validate(bundle, shown=_frame(bundle))
    issues += [found_in(bundle, "FHIR-BUNDLE", path, value, detail=why) for path, value, why in entry_faults(bundle)]
    index = _indexed(bundle)
    for entry in entries(bundle):
        if resource := inner(entry, "resource"):
            if resource.get("resourceType") == "Bundle":
                issues += validate_bundle(resource, spec, version=version, validator=validator, closed=closed)
                continue
            own, references = validator.validate(resource)
            issues += own
            base = _REST.fullmatch(str(entry.get("fullUrl", "")))
            for reference in references:
                issues += _unresolved(reference, index, base[1] if base else "", bundle, closed=closed)
    return issues


def _frame(bundle: Json) -> Json:
    """The bundle with every resource cut down to its name: they are validated one by one."""
    if not entries(bundle):
        return bundle
    return {**bundle, "entry": [_without(entry) if isinstance(entry, dict) else entry for entry in bundle["entry"]]}


def _without(entry: Json) -> Json:
    is_resource = isinstance(entry.get("resource"), dict) and entry["resource"]
    return (
        {**entry, "resource": {"resourceType": "Basic", "code": {"text": "validated by itself"}}}
        if is_resource
        else entry
    )


def _indexed(bundle: Json) -> _Index:
    by_url, by_name = {}, {}
    for entry in entries(bundle):
        resource = inner(entry, "resource")
        if resource and isinstance(url := entry.get("fullUrl"), str):
            by_url[url] = entry
        if "id" in resource:
            by_name[f"{resource.get('resourceType')}/{resource['id']}"] = entry
    return _Index(by_url, by_name)


def _unresolved(reference: Reference, index: _Index, base: str, bundle: Json, *, closed: bool) -> Iterator[Issue]:
    text = reference.text

    def because(rule: str, why: str) -> Issue:
        return found_in(reference.resource, rule, reference.path, text, detail=why)

    if _CONDITIONAL.match(text):
        if bundle.get("type") != "transaction":
            yield because("FHIR-REFERENCE", "a search leads to a resource in a transaction alone")
        return
    entry, by_url = index.find(text, base)
    if entry is None:
        is_relative = not _SCHEME.match(text)
        if is_relative and not _RELATIVE.fullmatch(text.partition("#")[0]):
            yield because("FHIR-REFERENCE", "neither a relative reference nor an absolute one")
        elif (is_relative and closed) or text.startswith(("urn:uuid:", "urn:oid:")):
            yield because("FHIR-REFERENCE", "not in the bundle")
        return
    named = inner(entry, "resource").get("resourceType")
    targets = reference.targets
    if targets and not targets & ANY and named not in targets and not _RELATIVE.search(text):
        yield because("FHIR-TARGET", f"leads to a {named}")
    if not by_url and bundle.get("type") == "transaction" and method(entry) == "POST":
        yield because("FHIR-REFERENCE", f"the server renames what is POSTed; the entry is {entry.get('fullUrl')}")
