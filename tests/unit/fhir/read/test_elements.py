import json

import pytest

from cdisc_aclf.fhir.read.elements import read_elements


def elements(**parts: object) -> dict[str, str | None]:
    text = json.dumps({"resourceType": "Observation", **parts})
    return read_elements([text], ["Observation"])["Observation"].drop("resourceType").row(0, named=True)


@pytest.mark.parametrize("digits", ["1.50", "0.10", "100", "-0.0", "12345678901234567890.12345678901"])
def test_the_digits_of_a_number_are_read_as_they_stand(digits: str):
    text = f'{{"resourceType":"Observation","value":{digits}}}'
    assert read_elements([text], ["Observation"])["Observation"]["value"].item() == digits


def test_a_coding_is_named_by_its_system_wherever_it_stands_and_the_second_of_a_system_is_numbered():
    codings = [{"code": "x"}, {"system": "urn:m", "code": "a"}, {"system": "urn:m", "code": "b"}]
    assert elements(coding=codings) == {
        "coding[0].code": "x",
        "coding[urn:m].system": "urn:m",
        "coding[urn:m].code": "a",
        "coding[urn:m#1].system": "urn:m",
        "coding[urn:m#1].code": "b",
    }


def test_an_extension_is_named_by_its_url_and_true_and_false_are_words():
    assert elements(extension=[{"url": "u", "valueBoolean": False}], flag=True) == {
        "extension[u].url": "u",
        "extension[u].valueBoolean": "false",
        "flag": "true",
    }


def test_types_that_nobody_asks_for_are_left_alone_and_one_without_resources_is_an_empty_frame():
    frames = read_elements(['{"resourceType":"Patient","id":"1"}'], ["Observation"])
    assert {name: frame.shape for name, frame in frames.items()} == {"Observation": (0, 1)}


def test_a_leaf_that_a_resource_lacks_is_null():
    frame = read_elements(['{"resourceType":"Patient","id":"1"}', '{"resourceType":"Patient","a":"x"}'], ["Patient"])
    assert frame["Patient"].select("id", "a").rows() == [("1", None), (None, "x")]
