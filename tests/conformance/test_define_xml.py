"""The demo's define.xml files against CDISC's schemas, and against the files beside them; needs ../shared."""

import csv
from pathlib import Path

import pytest
from lxml import etree

from cdisc_aclf.cli import main
from cdisc_aclf.define.read import read_define
from cdisc_aclf.define.validate.data import validate_described
from cdisc_aclf.define.validate.facts import validate_facts
from cdisc_aclf.define.validate.links import validate_links
from cdisc_aclf.formats.sas import read_xpt
from cdisc_aclf.study.shipped import first_study
from cdisc_aclf.study.terminology import read_terminology

SCHEMAS = Path(__file__).resolve().parents[2].parent / "shared" / "standards" / "schemas" / "define-xml-and-odm"
PLACES = ("tabulations/sdtm", "analysis/adam/datasets")

pytestmark = pytest.mark.skipif(not SCHEMAS.exists(), reason="needs ../shared/standards/schemas")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("define")
    assert main(["simulate", "--clean", "--out", str(folder / "export")]) == 0
    given = ["--raw", str(folder / "export/raw"), "--dictionary", str(folder / "export/dictionaries"), "--quiet"]
    assert main(["build", *given, "--out", str(folder / "package")]) == 0
    return folder / "package/m5/datasets/pl21"


@pytest.mark.parametrize("place", PLACES)
def test_a_define_xml_is_valid_by_the_schemas_of_define_xml_and_analysis_results(study: Path, place: str):
    document = etree.parse(study / place / "define.xml")
    for name in ("define/2.1/define2-1-0.xsd", "arm/1.0-define2.1/arm1-0-0.xsd"):
        schema = etree.XMLSchema(etree.parse(SCHEMAS / name))
        if name.startswith("arm") or not document.findall(".//{http://www.cdisc.org/ns/arm/v1.0}*"):
            schema.validate(document)
            assert [error.message for error in schema.error_log] == []


@pytest.mark.parametrize("place", PLACES)
def test_a_define_xml_has_no_broken_link_and_says_of_clean_data_what_is_so(study: Path, place: str):
    define = read_define(study / place / "define.xml")
    files = {path.name for path in (study / place).iterdir()}
    assert validate_links(define, files=files) == []
    assert validate_facts(define) == []
    datasets = [read_xpt(path) for path in sorted((study / place).glob("*.xpt"))]
    assert validate_described(define, {dataset.name: dataset for dataset in datasets}) == []


def test_a_published_codelist_is_said_to_be_from_the_package_that_has_it():
    codes = {}
    for package in ("sdtmct-2025-03-28", "adamct-2026-03-27"):
        with (SCHEMAS.parents[1] / "tables" / f"{package}.csv").open(encoding="utf-8", newline="") as file:
            codes[package[:4]] = {row["codelist_ccode"] for row in csv.DictReader(file)}
    for codelist in read_terminology(first_study()).codelists.values():
        if codelist.ccode:
            assert codelist.ccode in codes[codelist.package], codelist.name
