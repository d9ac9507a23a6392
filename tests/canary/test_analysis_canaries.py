"""One broken cell in a derived variable of ADaM: the schema built from its spec sees it and says nothing else.

A copy is validated in its source and by the rules across datasets.
"""

from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.datasets.schema import validate
from cdisc_aclf.model.spec import VariableSpec
from cdisc_aclf.study.specs import read_standard
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[2]
SPECS, CT = read_standard(ROOT, "adam").datasets, read_terminology(ROOT)
TIED = {"PARAMCD", "PARAM"}
"""Variables that are validated in pairs too; those with value-level metadata are null in a valid dataset."""


def ways_to_break(variable: VariableSpec) -> list[tuple[str, str | None]]:
    ways: list[tuple[str, str | None]] = [("SD-REQUIRED", None)] if variable.filled == "Y" else []
    if not variable.is_text:
        return ways
    if variable.codelists:
        is_open = any(CT.codelists[each].extensible for each in variable.codelists)
        return [*ways, ("SD-TERM-EXTENDED" if is_open else "SD-TERM", "?")]
    return [*ways, ("SD-LENGTH", "x" * (variable.length + 1)), ("SD-TEXT", ".")]


CANARIES = [
    (name, variable, rule, value)
    for name, spec in SPECS.items()
    for variable in spec.variables
    if not variable.predecessor and variable.name not in TIED | {each.variable for each in spec.values}
    for rule, value in ways_to_break(variable)
]


def value_of(variable: VariableSpec, row: int) -> object:
    if variable.codelists:
        return CT.codelists[variable.codelists[0]].values[0]
    return f"V{row}" if variable.is_text else row + 1


def valid(name: str) -> pl.DataFrame:
    spec = SPECS[name]
    columns = {variable.name: [value_of(variable, row) for row in range(3)] for variable in spec.variables}
    columns |= {each.variable: [None] * 3 for each in spec.values}
    pairs = {} if "PARAMCD" not in spec.names else dict(CT.names(*_codelists_of_parameters(name)))
    if pairs:
        columns |= {"PARAMCD": list(pairs)[:3], "PARAM": list(pairs.values())[:3]}
    schema = {variable.name: variable.dtype for variable in spec.variables}
    return pl.DataFrame(columns, schema=schema, strict=False).with_columns(
        raw_record=pl.format("form:{}", pl.int_range(2, pl.len() + 2))
    )


def _codelists_of_parameters(name: str) -> tuple[str, str]:
    of = {variable.name: variable for variable in SPECS[name].variables}
    return of["PARAMCD"].codelists[0], of["PARAM"].codelists[0]


@pytest.mark.parametrize("name", SPECS)
def test_a_valid_dataset_gives_no_issue(name: str):
    assert validate(valid(name), SPECS[name], CT) == []


@pytest.mark.parametrize(
    ("name", "variable", "rule", "value"), CANARIES, ids=[f"{each[0]}.{each[1].name} {each[2]}" for each in CANARIES]
)
def test_a_broken_cell_is_reported_by_its_rule_at_its_place(
    name: str, variable: VariableSpec, rule: str, value: str | None
):
    frame = valid(name)
    cells = [*frame[variable.name]]
    cells[1] = value
    broken = frame.with_columns(pl.Series(variable.name, cells, frame.schema[variable.name]))
    [issue] = validate(broken, SPECS[name], CT)
    assert (issue.rule, issue.dataset, issue.record) == (rule, name, "3")
    assert (issue.variable, issue.value) == (variable.name, value or "")
