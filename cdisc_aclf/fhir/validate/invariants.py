"""The invariants of FHIR that our resources can break, each a function of the part that it is about.

Keys and meaning are those of the StructureDefinitions of R5 5.0.0 and R4B 4.3.0. Those that ask what is behind a
reference go by the type that the reference names. Which key holds where stands in `specs/fhir/<version>/elements.csv`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cdisc_aclf.fhir.validate.bundle_rules import BUNDLE_INVARIANTS, BUNDLE_OF_R4B
from cdisc_aclf.fhir.validate.codes import UCUM
from cdisc_aclf.fhir.validate.parts import choice, codings, has, inner, items, nested, strings
from cdisc_aclf.fhir.validate.values import is_of_form

Json = Mapping[str, Any]
Holds = Callable[[Json, Json], bool]
"""Whether a part of a resource is good; the second argument is the resource."""

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def coded(part: Json, name: str, system: str, *codes: str) -> bool:
    """Whether a concept has one of the codes."""
    return any(c.get("system") == system and c.get("code") in codes for c in codings(part, name))


def refers_to(part: Json, name: str, *types: str) -> bool:
    """Whether a reference names one of the resource types."""
    return str(inner(part, name).get("reference", "")).split("/")[-2:-1] in [[resource] for resource in types]


def in_order(start: object, end: object) -> bool:
    """Whether a period ends no earlier than it starts, as far as both are known.

    Days and months are compared as written, times as moments; of a time and a day, the day may be off by one, since
    the day says no zone.

    Examples:
        >>> in_order("2026-02", "2026-01-31"), in_order("2026", "2026-01-31"), in_order("2026-01-01", None)
        (False, True, True)
        >>> in_order("2026-01-11T00:30:00+08:00", "2026-01-10"), in_order("2026-01-12T00:30:00+08:00", "2026-01-10")
        (True, False)
        >>> in_order("2026-01-10T00:30:00+08:00", "9999-12-31")
        True
    """
    first, last = str(start), str(end)
    if not (is_of_form(start, "dateTime") and is_of_form(end, "dateTime")):
        return True
    if "T" in first and "T" in last:
        return datetime.fromisoformat(_no_leap(first)) <= datetime.fromisoformat(_no_leap(last))
    size = min(len(first), len(last), 10)
    if size == 10 and "T" in first + last:
        return date.fromisoformat(first[:10]).toordinal() <= date.fromisoformat(last[:10]).toordinal() + 1
    return first[:size] <= last[:size]


def _no_leap(time: str) -> str:
    """A leap second as the one before it, which the library knows."""
    return re.sub(r"(T\d{2}:\d{2}):60", r"\1:59", time)


def not_above(low: Json, high: Json) -> bool:
    """Whether a quantity is no more than another of the same unit."""
    same = low.get("code", low.get("unit")) == high.get("code", high.get("unit"))
    values = [value for part in (low, high) if isinstance(value := part.get("value"), int | Decimal)]
    return not same or len(values) < 2 or values[0] <= values[1]


def ucum_quantity(part: Json, _: Json) -> bool:
    """A quantity with a value has a code, and its system is UCUM (age-1, dis-1, cnt-3)."""
    return (has(part, "code") or not has(part, "value")) and part.get("system", UCUM) == UCUM


def both_or_neither(part: Json, first: str, *others: str) -> bool:
    """Whether the parts of a ratio are there together, or replaced by an extension."""
    below = has(part, *others)
    return (has(part, first) and below) or (not has(part, first) and not below and "extension" in part)


def distinct_codes(part: Json, _: Json) -> bool:
    """Every code of a code system is there once."""
    found = [concept.get("code") for concept in nested(part, "concept")]
    return len(found) == len(set(map(str, found)))


def own_codings_once(part: Json, _: Json) -> bool:
    """Where an Observation has a value, no component repeats its code."""
    if not choice(part, "value") or not has(part, "component"):
        return True
    own = codings(part, "code")
    return not any(coding in own for component in items(part, "component") for coding in codings(component, "code"))


def is_positive(part: Json, name: str, *, zero: bool = True) -> bool:
    """Whether a number, where there is one, is above zero, or zero."""
    value = part.get(name)
    return not isinstance(value, int | Decimal) or value > 0 or (zero and value == 0)


def trigger_complete(part: Json, _: Json) -> bool:
    """A named event has a name, a periodic one its timing, one about data its data."""
    kind = str(part.get("type", ""))
    return (
        (kind != "named-event" or has(part, "name"))
        and (kind != "periodic" or choice(part, "timing"))
        and (not kind.startswith("data-") or has(part, "data"))
    )


def actions_linked(part: Json, _: Json) -> bool:
    """Every action that another one relates to is an action of the plan (pld-4)."""
    actions = list(nested(part, "action"))
    known = {action.get("id") for action in actions}
    return all(link.get("targetId") in known for action in actions for link in items(action, "relatedAction"))


def goals_linked(part: Json, _: Json) -> bool:
    """Every goal that an action serves is a goal of the plan (pld-3)."""
    known = {goal.get("id") for goal in items(part, "goal")}
    return all(goal in known for action in nested(part, "action") for goal in action.get("goalId", ()))


def contained_faults(resource: Json) -> Iterator[tuple[str, str, str]]:
    """Rule, path and key of what a contained resource may not be (dom-2 to dom-5).

    dom-3: it is referred to from the resource around it, or refers to that itself.
    """
    contained = items(resource, "contained")
    if not contained:
        return
    outside = set(strings({name: part for name, part in resource.items() if name != "contained"}))
    outside.update(text for part in contained for text in strings(part) if text != "#")
    for place, part in enumerate(contained):
        path, meta = f"contained[{place}]", inner(part, "meta")
        if "contained" in part:
            yield "FHIR-INVARIANT", path, "dom-2"
        if f"#{part.get('id')}" not in outside and "#" not in set(strings(part)):
            yield "FHIR-INVARIANT", path, "dom-3"
        if has(meta, "versionId", "lastUpdated"):
            yield "FHIR-INVARIANT", path, "dom-4"
        if has(meta, "security"):
            yield "FHIR-INVARIANT", path, "dom-5"


def one_of(part: Json, *names: str) -> bool:
    """Whether exactly one of the elements is there."""
    return sum(has(part, name) for name in names) == 1


WARNINGS = {"pld-3", "pld-4"}
"""Invariants that FHIR itself calls a warning."""

DEFINITIONS = tuple(
    f"definition{kind}"
    for kind in ("Reference", "Canonical", "CodeableConcept", "Id", "ByTypeAndValue", "ByCombination")
)

INVARIANTS: Mapping[str, Holds] = {
    **BUNDLE_INVARIANTS,
    "age-1": lambda p, r: ucum_quantity(p, r) and is_positive(p, "value", zero=False),
    "att-1": lambda p, _: not has(p, "data") or has(p, "contentType"),
    "av-1": lambda p, _: not p.get("allDay") or not has(p, "availableStartTime", "availableEndTime"),
    "cmd-1": lambda p, r: has(p, "comment") or r.get("status") == "draft"
    or p.get("relationship") not in {"source-is-broader-than-target", "not-related-to"},
    "cmd-2": lambda p, _: p.get("mode") != "fixed" or one_of(p, "code", "valueSet"),
    "cmd-3": lambda p, _: p.get("mode") != "other-map" or has(p, "otherMap"),
    "cmd-4": lambda p, _: p.get("noMap") is not True or not has(p, "target"),
    "cmd-5": lambda p, _: one_of(p, "code", "valueSet"),
    "cmd-6": lambda p, _: choice(p, "value") != has(p, "valueSet"),
    "cmd-7": lambda p, _: one_of(p, "code", "valueSet"),
    "cmd-8": lambda p, _: p.get("mode") == "fixed" or not has(p, "code", "display", "valueSet"),
    "cmd-9": lambda p, _: p.get("mode") == "other-map" or has(p, "relationship"),
    "cmd-10": lambda p, _: p.get("mode") == "other-map" or not has(p, "otherMap"),
    "cmd-11": lambda p, _: p.get("type") != "code" or has(p, "system"),
    "cnt-3": lambda p, r: ucum_quantity(p, r) and p.get("code", "1") == "1" and "." not in str(p.get("value", "")),
    "con-1": lambda p, _: has(p, "summary", "assessment"),
    "con-2": lambda p, _: has(p, "code", "detail"),
    "con-3": lambda p, _: not choice(p, "abatement")
    or coded(p, "clinicalStatus", CLINICAL, "inactive", "resolved", "remission"),
    "con-5": lambda p, _: not coded(p, "verificationStatus", VERIFICATION, "entered-in-error")
    or not has(p, "clinicalStatus"),
    "cpl-3": lambda p, _: not has(p, "detail") or not has(p, "reference"),
    "cpt-2": lambda p, _: not has(p, "value") or has(p, "system"),
    "csd-1": distinct_codes,
    "csd-4": lambda p, _: p.get("content") != "supplement" or has(p, "supplements"),
    "csd-5": lambda p, _: not has(p, "additionalUse") or has(p, "use"),
    "dev-1": lambda p, _: sum(name.get("display") is True for name in items(p, "name")) <= 1,
    "dis-1": ucum_quantity,
    "dos-1": lambda p, _: not has(p, "asNeededFor") or p.get("asNeeded", True) is True,
    "drq-1": lambda p, _: one_of(p, "path", "searchParam"),
    "drq-2": lambda p, _: one_of(p, "path", "searchParam"),
    "drt-1": lambda p, _: not has(p, "code") or (p.get("system") == UCUM and has(p, "value")),
    "enc-1": lambda p, _: has(p, "actor", "type"),
    "enc-2": lambda p, _: not refers_to(p, "actor", "Patient", "Group") or not has(p, "type"),
    "evv-1": lambda p, _: sum(has(p, name) for name in DEFINITIONS) < 2,
    "exp-1": lambda p, _: has(p, "expression", "reference"),
    "exp-2": lambda p, _: "name" not in p or re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", str(p["name"])) is not None,
    "grp-1": lambda p, _: not has(p, "member") or p.get("actual") is True,
    "inv-1": lambda p, _: both_or_neither(p, "denominator", "lowNumerator", "highNumerator"),
    "inv-2": lambda p, _: not_above(inner(p, "lowNumerator"), inner(p, "highNumerator")),
    "mad-1": lambda p, _: has(p, "dose", "text") or choice(p, "rate"),
    "obs-3": lambda p, _: has(p, "low", "high", "text"),
    "obs-6": lambda p, _: not has(p, "dataAbsentReason") or not choice(p, "value"),
    "obs-7": own_codings_once,
    "obs-8": lambda p, _: not has(p, "bodySite") or not has(p, "bodyStructure"),
    "org-1": lambda p, _: has(p, "identifier", "name"),
    "org-2": lambda p, _: p.get("use") != "home",
    "org-3": lambda p, _: p.get("use") != "home" and all(t.get("use") != "home" for t in items(p, "telecom")),
    "org-4": lambda p, _: inner(p, "address").get("use") != "home",
    "pat-1": lambda p, _: has(p, "name", "telecom", "address", "organization"),
    "per-1": lambda p, _: in_order(p.get("start"), p.get("end")),
    "pld-0": lambda p, _: one_of(p, "requirement", "relatedData"),
    "pld-1": lambda p, _: one_of(p, "requirement", "relatedData"),
    "pld-3": goals_linked,
    "pld-4": actions_linked,
    "ppc-1": lambda p, _: has(p, "policy", "policyRule"),
    "prc-1": lambda p, _: not has(p, "onBehalfOf") or not refers_to(p, "actor", "Practitioner", "PractitionerRole"),
    "prov-1": lambda p, _: not inner(p, "who").get("reference")
    or inner(p, "who").get("reference") != inner(p, "onBehalfOf").get("reference"),
    "qty-3": lambda p, _: not has(p, "code") or has(p, "system"),
    "rat-1": lambda p, _: both_or_neither(p, "numerator", "denominator"),
    "ratrng-1": lambda p, _: both_or_neither(p, "denominator", "lowNumerator", "highNumerator"),
    "ratrng-2": lambda p, _: not_above(inner(p, "lowNumerator"), inner(p, "highNumerator")),
    "ref-2": lambda p, _: has(p, "reference", "identifier", "display", "extension"),
    "rng-2": lambda p, _: not_above(inner(p, "low"), inner(p, "high")),
    "sdd-1": lambda p, _: one_of(p, "interval", "offsets"),
    "tim-1": lambda p, _: not has(p, "duration") or has(p, "durationUnit"),
    "tim-2": lambda p, _: not has(p, "period") or has(p, "periodUnit"),
    "tim-4": lambda p, _: is_positive(p, "duration"),
    "tim-5": lambda p, _: is_positive(p, "period"),
    "tim-6": lambda p, _: not has(p, "periodMax") or has(p, "period"),
    "tim-7": lambda p, _: not has(p, "durationMax") or has(p, "duration"),
    "tim-8": lambda p, _: not has(p, "countMax") or has(p, "count"),
    "tim-9": lambda p, _: not has(p, "offset")
    or (has(p, "when") and not {"C", "CM", "CD", "CV"}.intersection(p.get("when", ()))),
    "tim-10": lambda p, _: not has(p, "timeOfDay") or not has(p, "when"),
    "trd-1": lambda p, _: not has(p, "data") or not choice(p, "timing"),
    "trd-2": lambda p, _: not has(p, "condition") or has(p, "data"),
    "trd-3": trigger_complete,
}  # fmt: skip
"""By key; the meaning is that of R5 unless `OF_R4B` has another."""

OF_R4B: Mapping[str, Holds] = {
    **BUNDLE_OF_R4B,
    "cmd-1": lambda p, _: has(p, "comment") or p.get("equivalence") not in {"narrower", "inexact"},
    "cmd-2": lambda p, _: p.get("mode") != "fixed" or has(p, "code"),
    "cmd-3": lambda p, _: p.get("mode") != "other-map" or has(p, "url"),
    "con-4": INVARIANTS["con-3"],
    "drt-1": lambda p, _: not has(p, "value") or (p.get("system") == UCUM and has(p, "code")),
    "mad-1": lambda p, _: has(p, "dose") or choice(p, "rate"),
}
"""Where R4B means something else by a key, or R5 does not have it."""
