"""SDTM and FHIR say the same: counted, compared and read back, on the demo with its planted faults."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from cdisc_aclf.cli import main
from cdisc_aclf.fhir.resources import entries, read_back
from cdisc_aclf.fhir.round_trip import validate_round_trip
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import Issue
from cdisc_aclf.model.run import Run
from cdisc_aclf.pipelines.convert import convert
from cdisc_aclf.pipelines.simulate import simulate
from cdisc_aclf.study.definition import StudyDefinition, open_study
from cdisc_aclf.study.plan import run
from cdisc_aclf.study.shipped import first_study

BASE = "https://pl21.example.org/fhir"


@pytest.fixture(scope="module")
def definition() -> StudyDefinition:
    return open_study(first_study())


@pytest.fixture(scope="module")
def demo(definition: StudyDefinition, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("demo")
    simulate(first_study(), folder, subjects=20, seed=1, clean=False)
    dictionaries = {path.stem: path for path in (folder / "dictionaries").iterdir()}
    return convert(definition, folder / "raw", dictionaries=dictionaries, subject_data=True, progress=lambda _: None)


@pytest.fixture(scope="module")
def resources(definition: StudyDefinition, demo: Run) -> list[dict[str, Any]]:
    return [json.loads(text, parse_float=str) for _, text in entries(demo.made, definition.fhir, synthetic=None)]


def dataset(demo: Run, name: str) -> Frame:
    """A dataset with the permissible variables that were not submitted, since none of them has a value."""
    spec, frame = demo.datasets[name].spec, demo.datasets[name].frame
    return frame.with_columns(
        pl.lit(None, variable.dtype).alias(variable.name)
        for variable in spec.variables
        if variable.name not in frame.columns
    )


def domain(resource: dict[str, Any]) -> str:
    value = resource.get("identifier", [{}])[0].get("value", "")
    return value.split("|")[1] if value.count("|") > 1 else ""


def test_every_record_has_its_resource_and_every_resource_its_record(demo: Run, resources: list[dict[str, Any]]):
    counts = Counter(map(domain, resources))
    for name in ("LB", "VS", "MB", "SS", "SV", "AE", "EX", "PR"):
        assert counts[name] == dataset(demo, name).height > 0, name
    assert counts["MH"] == dataset(demo, "MH").filter(pl.col("MHSTAT").is_null()).height
    types = Counter(resource["resourceType"] for resource in resources)
    subjects = dataset(demo, "DM")
    assert types["Patient"] == types["ResearchSubject"] == subjects.height
    assert types["Consent"] == subjects["RFICDTC"].is_not_null().sum()
    steps = [step for each in resources if each["resourceType"] == "ResearchSubject" for step in each["progress"]]
    assert len(steps) == dataset(demo, "DS").height
    assert types["MedicationAdministration"] == dataset(demo, "EX").height


def answers(score: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for part in (score, *score.get("component", [])):
        [testcd] = [each["code"] for each in part["code"]["coding"] if each["system"].endswith("/CodeSystem/rstestcd")]
        value = part.get("valueInteger", part.get("valueQuantity", part.get("valueCodeableConcept")))
        if isinstance(value, dict):
            value = value.get("value", value.get("text"))
        if value is not None:
            yield testcd, str(value)


def test_every_answer_of_a_score_stands_in_one_observation_of_its_subject(demo: Run, resources: list[dict[str, Any]]):
    said = Counter(
        (each["identifier"][0]["value"].split("|")[0], testcd, value)
        for each in resources
        if domain(each) == "RS"
        for testcd, value in answers(each)
    )
    assert said == Counter(dataset(demo, "RS").select("USUBJID", "RSTESTCD", "RSSTRESC").iter_rows())


@pytest.mark.parametrize("name", ["LB", "VS", "MB"])
def test_the_digits_of_every_result_are_the_same_byte_for_byte(demo: Run, resources: list[dict[str, Any]], name: str):
    said = Counter()
    for each in (each for each in resources if domain(each) == name):
        quantity, words = each.get("valueQuantity", {}), each.get("valueCodeableConcept", {})
        number = quantity.get("comparator", "") + str(quantity.get("value", ""))
        said[each["identifier"][0]["value"].split("|")[0], number or words.get("text")] += 1
    assert said == Counter(dataset(demo, name).select("USUBJID", f"{name}ORRES").iter_rows())


def test_no_control_has_an_infusion_and_every_infusion_has_particles(demo: Run, resources: list[dict[str, Any]]):
    given = [each for each in resources if each["resourceType"] == "MedicationAdministration"]
    dosed = {each["subject"]["reference"].removeprefix("Patient/") for each in given}
    assert dosed == set(dataset(demo, "EX")["USUBJID"])
    assert {each["dosage"]["dose"]["code"] for each in given} == {"{particles}"}
    assert "200000000000" in {str(each["dosage"]["dose"]["value"]) for each in given}


def test_no_resource_holds_a_name_a_full_birth_date_or_an_address(resources: list[dict[str, Any]]):
    patients = [each for each in resources if each["resourceType"] == "Patient"]
    assert {name for each in patients for name in each} <= {
        *("resourceType", "id", "identifier", "gender", "birthDate", "deceasedBoolean", "deceasedDateTime")
    }
    assert {len(each["birthDate"]) for each in patients if "birthDate" in each} == {4}


def test_the_datasets_come_back_as_they_were_and_the_unmapped_elements_are_printed(
    demo: Run, capsys: pytest.CaptureFixture[str]
):
    assert [issue for issue in demo.issues if issue.rule == "FHIR-ROUND-TRIP"] == []
    assert main(["unmapped"]) == 0
    printed = capsys.readouterr().out
    for element in ("LB.LBSTRESC", "AE.AESOC", "EX.EXDOSFRQ", "DM.AGE", "DS.DSSPID"):
        assert element in printed


def returned(definition: StudyDefinition, demo: Run, changes: dict[str, Frame]) -> list[Issue]:
    needs = {need for step in definition.back.steps for need in step.needs}
    values = {"study": definition.study, "trial": definition.trial, "ct": definition.ct}
    values |= {f"ref_{name}": table for name, table in definition.references.items()}
    values |= read_back({**demo.made, **changes}, definition.fhir, needs)
    back = {step.name.upper(): run(step, values) for step in definition.back.steps}
    datasets = {name: (demo.datasets[name].spec, dataset(demo, name)) for name in back}
    return validate_round_trip(datasets, back, definition.fhir.dataset_unmapped, definition.ct, file="unmapped.csv")


@pytest.mark.parametrize(
    ("mapping", "element", "dataset_name", "variable"),
    [
        ("observation", "valueQuantity.value", "LB", "LBORRES"),
        ("observation", "effectiveDateTime", "LB", "LBDTC"),
        ("observation", "interpretation[0].coding[0].code", "LB", "LBNRIND"),
        ("adverse_event", "seriousness.coding[0].code", "AE", "AESER"),
        ("adverse_event", "extension[0].valueCodeableConcept.text", "AE", "AETOXGR"),
        ("medication_administration", "dosage.dose.value", "EX", "EXDOSE"),
        ("medication", "batch.lotNumber", "EX", "EXLOT"),
        ("patient", "gender", "DM", "SEX"),
        ("research_subject", "assignedComparisonGroup", "DM", "ARMCD"),
        ("research_subject", "progress[1].startDate", "DS", "DSSTDTC"),
    ],
)
def test_one_element_that_is_lost_on_the_way_is_found_in_its_variable(
    definition: StudyDefinition, demo: Run, mapping: str, element: str, dataset_name: str, variable: str
):
    frame = demo.made[mapping]
    assert isinstance(frame, pl.DataFrame)
    first = frame[element].is_not_null().arg_true()[0]
    broken = frame.with_columns(pl.when(pl.int_range(pl.len()) != first).then(element).alias(element))
    found = returned(definition, demo, {mapping: broken})
    assert (dataset_name, variable) in {(issue.dataset, issue.variable) for issue in found}
    assert {issue.dataset for issue in found} == {dataset_name}


def test_nothing_is_found_where_nothing_is_broken(definition: StudyDefinition, demo: Run):
    assert returned(definition, demo, {}) == []
