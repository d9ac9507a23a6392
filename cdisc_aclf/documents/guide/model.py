"""A reviewer's guide: headings, texts and tables in their order, before anything is laid out."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number, e.g. `3.4`."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `by_hand` marks what a person has to write, which is also listed at the end."""

    text: str
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table and where its content comes from.

    Args:
        columns: headings.
        widths: shares of the width of the page.
        rows: text of each cell.
        source: the file or dataset that the content is read from.
    """

    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str


Guide = Sequence[Heading | Text | Table]
