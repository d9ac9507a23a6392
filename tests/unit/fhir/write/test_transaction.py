import json
import uuid
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdisc_aclf.fhir.write.resources import Entry
from cdisc_aclf.fhir.write.transaction import closed_parts, in_order, post_rows, put_rows, references, transaction

BASE = "https://x.org/fhir"


def entry(reference: str, *targets: str, **elements: object) -> Entry:
    resource_type, _, key = reference.partition("/")
    resource = {"resourceType": resource_type, "id": key, **elements}
    if targets:
        resource["related"] = [{"reference": target} for target in targets]
    return reference, json.dumps(resource, separators=(",", ":"))


def names(entries: Iterable[Entry]) -> list[str]:
    return [reference for reference, _ in entries]


STUDY = entry("ResearchStudy/s", "Location/l", "Organization/o")
SITE, SPONSOR = entry("Location/l"), entry("Organization/o")
PATIENTS = [entry(f"Patient/{n}") for n in range(2)]
RESULTS = [entry(f"Observation/{n}", f"Patient/{n % 2}", "ResearchStudy/s") for n in range(7)]
PACKAGE = [STUDY, SITE, SPONSOR, *PATIENTS, *RESULTS]


def test_text_that_looks_like_a_reference_is_none():
    _, text = entry("Group/g", "Patient/1", note='a "reference":"Patient/2" in words')
    assert references(text) == ["Patient/1"]


def test_an_absolute_reference_and_a_fragment_are_left_alone():
    _, text = entry("Group/g", "https://y.org/Patient/1", "#inside")
    assert references(text) == []


@pytest.mark.parametrize("size", [1, 4, 6, 7, 12, 100])
def test_every_part_refers_to_nothing_outside_of_itself_and_no_resource_is_left_out(size: int):
    parts = list(closed_parts(PACKAGE, size))
    for part in parts:
        inside = names(part)
        assert len(set(inside)) == len(inside)
        for place, (_, text) in enumerate(part):
            assert set(references(text)) <= set(inside[:place])
    assert {name for part in parts for name in names(part)} == set(names(PACKAGE))


def test_a_part_is_filled_to_the_size_and_the_next_repeats_what_it_needs():
    shared = ["Location/l", "Organization/o", "ResearchStudy/s"]
    assert [names(part) for part in closed_parts(PACKAGE, 7)] == [
        [*shared, "Patient/0", "Patient/1", "Observation/0", "Observation/1"],
        ["Patient/0", *shared, "Observation/2", "Patient/1", "Observation/3"],
        ["Patient/0", *shared, "Observation/4", "Patient/1", "Observation/5"],
        ["Patient/0", *shared, "Observation/6"],
    ]


def test_a_part_is_larger_only_where_one_resource_needs_more():
    assert [names(part) for part in closed_parts([STUDY, SITE, SPONSOR, *PATIENTS], 1)] == [
        ["Location/l", "Organization/o", "ResearchStudy/s"],
        ["Patient/0"],
        ["Patient/1"],
    ]


def test_resources_that_refer_to_each_other_in_a_circle_stay_in_one_part():
    circle = [entry("Condition/a", "AdverseEvent/b"), entry("AdverseEvent/b", "Condition/a"), entry("Group/g")]
    assert [set(names(part)) for part in closed_parts(circle, 1)] == [{"Condition/a", "AdverseEvent/b"}, {"Group/g"}]


def test_a_package_of_nothing_has_no_part():
    assert list(closed_parts([], 5)) == []


def test_what_is_referred_to_comes_first_and_the_rest_stays_as_given():
    assert names(in_order([*RESULTS[:2], STUDY, PATIENTS[1], SITE, SPONSOR, PATIENTS[0]])) == [
        "Patient/1",
        "Location/l",
        "Organization/o",
        "ResearchStudy/s",
        "Observation/1",
        "Patient/0",
        "Observation/0",
    ]


def test_what_refers_to_nothing_that_comes_or_goes_in_a_circle_stands_at_the_end():
    circle = [entry("Condition/a", "AdverseEvent/b"), entry("AdverseEvent/b", "Condition/a")]
    lost = entry("Observation/x", "Patient/nobody")
    assert names(in_order([*circle, lost, entry("Observation/y", "Observation/y")])) == [
        "Observation/y",
        "Condition/a",
        "AdverseEvent/b",
        "Observation/x",
    ]


@given(st.permutations(PACKAGE))
def test_the_order_holds_for_any_order_that_it_is_given(shuffled: list[Entry]):
    ordered = list(in_order(shuffled))
    assert sorted(names(ordered)) == sorted(names(PACKAGE))
    for place, (_, text) in enumerate(ordered):
        assert set(references(text)) <= set(names(ordered[:place]))


def test_a_put_names_the_resource_by_its_url_and_leaves_its_text_as_it_is():
    text = '{"resourceType":"Observation","id":"1","valueQuantity":{"value":1.50}}'
    [row] = put_rows([("Observation/1", text)], base=BASE)
    assert f'"resource":{text},' in row
    made = json.loads(row)
    assert made["fullUrl"] == "https://x.org/fhir/Observation/1"
    assert made["request"] == {"method": "PUT", "url": "Observation/1"}


def posted(*part: Entry) -> list[dict[str, Any]]:
    return [json.loads(row) for row in post_rows(part, base=BASE)]


def test_a_post_names_resources_by_uuids_that_are_always_the_same_and_refers_by_them():
    patient, result = posted(PATIENTS[0], entry("Observation/0", "Patient/0"))
    assert patient["fullUrl"] == f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'https://x.org/fhir/Patient/0')}"
    assert result["resource"]["related"] == [{"reference": patient["fullUrl"]}]
    assert "id" not in result["resource"]
    assert result["request"]["method"] == "POST"
    assert result["request"]["url"] == "Observation"


def test_a_post_keeps_every_digit():
    text = '{"resourceType":"Observation","id":"1","valueQuantity":{"value":1.50}}'
    [row] = post_rows([("Observation/1", text)], base=BASE)
    assert '"value":1.50' in row


@pytest.mark.parametrize(
    ("elements", "condition"),
    [
        ({"identifier": [{"system": "urn:s", "value": "A-1"}]}, "identifier=urn%3As%7CA-1"),
        ({"identifier": [{"value": "x"}, {"system": "urn:s", "value": "1"}]}, "identifier=urn%3As%7C1"),
        ({"identifier": {"system": "urn:s", "value": "1"}}, "identifier=urn%3As%7C1"),
        ({"identifier": [{"system": "urn:s", "value": "A|B,$\\"}]}, "identifier=urn%3As%7CA%5C%7CB%5C%2C%5C%24%5C%5C"),
        ({}, "_tag=https%3A%2F%2Fx.org%2Ffhir%2Fsid%2Fresource%7CProvenance%2F1"),
    ],
)
def test_a_post_creates_only_what_the_server_does_not_find(elements: dict[str, Any], condition: str):
    [made] = posted(entry("Provenance/1", **elements))
    assert made["request"]["ifNoneExist"] == condition


def test_a_resource_without_identifier_has_a_tag_beside_those_that_it_had():
    [made] = posted(entry("Provenance/1", meta={"tag": [{"display": "SYNTHETIC"}]}))
    assert made["resource"]["meta"]["tag"] == [
        {"display": "SYNTHETIC"},
        {"system": "https://x.org/fhir/sid/resource", "code": "Provenance/1"},
    ]


def test_a_transaction_is_a_bundle_and_says_that_its_data_are_synthetic():
    made = json.loads(b"".join(transaction(put_rows(PATIENTS, base=BASE), synthetic="SIMULATED")))
    assert (made["resourceType"], made["type"], len(made["entry"])) == ("Bundle", "transaction", 2)
    assert made["meta"]["tag"] == [{"display": "SIMULATED"}]
