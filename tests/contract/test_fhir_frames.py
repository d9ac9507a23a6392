"""Every resource that is a row of a frame is validated, though fhir.resources sees one of each structure alone.

Two proofs on the resources of the synthetic study. A wrong value in any element is found in the row where it was put.
And whatever is changed, a value, an absence or a code, a row has an Issue exactly when the resource by itself, whole
through fhir.resources and the walk, has one.
"""

import json
import random
from collections.abc import Iterator
from decimal import Decimal
from functools import partial

import polars as pl
import pytest

from cdisc_aclf.fhir.model.spec import ElementSpec, FhirVersion, ResourceSpec
from cdisc_aclf.fhir.validate.elements import StudyElements
from cdisc_aclf.fhir.validate.frame import validate_frame
from cdisc_aclf.fhir.validate.resources import Validator
from cdisc_aclf.fhir.write.r4b import elements_in_r4b
from cdisc_aclf.fhir.write.resources import frame_entries
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.pipelines.convert import convert
from cdisc_aclf.pipelines.simulate import simulate
from cdisc_aclf.study.definition import StudyDefinition, open_study
from cdisc_aclf.study.shipped import first_study

ROWS = 300
WRONG = {
    "id": ["a_b", "x" * 65, ""],
    "code": [" x", ""],
    "uri": ["a b", "urn:uuid:ABC", ""],
    "string": ["\a", " ", ""],
    "markdown": ["", "\a"],
    "decimal": ["1,5", "abc", "01", "1e5", ""],
    "integer": ["1.5", "abc", "3000000000"],
    "unsignedInt": ["-1", "abc"],
    "positiveInt": ["0", "abc"],
    "boolean": ["yes", "1"],
    "date": ["2026-02-30", "2026-13", "10.01.2026"],
    "dateTime": ["2026-02-30", "2026-01-10T08:30", "2026-01-10T08:30:00", "10.01.2026"],
    "instant": ["2026-01-10"],
    "reference": ["Patient/nobody", "P1", "Bundle/1"],
}


@pytest.fixture(scope="module")
def definition() -> StudyDefinition:
    return open_study(first_study())


@pytest.fixture(scope="module")
def made(definition: StudyDefinition, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Frame]:
    """The frames of a clean export, each repeated under new ids until there is a row for every fault."""
    folder = tmp_path_factory.mktemp("export")
    simulate(first_study(), folder, subjects=6, seed=3, clean=True)
    dictionaries = {path.stem: path for path in (folder / "dictionaries").iterdir()}
    run = convert(definition, folder / "raw", dictionaries=dictionaries, subject_data=True, progress=lambda _: None)
    return {name: repeated(each) for name, each in run.made.items() if isinstance(each, Frame) and each.height}


def repeated(frame: Frame) -> Frame:
    times = -(-ROWS // frame.height)
    copies = [
        frame.with_columns(id=pl.format("{}-{}", pl.col("id").str.slice(0, 56), pl.lit(copy))) for copy in range(times)
    ]
    return pl.concat(copies).drop(RAW_RECORD, strict=False).head(2 * ROWS)


def validated(frame: Frame, resource: ResourceSpec, definition: StudyDefinition, validator: Validator) -> list[Issue]:
    targets = [column for column in frame.columns if column.endswith("reference")]
    known = pl.concat([frame[column].drop_nulls().rename("target") for column in targets]) if targets else []
    ids = pl.Series("target", [text for text in known if "nobody" not in text and text != "Bundle/1"], dtype=pl.String)
    render = partial(rendered, resource=resource)
    return validate_frame(frame, resource, definition.fhir, validator, ids=ids, render=render)


def rendered(frame: Frame, resource: ResourceSpec) -> Iterator[str]:
    return (text for _, text in frame_entries(frame, resource))


def frames(
    made: dict[str, Frame], definition: StudyDefinition, version: FhirVersion
) -> Iterator[tuple[ResourceSpec, Frame]]:
    for name, frame in made.items():
        resource = definition.fhir.resources[name]
        yield (elements_in_r4b(resource, definition.fhir) if version is FhirVersion.R4B else resource), frame


def wrong_values(element: ElementSpec) -> list[str | None]:
    """What no such element may hold: in form, beyond its value set, or nothing at all where it is required."""
    beyond = ["banana"] if element.value_set else []
    return [*WRONG[element.type], *beyond, *([None] if element.required else [])]


def test_a_wrong_value_in_any_element_is_found_in_its_row(made: dict[str, Frame], definition: StudyDefinition):
    validator = Validator(definition.fhir, FhirVersion.R5)
    planted = 0
    for resource, frame in frames(made, definition, FhirVersion.R5):
        faults = [
            (element, value) for element in resource.elements if not element.fixed for value in wrong_values(element)
        ]
        assert len(faults) <= frame.height, resource.name
        columns = {name: frame[name].to_list() for name in frame.columns}
        for row, (element, value) in enumerate(faults):
            columns[element.column][row] = value
        broken = pl.DataFrame(columns, schema=frame.schema)
        found = {(issue.key, issue.variable) for issue in validated(broken, resource, definition, validator)}
        values = {issue.value for issue in validated(broken, resource, definition, validator)}
        missed = [
            (resource.name, element.path, value)
            for row, (element, value) in enumerate(faults)
            if (broken["id"][row] or "", element.path) not in found
            and (element.type != "reference" or value not in values)
        ]
        assert missed == []
        planted += len(faults)
    assert planted > 800


@pytest.mark.parametrize("version", FhirVersion)
def test_a_row_has_an_issue_exactly_when_its_resource_by_itself_has_one(
    version: FhirVersion, made: dict[str, Frame], definition: StudyDefinition
):
    draw = random.Random(20260110)  # noqa: S311 the same faults each time, no secret
    validator, one_by_one = Validator(definition.fhir, version), Validator(definition.fhir, version, every=True)
    faults = 0
    for resource, frame in frames(made, definition, version):
        columns = {name: frame[name].to_list() for name in frame.columns}
        varying = [element.column for element in resource.elements if not element.fixed and element.column != "id"]
        for row in range(0, frame.height, 2):
            column, other = draw.choice(varying), draw.choice(varying)
            columns[column][row] = draw.choice([None, columns[other][row], draw.choice(columns[column]), "banana"])
        broken = pl.DataFrame(columns, schema=frame.schema)
        issues = validated(broken, resource, definition, validator)
        in_frame = {issue.key for issue in issues if is_error(issue, version)}
        alone = set(whole(broken, resource, definition, one_by_one))
        odd = [(f.rule, f.variable, f.value, f.message) for f in issues if f.key in in_frame ^ alone]
        assert in_frame == alone, (resource.name, odd[:5])
        faults += len(alone)
    assert faults > 400


def is_error(issue: Issue, version: FhirVersion) -> bool:
    """Whether a resource is wrong by itself. What the tables of the study alone ask for, they say of R5 alone."""
    of_study = issue.rule == "FHIR-REQUIRED" or issue.variable.endswith("reference")
    is_own = version is FhirVersion.R5 or not of_study
    return is_own and issue.severity is Severity.ERROR and issue.rule != "FHIR-REFERENCE"


def whole(frame: Frame, resource: ResourceSpec, definition: StudyDefinition, validator: Validator) -> Iterator[str]:
    """Ids of the resources that have an error of their own, each looked at as a whole."""
    elements = StudyElements(definition.fhir, only=resource)
    for text in rendered(frame, resource):
        each = json.loads(text, parse_float=Decimal)
        issues, _ = validator.validate(each)
        if validator.version is FhirVersion.R5:
            issues += elements.validate(each)
        if any(is_error(issue, validator.version) for issue in issues):
            yield each["id"]


def test_fhir_resources_is_shown_one_resource_of_each_structure(definition: StudyDefinition):
    resource = ResourceSpec(
        name="patient",
        type="Patient",
        is_about_subjects=True,
        elements=(
            ElementSpec(path="id", type="id", required=True, value_set="", targets=(), fixed="", present_with=""),
            ElementSpec(
                path="birthDate", type="date", required=False, value_set="", targets=(), fixed="", present_with=""
            ),
        ),
        file="patient.csv",
    )
    frame = pl.DataFrame({"id": [f"p{row}" for row in range(50)], "birthDate": ["1978", None] * 25})
    shown: list[str] = []

    def render(rows: Frame) -> Iterator[str]:
        shown.extend(rows["id"])
        return rendered(rows, resource)

    issues = validate_frame(
        frame, resource, definition.fhir, Validator(definition.fhir), ids=frame["id"], render=render
    )
    assert issues == []
    assert shown == ["p0", "p1"]


def test_an_issue_names_the_resource_its_subject_and_the_raw_record(definition: StudyDefinition):
    elements = (
        ElementSpec(path="id", type="id", required=True, value_set="", targets=(), fixed="", present_with=""),
        ElementSpec(path="gender", type="code", required=False, value_set="", targets=(), fixed="", present_with=""),
        ElementSpec(path="birthDate", type="date", required=False, value_set="", targets=(), fixed="", present_with=""),
    )
    resource = ResourceSpec(
        name="patient", type="Patient", is_about_subjects=True, elements=elements, file="patient.csv"
    )
    rows = {"id": ["p1", "p2"], "gender": ["male", "banana"], "birthDate": ["1978-02-30", "1978"]}
    frame = pl.DataFrame(rows | {RAW_RECORD: ["demographics:2", "demographics:3 death:2"]})
    render = partial(rendered, resource=resource)
    issues = validate_frame(
        frame, resource, definition.fhir, Validator(definition.fhir), ids=frame["id"], render=render
    )
    assert [(f.rule, f.key, f.subject, f.form, f.record, f.variable, f.value) for f in issues] == [
        ("FHIR-FORM", "p1", "p1", "demographics", "2", "birthDate", "1978-02-30"),
        ("FHIR-CODE", "p2", "p2", "demographics", "3", "gender", "banana"),
    ]
