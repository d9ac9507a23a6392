from collections.abc import Callable
from types import SimpleNamespace

import polars as pl
import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import UnmappedVariable
from cdisc_aclf.fhir.round_trip import validate_round_trip
from cdisc_aclf.model.terminology import CodeList, Term, Terminology

SEX = CodeList(name="SEX", ccode="C66731", label="", extensible=False, terms=(Term("M", "C20197"), Term("F", "C16576")))
CT = Terminology({"SEX": SEX}, {})
Validator = Callable[..., list[tuple[str, str, str | None, int]]]


@pytest.fixture
def validate() -> Validator:
    """Issues of a dataset XX that has USUBJID and one or two variables."""

    def validate(
        before: dict, after: dict, kept: dict[str, str] | None = None
    ) -> list[tuple[str, str, str | None, int]]:
        variables = [SimpleNamespace(name=name, codelists=("SEX",) if name == "SEX" else ()) for name in before]
        spec = SimpleNamespace(names=tuple(before), variables=variables)
        losses = [UnmappedVariable("XX", variable, word, "why") for variable, word in (kept or {}).items()]
        found = validate_round_trip(
            {"XX": (spec, pl.DataFrame(before))}, {"XX": pl.DataFrame(after)}, losses, CT, file="unmapped.csv"
        )
        return [(issue.subject, issue.variable, issue.value, issue.count) for issue in found]

    return validate


def test_a_value_that_changes_is_found_where_it_went_and_where_it_came_back(validate: Validator):
    before, after = {"USUBJID": ["a", "a"], "R": ["1.50", "2"]}, {"USUBJID": ["a", "a"], "R": ["1.5", "2"]}
    assert validate(before, after) == [("a", "R", "1.50", 1), ("a", "R", "1.5", 1)]


def test_the_order_of_records_does_not_matter_and_a_number_is_its_digits(validate: Validator):
    before = {"USUBJID": ["a", "b"], "R": [100.0, 1.5]}
    assert validate(before, {"USUBJID": ["b", "a"], "R": ["1.5", "100"]}) == []


def test_a_record_that_is_missing_or_there_twice_is_found(validate: Validator):
    before = {"USUBJID": ["a", "a"], "R": ["1", "1"]}
    assert ("a", "R", "1", 1) in validate(before, {"USUBJID": ["a"], "R": ["1"]})
    assert ("a", "R", "1", 1) in validate(before, {"USUBJID": ["a"] * 3, "R": ["1"] * 3})


def test_values_that_all_come_back_in_other_company_are_found(validate: Validator):
    before = {"USUBJID": ["a", "a"], "R": ["1", "2"], "U": ["g", "mg"]}
    after = {"USUBJID": ["a", "a"], "R": ["1", "2"], "U": ["mg", "g"]}
    assert validate(before, after) == [("a", "", "", 2)]


@pytest.mark.parametrize(
    ("kept", "before", "after", "same"),
    [
        ("date", "2026-02-30", "2026-02", True),
        ("date", "2026---15", "2026", True),
        ("date", "2026-02-28T08:30:00", "2026-02-28T08:30", True),
        ("date", "2026-02-28T08:30", "2026-02-28", False),
        ("date", "2026-02", "2026", False),
        ("year", "1978-03-04", "1978", True),
        ("year", "1978", "1979", False),
        ("yes", "N", None, True),
        ("yes", "Y", None, False),
        ("comparator", "≥ 1000", ">=1000", True),
        ("comparator", "<0.50", "<0.5", False),
        ("number", "<5", None, True),
        ("number", "5.0", None, False),
    ],
)
def test_what_is_declared_to_be_kept_is_compared_and_the_rest_is_not(
    validate: Validator, kept: str, before: str, after: str | None, *, same: bool
):
    text = pl.Series([after], dtype=pl.String)
    assert (validate({"USUBJID": ["a"], "R": [before]}, {"USUBJID": ["a"], "R": text}, {"R": kept}) == []) is same


def test_a_unit_is_kept_beside_a_number_and_a_term_where_it_is_one(validate: Validator):
    before = {"USUBJID": ["a", "a"], "R": ["溶血", "1.5"], "RU": ["g/L", "g/L"]}
    after = {"USUBJID": ["a", "a"], "R": ["溶血", "1.5"], "RU": [None, "g/L"]}
    assert validate(before, after, {"RU": "beside a number"}) == []
    assert (
        validate(
            {"USUBJID": ["a", "b"], "SEX": ["男性", "M"]}, {"USUBJID": ["a", "b"], "SEX": [None, "M"]}, {"SEX": "term"}
        )
        == []
    )


@pytest.mark.parametrize(
    ("after", "kept", "problem"),
    [
        ({"USUBJID": ["a"]}, {}, r"unmapped\.csv: XX: R do not come back"),
        ({"USUBJID": ["a"], "R": ["1"]}, {"R": "nothing"}, r"R are declared as lost and come back"),
        ({"USUBJID": ["a"], "R": ["1"]}, {"Q": "nothing"}, r"Q are declared"),
        ({"USUBJID": ["a"], "R": ["1"]}, {"R": "half"}, r"R keeps 'half', none of date, year"),
    ],
)
def test_a_list_of_unmapped_elements_that_does_not_tell_the_truth_is_refused(
    validate: Validator, after: dict, kept: dict[str, str], problem: str
):
    with pytest.raises(DefinitionError, match=problem):
        validate({"USUBJID": ["a"], "R": ["1"]}, after, kept)
