from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from cdisc_aclf.model.frame import RAW_RECORD

FRAMES = (
    *("patient", "consent", "research_subject", "encounter", "specimen", "observation", "vital_signs", "virology"),
    *("score", "survival", "adverse_event", "medication_administration", "procedure", "condition"),
)


def frame(*rows: tuple[str, str | None, str | None]) -> pl.DataFrame:
    """Resources by id, visit and raw records, all of one subject."""
    columns = ["id", "encounter.reference", RAW_RECORD]
    made = pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")
    return made.with_columns(pl.lit("Patient/A").alias("subject.reference"))


@pytest.fixture
def provenance(apply: Callable[..., Any]) -> Callable[..., list[dict[str, Any]]]:
    def provenance(**frames: pl.DataFrame) -> list[dict[str, Any]]:
        return apply("provenance", **{name: frames.get(name, frame()) for name in FRAMES})

    return provenance


def test_what_was_made_of_one_form_at_one_visit_is_named_together(provenance: Callable[..., list[dict[str, Any]]]):
    results = frame(("A-LB-1", "Encounter/A-SV-2", "lab:2"), ("A-LB-2", "Encounter/A-SV-2", "lab:3"))
    [made] = provenance(observation=results)
    assert made["id"] == "A-SV-2-PROVENANCE-lab"
    assert made["target"] == [{"reference": "Observation/A-LB-1"}, {"reference": "Observation/A-LB-2"}]
    assert made["entity"] == [
        {
            "role": "source",
            "what": {
                "identifier": {"system": "https://pl21.example.org/fhir/sid/form", "value": "lab|A-SV-2"},
                "display": "form lab",
            },
        }
    ]
    assert made["agent"][0]["onBehalfOf"]["reference"].startswith("Organization/third-affiliated-hospital")


def test_another_visit_another_form_and_no_visit_are_others(provenance: Callable[..., list[dict[str, Any]]]):
    made = provenance(
        observation=frame(("A-LB-1", "Encounter/A-SV-2", "lab:2"), ("A-LB-2", "Encounter/A-SV-3", "lab:3")),
        survival=frame(("A-SS-1", None, "survival:2")),
        encounter=frame(("A-SV-2", None, "visit:2")).drop("encounter.reference"),
    )
    assert {each["id"] for each in made} == {
        *("A-SV-2-PROVENANCE-lab", "A-SV-3-PROVENANCE-lab", "A-PROVENANCE-survival", "A-SV-2-PROVENANCE-visit")
    }


def test_a_resource_made_of_two_forms_is_a_target_of_both_and_one_of_two_rows_once(
    provenance: Callable[..., list[dict[str, Any]]],
):
    made = provenance(
        score=frame(("A-RS-1", None, "child_pugh:2 he_ascites:5")), specimen=frame(("A-S", None, "lab:2 lab:3"))
    )
    assert [(each["id"], len(each["target"])) for each in made] == [
        ("A-PROVENANCE-lab", 1),
        ("A-PROVENANCE-child-pugh", 1),
        ("A-PROVENANCE-he-ascites", 1),
    ]


def test_the_row_of_the_export_is_not_named_since_the_next_cut_moves_it(
    provenance: Callable[..., list[dict[str, Any]]],
):
    before, after = (provenance(observation=frame(("A-LB-1", "Encounter/A-SV-2", row))) for row in ("lab:2", "lab:99"))
    assert before == after


def test_a_resource_without_an_id_cannot_be_named(provenance: Callable[..., list[dict[str, Any]]]):
    visits = frame((None, None, "visit:2"), ("A-SV-2", None, "visit:3"))
    [made] = provenance(encounter=visits)
    assert made["target"] == [{"reference": "Encounter/A-SV-2"}]
