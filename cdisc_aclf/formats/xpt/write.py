"""One dataset as a SAS transport file, version 5.

Layout: SAS technical paper TS-140, "Record Layout of a SAS Version 5 or 6 Data Set in SAS Transport (XPORT)
Format". Everything stands in records of 80 bytes: three for the library, four for the dataset, one NAMESTR of
140 bytes per variable, then the observations without a gap, padded with blanks.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest

import numpy as np
import polars as pl

from cdisc_aclf.errors import AclfError
from cdisc_aclf.formats.xpt.ibm_float import LIMIT, SMALLEST, ibm_double
from cdisc_aclf.formats.xpt.model import Column, SasDataset
from cdisc_aclf.model.frame import Frame

_RECORD = 80
_CHUNK = 16_384  # records rendered at a time, a few megabytes
_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")
_FORMAT = re.compile(r"(?!\.)(\$?(?:[A-Z_](?:[A-Z0-9_]*[A-Z_])?)?)(?:([1-9]\d{0,2})\.([1-9]\d?)?|\.)")
_NAMESTR = struct.Struct(">4h8s40s8s3h2x8s2hl52x")


class XptError(AclfError):
    """A dataset that a version 5 file cannot hold; `problems` has every reason, not the first one."""

    def __init__(self, dataset: str, problems: Sequence[str]) -> None:
        """Keep the reasons apart for a report, and together in the message."""
        self.problems = tuple(problems)
        super().__init__(f"{dataset}.xpt", "; ".join(problems))


def xpt_bytes(frame: Frame, *, name: str, label: str, columns: Sequence[Column], stamp: datetime) -> Iterator[bytes]:
    """Render a dataset as a SAS version 5 transport file, in pieces that a caller writes one by one.

    Nothing is cut, rounded or replaced: what the format cannot hold is refused before the first piece. The
    refusals are the limits of the format (names, labels, widths, numbers beyond an IBM double), what it would
    give back changed (trailing blanks and empty text, NUL, a blank last record, which reads as padding) and a
    dataset without records, which CDISC does not allow (SDTMIG 3.4, rule CG0408).

    Args:
        frame: the variables in the order of `columns`: String for text; integers or floats for numbers, where
            null and NaN are missing. A date is its count of days since 1960-01-01, a datetime of seconds.
        name: dataset name, at most 8 of A-Z, 0-9 and underscore.
        label: dataset label, at most 40 bytes of UTF-8.
        columns: what the file says of each variable.
        stamp: time of creation and change, written as it reads on its clock; the zone is not recorded.

    Returns:
        The pieces of the file; the same arguments give the same bytes.

    Raises:
        XptError: the format cannot hold the dataset. Raised by the call, not by the first piece.

    Examples:
        >>> columns = [Column("LBSEQ", "Sequence Number", "num", 8), Column("LBORRES", "Result", "char", 4)]
        >>> frame = pl.DataFrame({"LBSEQ": [1, 2], "LBORRES": ["<0.5", None]})
        >>> stamp = datetime(2026, 1, 10, 8, 30)
        >>> pieces = xpt_bytes(frame, name="LB", label="Laboratory", columns=columns, stamp=stamp)
        >>> b"".join(pieces)[:41].decode()
        'HEADER RECORD*******LIBRARY HEADER RECORD'
    """
    problems = [*_metadata_problems(name, label, columns), *_frame_problems(frame, columns)]
    if not problems and not _observations(frame.tail(1), columns).strip(b" "):
        problems.append("the last record is blank in every variable, which reads as padding")
    if problems:
        raise XptError(name, problems)
    return _render(frame, name, label, columns, stamp)


def differences(frame: Frame, back: SasDataset, *, name: str, label: str, columns: Sequence[Column]) -> list[str]:
    """Compare a dataset with what a reader found in its file.

    Args:
        frame: as given to `xpt_bytes`.
        back: as the reader gave it.
        name: as given to `xpt_bytes`.
        label: as given to `xpt_bytes`.
        columns: as given to `xpt_bytes`.

    Returns:
        One sentence per name, label, order, type, width, format, record count or column of values that is not
        the same; empty if the file says what it was told.

    Examples:
        >>> columns = (Column("AGE", "Age", "num", 8),)
        >>> back = SasDataset("DM", "Demographics", columns, pl.DataFrame({"AGE": [47.0]}))
        >>> differences(pl.DataFrame({"AGE": [46]}), back, name="DM", label="Demographics", columns=columns)
        ['AGE: 46 came back as 47.0 in record 1 (1 in all)']
    """
    found = [
        f"{ours} came back as {theirs}"
        for ours, theirs in [((name, label), (back.name, back.label)), *zip_longest(columns, back.columns)]
        if ours != theirs
    ]
    if frame.height != back.frame.height:
        return [*found, f"{frame.height} records came back as {back.frame.height}"]
    for column in columns:
        if column.name not in back.frame.columns:
            continue
        written, read = frame[column.name], back.frame[column.name]
        stored = written if column.kind == "char" else written.cast(pl.Float64).fill_nan(None)
        changed = (stored.ne_missing(read) if stored.dtype == read.dtype else stored.is_not_null()).arg_true()
        if len(changed):
            first = changed[0]
            found.append(
                f"{column.name}: {written[first]!r} came back as {read[first]!r} in record {first + 1} "
                f"({len(changed)} in all)"
            )
    return found


def _render(frame: Frame, name: str, label: str, columns: Sequence[Column], stamp: datetime) -> Iterator[bytes]:
    yield _header(name, label, columns, stamp)
    size = 0
    for chunk in frame.iter_slices(_CHUNK):
        records = _observations(chunk, columns)
        size += len(records)
        yield records
    yield b" " * (-size % _RECORD)


def _header(name: str, label: str, columns: Sequence[Column], stamp: datetime) -> bytes:
    # strftime would follow the locale
    month = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"[3 * stamp.month - 3 : 3 * stamp.month]
    clock = f"{stamp.day:02}{month}{stamp.year % 100:02}:{stamp.hour:02}:{stamp.minute:02}:{stamp.second:02}"
    # TS-140's sample release and system, which other writers without SAS put here too
    made_by = f"{'6.06':<8}{'bsd4.2':<8}{'':24}{clock}"
    parts = [
        _marker("LIBRARY"),
        f"SAS     SAS     SASLIB  {made_by}".encode(),
        clock.encode(),
        _marker("MEMBER", f"{160:020}{_NAMESTR.size:010}"),
        _marker("DSCRPTR"),
        f"SAS     {name:<8}SASDATA {made_by}".encode(),
        f"{clock:<32}{label}".encode(),
        _marker("NAMESTR", f"{len(columns):010}{0:020}"),
        _namestrs(columns),
        _marker("OBS"),
    ]
    return b"".join(part + b" " * (-len(part) % _RECORD) for part in parts)


def _marker(kind: str, counts: str = "0" * 30) -> bytes:
    return f"HEADER RECORD*******{kind:<8}HEADER RECORD!!!!!!!{counts}".encode()


def _namestrs(columns: Sequence[Column]) -> bytes:
    described = b""
    position = 0
    for number, column in enumerate(columns, start=1):
        match = _FORMAT.fullmatch(column.format)
        style, width, decimals = match.groups(default="0") if match else ("", "0", "0")
        described += _NAMESTR.pack(
            1 if column.kind == "num" else 2,
            0,  # hash of the name, always 0
            column.width,
            number,
            column.name.encode().ljust(8),
            column.label.encode().ljust(40),
            style.encode().ljust(8),
            int(width),
            int(decimals),
            0,  # left-justified
            b" " * 8,  # no informat
            0,
            0,
            position,
        )
        position += column.width
    return described


def _observations(frame: Frame, columns: Sequence[Column]) -> bytes:
    texts = frame.select(_fixed_width(column) for column in columns if column.kind == "char")
    layout = [(column.name, f"V{column.width}" if column.kind == "char" else ">u8") for column in columns]
    records = np.empty(frame.height, layout)
    for column in columns:
        if column.kind == "char":
            records[column.name] = np.frombuffer(texts[column.name].item(), f"V{column.width}")
        else:
            records[column.name] = ibm_double(frame[column.name].cast(pl.Float64).to_numpy())
    return records.tobytes()


def _fixed_width(column: Column) -> pl.Expr:
    """All values of a column as one run of bytes, each filled with blanks to the width in bytes."""
    text = pl.col(column.name).fill_null("")
    gap = column.width - text.str.len_bytes().cast(pl.Int64)
    return (text + pl.lit(" " * column.width).str.slice(0, gap)).str.join("").cast(pl.Binary)


def _metadata_problems(name: str, label: str, columns: Sequence[Column]) -> Iterator[str]:
    yield from _title_problems("dataset", name, label)
    if not 1 <= len(columns) <= 9999:
        yield f"{len(columns)} variables, the format holds 1 to 9999"
    for twice, count in Counter(column.name for column in columns).items():
        if count > 1:
            yield f"{twice}: {count} variables of this name"
    for column in columns:
        yield from _title_problems("variable", column.name, column.label)
        least, most = (1, 200) if column.kind == "char" else (8, 8)
        if not least <= column.width <= most:
            yield f"{column.name}: width {column.width} is not {least} to {most} bytes"
        match = _FORMAT.fullmatch(column.format)
        if column.format and (not match or len(match[1]) > 8):
            yield f"{column.name}: format {column.format!r} is not written like DATE9., 8.2 or $20."
        elif match and match[1].startswith("$") != (column.kind == "char"):
            yield f"{column.name}: format {column.format!r} does not suit the type {column.kind}"


def _title_problems(what: str, name: str, label: str) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield f"{what} name {name!r} is not 1 to 8 of A-Z, 0-9 and underscore, starting with no digit"
    if len(label.encode()) > 40:
        yield f"{what} {name}: label of {len(label.encode())} bytes, the format holds 40: {label!r}"
    if label.endswith(" ") or "\0" in label:
        yield f"{what} {name}: label ends with a blank or holds a NUL: {label!r}"


def _frame_problems(frame: Frame, columns: Sequence[Column]) -> Iterator[str]:
    expected = [column.name for column in columns]
    if frame.columns != expected:
        yield f"the data has the variables {frame.columns}, the metadata {expected}"
    if frame.is_empty():
        yield "no records; leave the dataset out"
    rules: list[tuple[str, str, pl.Expr]] = []
    for column in columns:
        dtype = frame.schema.get(column.name)
        if dtype is None:
            continue
        if dtype == pl.String if column.kind == "char" else dtype.is_integer() or dtype.is_float():
            rules += [(column.name, what, broken) for what, broken in _rules(column, dtype).items()]
        else:
            yield f"{column.name}: {dtype} is no data type for {column.kind}"
    if not rules:
        return
    counts = frame.select(broken.sum().alias(f"{at}") for at, (_, _, broken) in enumerate(rules)).row(0)
    for (variable, what, broken), count in zip(rules, counts, strict=True):
        if count:
            first = frame.select(broken.arg_true().first()).item()
            yield f"{variable}: {what} in record {first + 1}: {frame[variable][first]!r:.80} ({count} in all)"


def _rules(column: Column, dtype: pl.DataType) -> dict[str, pl.Expr]:
    """What the format cannot hold, each with the expression that is true for such a value."""
    value = pl.col(column.name)
    if column.kind == "char":
        return {
            f"text longer than {column.width} bytes": value.str.len_bytes() > column.width,
            "text that is empty or ends with a blank": (value == "") | value.str.ends_with(" "),
            "text with a NUL": value.str.contains("\0", literal=True),
        }
    number = value.cast(pl.Float64)
    size = number.fill_nan(None).abs()
    return {
        "number of 7.2e75 or more": size >= LIMIT,
        "number below 5.4e-79 and not zero": (size > 0) & (size < SMALLEST),
        "number with more digits than a double": number.cast(dtype, strict=False).ne_missing(value),
    }
