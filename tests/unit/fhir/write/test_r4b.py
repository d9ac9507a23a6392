from collections.abc import Mapping
from typing import Any

import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import ElementSpec, FhirSpec, ResourceSpec
from cdisc_aclf.fhir.write.r4b import as_r4b

XVER = "http://hl7.org/fhir/5.0/StructureDefinition/extension-"


def turned(made: dict[str, Any], *places: tuple[str, str], **spec: Mapping[Any, str]) -> dict[str, Any]:
    """The R4B of one Plan; `places` are pairs of a path in R5 and the cell for R4B."""
    elements = tuple(
        ElementSpec(
            path=path, type="string", required=False, value_set="", targets=(), fixed="", present_with="", r4b=place
        )
        for path, place in places
    )
    resource = ResourceSpec(name="plan", type="Plan", is_about_subjects=False, elements=elements, file="plan.csv")
    [plan] = as_r4b(
        [{"resourceType": "Plan"} | made], resource, FhirSpec(resources={}, value_sets={}, ucum=frozenset(), **spec)
    )
    assert plan.pop("resourceType") == "Plan"
    return plan


def test_a_leaf_without_a_place_of_its_own_stays_where_it_is():
    made = {"name": [{"text": "a"}, {"text": "b"}], "rank": 7}
    assert turned(made, ("name[].text", ""), ("rank", "")) == made


def test_a_leaf_moves_with_its_position():
    made = {"design": [{"text": "a"}, {"text": "b"}], "reader": {"id": "r"}}
    assert turned(made, ("design[].text", "category[].text"), ("reader.id", "readers[0].id")) == {
        "category": [{"text": "a"}, {"text": "b"}],
        "readers": [{"id": "r"}],
    }


def test_what_r4b_lacks_stands_in_the_extension_of_its_element_with_the_parts_inside():
    made = {"party": [{"name": "A", "kind": [{"text": "x"}, {"text": "y"}]}, {"name": "B"}]}
    assert turned(
        made,
        ("party[].name", "extension[party][].extension[name].valueString"),
        ("party[].kind[].text", "extension[party][].extension[kind][].valueCodeableConcept.text"),
    ) == {
        "extension": [
            {
                "url": f"{XVER}Plan.party",
                "extension": [
                    {"url": "name", "valueString": "A"},
                    {"url": "kind", "valueCodeableConcept": {"text": "x"}},
                    {"url": "kind", "valueCodeableConcept": {"text": "y"}},
                ],
            },
            {"url": f"{XVER}Plan.party", "extension": [{"url": "name", "valueString": "B"}]},
        ]
    }


def test_an_extension_may_stand_inside_of_an_element_or_for_an_element_of_a_data_type():
    made = {"group": [{"link": "a"}], "related": [{"class": "x"}]}
    assert turned(
        made,
        ("group[].link", "arm[].extension[group.link].valueId"),
        ("related[].class", "related[].extension[RelatedArtifact.classifier].valueString"),
    ) == {
        "arm": [{"extension": [{"url": f"{XVER}Plan.group.link", "valueId": "a"}]}],
        "related": [{"extension": [{"url": f"{XVER}RelatedArtifact.classifier", "valueString": "x"}]}],
    }


def test_extensions_that_both_versions_have_stay_beside_the_new_ones():
    made = {"extension": [{"url": "urn:x", "valueString": "kept"}], "title": "T"}
    both = turned(
        made, ("extension[].url", ""), ("extension[].valueString", ""), ("title", "extension[title].valueString")
    )
    assert both["extension"] == [
        {"url": "urn:x", "valueString": "kept"},
        {"url": f"{XVER}Plan.title", "valueString": "T"},
    ]


def test_a_lost_leaf_is_gone_and_leaves_no_empty_element():
    assert turned({"status": {"code": "a"}, "rank": 0}, ("status.code", "lost: no such element"), ("rank", "")) == {
        "rank": 0
    }


def test_systems_and_codes_have_the_names_of_r4b():
    made = {"kind": {"coding": [{"system": "urn:r5", "code": "transforms"}]}, "use": "transforms"}
    spec = {"r4b_systems": {"urn:r5": "urn:r4"}, "r4b_codes": {("Plan.use", "transforms"): "derived-from"}}
    assert turned(made, ("kind.coding[].system", ""), ("kind.coding[].code", ""), ("use", ""), **spec) == {
        "kind": {"coding": [{"system": "urn:r4", "code": "transforms"}]},
        "use": "derived-from",
    }


@pytest.mark.parametrize(
    "spec",
    [
        {"r4b_systems": {"urn:r5": "lost: unknown there"}},
        {"r4b_codes": {("Plan.kind.coding[].code", "x"): "lost: unknown there"}},
    ],
)
def test_of_a_code_or_a_system_that_is_lost_the_text_remains(spec: dict[str, Any]):
    made = {"kind": {"coding": [{"system": "urn:r5", "code": "x"}], "text": "X"}}
    paths = ("kind.coding[].system", "kind.coding[].code", "kind.text")
    assert turned(made, *((path, "") for path in paths), **spec) == {"kind": {"text": "X"}}


def test_an_element_that_the_table_does_not_list_names_the_table():
    with pytest.raises(DefinitionError, match=r"plan\.csv: does not list rank"):
        turned({"rank": 7})


def test_two_values_never_share_a_place():
    with pytest.raises(DefinitionError, match=r"plan\.csv: puts two values"):
        turned({"a": "1", "b": "2"}, ("a", "c"), ("b", "c"))
