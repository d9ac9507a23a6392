"""The records of all forms while they are being filled in."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from .enrolment import SITE
from .facts import Row

ENVIRONMENT = "SYNTHETIC"
"""Stands on every row, so that nobody can take the data for real."""


@dataclass(slots=True, eq=False)
class Record:
    """One row of a form; `cells` holds the columns that somebody filled in."""

    form: str
    subject: str
    number: int
    cells: Row


class Casebook:
    """All records by form and subject, numbered within both."""

    def __init__(self, forms: Mapping[str, tuple[str, ...]]) -> None:
        """Open an empty book of these forms and their columns."""
        self._columns = forms
        self._records: dict[str, dict[str, list[Record]]] = {form: {} for form in forms}
        self._last: Counter[tuple[str, str]] = Counter()

    def add(self, form: str, subject: str, cells: Row) -> Record:
        """Write a record behind the subject's others."""
        self._last[form, subject] += 1
        record = Record(form, subject, self._last[form, subject], cells)
        self._records[form].setdefault(subject, []).append(record)
        return record

    def remove(self, record: Record) -> None:
        """Take a record out; the others keep their numbers, as in an EDC."""
        self._records[record.form][record.subject].remove(record)

    def of(self, subject: str, form: str, **cells: str) -> list[Record]:
        """The subject's records of a form, or those of them that hold these cells."""
        return [record for record in self._records[form].get(subject, []) if cells.items() <= record.cells.items()]

    def all(self, form: str) -> list[Record]:
        """The records of a form in the order of the file."""
        records = self._records[form]
        return [record for subject in sorted(records) for record in records[subject]]

    def frame(self, form: str) -> pl.DataFrame:
        """The form as it is exported: every column of its spec as text, blank cells null.

        Raises:
            KeyError: a record holds a column that the spec of the form does not name.
        """
        records = self.all(form)
        columns = self._columns[form]
        unknown = {name for record in records for name in record.cells}.difference(columns)
        if unknown:
            raise KeyError(f"specs/raw/{form}.csv has no column {', '.join(sorted(unknown))}")
        cells: dict[str, list[str | None]] = {
            name: [record.cells.get(name) or None for record in records] for name in columns
        }
        cells["environment"] = [ENVIRONMENT] * len(records)
        cells["site"] = [SITE] * len(records)
        cells["subject"] = [record.subject for record in records]
        cells["record"] = [str(record.number) for record in records]
        return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String))
