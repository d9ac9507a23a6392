"""Dictionaries that the user brings; the project ships none."""

import csv
import io
from pathlib import Path

import polars as pl

from cdisc_aclf.errors import InputError
from cdisc_aclf.model.dictionary import COLUMNS
from cdisc_aclf.model.frame import Frame


def read_dictionary(path: Path) -> Frame:
    """Read a dictionary as CSV in UTF-8: a row per lowest level term with the levels above it and their codes.

    Raises:
        InputError: the file is missing or not UTF-8, lacks a level, or has a code that is no number.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as problem:
        raise InputError(str(path), f"the dictionary cannot be opened: {problem.strerror}") from None
    except UnicodeDecodeError as problem:
        raise InputError(str(path), f"the dictionary is not UTF-8 at byte {problem.start}") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if missing := [column for column in COLUMNS if column not in (reader.fieldnames or ())]:
        raise InputError(f"{path}:1", f"the dictionary has no column {', '.join(missing)}")
    rows = []
    for row in reader:
        if wrong := [column for column in COLUMNS if column.endswith("_code") and not (row[column] or "").isdigit()]:
            raise InputError(f"{path}:{reader.line_num}", f"{wrong[0]} {row[wrong[0]]!r} is not a code of digits")
        rows.append([row[column] for column in COLUMNS])
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def no_dictionary() -> Frame:
    """A dictionary without terms, for a draft: every coded variable stays null."""
    return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
