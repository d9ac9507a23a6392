"""SAS files in: transport files and SAS7BDAT, through pyreadstat."""

import mmap
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
import pyreadstat

from cdisc_aclf.errors import InputError
from cdisc_aclf.formats.xpt.model import Column, SasDataset

_LIBRARY = re.compile(rb"HEADER RECORD\*{7}(LIBRARY |LIBV8   )HEADER RECORD!{7}")
_MEMBER = re.compile(rb"HEADER RECORD\*{7}(MEMBER  |MEMBV8  )HEADER RECORD!{7}")


def read_xpt(path: Path, *, encoding: str = "UTF-8") -> SasDataset:
    """Read the one dataset of a SAS transport file, version 5 or 8.

    Args:
        path: the file.
        encoding: how its text is written; a transport file does not say.

    Returns:
        The dataset as stored. Blank text is null, as SAS has no other way to say missing; so are the special
        missing numbers `.A` to `.Z` and `._`.

    Raises:
        InputError: no such file, not a transport file, cut short, more than one dataset (of which pyreadstat
            would make garbage), or text in another encoding.

    Examples:
        >>> read_xpt(Path("lb.xpt"))
        Traceback (most recent call last):
        cdisc_aclf.errors.InputError: lb.xpt: cannot be opened: No such file or directory
    """
    with _opened(path) as file:
        if not _LIBRARY.match(file.read(80)):
            raise InputError(f"{path}", "is not a SAS transport file: it has no LIBRARY header")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            size = len(content)
            members = sum(match.start() % 80 == 0 for match in _MEMBER.finditer(content))
    if size % 80:
        raise InputError(f"{path}", f"is cut short: {size} bytes are not whole records of 80")
    if members != 1:
        raise InputError(f"{path}", f"holds {members} datasets; one file per dataset is read")
    return _dataset(pyreadstat.read_xport, path, encoding)


def read_sas7bdat(path: Path, *, encoding: str | None = None) -> SasDataset:
    """Read a SAS7BDAT file.

    Args:
        path: the file.
        encoding: how its text is written, where that is not what the file says.

    Returns:
        The dataset as stored, with missing values as in `read_xpt`.

    Raises:
        InputError: no such file, not a SAS7BDAT file, or text in another encoding.

    Examples:
        >>> read_sas7bdat(Path("lb.sas7bdat"))
        Traceback (most recent call last):
        cdisc_aclf.errors.InputError: lb.sas7bdat: cannot be opened: No such file or directory
    """
    _opened(path).close()
    return _dataset(pyreadstat.read_sas7bdat, path, encoding)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path}", f"cannot be opened: {error.strerror}") from error


def _dataset(read: Callable[..., Any], path: Path, encoding: str | None) -> SasDataset:
    try:
        # without conversion of dates, one date out of range does not make the file unreadable
        values, meta = read(path, encoding=encoding, disable_datetime_conversion=True, output_format="dict")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}", f"text is not {encoding or 'UTF-8'}; name its encoding, e.g. GB18030 or WINDOWS-1252"
        ) from error
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        taken = f" with text in {encoding}" if encoding else ""
        raise InputError(f"{path}", f"cannot be read as a SAS file{taken}: {error}") from error
    columns = tuple(
        Column(
            name=name,
            label=label or "",
            kind="char" if meta.readstat_variable_types[name] == "string" else "num",
            width=meta.variable_storage_width[name],
            format=_with_dot(meta.original_variable_types[name] or ""),
        )
        for name, label in zip(meta.column_names, meta.column_labels, strict=True)
    )
    schema = {column.name: pl.String() if column.kind == "char" else pl.Float64() for column in columns}
    frame = pl.DataFrame(values, schema=schema).with_columns(pl.col(pl.String).replace("", None))
    return SasDataset(meta.table_name or "", meta.file_label or "", columns, frame)


def _with_dot(sas_format: str) -> str:
    return sas_format if not sas_format or "." in sas_format else f"{sas_format}."
