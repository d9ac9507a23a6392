"""The annotated CRF: what each field of a form becomes in SDTM."""

from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.documents.acrf.annotate import annotated
from cdisc_aclf.documents.acrf.model import AnnotatedForm, Annotation
from cdisc_aclf.model.language import Language
from cdisc_aclf.model.spec import ColumnSpec, DatasetSpec, FormSpec, StandardSpec, VariableSpec
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.study.specs import read_forms, read_references, read_standard
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[4]


def variable(name: str, origin: str, role: str = "Record Qualifier") -> VariableSpec:
    return VariableSpec(
        name=name,
        label=name,
        data_type="text",
        length=8,
        core="Perm",
        role=role,
        codelists=(),
        origin=origin,
        source="",
        method="",
        comment="",
    )


VS = DatasetSpec(
    name="VS", label="Vital Signs", observation_class="Findings", structure="", key=("USUBJID",),
    variables=(
        variable("VSTESTCD", "Assigned", "Topic"), variable("VSORRES", "Collected"), variable("VSSTRESC", "Derived"),
        variable("VSCAT", "Assigned"),
    ),
    file="vs.csv",
)  # fmt: skip
FORM = FormSpec(
    name="vitals",
    label="Vital signs",
    label_zh="生命体征",
    key=("subject",),
    left_out="",
    columns=(
        ColumnSpec(
            name="environment",
            label="Environment",
            label_zh="环境",
            kind="text",
            codelist="",
            targets=(),
            ignored="no data",
        ),
        ColumnSpec(
            name="pulse",
            label="Pulse",
            label_zh="脉搏",
            kind="integer",
            codelist="",
            targets=("VS.VSORRES", "VS.VSSTRESC"),
            ignored="",
        ),
        ColumnSpec(
            name="kind", label="Kind", label_zh="类型", kind="choice", codelist="NY", targets=("VS.VSCAT",), ignored=""
        ),
        ColumnSpec(
            name="test",
            label="Test",
            label_zh="项目",
            kind="text",
            codelist="",
            targets=("VS.VSTESTCD", "VS.VSCAT"),
            ignored="",
        ),
        ColumnSpec(
            name="remark",
            label="Remark",
            label_zh="备注",
            kind="text",
            codelist="",
            targets=("SUPPVS.REMARK",),
            ignored="",
        ),
        ColumnSpec(
            name="points",
            label="Points",
            label_zh="得分",
            kind="text",
            codelist="",
            targets=("VS.VSSTRESC",),
            ignored="",
        ),
        ColumnSpec(
            name="subject",
            label="Subject",
            label_zh="受试者",
            kind="text",
            codelist="",
            targets=("*.USUBJID",),
            ignored="",
        ),
    ),
    file="vitals.csv",
    visits=("2", "3"),
)
ITEMS = pl.DataFrame({"column": ["pulse"], "testcd": ["PULSE"]})


def annotated_in(say: Language) -> AnnotatedForm:
    standard, ct = (
        StandardSpec(datasets={"VS": VS}, qualifiers=(), suppqual=()),
        Terminology({}, {"NY": {"是": "Y", "否": "N"}}),
    )
    return annotated(FORM, standard, ct, {"vs_items": ITEMS, "lb_items": ITEMS}, {"2": "DAY 1", "3": "DAY 4"}, say)


@pytest.fixture
def form() -> AnnotatedForm:
    return annotated_in(Language())


def notes(form: AnnotatedForm, label: str) -> list[Annotation]:
    return [note for field in form.fields if field.label == label for note in field.annotations]


def test_a_collected_answer_names_its_variable_and_the_test_that_it_is(form: AnnotatedForm):
    assert notes(form, "Pulse") == [Annotation("VS", "VSORRES when VSTESTCD = PULSE", ("VSORRES",))]


def test_a_topic_is_named_before_what_is_assigned_and_assigned_variables_where_nothing_else_is(form: AnnotatedForm):
    assert notes(form, "Test") == [Annotation("VS", "VSTESTCD", ("VSTESTCD",))]
    assert notes(form, "Kind") == [Annotation("VS", "VSCAT", ("VSCAT",))]


def test_a_field_that_only_derives_something_and_one_that_is_not_submitted_say_so(form: AnnotatedForm):
    assert notes(form, "Points") == [Annotation("", "[DERIVES] VS.VSSTRESC")]
    assert notes(form, "Environment") == [Annotation("", "[NOT SUBMITTED] no data")]


def test_a_qualifier_is_named_with_its_supplement(form: AnnotatedForm):
    assert notes(form, "Remark") == [Annotation("SUPPVS", "QVAL in SUPPVS when QNAM = REMARK", ("REMARK",))]
    assert form.datasets == (("VS", "Vital Signs"), ("SUPPVS", "Supplemental Qualifiers for VS"))


def test_in_a_chinese_package_the_chinese_label_comes_first_and_reasons_are_chinese():
    form = annotated_in(Language({"no data": "没有数据"}))
    assert (form.label, form.other_label) == ("生命体征", "Vital signs")
    assert (form.fields[1].label, form.fields[1].other_label) == ("脉搏", "Pulse")
    assert notes(form, "环境") == [Annotation("", "[NOT SUBMITTED] 没有数据")]
    assert notes(form, "脉搏") == [Annotation("VS", "VSORRES when VSTESTCD = PULSE", ("VSORRES",))]


def test_answers_to_choose_from_and_the_planned_visits_are_those_of_the_specs(form: AnnotatedForm):
    assert [field.answers for field in form.fields if field.label == "Kind"] == [("是", "否")]
    assert form.visits == ("DAY 1", "DAY 4")


def test_every_collected_variable_of_the_study_is_annotated_on_some_form():
    standard, ct, references = read_standard(ROOT, "sdtm"), read_terminology(ROOT), read_references(ROOT)
    numbers = references["visits"].drop_nulls("visitnum")["visitnum"]
    visits = {number: number for number in numbers}
    forms = [annotated(form, standard, ct, references, visits, Language()) for form in read_forms(ROOT).values()]
    found = {
        (note.dataset, name)
        for form in forms
        for field in form.fields
        for note in field.annotations
        for name in note.variables
    }
    wanted = {
        (name, variable.name)
        for name, spec in standard.datasets.items()
        for variable in spec.variables
        if variable.origin == "Collected"
    }
    assert sorted(wanted - found) == []
