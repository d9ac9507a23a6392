"""The specs against the published tables: SDTMIG 3.4, SDTM 2.0 and the terminology of 2025-03-28."""

import csv
import re
from pathlib import Path

import pytest

from cdisc_aclf.model.spec import VariableSpec
from cdisc_aclf.study.specs import read_standard
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT.parent / "shared" / "standards" / "tables"
STANDARD, CT = read_standard(ROOT, "sdtm"), read_terminology(ROOT)
NAMES = [*STANDARD.datasets, "SUPPQUAL"]

pytestmark = pytest.mark.skipif(not TABLES.is_dir(), reason="the published tables are not on this machine")


def table(name: str) -> list[dict[str, str]]:
    if not TABLES.is_dir():
        return []
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


GUIDE = {(row["dataset"], row["variable"]): row for row in table("sdtmig-3-4_variables.csv")}
MODEL = table("sdtm-model-2-0_variables.csv")
CODELISTS: dict[str, dict[str, dict[str, str]]] = {}
NCI = re.compile("C[0-9]+")
# of ADaM the table at hand is newer than the study; test_adam_standards has the version that the study names
for each in [*table("sdtmct-2025-03-28.csv"), *table("adamct-2026-03-27.csv")]:
    CODELISTS.setdefault(each["codelist_ccode"], {})[each["submission_value"]] = each


def variables(name: str) -> tuple[VariableSpec, ...]:
    return STANDARD.suppqual if name == "SUPPQUAL" else STANDARD.datasets[name].variables


def of_model(name: str, variable: str) -> list[dict[str, str]]:
    prefixed = "--" + variable.removeprefix(name)
    return [row for row in MODEL if row["variable"] in {variable, prefixed}]


def test_the_terminology_is_the_one_that_the_study_says():
    assert read_study(ROOT).standards["sdtmct"] == "2025-03-28"
    assert read_study(ROOT).standards["sdtmig"] == "3.4"


@pytest.mark.parametrize("name", STANDARD.datasets)
def test_a_dataset_has_the_label_class_and_structure_of_the_guide(name: str):
    [published] = [row for row in table("sdtmig-3-4_datasets.csv") if row["dataset"] == name]
    spec = STANDARD.datasets[name]
    assert spec.label == published["label"]
    assert spec.observation_class.lower().replace("-", " ") == published["class"].lower().replace("-", " ")
    assert spec.structure == published["structure"]


@pytest.mark.parametrize("name", NAMES)
def test_a_variable_has_the_label_core_role_and_type_of_the_guide_else_of_the_model(name: str):
    for variable in variables(name):
        published = GUIDE.get((name, variable.name))
        if published is None:
            # TSVAL1 goes on where TSVAL ends
            begun = GUIDE.get((name, variable.name.rstrip("0123456789")))
            labels = {row["label"] for row in ([begun] if begun else of_model(name, variable.name))}
            assert variable.label in labels, variable.name
            assert variable.core == "Perm", variable.name
            continue
        assert variable.label == published["label"], variable.name
        assert variable.core == published["core"], variable.name
        assert variable.role == published["role"], variable.name
        assert variable.is_text == (published["type"] == "Char"), variable.name


@pytest.mark.parametrize("name", NAMES)
def test_every_required_and_expected_variable_of_the_guide_is_in_the_spec(name: str):
    asked = {
        variable for (dataset, variable), row in GUIDE.items() if dataset == name and row["core"] in {"Req", "Exp"}
    }
    assert asked - {variable.name for variable in variables(name)} == set()


@pytest.mark.parametrize("name", NAMES)
def test_variables_come_in_the_order_of_the_guide(name: str):
    orders = [
        int(GUIDE[name, variable.name]["order"]) for variable in variables(name) if (name, variable.name) in GUIDE
    ]
    assert orders == sorted(orders)


@pytest.mark.parametrize("name", NAMES)
def test_a_variable_names_the_codelist_that_the_guide_names(name: str):
    for variable in variables(name):
        if variable.name in {"RSTESTCD", "RSTEST"}:
            continue  # the guide names the tests of tumour response; every clinical classification has its own
        published = GUIDE.get((name, variable.name), {}).get("codelist_ccode", "")
        asked = {code for code in published.split(";") if code}
        ours = {CT.codelists[codelist].ccode for codelist in variable.codelists} - {""}
        assert ours <= asked or not asked, (variable.name, ours, asked)
        if variable.codelists and asked:
            assert ours, variable.name


@pytest.mark.parametrize("name", CT.codelists)
def test_a_codelist_has_the_name_code_openness_and_terms_that_are_published(name: str):
    ours = CT.codelists[name]
    published = CODELISTS[ours.ccode] if ours.ccode else {}
    for term in ours.terms:
        if not NCI.fullmatch(term.ccode):
            assert term.value not in published, term.value
            assert ours.extensible or not ours.ccode, "the sponsor adds a term to a list that is closed"
            continue
        row = published[term.value]
        assert term.ccode == row["term_ccode"], term.value
        assert ours.label == row["codelist_name"]
        assert ours.extensible == (row["extensible"] == "Yes")


@pytest.mark.parametrize("name", ["LBTESTCD"])
def test_the_name_of_a_test_has_the_concept_code_of_its_short_name(name: str):
    pairs = CT.names(name, name.removesuffix("CD"))
    assert pairs.keys() == set(CT.codelists[name].values)
