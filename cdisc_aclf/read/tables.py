"""Tables of the study folder: text in, text out, every cell as written."""

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

from cdisc_aclf.errors import HouseError


def read_table(path: Path, columns: tuple[str, ...] = ()) -> list[dict[str, str]]:
    r"""Read a CSV of the study folder; `columns` are those that it must have.

    Raises:
        HouseError: the file is missing, lacks a column, or has a row of another width.

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "arms.csv"
        >>> _ = path.write_text("armcd,arm\nCTRL,Control Group\n")
        >>> read_table(path, ("armcd",))
        [{'armcd': 'CTRL', 'arm': 'Control Group'}]
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise HouseError(str(path), "the study needs this file and it is missing") from None
    except UnicodeDecodeError as problem:
        raise HouseError(str(path), f"not UTF-8 at byte {problem.start}") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    if missing := [column for column in columns if column not in header]:
        raise HouseError(f"{path}:1", f"no column {', '.join(missing)}; the header has {', '.join(header)}")
    rows = []
    for cells in reader:
        if len(cells) != len(header):
            raise HouseError(f"{path}:{reader.line_num}", f"{len(cells)} cells, the header has {len(header)}")
        rows.append(dict(zip(header, cells, strict=True)))
    return rows


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of the study folder.

    Raises:
        HouseError: the file is missing or not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise HouseError(str(path), "the study needs this file and it is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise HouseError(str(path), str(problem)) from None
