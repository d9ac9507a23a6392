"""Dictionaries that the user brings; the project ships none."""

import csv
import io
import re
from pathlib import Path

import polars as pl

from cdisc_aclf.errors import InputError
from cdisc_aclf.model.dictionary import Dictionary
from cdisc_aclf.model.frame import Frame


def read_dictionary(path: Path, kind: Dictionary) -> Frame:
    """Read a dictionary as CSV in UTF-8: a row per term that can be reported, with the columns that `kind` names.

    Raises:
        InputError: the file is missing or not UTF-8, lacks a column or a cell, or has a code that is no number.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as problem:
        raise InputError(str(path), f"the dictionary cannot be opened: {problem.strerror}") from None
    except UnicodeDecodeError as problem:
        raise InputError(str(path), f"the dictionary is not UTF-8 at byte {problem.start}") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        return _read(reader, path, kind)
    except csv.Error as problem:
        raise InputError(f"{path}:{reader.line_num + 1}", f"cannot be read as CSV: {problem}") from None


def _read(reader: "csv.DictReader[str]", path: Path, kind: Dictionary) -> Frame:
    if missing := [column for column in kind.columns if column not in (reader.fieldnames or ())]:
        raise InputError(f"{path}:1", f"the dictionary has no column {', '.join(missing)}")
    rows = []
    coded: dict[str, tuple[int, list[str]]] = {}
    for row in reader:
        cells = {column: row[column] for column in kind.columns}
        if None in row:
            raise InputError(f"{path}:{reader.line_num}", "the row has more cells than the header")
        if None in cells.values():
            raise InputError(f"{path}:{reader.line_num}", "the row has fewer cells than the header")
        if wrong := [column for column in kind.numbers if not re.fullmatch("[0-9]+", cells[column])]:
            raise InputError(f"{path}:{reader.line_num}", f"{wrong[0]} {cells[wrong[0]]!r} is not a code of digits")
        key = cells[kind.term].strip().lower()
        line, before = coded.setdefault(key, (reader.line_num, [*cells.values()]))
        if before != [*cells.values()]:
            raise InputError(f"{path}:{reader.line_num}", f"{cells[kind.term]!r} is coded otherwise in line {line}")
        rows.append([*cells.values()])
    return pl.DataFrame(rows, schema=_schema(kind), orient="row")


def no_dictionary(kind: Dictionary) -> Frame:
    """A dictionary without terms, for a draft: every coded variable stays null."""
    return pl.DataFrame(schema=_schema(kind))


def _schema(kind: Dictionary) -> dict[str, type[pl.DataType]]:
    return dict.fromkeys(kind.columns, pl.String)
