import json
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import ElementSpec, ResourceSpec
from cdisc_aclf.fhir.write.resources import bundle, frame_entries, resource_entries

HTEST = {
    "security": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
            "code": "HTEST",
            "display": "test health data",
        }
    ],
    "tag": [{"display": "SIMULATED"}],
}


def element(path: str, element_type: str = "string", fixed: str = "", present_with: str = "") -> ElementSpec:
    return ElementSpec(
        path=path, type=element_type, required=False, value_set="", targets=(), fixed=fixed, present_with=present_with
    )


def spec(*elements: ElementSpec) -> ResourceSpec:
    return ResourceSpec(
        name="observation",
        type="Observation",
        is_about_subjects=True,
        elements=(element("id", "id"), *elements),
        file="observation.csv",
    )


def rendered(elements: list[ElementSpec], *rows: dict[str, str | None]) -> list[str]:
    made = {each.path: pl.String for each in elements if not each.fixed}
    frame = pl.DataFrame([{"id": "a"} | row for row in rows], schema={"id": pl.String} | made)
    return [text.removeprefix('{"resourceType":"Observation",') for _, text in frame_entries(frame, spec(*elements))]


def json_of(resource: dict[str, object]) -> str:
    [(_, text)] = resource_entries([{"resourceType": "Group", "id": "g"} | resource])
    return text


@pytest.mark.parametrize("digits", ["1.50", "0.10", "100", "0.000000001", "-0.0", "12345678901234567890.12345678901"])
def test_a_decimal_keeps_every_digit_in_both_forms(digits: str):
    assert f'"value":{digits}}}' in json_of({"value": Decimal(digits)})
    assert rendered([element("q.value", "decimal")], {"q.value": digits}) == [f'"id":"a","q":{{"value":{digits}}}}}']


def test_elements_grow_into_objects_and_lists_in_the_order_of_the_spec():
    elements = [
        element("code.coding[0].code"),
        element("code.coding[1].code"),
        element("code.text"),
        element("note[0].text"),
    ]
    row = {"code.coding[0].code": "x", "code.coding[1].code": "y", "code.text": "t", "note[0].text": "n"}
    assert rendered(elements, row) == [
        '"id":"a","code":{"coding":[{"code":"x"},{"code":"y"}],"text":"t"},"note":[{"text":"n"}]}'
    ]


def test_what_is_null_leaves_neither_key_nor_empty_object_nor_gap_in_a_list():
    elements = [element("code.coding[0].code"), element("code.coding[1].code"), element("q.low.value", "decimal")]
    assert rendered(elements, {}, {"code.coding[1].code": "y"}) == [
        '"id":"a"}',
        '"id":"a","code":{"coding":[{"code":"y"}]}}',
    ]


def test_a_fixed_leaf_stands_always_or_beside_the_leaf_that_it_belongs_to():
    elements = [
        element("status", fixed="final"),
        element("q.code"),
        element("q.system", fixed="urn:u", present_with="q.code"),
    ]
    assert rendered(elements, {"q.code": "g/L"}, {}) == [
        '"id":"a","status":"final","q":{"code":"g/L","system":"urn:u"}}',
        '"id":"a","status":"final"}',
    ]


def test_of_two_elements_for_one_place_the_first_that_is_there_stands():
    elements = [element("class.code"), replace(element("class.code"), source="r4b:class.code")]
    frame = pl.DataFrame({"id": ["a", "b"], "class.code": ["VR", None], "r4b:class.code": ["AMB", "AMB"]})
    texts = [json.loads(text)["class"] for _, text in frame_entries(frame, spec(*elements))]
    assert texts == [{"code": "VR"}, {"code": "AMB"}]


def test_a_code_that_a_version_spells_otherwise_is_replaced_and_one_that_it_lacks_is_left_out():
    spelled = replace(element("status"), values=(("completed", "finished"), ("unknown", None)))
    frame = pl.DataFrame({"id": ["a", "b", "c"], "status": ["completed", "unknown", "planned"]})
    assert [json.loads(text).get("status") for _, text in frame_entries(frame, spec(spelled))] == [
        "finished",
        None,
        "planned",
    ]


def test_true_false_and_counts_are_bare_and_numbers_in_text_are_quoted():
    elements = [element("a", "boolean"), element("b", "unsignedInt"), element("c", "string")]
    assert rendered(elements, {"a": "true", "b": "20", "c": "20"}) == ['"id":"a","a":true,"b":20,"c":"20"}']


@pytest.mark.parametrize("wrong", ["1,5", "05", ".5", "+1", "NaN", "1e5", "1 ", ""])
def test_a_number_that_json_cannot_write_is_quoted_so_that_the_rest_can_be_read(wrong: str):
    [text] = rendered([element("value", "decimal")], {"value": wrong})
    assert json.loads("{" + text) == {"id": "a", "value": wrong}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=8), min_size=1, max_size=8))
def test_any_text_reads_back_as_it_was_in_both_forms(texts: list[str]):
    for text, line in zip(
        texts, rendered([element("note[0].text")], *({"note[0].text": text} for text in texts)), strict=True
    ):
        assert json.loads("{" + line)["note"] == [{"text": text}]
        assert json.loads(json_of({"note": [{"text": text}]}))["note"] == [{"text": text}]


def test_both_forms_render_one_resource_to_the_same_bytes():
    elements = [element("code.coding[0].code"), element("q.value", "decimal"), element("flag", "boolean")]
    frame = pl.DataFrame({"id": ["a"], "code.coding[0].code": ['é"\\\n\x01/'], "q.value": ["1.50"], "flag": ["false"]})
    nested = {
        "resourceType": "Observation",
        "id": "a",
        "code": {"coding": [{"code": 'é"\\\n\x01/'}]},
        "q": {"value": Decimal("1.50")},
        "flag": False,
    }
    for synthetic in (None, "SIMULATED"):
        [one] = frame_entries(frame, spec(*elements), synthetic=synthetic)
        [other] = resource_entries([nested], synthetic=synthetic)
        assert one == other


def test_every_resource_of_synthetic_data_and_the_bundle_too_say_so():
    frame = pl.DataFrame({"id": ["a"]})
    entries = [
        *resource_entries([{"resourceType": "Group", "id": "g"}], synthetic="SIMULATED"),
        *frame_entries(frame, spec(), synthetic="SIMULATED"),
    ]
    made = json.loads(b"".join(bundle(entries, base="https://x.org", synthetic="SIMULATED")))
    assert made["meta"] == HTEST
    assert [entry["resource"]["meta"] for entry in made["entry"]] == [HTEST, HTEST]


def test_real_data_have_no_label():
    assert "meta" not in json_of({})


def test_a_bundle_names_every_resource_by_an_absolute_url():
    entries = resource_entries([{"resourceType": "Group", "id": name} for name in ("g", "h")])
    made = json.loads(b"".join(bundle(entries, base="https://x.org/fhir")))
    assert (made["resourceType"], made["type"]) == ("Bundle", "collection")
    assert [entry["fullUrl"] for entry in made["entry"]] == ["https://x.org/fhir/Group/g", "https://x.org/fhir/Group/h"]


def test_a_bundle_of_nothing_has_no_empty_list():
    assert json.loads(b"".join(bundle([], base="https://x.org"))) == {"resourceType": "Bundle", "type": "collection"}


def test_pieces_are_small_so_that_memory_does_not_grow_with_the_bundle():
    pieces = list(bundle((("Group/g", "{}") for _ in range(3)), base="https://x.org"))
    assert max(map(len, pieces)) < 120


@pytest.mark.parametrize(
    ("frame", "problem"),
    [
        ({"id": ["a"]}, r"observation\.csv: not made by the mapping: status"),
        ({"id": ["a"], "status": ["final"], "state": ["x"]}, r"observation\.csv: not listed here: state"),
        ({"id": ["a"], "status": [1]}, r"observation\.csv: the mapping gives other values than text: status"),
    ],
)
def test_a_frame_that_is_not_what_the_spec_lists_is_refused(frame: dict[str, list[object]], problem: str):
    with pytest.raises(DefinitionError, match=problem):
        next(frame_entries(pl.DataFrame(frame), spec(element("status"))))


def test_the_trace_column_is_no_element():
    frame = pl.DataFrame({"id": ["a"], "raw_record": ["lab:2"]})
    assert list(frame_entries(frame, spec())) == [("Observation/a", '{"resourceType":"Observation","id":"a"}')]


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), None, {1}])
def test_a_value_that_loses_digits_or_is_no_json_is_refused(value: object):
    with pytest.raises(DefinitionError, match="is no text, true, false, whole number or exact decimal"):
        json_of({"value": value})
