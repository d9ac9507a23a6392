"""The specs of ADaM against the published tables: ADaMIG 1.3 (ADSL and BDS), OCCDS 1.1 and BDS-TTE 1.0."""

import csv
import pickle
import re
from pathlib import Path

import pytest

from cdisc_aclf.model.spec import DatasetSpec
from cdisc_aclf.model.terminology import CodeList
from cdisc_aclf.study.specs import read_standard
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT.parent / "shared" / "standards" / "tables"
ANALYSIS, CT = read_standard(ROOT, "adam").datasets, read_terminology(ROOT)
TABULATION = read_standard(ROOT, "sdtm").datasets

pytestmark = pytest.mark.skipif(not TABLES.is_dir(), reason="the published tables are not on this machine")


def table(name: str) -> list[dict[str, str]]:
    if not TABLES.is_dir():
        return []
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PUBLISHED = [*table("adamig-1-3_variables.csv"), *table("adam-other-products_variables.csv")]
TIME_TO_EVENT = {"CNSR", "STARTDT"}


def guide(spec: DatasetSpec) -> list[dict[str, str]]:
    """The published variables of the dataset's structure, those of time to event before those of every BDS."""
    if spec.observation_class == "Subject Level Analysis Dataset":
        return [row for row in PUBLISHED if row["data_structure"] == "ADSL"]
    if spec.observation_class == "Occurrence Data Structure":
        return [row for row in PUBLISHED if row["product"] == "adam-occds-1-1" and row["data_structure"] == "AE"]
    timed = [row for row in PUBLISHED if row["data_structure"] == "BDS for TTE"]
    structure = [row for row in PUBLISHED if row["data_structure"] == "BDS"]
    return timed + structure if set(spec.names) >= TIME_TO_EVENT else structure


def published(spec: DatasetSpec, name: str) -> dict[str, str] | None:
    """The row of a variable; `xx`, `zz`, `y` and `w` in a published name stand for numbers, `--` for the domain."""
    for row in guide(spec):
        if "*" in row["variable"]:
            continue
        pattern = re.escape(row["variable"]).replace(r"\-\-", "AE").replace("xx", "[0-9]{2}").replace("zz", "[0-9]{2}")
        if re.fullmatch(re.sub("[yw]", "[0-9]", pattern), name):
            return row
    return None


def label(text: str, name: str) -> str:
    """The published label with the numbers of the name in the places that it leaves open."""
    numbers = re.findall("[0-9]+", name)
    return re.sub(r"\b(xx|zz|y|w)\b", lambda _: numbers[0] if numbers else "", text)


@pytest.mark.parametrize("name", ANALYSIS)
def test_a_published_variable_has_the_label_type_and_core_of_the_guide(name: str):
    spec = ANALYSIS[name]
    for variable in spec.variables:
        row = published(spec, variable.name)
        source = variable.predecessor.partition(".")[0]
        if row is None or (source in TABULATION and variable.name in TABULATION[source].names and name != "ADSL"):
            continue
        assert variable.label == label(row["label"], variable.name), variable.name
        assert variable.is_text == (row["type"] == "Char"), variable.name
        assert variable.core == row["core"] or (name != "ADSL" and "ADSL" in variable.predecessor), variable.name


@pytest.mark.parametrize("name", ANALYSIS)
def test_every_required_variable_of_the_structure_is_in_the_spec(name: str):
    spec = ANALYSIS[name]
    asked = {row["variable"].replace("xx", "01").replace("--", "AE") for row in guide(spec) if row["core"] == "Req"}
    assert asked - set(spec.names) == set()


@pytest.mark.parametrize("name", ANALYSIS)
def test_a_variable_names_the_codelist_that_the_guide_names(name: str):
    spec = ANALYSIS[name]
    for variable in spec.variables:
        row = published(spec, variable.name)
        asked = {code for code in (row or {}).get("codelist_ccode", "").split(";") if code}
        if asked:
            assert {CT.codelists[each].ccode for each in variable.codelists} & asked, variable.name


@pytest.mark.parametrize("name", ANALYSIS)
def test_a_flag_has_the_values_that_the_guide_lists_and_no_other(name: str):
    spec = ANALYSIS[name]
    for variable in spec.variables:
        row = published(spec, variable.name)
        listed = {value for value in (row or {}).get("value_list", "").split(";") if value}
        if listed and variable.is_text:
            held = {value for each in variable.codelists for value in CT.codelists[each].values}
            assert held == listed, variable.name


@pytest.mark.parametrize(
    "codelist", [each for each in CT.codelists.values() if each.package == "adam"], ids=lambda codelist: codelist.name
)
def test_terms_of_adam_terminology_are_those_of_the_version_that_the_study_names(codelist: CodeList):
    """The published table at hand is newer; the terminology of CDISC's engine has the version of study.toml."""
    package = TABLES.parent / "core" / "cache" / f"adamct-{read_study(ROOT).standards['adamct']}.pkl"
    published = pickle.loads(package.read_bytes())  # noqa: S301 - of CDISC's rules engine
    [same] = [each for each in published["codelists"] if each["conceptId"] == codelist.ccode]
    assert (same["name"], same["extensible"]) == (codelist.label, codelist.extensible)
    codes = {term["submissionValue"]: term["conceptId"] for term in same["terms"]}
    assert codelist.terms
    assert [(term.value, codes.get(term.value)) for term in codelist.terms] == [
        (term.value, term.ccode) for term in codelist.terms
    ]
