"""One spec, two languages: what a package says under each profile."""

import csv
from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.cli import main
from cdisc_aclf.read.dataset_json import read_dataset_json
from cdisc_aclf.read.define_xml import read_define
from cdisc_aclf.read.sas import read_xpt

SDTM, ADAM = "m5/datasets/pl21/tabulations/sdtm", "m5/datasets/pl21/analysis/adam/datasets"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("languages")
    assert main(["simulate", "--clean", "--subjects", "4", "--out", str(folder / "export")]) == 0
    given = ["--raw", str(folder / "export/raw"), "--dictionary", str(folder / "export/dictionaries"), "--quiet"]
    for name in ("fda", "nmpa"):
        code = main(["build", *given, "--profile", name, "--out", str(folder / name), "--fail-on", "never"])
        assert code == 0
    return {name: folder / name for name in ("fda", "nmpa")}


def test_labels_for_the_fda_are_ascii_and_those_for_the_nmpa_chinese(packages: dict[str, Path]):
    for name, is_ascii in (("fda", True), ("nmpa", False)):
        paths = sorted((packages[name] / "m5").rglob("*.xpt"))
        assert len(paths) > 30
        for path in paths:
            dataset = read_xpt(path)
            for label in (dataset.label, *(column.label for column in dataset.columns)):
                assert label.isascii() is is_ascii, (path.name, label)
                assert "\N{REPLACEMENT CHARACTER}" not in label


def test_the_data_are_the_same_in_both_languages_but_for_the_labels_of_qualifiers(packages: dict[str, Path]):
    for path in sorted((packages["fda"] / "m5").rglob("*.xpt")):
        ours, theirs = read_xpt(path).frame, read_xpt(packages["nmpa"] / path.relative_to(packages["fda"])).frame
        assert ours.drop("QLABEL", strict=False).equals(theirs.drop("QLABEL", strict=False)), path.name
        if "QLABEL" in ours.columns:
            assert all(label.isascii() for label in ours["QLABEL"])
            assert not any(label.isascii() for label in theirs["QLABEL"])


def test_define_and_dataset_json_say_what_the_transport_file_says(packages: dict[str, Path]):
    dm = read_xpt(packages["nmpa"] / SDTM / "dm.xpt")
    header = read_dataset_json(packages["nmpa"] / "dataset-json" / SDTM / "dm.json").header
    define = read_define(packages["nmpa"] / SDTM / "define.xml")
    [dataset] = [each for each in define.datasets if each.name == "DM"]
    assert {dm.label, header.label, dataset.label_zh} == {"人口统计学"}
    assert dataset.label == "Demographics"
    assert [column.label for column in dm.columns] == [column.label for column in header.columns]
    age = {each.oid: each for each in define.variables}["IT.DM.AGE"]
    assert (age.label, age.label_zh) == ("Age", "年龄")


def test_names_of_tests_stay_in_english(packages: dict[str, Path]):
    lb = read_xpt(packages["nmpa"] / SDTM / "lb.xpt").frame
    assert all(name.isascii() for name in lb["LBTEST"])
    define = read_define(packages["nmpa"] / SDTM / "define.xml")
    of_tests = [each for each in define.variables if each.oid.startswith("IT.RS.RSORRES.")]
    assert of_tests
    assert [each.oid for each in of_tests if each.label_zh or not each.label.isascii()] == []


def test_the_label_of_a_qualifier_stands_in_both_languages(packages: dict[str, Path]):
    define = read_define(packages["nmpa"] / SDTM / "define.xml")
    group = {each.oid: each for each in define.variables}["IT.SUPPDM.QVAL.ETHGRP"]
    assert (group.label, group.label_zh) == ("Ethnic Group", "民族")


def test_the_report_counts_the_bytes_of_every_label_that_is_written(packages: dict[str, Path]):
    assert not (packages["fda"] / "report/label_bytes.csv").exists()
    with (packages["nmpa"] / "report/label_bytes.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["dataset"], row["variable"]): row for row in csv.DictReader(file)}
    for path in sorted((packages["nmpa"] / "m5").rglob("*.xpt")):
        dataset = read_xpt(path)
        for name, label in {"": dataset.label, **{each.name: each.label for each in dataset.columns}}.items():
            row = rows[dataset.name, name]
            assert row["submitted_label"] == label
            assert int(row["utf_8"]) == pl.Series([label]).str.len_bytes().item() <= int(row["limit"]) == 40
    assert rows["DM", "USUBJID"]["submitted_label"] == "受试者唯一标识符"  # 8 characters: 3 bytes each, or 2
    assert (rows["DM", "USUBJID"]["utf_8"], rows["DM", "USUBJID"]["gb18030"]) == ("24", "16")


@pytest.mark.parametrize("name", ["fda", "nmpa"])
def test_each_package_is_clean_for_its_authority(packages: dict[str, Path], name: str):
    assert main(["audit", str(packages[name]), "--fail-on", "note"]) == 0


def test_labels_in_chinese_are_found_where_the_authority_takes_none(packages: dict[str, Path]):
    assert main(["audit", str(packages["nmpa"]), "--profile", "fda"]) == 1


def test_an_authority_that_nobody_knows_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["build", "--profile", "nobody", "--raw", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "'nobody' is none of fda, pmda, nmpa, ema" in capsys.readouterr().err
