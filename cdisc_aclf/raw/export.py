"""The CRF export: one file per form, every cell as typed."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

import polars as pl

from cdisc_aclf.errors import InputError
from cdisc_aclf.files.bounded import refuse_irregular
from cdisc_aclf.formats.sas import read_sas7bdat, read_xpt
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.spec import FormSpec
from cdisc_aclf.raw.encoding import decode

SUFFIXES = (".csv", ".xpt", ".sas7bdat")
SHOWN = 5
"""How many things wrong with a header an error names."""
BATCH = 1_000
"""Rows held as Python text at one time: 300,000 rows read twice as fast as in one go."""

_ROW, _LINE = "row of the file", "line of the file"
_FIRST_DAY, _LAST_DAY = ((day - date(1960, 1, 1)).days for day in (date(1582, 1, 1), date(9999, 12, 31)))
_LAST_SECOND = 24 * 60 * 60 - 1


def read_export(folder: Path, forms: Mapping[str, FormSpec]) -> dict[str, Frame]:
    r"""Read every form of an export: `<form>.csv`, `<form>.xpt` or `<form>.sas7bdat`.

    Args:
        folder: where the files are; files of other types are left alone.
        forms: what the study collects. The first form is the one that registers a subject, once.

    Returns:
        Frames by form, in the order of `forms`: columns in the order of the spec, all text as typed, an empty cell
        null, and the trace column (`lab:17` is row 17, the header being row 1).

    Raises:
        InputError: the first thing that keeps the export from being read as these forms.

    Examples:
        >>> import tempfile
        >>> from cdisc_aclf.model.spec import ColumnSpec
        >>> columns = tuple(
        ...     ColumnSpec(name=name, label="", label_zh="", kind="text", codelist="", targets=(), ignored="")
        ...     for name in ("subject", "sex")
        ... )
        >>> forms = {
        ...     "demographics": FormSpec(
        ...         name="demographics",
        ...         label="",
        ...         label_zh="",
        ...         key=("subject",),
        ...         left_out="",
        ...         columns=columns,
        ...         file="",
        ...     )
        ... }
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "demographics.csv").write_text("sex,subject\n,01\n")
        >>> read_export(folder, forms)["demographics"].rows()
        [('01', None, 'demographics:2')]
    """
    files = _files(folder, forms)
    export: dict[str, Frame] = {}
    for name, form in forms.items():
        frame = _read(files[name], form)
        if not export:
            _check_subjects(frame, form, files[name])
        trace = pl.format("{}:{}", pl.lit(name), _ROW).alias(RAW_RECORD)
        export[name] = frame.select(*(column.name for column in form.columns), trace)
    return export


def _files(folder: Path, forms: Mapping[str, FormSpec]) -> dict[str, Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    except OSError as problem:
        raise InputError(f"{folder}", f"cannot be opened as a folder: {problem.strerror}") from None
    files: dict[str, Path] = {}
    for path in found:
        if path.name.startswith("."):
            continue
        if path.stem not in forms:
            raise InputError(f"{path}", f"unknown form {_and_nearest(path.stem, forms)}; known are {', '.join(forms)}")
        if path.stem in files:
            raise InputError(f"{path}", f"the form is also in {files[path.stem].name}; keep one of the two")
        files[path.stem] = path
    if not files:
        raise InputError(f"{folder}", f"holds no form; expected are {', '.join(f'{name}.csv' for name in forms)}")
    for name in forms:
        if name not in files:
            raise InputError(f"{folder / name}.csv", "is missing; a form without records is a file with its header")
    return files


def _and_nearest(name: str, known: Iterable[str]) -> str:
    nearest = get_close_matches(name.strip().lower(), known, n=1)
    return f"{name[:80]!r} (did you mean {nearest[0]!r}?)" if nearest else f"{name[:80]!r}"


def _read(path: Path, form: FormSpec) -> Frame:
    match path.suffix.lower():
        case ".csv":
            return _read_csv(path, form)
        case ".xpt":
            return _as_typed(read_xpt(path).frame, path, form)
        case _:
            return _as_typed(read_sas7bdat(path).frame, path, form)


def _read_csv(path: Path, form: FormSpec) -> Frame:
    refuse_irregular(path)
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise InputError(f"{path}", f"cannot be opened: {problem.strerror}") from None
    rows = _rows(decode(content, path), path)
    _, header = next(rows, (1, []))
    if not header:
        raise InputError(f"{path}:1", "no header; a form without records is a file with its header")
    _check_header(header, f"{path}:1", form)
    schema = dict.fromkeys(header, pl.String) | {_ROW: pl.Int64, _LINE: pl.Int64}
    records = _records(rows, len(header), path)
    batches = [pl.DataFrame(schema=schema)]
    while batch := list(islice(records, BATCH)):
        batches.append(pl.DataFrame(dict(zip(schema, zip(*batch, strict=True), strict=True)), schema))
    return pl.concat(batches, rechunk=True).with_columns(pl.col(pl.String).replace("", None))


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row and the line that it starts on; a cell in quotes may go over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as problem:
        raise InputError(f"{path}:{line}", f"the quotes of the row that starts here do not match: {problem}") from None


def _records(rows: Iterator[tuple[int, list[str]]], width: int, path: Path) -> Iterator[tuple[str | int, ...]]:
    for row, (line, cells) in enumerate(rows, start=2):
        if len(cells) == width:
            yield (*cells, row, line)
        elif cells:
            raise InputError(f"{path}:{line}", f"{len(cells)} cells, the header has {width}")


def _check_header(header: list[str], where: str, form: FormSpec) -> None:
    expected = [column.name for column in form.columns]
    problems = [f"column {name!r} twice" for name in expected if header.count(name) > 1]
    problems += [f"unknown column {_and_nearest(name, expected)}" for name in header if name not in expected]
    problems += [f"no column {name!r}" for name in expected if name not in header]
    if problems:
        more = f"; and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        raise InputError(where, "; ".join(problems[:SHOWN]) + more)


def _check_subjects(frame: Frame, form: FormSpec, path: Path) -> None:
    key = pl.struct(form.key)
    twice = frame.filter(key.is_duplicated(), pl.all_horizontal(pl.col(form.key).is_not_null()))
    if not twice.is_empty():
        first, second = twice.filter(key == key.first())[_LINE].head(2)
        subject = " ".join(twice.select(form.key).row(0))
        raise InputError(f"{path}:{second}", f"two subjects with one id: {subject!r} is also on line {first}")


def _as_typed(frame: Frame, path: Path, form: FormSpec) -> Frame:
    frame.columns = [name.lower() for name in frame.columns]  # SAS names know no case
    _check_header(frame.columns, f"{path}", form)
    kinds = {column.name: column.kind for column in form.columns}
    numbers = {name: _printed(name, kinds[name]) for name, dtype in frame.schema.items() if dtype != pl.String}
    row = pl.int_range(2, pl.len() + 2)
    return frame.with_columns(row.alias(_ROW), row.alias(_LINE), **numbers)


def _printed(name: str, kind: str) -> pl.Expr:
    """A SAS number as an EDC prints it: 2 without `.0`, days since 1960 as a date, seconds as a time."""
    number = pl.col(name)
    whole = number.cast(pl.Int64, strict=False)
    plain = pl.when(number == whole).then(whole.cast(pl.String)).otherwise(number.cast(pl.String))
    match kind:
        case "date":
            first, last = _FIRST_DAY, _LAST_DAY
            day = pl.date(1960, 1, 1) + pl.duration(days=whole.clip(first, last))
            shown = day.dt.to_string("%Y-%m-%d")
        case "time":
            first, last = 0, _LAST_SECOND
            clock = (whole.clip(first, last) * 1_000_000_000).cast(pl.Time)
            # seconds that nobody collected are not printed
            to_minute = (whole % 60 == 0).all()
            shown = pl.when(to_minute).then(clock.dt.to_string("%H:%M")).otherwise(clock.dt.to_string("%H:%M:%S"))
        case _:
            return plain
    return pl.when((number == whole) & whole.is_between(first, last)).then(shown).otherwise(plain)
