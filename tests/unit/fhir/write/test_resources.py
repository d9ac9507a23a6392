import json
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import LeafSpec, ResourceSpec
from cdisc_aclf.fhir.write.resources import bundle, leaf_entries, resource_entries

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


def leaf(path: str, leaf_type: str = "string", fixed: str = "", present_with: str = "") -> LeafSpec:
    return LeafSpec(
        path=path, type=leaf_type, required=False, value_set="", targets=(), fixed=fixed, present_with=present_with
    )


def spec(*leaves: LeafSpec) -> ResourceSpec:
    return ResourceSpec(
        name="observation",
        type="Observation",
        is_about_subjects=True,
        leaves=(leaf("id", "id"), *leaves),
        file="observation.csv",
    )


def rendered(leaves: list[LeafSpec], *rows: dict[str, str | None]) -> list[str]:
    made = {each.path: pl.String for each in leaves if not each.fixed}
    frame = pl.DataFrame([{"id": "a"} | row for row in rows], schema={"id": pl.String} | made)
    return [text.removeprefix('{"resourceType":"Observation",') for _, text in leaf_entries(frame, spec(*leaves))]


def json_of(resource: dict[str, object]) -> str:
    [(_, text)] = resource_entries([{"resourceType": "Group", "id": "g"} | resource])
    return text


@pytest.mark.parametrize("digits", ["1.50", "0.10", "100", "0.000000001", "-0.0", "12345678901234567890.12345678901"])
def test_a_decimal_keeps_every_digit_in_both_forms(digits: str):
    assert f'"value":{digits}}}' in json_of({"value": Decimal(digits)})
    assert rendered([leaf("q.value", "decimal")], {"q.value": digits}) == [f'"id":"a","q":{{"value":{digits}}}}}']


def test_leaves_grow_into_objects_and_lists_in_the_order_of_the_spec():
    leaves = [leaf("code.coding[0].code"), leaf("code.coding[1].code"), leaf("code.text"), leaf("note[0].text")]
    row = {"code.coding[0].code": "x", "code.coding[1].code": "y", "code.text": "t", "note[0].text": "n"}
    assert rendered(leaves, row) == [
        '"id":"a","code":{"coding":[{"code":"x"},{"code":"y"}],"text":"t"},"note":[{"text":"n"}]}'
    ]


def test_what_is_null_leaves_neither_key_nor_empty_object_nor_gap_in_a_list():
    leaves = [leaf("code.coding[0].code"), leaf("code.coding[1].code"), leaf("q.low.value", "decimal")]
    assert rendered(leaves, {}, {"code.coding[1].code": "y"}) == [
        '"id":"a"}',
        '"id":"a","code":{"coding":[{"code":"y"}]}}',
    ]


def test_a_fixed_leaf_stands_always_or_beside_the_leaf_that_it_belongs_to():
    leaves = [leaf("status", fixed="final"), leaf("q.code"), leaf("q.system", fixed="urn:u", present_with="q.code")]
    assert rendered(leaves, {"q.code": "g/L"}, {}) == [
        '"id":"a","status":"final","q":{"code":"g/L","system":"urn:u"}}',
        '"id":"a","status":"final"}',
    ]


def test_of_two_leaves_for_one_place_the_first_that_is_there_stands():
    leaves = [leaf("class.code"), replace(leaf("class.code"), source="r4b:class.code")]
    frame = pl.DataFrame({"id": ["a", "b"], "class.code": ["VR", None], "r4b:class.code": ["AMB", "AMB"]})
    texts = [json.loads(text)["class"] for _, text in leaf_entries(frame, spec(*leaves))]
    assert texts == [{"code": "VR"}, {"code": "AMB"}]


def test_a_code_that_a_version_spells_otherwise_is_replaced_and_one_that_it_lacks_is_left_out():
    spelled = replace(leaf("status"), values=(("completed", "finished"), ("unknown", None)))
    frame = pl.DataFrame({"id": ["a", "b", "c"], "status": ["completed", "unknown", "planned"]})
    assert [json.loads(text).get("status") for _, text in leaf_entries(frame, spec(spelled))] == [
        "finished",
        None,
        "planned",
    ]


def test_true_false_and_counts_are_bare_and_numbers_in_text_are_quoted():
    leaves = [leaf("a", "boolean"), leaf("b", "unsignedInt"), leaf("c", "string")]
    assert rendered(leaves, {"a": "true", "b": "20", "c": "20"}) == ['"id":"a","a":true,"b":20,"c":"20"}']


@pytest.mark.parametrize("wrong", ["1,5", "05", ".5", "+1", "NaN", "1e5", "1 ", ""])
def test_a_number_that_json_cannot_write_is_quoted_so_that_the_rest_can_be_read(wrong: str):
    [text] = rendered([leaf("value", "decimal")], {"value": wrong})
    assert json.loads("{" + text) == {"id": "a", "value": wrong}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=8), min_size=1, max_size=8))
def test_any_text_reads_back_as_it_was_in_both_forms(texts: list[str]):
    for text, line in zip(
        texts, rendered([leaf("note[0].text")], *({"note[0].text": text} for text in texts)), strict=True
    ):
        assert json.loads("{" + line)["note"] == [{"text": text}]
        assert json.loads(json_of({"note": [{"text": text}]}))["note"] == [{"text": text}]


def test_both_forms_render_one_resource_to_the_same_bytes():
    leaves = [leaf("code.coding[0].code"), leaf("q.value", "decimal"), leaf("flag", "boolean")]
    frame = pl.DataFrame({"id": ["a"], "code.coding[0].code": ['é"\\\n\x01/'], "q.value": ["1.50"], "flag": ["false"]})
    nested = {
        "resourceType": "Observation",
        "id": "a",
        "code": {"coding": [{"code": 'é"\\\n\x01/'}]},
        "q": {"value": Decimal("1.50")},
        "flag": False,
    }
    for synthetic in (None, "SIMULATED"):
        [one] = leaf_entries(frame, spec(*leaves), synthetic=synthetic)
        [other] = resource_entries([nested], synthetic=synthetic)
        assert one == other


def test_every_resource_of_synthetic_data_and_the_bundle_too_say_so():
    frame = pl.DataFrame({"id": ["a"]})
    entries = [
        *resource_entries([{"resourceType": "Group", "id": "g"}], synthetic="SIMULATED"),
        *leaf_entries(frame, spec(), synthetic="SIMULATED"),
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
        next(leaf_entries(pl.DataFrame(frame), spec(leaf("status"))))


def test_the_trace_column_is_no_leaf():
    frame = pl.DataFrame({"id": ["a"], "raw_record": ["lab:2"]})
    assert list(leaf_entries(frame, spec())) == [("Observation/a", '{"resourceType":"Observation","id":"a"}')]


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), None, {1}])
def test_a_value_that_loses_digits_or_is_no_json_is_refused(value: object):
    with pytest.raises(DefinitionError, match="is no text, true, false, whole number or exact decimal"):
        json_of({"value": value})
