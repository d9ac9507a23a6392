"""Nothing lost, proved by changing it: one cell of every raw column, and what then differs in the datasets.

A column moves every variable that `specs/raw/` names as its target. No other variable moves, but those that a method
computes, which may follow in records of the same subject; and where a dataset is made from the form, only the records
made from that row move. An ignored column moves nothing at all.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import polars as pl

from cdisc_aclf.datasets.conform import conform
from cdisc_aclf.model.dictionary import DICTIONARIES
from cdisc_aclf.model.spec import ColumnSpec
from cdisc_aclf.pipelines.simulate import simulate
from cdisc_aclf.raw.export import read_export
from cdisc_aclf.raw.reconciliation import ANY
from cdisc_aclf.study.definition import open_study
from cdisc_aclf.study.dictionary import read_dictionary
from cdisc_aclf.study.plan import run
from cdisc_aclf.study.shipped import first_study

DEFINITION = open_study(first_study())
SPECS, QUALIFIERS = DEFINITION.standard.datasets, DEFINITION.standard.qualifiers
VARIABLES = [(name, variable) for name, spec in SPECS.items() for variable in spec.variables]
COMPUTED = {f"{name}.{variable.name}" for name, variable in VARIABLES if variable.method}
COMPUTED |= {f"{name}.{variable}" for name in SPECS for variable in ("VISIT", "VISITDY")}  # one to one with VISITNUM
COMPUTED |= {f"SUPP{each.dataset}.{each.qnam}" for each in QUALIFIERS if each.origin == "Derived"}
FOUND = {name for name, variable in VARIABLES if variable.role == "Topic" and variable.method}
FOUND |= {name for name, spec in SPECS.items() if spec.observation_class == "Relationship"}
"""Datasets whose records are found by a rule: they come and go with a value, not with a row of a form."""

TRIES = 60

Frames = dict[str, pl.DataFrame]
Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """Another value for one cell."""

    form: str
    column: ColumnSpec
    record: str
    subject: str
    value: str | None

    @property
    def name(self) -> str:
        return f"{self.form}.{self.column.name}"

    @property
    def is_key(self) -> bool:
        return f"{ANY}.USUBJID" in self.column.targets

    @property
    def subjects(self) -> set[str | None]:
        """Whose records may move."""
        return {f"{DEFINITION.study.id}-{subject}" for subject in (self.subject, self.value)}


@dataclass(frozen=True)
class Move:
    """A variable that differs in those records of a subject that come from one raw record.

    `comes` says that there are more or fewer of these records than before, `trace` all raw records they come from.
    """

    target: str
    subject: str | None
    trace: frozenset[str]
    comes: bool

    @property
    def dataset(self) -> str:
        return dataset_of(self.target)


def dataset_of(target: str) -> str:
    return target.partition(".")[0].removeprefix("SUPP")


def convert(raw: Frames, dictionaries: Frames) -> Frames:
    """Every dataset with its trace and its qualifiers."""
    values: Row = {"study": DEFINITION.study, "trial": DEFINITION.trial, "ct": DEFINITION.ct} | dictionaries
    values |= {f"raw_{name}": form for name, form in raw.items()}
    values |= {f"ref_{name}": table for name, table in DEFINITION.references.items()}
    asked = {need for name in SPECS for need in DEFINITION.plan.inputs_of(name.lower())}
    frames = {}
    for step in DEFINITION.plan.steps:
        if spec := SPECS.get(step.name.upper()):
            frame, qualifiers = run(step, values), DEFINITION.standard.qualifiers_of(spec.name)
            values[step.name] = conform(frame, spec, qualifiers, mapping=step.file).frame
            frames[spec.name] = values[step.name].hstack(frame.select(each.qnam for each in qualifiers))
        elif step.name in asked:
            values[step.name] = run(step, values)
    return frames


def moves(before: Frames, after: Frames) -> Iterator[Move]:
    for name, old in before.items():
        variables = [column for column in old.columns if column != "raw_record"]
        went = by_first_record(old.join(after[name], on=variables, how="anti", nulls_equal=True))
        came = by_first_record(after[name].join(old, on=variables, how="anti", nulls_equal=True))
        for record in went.keys() | came.keys():
            rows, others = went[record], came[record]
            trace = frozenset(" ".join(row["raw_record"] or "" for row in [*rows, *others]).split())
            for variable in variables:
                if told(rows, variable) != told(others, variable):
                    home = name if variable in SPECS[name].names else f"SUPP{name}"
                    for subject in {row.get("USUBJID") for row in [*rows, *others]}:
                        yield Move(f"{home}.{variable}", subject, trace, comes=len(rows) != len(others))


def by_first_record(frame: pl.DataFrame) -> defaultdict[str, list[Row]]:
    grouped = defaultdict(list)
    for row in frame.rows(named=True):
        grouped[(row["raw_record"] or "").partition(" ")[0]].append(row)
    return grouped


def told(rows: list[Row], variable: str) -> list[str]:
    return sorted(str(row[variable]) for row in rows if row[variable] is not None)


def another(value: str | None, column: ColumnSpec, seen: Sequence[str]) -> str | None:
    """A plausible other value of the column's kind; an empty cell where there is no telling."""
    if column.name == "subject":
        return f"{value}X"
    if column.codelist:
        known = meanings(column.codelist)
        return next(each for each in known if known[each] != known.get(value))
    if column.kind == "text":
        return next((each for each in seen if each != value), f"{value or 'text'}X")
    try:
        return shifted(value, column.kind)
    except (ValueError, InvalidOperation):
        return None


def shifted(value: str | None, kind: str) -> str:
    match kind:
        case "date":
            return str(date.fromisoformat(value or "2026-01-20") + timedelta(days=400))
        case "time":
            hours, minutes = (value or "09:12").split(":")
            return f"{(int(hours) + 3) % 24:02}:{minutes}"
        case _:
            number = Decimal(value or "1")
            return str(number - 1 if number > 1 else number + 1)


def meanings(codelist: str) -> dict[str | None, object]:
    """What each known value stands for: another spelling of the same thing is no change."""
    name, _, key = codelist.partition(".")
    if not key:
        return {**DEFINITION.ct.collected[codelist]}
    table = DEFINITION.references[name]
    return {row.pop(key): row for row in table.drop_nulls(table.columns[0]).to_dicts()}


def changes(raw: Frames) -> dict[str, list[Change]]:
    """What to try of every column: filled cells of many subjects, and last an empty one.

    Nothing is changed of the last subject: what moves there leaks from another one.
    """
    tried, witness = {}, raw["demographics"]["subject"][-1]
    for form, spec in DEFINITION.forms.items():
        shuffled = raw[form].filter(pl.col("subject") != witness).sample(fraction=1, shuffle=True, seed=1)
        for column in spec.columns:
            filled = shuffled.drop_nulls(column.name)
            seen = sorted(filled[column.name].unique())
            of_subject = pl.int_range(pl.len()).over("subject")  # a second of any after the first of all
            rows = (filled if seen else shuffled).sort(of_subject, maintain_order=True).head(TRIES).rows(named=True)
            values = [*(another(row[column.name], column, seen) for row in rows), None]
            tried[f"{form}.{column.name}"] = [
                Change(form, column, row["raw_record"], row["subject"], value)
                for row, value in zip([*rows, rows[0]], values, strict=True)
            ]
    return tried


def next_round(waiting: Mapping[str, list[Change]]) -> list[Change]:
    """One change per subject at most: what moves in the records of a subject is then the doing of that change."""
    busy: set[str | None] = set()
    chosen = []
    for left in sorted(waiting.values(), key=len):
        if change := next((each for each in left if busy.isdisjoint(each.subjects)), None):
            left.remove(change)
            busy |= change.subjects
            chosen.append(change)
    return chosen


def changed(raw: Frames, chosen: Sequence[Change]) -> Frames:
    forms = dict(raw)
    for change in chosen:
        name, here = change.column.name, pl.col("raw_record") == change.record
        value = pl.when(here).then(pl.lit(change.value)).otherwise(name)
        forms[change.form] = forms[change.form].with_columns(value.alias(name))
    return forms


def may_move(change: Change, move: Move, forms_of: Mapping[str, set[str]]) -> bool:
    targets = change.column.targets
    if change.column.ignored:
        return False
    if change.is_key or move.target in COMPUTED:
        return True
    if move.comes:
        return move.dataset in FOUND or move.dataset in map(dataset_of, targets)
    return move.target in targets and (change.record in move.trace or change.form not in forms_of[move.dataset])


def test_a_changed_cell_moves_what_its_column_names_and_nothing_else_that_was_collected(tmp_path: Path):
    simulate(first_study(), tmp_path / "demo", subjects=20, seed=1, clean=False)
    raw = read_export(tmp_path / "demo" / "raw", DEFINITION.forms)
    dictionaries = {
        f"dict_{name}": read_dictionary(tmp_path / "demo" / "dictionaries" / f"{name}.csv", kind)
        for name, kind in DICTIONARIES.items()
    }
    before = convert(raw, dictionaries)
    traces = {name: frame["raw_record"].drop_nulls().str.split(" ").explode() for name, frame in before.items()}
    forms_of = {name: {trace.partition(":")[0] for trace in of} for name, of in traces.items()}
    waiting, tried, problems = changes(raw), set(), set()
    unmoved = {name: {each for each in left[0].column.targets if ANY not in each} for name, left in waiting.items()}
    while chosen := next_round(waiting):
        for move in set(moves(before, convert(changed(raw, chosen), dictionaries))):
            if move.subject is None:  # a fact of the trial: the doing of whichever change names it
                doing = [each for each in chosen if move.target in each.column.targets or each.is_key]
            else:
                doing = [each for each in chosen if move.subject in each.subjects]
            problems |= set() if doing else {f"{move.target} moves in a subject that nothing was changed of"}
            for change in doing:
                unmoved[change.name].discard(move.target)
                if not may_move(change, move, forms_of):
                    problems.add(f"{change.name} moves {move.target}")
        tried |= {change.name for change in chosen}
        waiting = {name: left for name, left in waiting.items() if unmoved[name] or name not in tried}
    problems |= {f"{name} does not move {target}" for name, left in unmoved.items() for target in left}
    assert sorted(problems) == []
