"""One spec, two languages: what a package says under each profile."""

import csv
import re
from pathlib import Path

import polars as pl
import pytest
from lxml import etree
from pypdf import PdfReader

from cdisc_aclf.cli import main
from cdisc_aclf.define.model.xmlns import DEF, ODM
from cdisc_aclf.define.read import read_define
from cdisc_aclf.formats.dataset_json.read import read_dataset_json
from cdisc_aclf.formats.sas import read_xpt

SDTM, ADAM = "m5/datasets/pl21/tabulations/sdtm", "m5/datasets/pl21/analysis/adam/datasets"


@pytest.fixture(scope="module")
def packages(clean: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("languages")
    given = ["--raw", str(clean / "raw"), "--dictionary", str(clean / "dictionaries"), "--quiet"]
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


def test_names_of_tests_stay_in_english_in_the_data_and_are_explained_in_chinese(packages: dict[str, Path]):
    lb = read_xpt(packages["nmpa"] / SDTM / "lb.xpt").frame
    assert all(name.isascii() for name in lb["LBTEST"])
    define = read_define(packages["nmpa"] / SDTM / "define.xml")
    albumin = {each.oid: each for each in define.variables}["IT.LB.LBORRES.ALB"]
    assert (albumin.label, albumin.label_zh) == ("Albumin", "白蛋白")


LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.mark.parametrize("standard", [SDTM, ADAM])
def test_every_description_stands_in_chinese_before_english_and_for_the_fda_in_english_alone(
    packages: dict[str, Path], standard: str
):
    for name, languages in (("fda", ["en"]), ("nmpa", ["zh", "en"])):
        root = etree.parse(packages[name] / standard / "define.xml").getroot()
        found = [each for each in root.iter(f"{ODM}Description") if each.getparent().tag != f"{DEF}Origin"]
        assert len(found) > 300
        for description in found:
            texts = {text.get(LANG, ""): text.text or "" for text in description}
            assert list(texts) == languages
            if "zh" in texts and re.search(r"[a-z]{2}", texts["en"]):  # the others are names alone
                assert HAN.search(texts["zh"]), texts
            assert not HAN.search(texts["en"]), texts


@pytest.mark.parametrize("standard", [SDTM, ADAM])
def test_what_define_xml_has_in_one_language_only_is_chinese_but_for_terms_and_titles_of_others(
    packages: dict[str, Path], standard: str
):
    define = read_define(packages["nmpa"] / standard / "define.xml")
    own = [each.name for each in define.codelists if not each.ccode and not each.dictionary]
    titles = [document.title for document in define.documents]
    structures = [dataset.structure for dataset in define.datasets]
    assert own
    assert [text for text in (*own, *titles, *structures, define.name, define.text) if not HAN.search(text)] == []
    assert [each.name for each in define.codelists if each.ccode and not each.name.isascii()] == []
    assert define.study_text.endswith("in the Treatment of Chronic-to-acute Liver Failure")  # as registered


def test_pages_and_guides_for_the_nmpa_are_chinese_and_those_for_the_fda_have_no_chinese(packages: dict[str, Path]):
    headings = {
        "nmpa": {"csdrg.pdf": "3.2 可追溯性", "adrg.pdf": "3.1 决定"},
        "fda": {"csdrg.pdf": "3.2 Traceability", "adrg.pdf": "3.1 Decisions"},
    }
    for name, language in (("nmpa", "zh-Hans"), ("fda", "en")):
        for standard, guide in ((SDTM, "csdrg.pdf"), (ADAM, "adrg.pdf")):
            page = (packages[name] / standard / "define.html").read_text("utf-8")
            assert f'<html lang="{language}">' in page
            reader = PdfReader(packages[name] / standard / guide)
            text = " ".join("".join(page.extract_text() for page in reader.pages).split())
            assert headings[name][guide] in text
            assert reader.trailer["/Root"]["/Lang"] == language
            if name == "fda":
                assert not HAN.search(page)
                assert not HAN.search(text)
                assert "encoded in UTF-8" in text
            else:
                assert "<h2>数据集</h2>" in page
                assert "文本编码均为UTF-8" in text


def test_a_chinese_guide_lists_what_is_in_english_for_a_person_to_translate(packages: dict[str, Path]):
    for name, is_asked in (("nmpa", True), ("fda", False)):
        pages = PdfReader(packages[name] / SDTM / "csdrg.pdf").pages
        text = "".join("".join(page.extract_text() for page in pages).split())
        assert ("请翻译研究标题和组别：登记记录中只有英文。" in text) is is_asked


def test_the_annotated_crf_leads_and_explains_in_the_language_of_the_package(packages: dict[str, Path]):
    expected = {
        "nmpa": ("按访视", "知情同意与人口学", "[NOT SUBMITTED] 可识别个人身份；从不递交"),
        "fda": ("By visit", "Consent and demographics", "[NOT SUBMITTED] identifies a person; never submitted"),
    }
    for name, (first, form, reason) in expected.items():
        reader = PdfReader(packages[name] / SDTM / "acrf.pdf")
        titles = [item["/Title"] for item in reader.outline if not isinstance(item, list)]
        last = [item["/Title"] for item in reader.outline[-1]]
        assert titles[0] == first
        assert last[0] == form
        assert reason in reader.pages[1].extract_text()
        assert HAN.search(reader.pages[1].extract_text())  # labels of fields stand in both languages
        assert "RFICDTC" in reader.pages[1].extract_text()


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
    raw, out = str(tmp_path / "raw"), str(tmp_path / "out")
    assert main(["build", "--profile", "nobody", "--raw", raw, "--out", out]) == 2
    assert "'nobody' is none of fda, pmda, nmpa, ema" in capsys.readouterr().err
