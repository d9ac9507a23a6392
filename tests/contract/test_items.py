"""Forms that are unpivoted: every question of them is an item, and every answer leads to a term of its instrument."""

from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.model.spec import ValueSpec
from cdisc_aclf.study.specs import read_forms, read_references, read_standard
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[2]
REFERENCES, FORMS, CT = read_references(ROOT), read_forms(ROOT), read_terminology(ROOT)
RS_ITEMS, RS_ANSWERS = REFERENCES["rs_items"], REFERENCES["rs_answers"]
RS = read_standard(ROOT, "sdtm").datasets["RS"]
OF_ITEMS = [value for value in RS.values if value.where == "RSTESTCD" and value.codelists]
"""What an item may hold; other rows describe items without codelist, or the items of a category."""
ITEMS = {
    "VS": {"vital_signs": REFERENCES["vs_items"]["column"].to_list()},
    "MB": {"hbv_history": REFERENCES["mb_items"]["column"].to_list()},
    "RS": {form: group["column"].to_list() for (form,), group in RS_ITEMS.group_by("form")},
}


@pytest.mark.parametrize("dataset", ITEMS)
def test_every_column_that_goes_to_a_result_is_an_item_and_every_item_is_such_a_column(dataset: str):
    results = {
        form: [column.name for column in spec.columns if f"{dataset}.{dataset}ORRES" in column.targets]
        for form, spec in FORMS.items()
    }
    assert {form: sorted(columns) for form, columns in results.items() if columns} == {
        form: sorted(columns) for form, columns in ITEMS[dataset].items()
    }


def test_every_item_has_a_test_of_its_own_with_a_name_and_a_category():
    names = {
        code: name
        for each in RS_ITEMS["instrument"].unique()
        for code, name in CT.names(f"{each}TC", f"{each}TN").items()
    }
    assert set(RS_ITEMS["testcd"]) <= names.keys()
    assert RS_ITEMS["testcd"].is_unique().all()
    assert set(RS_ITEMS["category"]) <= set(CT.codelists["CCCAT"].values)
    assert set(REFERENCES["vs_items"]["testcd"]) <= CT.names("VSTESTCD", "VSTEST").keys()
    assert set(REFERENCES["mb_items"]["testcd"]) <= CT.names("MBTESTCD", "MBTEST").keys()


def test_every_unit_of_an_item_is_a_term():
    assert set(RS_ITEMS["unit"].drop_nulls()) | set(RS_ITEMS["standard_unit"].drop_nulls()) <= set(
        CT.codelists["UNIT"].values
    )
    assert set(REFERENCES["vs_items"]["unit"]) <= set(CT.codelists["VSRESU"].values)
    assert set(REFERENCES["mb_items"]["standard_unit"].drop_nulls()) <= set(CT.codelists["UNIT"].values)


def test_an_input_of_a_score_has_the_standard_unit_of_the_laboratory_test_that_it_repeats():
    standard = dict(REFERENCES["lb_tests"].select("testcd", "standard_unit").rows())
    inputs = RS_ITEMS.drop_nulls(["lbtestcd", "standard_unit"])
    assert inputs.height == 4
    assert {row["testcd"]: row["standard_unit"] for row in inputs.to_dicts()} == {
        row["testcd"]: standard[row["lbtestcd"]] for row in inputs.to_dicts()
    }


@pytest.mark.parametrize("value", OF_ITEMS, ids=lambda value: f"{value.variable} {value.equals}")
def test_the_answers_to_an_item_are_the_terms_of_its_codelist_all_of_them(value: ValueSpec):
    given = RS_ANSWERS.filter(pl.col("testcd") == value.equals)
    assert given["collected"].is_unique().all()
    if given.is_empty():  # written as the term itself
        assert value.equals in {"CPS0107", "ASCT0101"}
        return
    column = {"RSORRES": "answer", "RSSTRESC": "standard"}[value.variable]
    assert sorted(given[column]) == sorted(
        term for codelist in value.codelists for term in CT.codelists[codelist].values
    )
