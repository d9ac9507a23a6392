"""Tables of the study folder: text in, text out, every cell as written."""

import csv
import io
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

import polars as pl

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.frame import Frame


def read_table(path: Path, columns: tuple[str, ...] = ()) -> list[dict[str, str]]:
    r"""Read a CSV of the study folder; `columns` are those that it must have.

    Raises:
        DefinitionError: the file is missing, lacks a column, or has a row of another width.

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "arms.csv"
        >>> _ = path.write_text("armcd,arm\nCTRL,Control Group\n")
        >>> read_table(path, ("armcd",))
        [{'armcd': 'CTRL', 'arm': 'Control Group'}]
    """
    header, rows = _cells(path)
    if missing := [column for column in columns if column not in header]:
        raise DefinitionError(f"{path}:1", f"no column {', '.join(missing)}; the header has {', '.join(header)}")
    return [dict(zip(header, cells, strict=True)) for cells in rows]


def read_translations(path: Path, column: str, what: str, *, known: Collection[str] = ()) -> dict[str, str]:
    """Read a table of English texts and their Chinese, each in its order.

    Args:
        path: the table.
        column: of the English text; the Chinese stands in `<column>_zh`.
        what: a row has in Chinese, as a message calls it.
        known: English texts that another table has.

    Raises:
        DefinitionError: the table is missing, a row has no Chinese or one with a blank at its edge, or a text has
            two rows.
    """
    translations: dict[str, str] = {}
    for line, row in enumerate(read_table(path, (column, f"{column}_zh")), start=2):
        english, chinese = row[column], row[f"{column}_zh"]
        if english in translations or english in known:
            raise DefinitionError(f"{path}:{line}", f"{english!r} has two rows")
        if not chinese.strip() or chinese != chinese.strip():
            raise DefinitionError(f"{path}:{line}", f"{english!r} has no {what}, or one with a blank at its edge")
        translations[english] = chinese
    return translations


def read_frame(path: Path) -> Frame:
    """Read a CSV of the study folder as text; an empty cell is null.

    Raises:
        DefinitionError: the file is missing or has a row of another width.
    """
    header, rows = _cells(path)
    schema = dict.fromkeys(header, pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.all().replace("", None))


def _cells(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise DefinitionError(str(path), "the study needs this file and it is missing") from None
    except OSError as problem:
        raise DefinitionError(str(path), f"the study needs this file: {problem.strerror}") from None
    except UnicodeDecodeError as problem:
        raise DefinitionError(str(path), f"not UTF-8 at byte {problem.start}") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    rows = []
    for cells in reader:
        if len(cells) != len(header):
            raise DefinitionError(f"{path}:{reader.line_num}", f"{len(cells)} cells, the header has {len(header)}")
        rows.append(cells)
    return header, rows


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of the study folder.

    Raises:
        DefinitionError: the file is missing or not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise DefinitionError(str(path), "the study needs this file and it is missing") from None
    except OSError as problem:
        raise DefinitionError(str(path), f"the study needs this file: {problem.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise DefinitionError(str(path), str(problem)) from None
