"""The tables of `specs/` agree with each other and hold what the formats can hold."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from cdisc_aclf.map.score import CODINGS
from cdisc_aclf.model.issue import PROTOCOL
from cdisc_aclf.model.spec import SUPPLEMENT_LABEL
from cdisc_aclf.model.text import LIMIT
from cdisc_aclf.study.labels import read_labels
from cdisc_aclf.study.methods import read_methods
from cdisc_aclf.study.specs import read_checks, read_forms, read_references, read_standard
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.targets import check_targets
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[2]
SPECS = ROOT / "specs"
STANDARD, FORMS, CT = read_standard(ROOT, "sdtm"), read_forms(ROOT), read_terminology(ROOT)
ANALYSIS = read_standard(ROOT, "adam").datasets
DATASETS = {**STANDARD.datasets, **ANALYSIS}
REFERENCES, STUDY = read_references(ROOT), read_study(ROOT)
VARIABLES = [(name, variable) for name, spec in DATASETS.items() for variable in spec.variables]
VARIABLES += [("SUPPQUAL", variable) for variable in STANDARD.suppqual]
SOURCES = {
    "Assigned": {"Sponsor", "Vendor"},
    "Collected": {"Investigator", "Subject", "Vendor"},
    "Derived": {"Sponsor", "Vendor"},
    "Protocol": {"Sponsor"},
}
NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")


def table(path: str) -> list[dict[str, str]]:
    with (SPECS / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


METHODS = {row["method"]: row for row in table("methods.csv")}


@pytest.mark.parametrize("name", DATASETS)
def test_every_key_variable_of_a_dataset_is_one_of_its_variables(name: str):
    spec = DATASETS[name]
    assert spec.key
    assert set(spec.key) <= set(spec.names)


@pytest.mark.parametrize("name", STANDARD.datasets)
def test_a_dataset_has_each_variable_once_and_begins_with_its_identifiers(name: str):
    names = STANDARD.datasets[name].names
    assert max(Counter(names).values()) == 1
    assert names[0] == "STUDYID"
    assert names[1] == ("RDOMAIN" if name == "RELREC" else "DOMAIN")


def test_an_analysis_dataset_has_each_variable_once_and_begins_with_study_and_subject():
    for name, spec in ANALYSIS.items():
        assert max(Counter(spec.names).values()) == 1, name
        assert spec.names[:2] == ("STUDYID", "USUBJID"), name


def test_a_copied_variable_names_one_that_exists_and_is_of_its_type_label_and_codelists():
    for name, variable in VARIABLES:
        if not variable.predecessor:
            assert variable.origin != "Predecessor", (name, variable.name)
            continue
        dataset, _, original = variable.predecessor.partition(".")
        found = [given for given in DATASETS[dataset].variables if given.name == original]
        assert [(given.data_type, given.codelists) for given in found] == [(variable.data_type, variable.codelists)]
        assert found[0].length <= variable.length, (name, variable.name)
        if variable.name == original:
            assert [given.label for given in found] == [variable.label]


def test_names_and_labels_fit_a_version_5_transport_file():
    for name, spec in DATASETS.items():
        assert NAME.fullmatch(name)
        assert 0 < len(spec.label.encode()) <= 40, name
    for name, variable in VARIABLES:
        assert NAME.fullmatch(variable.name), (name, variable.name)
        assert 0 < len(variable.label.encode()) <= 40, (name, variable.name)


def test_lengths_fit_a_version_5_transport_file():
    for name, variable in VARIABLES:
        assert 0 < variable.length <= LIMIT, (name, variable.name)
        if not variable.is_text:
            assert variable.length == 8, (name, variable.name)


def test_every_term_that_a_collected_value_leads_to_fits_its_variable():
    for name, variable in VARIABLES:
        for codelist in variable.codelists:
            for term in CT.collected.get(codelist, {}).values():
                assert len(term.encode()) <= variable.length, (name, variable.name, term)


def test_core_type_and_origin_are_those_of_the_standards():
    for name, variable in VARIABLES:
        assert variable.core in {"Req", "Exp", "Perm", "Cond"}, (name, variable.name)
        if variable.origin == "Predecessor":
            assert not variable.source, (name, variable.name)
            continue
        if variable.origin == "Not Available":
            assert variable.comment, (name, variable.name)
            continue
        assert variable.source in SOURCES[variable.origin], (name, variable.name)


def test_every_codelist_that_a_variable_or_a_value_names_is_shipped():
    named = {(name, codelist) for name, variable in VARIABLES for codelist in variable.codelists}
    named |= {(name, lst) for name, spec in DATASETS.items() for each in spec.values for lst in each.codelists}
    assert {each for each in named if each[1] not in CT.codelists} == set()


def test_value_level_metadata_speaks_of_variables_and_terms_that_exist():
    for name, spec in DATASETS.items():
        of = {variable.name: variable for variable in spec.variables}
        for each in spec.values:
            assert each.variable in of, (name, each)
            assert each.where in of, (name, each)
            if not each.equals:
                assert not each.codelists, (name, each)
                continue
            terms = {term for codelist in of[each.where].codelists for term in CT.codelists[codelist].values}
            assert each.equals in terms, (name, each)
    assert {row["dataset"] for row in table("sdtm/values.csv")} <= STANDARD.datasets.keys()


def test_what_is_derived_names_its_method_and_every_method_is_described_and_used():
    assert read_methods(ROOT, [STANDARD, read_standard(ROOT, "adam")]).keys() == METHODS.keys()
    values = [(name, value) for name, spec in DATASETS.items() for value in spec.values]
    for name, each in [*VARIABLES, *values, *((each.dataset, each) for each in STANDARD.qualifiers)]:
        if each.origin == "Derived":
            assert each.method, (name, each)


@pytest.mark.parametrize("method", METHODS)
def test_a_method_is_a_computation_told_in_plain_sentences(method: str):
    row = METHODS[method]
    assert row["type"] in {"Computation", "Imputation"}
    assert row["description"].endswith(".")
    for decision in re.findall(r"decision (\w+)", row["description"]):
        assert decision in STUDY.decisions


def test_every_supplemental_qualifier_has_a_name_of_its_own_and_a_label_that_fits():
    standard = {variable.name for _, variable in VARIABLES}
    names = [(each.dataset, each.qnam) for each in STANDARD.qualifiers]
    assert len(set(names)) == len(names)
    for each in STANDARD.qualifiers:
        assert each.dataset in STANDARD.datasets
        assert NAME.fullmatch(each.qnam)
        assert each.qnam not in standard, "CDISC CG0314"
        assert 0 < len(each.label.encode()) <= 40
        assert each.source in SOURCES[each.origin], each.qnam
        assert each.evaluator in {"", *CT.codelists["EVAL"].values}


def test_every_target_of_a_raw_column_exists_as_far_as_its_dataset_has_a_spec():
    check_targets(FORMS, STANDARD)


def test_every_collected_variable_comes_from_a_raw_column():
    targets = {target for form in FORMS.values() for column in form.columns for target in column.targets}
    collected = {f"{name}.{variable.name}" for name, variable in VARIABLES if variable.origin == "Collected"}
    assert collected - targets == set()


def test_every_raw_column_is_of_a_type_that_can_be_validated_and_every_key_is_a_column():
    kinds = {"text", "date", "time", "integer", "decimal", "result", "choice", "unit", "visit"}
    for name, form in FORMS.items():
        columns = [column.name for column in form.columns]
        assert len(set(columns)) == len(columns), name
        assert set(form.key) <= set(columns), name
        for column in form.columns:
            assert column.kind in kinds, (name, column.name)
            assert bool(column.codelist) == (column.kind in {"choice", "unit", "visit"}), (name, column.name)
            assert column.label, (name, column.name)
            assert column.label_zh, (name, column.name)


def test_the_known_values_of_every_raw_column_are_in_a_table():
    for name, form in FORMS.items():
        for column in form.columns:
            list_or_table, _, key = column.codelist.partition(".")
            if key:
                assert key in REFERENCES[list_or_table].columns, (name, column.name)
            elif list_or_table:
                assert list_or_table in CT.collected, (name, column.name)


def test_every_collected_value_leads_to_a_term_of_its_codelist():
    for codelist, terms in CT.collected.items():
        if codelist in CT.codelists:
            odd = set(terms.values()) - set(CT.codelists[codelist].values)
            assert odd == set(), codelist


def test_no_collected_value_and_no_term_is_listed_twice():
    for path, columns in (("collected.csv", ("codelist", "collected")), ("codelists.csv", ("codelist", "term"))):
        rows = [tuple(row[column] for column in columns) for row in table(path)]
        assert [row for row, count in Counter(rows).items() if count > 1] == []


def test_a_codelist_has_one_code_name_and_openness():
    facts: dict[str, set[tuple[str, ...]]] = {}
    for row in table("codelists.csv"):
        facts.setdefault(row["codelist"], set()).add((row["ccode"], row["name"], row["extensible"]))
        assert row["extensible"] in {"Yes", "No"}
    assert [name for name, found in facts.items() if len(found) > 1] == []


def test_every_laboratory_test_has_a_standard_unit_a_name_and_only_units_of_the_codelist():
    tests = {row["testcd"]: row for row in REFERENCES["lb_tests"].rows(named=True)}
    names = CT.names("LBTESTCD", "LBTEST")
    units = set(CT.codelists["UNIT"].values)
    assert set(tests) <= set(names)
    assert set(REFERENCES["lb_analytes"]["testcd"]) <= set(tests)
    for row in REFERENCES["lb_units"].rows(named=True):
        assert row["testcd"] in tests
        assert row["unit"] in units
        assert (row["factor"] == "1") == (row["unit"] == tests[row["testcd"]]["standard_unit"]), row
        assert re.fullmatch(r"\d+(\.\d{1,6})?", row["factor"]), row
        assert (row["source"] is None) == (row["factor"] == "1"), row


def test_a_reference_table_has_each_key_once():
    for name, key in (("lb_tests", ["testcd"]), ("lb_units", ["testcd", "unit"]), ("lb_analytes", ["analyte"])):
        assert not REFERENCES[name].select(key).is_duplicated().any(), name
    for name, key in (("arms", "armcd"), ("arms", "collected"), ("elements", "etcd"), ("visits", "collected")):
        assert REFERENCES[name][key].is_unique().all(), (name, key)


def test_every_epoch_and_element_of_the_schedule_is_known():
    assert set(REFERENCES["elements"]["epoch"]) <= set(CT.codelists["EPOCH"].values)
    assert set(REFERENCES["arms"]["etcd"]) <= set(REFERENCES["elements"]["etcd"])


def test_every_check_of_the_data_names_a_dataset_or_form_and_a_variable_of_it():
    for name, check in read_checks(ROOT).items():
        if check.about == PROTOCOL:
            continue
        if check.about in DATASETS:
            assert check.variable in DATASETS[check.about].names, name
        else:
            assert check.variable in {column.name for column in FORMS[check.about].columns}, name


def test_a_decision_says_what_why_and_what_was_rejected():
    for name, decision in STUDY.decisions.items():
        assert all((decision.choice, decision.why, decision.rejected)), name


def test_every_decision_with_options_is_asked_by_a_mapping_and_no_other_is():
    texts = [path.read_text("utf-8") for path in (ROOT / "mappings").rglob("*.py")]
    asked = {name for text in texts for name in re.findall(r"""option\((?:study, )?"(\w+)"\)""", text)}
    assert asked == {name for name, decision in STUDY.decisions.items() if decision.options}


def test_every_coding_of_encephalopathy_that_may_be_asked_for_is_known():
    assert set(STUDY.decisions["encephalopathy_coding"].options) == set(CODINGS)


def test_no_label_of_a_dataset_or_variable_stands_in_the_code():
    labels = {spec.label for spec in STANDARD.datasets.values()} | {variable.label for _, variable in VARIABLES}
    labels |= {each.label for each in STANDARD.qualifiers}
    # of one word, which prose may hold too
    labels = {label for label in labels if " " in label}
    sources = [*(ROOT / "cdisc_aclf").rglob("*.py"), *(ROOT / "mappings").rglob("*.py")]
    code = {path: re.sub(r'(?s)""".*?"""', "", path.read_text("utf-8")) for path in sources}
    assert [(path.name, label) for path, text in code.items() for label in labels if f'"{label}"' in text] == []


def test_every_label_has_a_chinese_one_within_its_bytes_and_no_chinese_one_is_left_over():
    labels = read_labels(ROOT)
    own = [*DATASETS.values(), *STANDARD.qualifiers, *STANDARD.parts, *(variable for _, variable in VARIABLES)]
    assert labels.keys() == {each.label for each in own} | {SUPPLEMENT_LABEL}
    assert max(len(chinese.encode()) for chinese in labels.values()) <= 40
    assert max(len(labels[each.label].encode()) for each in STANDARD.qualifiers) <= 37  # the rest of a text is numbered


def test_labels_that_differ_in_english_differ_in_chinese():
    labels = read_labels(ROOT)
    assert [chinese for chinese, count in Counter(labels.values()).items() if count > 1] == []
