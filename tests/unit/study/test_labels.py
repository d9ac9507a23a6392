"""Labels in Chinese: each there, each within its bytes, none cut."""

from pathlib import Path

import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.spec import (
    SUPPLEMENT_LABEL,
    DatasetSpec,
    PartSpec,
    Qualifier,
    StandardSpec,
    VariableSpec,
)
from cdisc_aclf.study.labels import in_chinese, read_labels

AGE = VariableSpec(
    name="AGE",
    label="Age",
    data_type="integer",
    length=8,
    core="Exp",
    role="",
    codelists=(),
    origin="",
    source="",
    method="",
    comment="",
)
DM = DatasetSpec(
    name="DM",
    label="Demographics",
    observation_class="",
    structure="",
    key=(),
    variables=(AGE,),
    file="specs/sdtm/dm.csv",
)
STANDARD = StandardSpec(
    datasets={"DM": DM},
    qualifiers=(Qualifier(dataset="DM", qnam="ETHGRP", label="Ethnic Group", origin="Collected", evaluator=""),),
    suppqual=(
        VariableSpec(
            name="QVAL",
            label="Data Value",
            data_type="text",
            length=200,
            core="Req",
            role="",
            codelists=(),
            origin="",
            source="",
            method="",
            comment="",
        ),
    ),
    parts=(PartSpec(dataset="DM", name="DMXX", label="Demographics - Part", variable="SEX", values=("F",)),),
)
LABELS = {
    "Age": "年龄",
    "Data Value": "数据值",
    "Demographics": "人口统计学",
    "Demographics - Part": "人口统计学-部分",
    "Ethnic Group": "民族",
    SUPPLEMENT_LABEL: "补充限定变量",
}


def read(folder: Path, *rows: str) -> dict[str, str]:
    path = folder / "specs" / "labels_zh.csv"
    path.parent.mkdir()
    path.write_text("\n".join(["label,label_zh", *rows, ""]), "utf-8")
    return read_labels(folder)


def test_thirteen_chinese_characters_fit_and_fourteen_are_refused_with_their_row(tmp_path: Path):
    assert read(tmp_path, f"Age,{'年' * 13}a") == {"Age": "年" * 13 + "a"}
    (tmp_path / "other").mkdir()
    with pytest.raises(DefinitionError, match=r"labels_zh\.csv:3.*label of 42 bytes, a transport file holds 40"):
        read(tmp_path / "other", "Sex,性别", f"Age,{'年' * 14}")


def test_the_label_of_a_supplement_leaves_room_for_the_name_of_its_dataset(tmp_path: Path):
    with pytest.raises(DefinitionError, match=r"labels_zh\.csv:2.*36 bytes, a transport file holds 35"):
        read(tmp_path, f"{SUPPLEMENT_LABEL},{'补' * 12}")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("Age,年龄", "Age,岁数"), "'Age' has two rows"),
        (("Sex,性别", "Age,"), "'Age' has no Chinese label"),
        (("Sex,性别", "Age,年龄 "), "blank at its edge"),
    ],
)
def test_a_row_without_one_clear_label_is_refused(tmp_path: Path, rows: tuple[str, ...], message: str):
    with pytest.raises(DefinitionError, match=rf"labels_zh\.csv:3.*{message}"):
        read(tmp_path, *rows)


def test_everything_that_has_a_label_gets_a_chinese_one_and_keeps_the_english_one():
    chinese = in_chinese(STANDARD, LABELS)
    dm, supplement = chinese.datasets["DM"], chinese.supplement_of("DM")
    [part] = chinese.parts
    labelled = [
        dm, dm.variables[0], chinese.qualifiers[0], supplement, supplement.variables[0], dm.part(part),
        supplement.part(part),
    ]  # fmt: skip
    assert [(each.label, each.submitted_label) for each in labelled] == [
        ("Demographics", "人口统计学"),
        ("Age", "年龄"),
        ("Ethnic Group", "民族"),
        ("Supplemental Qualifiers for DM", "补充限定变量 DM"),
        ("Data Value", "数据值"),
        ("Demographics - Part", "人口统计学-部分"),
        ("Supplemental Qualifiers for DMXX", "补充限定变量 DMXX"),
    ]


def test_without_a_translation_the_submitted_label_is_the_english_one():
    assert STANDARD.supplement_of("DM").submitted_label == "Supplemental Qualifiers for DM"
    assert AGE.submitted_label == "Age"


@pytest.mark.parametrize(
    ("label", "file"),
    [
        ("Age", "specs/sdtm/dm.csv"),
        ("Demographics", "specs/sdtm/datasets.csv"),
        ("Ethnic Group", "specs/sdtm/supplemental.csv"),
        ("Data Value", "specs/sdtm/suppqual.csv"),
        ("Demographics - Part", "specs/sdtm/parts.csv"),
    ],
)
def test_a_label_without_a_chinese_one_names_the_file_to_open(label: str, file: str):
    with pytest.raises(DefinitionError, match=rf"{file}.*'{label}' has no row in specs/labels_zh\.csv"):
        in_chinese(STANDARD, {english: chinese for english, chinese in LABELS.items() if english != label})
