"""One broken cell in a valid dataset: each kind of constraint sees it, says where it is, and says nothing else.

The datasets are those of `specs/sdtm/`, so a spec that asks for less than its standard lets a canary live.
"""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.datasets.schema import RULES, validate
from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.spec import DatasetSpec, VariableSpec
from cdisc_aclf.study.specs import read_standard
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[2]
STANDARD, CT = read_standard(ROOT, "sdtm"), read_terminology(ROOT)
SUPPQUAL = DatasetSpec(
    name="SUPPAE",
    label="",
    observation_class="",
    structure="",
    key=("USUBJID", "IDVAR", "IDVARVAL", "QNAM"),
    variables=STANDARD.suppqual,
    file="specs/sdtm/suppqual.csv",
)
SPECS = {**STANDARD.datasets, "SUPPAE": SUPPQUAL}
ROWS = 3
BROKEN = 1  # the middle one


def valid(spec: DatasetSpec) -> pl.DataFrame:
    columns = {variable.name: [_value(variable, spec, row) for row in range(ROWS)] for variable in spec.variables}
    schema = {variable.name: variable.dtype for variable in spec.variables}
    trace = pl.Series("raw_record", [f"form:{row + 2}" for row in range(ROWS)])
    return pl.DataFrame(columns, schema=schema).with_columns(trace)


def _value(variable: VariableSpec, spec: DatasetSpec, row: int) -> str | int:
    of = {each.name: each for each in spec.variables}
    codelists = variable.codelists
    for each in spec.values:
        if each.variable == variable.name and _value(of[each.where], spec, row) == each.equals:
            codelists = each.codelists
    if is_test(variable) and codelists:
        code, name = (of[variable.name.removesuffix("CD") + suffix].codelists[0] for suffix in ("CD", ""))
        pairs = list(CT.names(code, name).items())
        return pairs[min(row, len(pairs) - 1)][variable.name.endswith("TEST")]
    if codelists:
        return CT.codelists[codelists[0]].values[0]
    if variable.data_type == "datetime":
        return f"2026-01-{row + 1:02}"
    return f"V{row}" if variable.is_text else row + 1


def is_test(variable: VariableSpec) -> bool:
    return variable.name.endswith(("TEST", "TESTCD"))


def broken(frame: pl.DataFrame, variable: str, value: object) -> pl.DataFrame:
    cells = frame[variable].to_list()
    cells[BROKEN] = value
    return frame.with_columns(pl.Series(variable, cells, frame.schema[variable]))


def canaries() -> list[tuple[str, str, str, str | None]]:
    """Rule, dataset, variable and the value that breaks it."""
    found: list[tuple[str, str, str, str | None]] = []
    for name, spec in SPECS.items():
        value_level = {each.variable for each in spec.values}
        for variable in spec.variables:
            if not is_test(variable) and variable.name not in value_level:
                found += [(rule, name, variable.name, value) for rule, value in _ways_to_break(variable)]
    return found


def _ways_to_break(variable: VariableSpec) -> list[tuple[str, str | None]]:
    ways: list[tuple[str, str | None]] = [("SD-REQUIRED", None)] if variable.core == "Req" else []
    if not variable.is_text:
        return ways
    if variable.codelists:
        is_open = any(CT.codelists[each].extensible for each in variable.codelists)
        return [*ways, ("SD-TERM-EXTENDED" if is_open else "SD-TERM", "OTHERS"[: variable.length])]
    if variable.data_type == "datetime":
        impossible = ("2026-02-30", "2026---32", "2026-01-10T24:00")
        return [*ways, *(("SD-DATE", text) for text in impossible if len(text) <= variable.length)]
    too_long = "肝" * (variable.length // 3 + 1)
    return [*ways, ("SD-LENGTH", too_long), ("SD-TEXT", "."), ("SD-TEXT", " x"[: variable.length])]


CANARIES = canaries()


@pytest.mark.parametrize("name", SPECS)
def test_a_valid_dataset_gives_no_issue(name: str):
    assert validate(valid(SPECS[name]), SPECS[name], CT) == []


@pytest.mark.parametrize(("rule", "name", "variable", "value"), {each[0]: each for each in CANARIES}.values())
def test_a_broken_cell_is_reported_by_its_rule_with_its_place_and_nothing_else_is(
    rule: str, name: str, variable: str, value: str | None
):
    frame = broken(valid(SPECS[name]), variable, value)
    [issue] = validate(frame, SPECS[name], CT)
    assert (issue.rule, issue.severity) == (rule, RULES[rule].severity)
    assert (issue.dataset, issue.form, issue.record) == (name, "form", "3")
    assert (issue.variable, issue.value) == (variable, value or "")
    row = {each: "" if cell is None else str(cell) for each, cell in frame.row(BROKEN, named=True).items()}
    key = ", ".join(f"{each}={row[each]}" for each in SPECS[name].key if each != "USUBJID")
    assert (issue.subject, issue.key) == (row.get("USUBJID", ""), key)


@pytest.mark.parametrize("name", SPECS)
def test_every_constraint_of_every_variable_is_held_and_all_of_them_are_reported_at_once(name: str):
    of_variable: dict[str, list[tuple[str, str | None]]] = {}
    for rule, dataset, variable, value in CANARIES:
        if dataset == name:
            of_variable.setdefault(variable, []).append((rule, value))
    for turn in range(max(map(len, of_variable.values()))):
        cells = {variable: ways[turn] for variable, ways in of_variable.items() if turn < len(ways)}
        frame = valid(SPECS[name])
        for variable, (_, value) in cells.items():
            frame = broken(frame, variable, value)
        found = [(each.rule, each.variable, each.value) for each in validate(frame, SPECS[name], CT)]
        assert sorted(found) == sorted((rule, variable, value or "") for variable, (rule, value) in cells.items())


@pytest.mark.parametrize("name", SPECS)
def test_a_natural_key_twice_is_reported_at_both_records(name: str):
    spec = SPECS[name]
    frame = valid(spec)
    twice = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 1).then(pl.col(each).first()).otherwise(each) for each in spec.key
    )
    found = [each for each in validate(twice, spec, CT) if each.rule == "SD-KEY"]
    assert [(each.record, each.variable, each.count) for each in found] == [
        ("2", spec.key[0], 1),
        ("3", spec.key[0], 1),
    ]


@pytest.mark.parametrize("name", [name for name, spec in SPECS.items() if {f"{name}SEQ", "USUBJID"} <= {*spec.names}])
def test_a_sequence_number_twice_is_reported_at_both_records(name: str):
    spec = SPECS[name]
    twice = valid(spec).with_columns(USUBJID=pl.lit("V0"), **{f"{name}SEQ": pl.Series([1, 2, 2])})
    found = [each for each in validate(twice, spec, CT) if each.rule != "SD-KEY"]
    assert [(each.rule, each.record, each.value) for each in found] == [
        ("SD-SEQUENCE", "3", "2"),
        ("SD-SEQUENCE", "4", "2"),
    ]


@pytest.mark.parametrize(
    ("variable", "value", "rules"),
    [
        ("LBTESTCD", "1ALB", {"SD-NAME": 1, "SD-TERM-EXTENDED": 1}),
        ("LBTESTCD", "AFP", {"SD-ONE-TO-ONE": 2}),
        ("LBTEST", "Alpha Fetoprotein", {"SD-ONE-TO-ONE": 2}),
        ("LBTEST", None, {"SD-REQUIRED": 1}),
    ],
)
def test_short_name_and_name_of_a_test_are_held_against_each_other(variable: str, value: object, rules: dict[str, int]):
    spec = SPECS["LB"]
    assert Counter(each.rule for each in validate(broken(valid(spec), variable, value), spec, CT)) == rules


def test_every_rule_of_the_schema_has_a_canary():
    elsewhere = {"SD-KEY", "SD-SEQUENCE", "SD-NAME", "SD-ONE-TO-ONE"}
    assert {rule for rule, *_ in CANARIES} | elsewhere == set(RULES)


def test_a_copy_is_validated_where_it_comes_from():
    spec = SPECS["DM"]
    sex = next(variable for variable in spec.variables if variable.name == "SEX")
    copy = replace(
        spec, variables=tuple(replace(each, predecessor="DM.SEX") if each is sex else each for each in spec.variables)
    )
    for value in ("OTHERS", None):
        frame = broken(valid(spec), "SEX", value)
        assert validate(frame, spec, CT) != []
        assert validate(frame, copy, CT) == []


def test_a_codelist_that_is_not_shipped_stops_the_run():
    spec = SPECS["LB"]
    first = replace(spec.variables[0], codelists=("NOLIST",))
    with pytest.raises(DefinitionError, match="no codelist NOLIST"):
        validate(valid(spec), replace(spec, variables=(first, *spec.variables[1:])), CT)


def test_another_order_or_type_of_the_variables_stops_the_run():
    spec, frame = SPECS["LB"], valid(SPECS["LB"])
    first = spec.names[0]
    for wrong in (frame.select(reversed(frame.columns)), frame.with_columns(pl.lit(1).alias(first)), frame.drop(first)):
        with pytest.raises(DefinitionError):
            validate(wrong, spec, CT)
