"""Dataset-JSON 1.1 in: what a file says of its dataset, and its records in the types that it tells."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import polars as pl

from cdisc_aclf.errors import InputError
from cdisc_aclf.formats.dataset_json.model import DTYPES, WHOLE, JsonColumn, JsonDataset, JsonHeader
from cdisc_aclf.formats.dataset_json.parts import Parts, json_parts
from cdisc_aclf.model.frame import Frame

_TAKEN: Mapping[type[pl.DataType], frozenset[type]] = {
    pl.Int64: frozenset({int}),
    pl.Float64: frozenset({int, float}),
    pl.Boolean: frozenset({bool}),
}  # the JSON types of values; of every other column, text
_THOUSANDS = r"^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"
_FORMS: Mapping[type[pl.DataType], str] = {
    pl.Date: r"^\d{4}-\d\d-\d\d$",
    pl.Datetime: r"^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d{1,6})?$",
    pl.Time: r"^\d\d:\d\d:[0-5]\d(?:\.\d{1,6})?$",
    pl.Decimal: r"^-?\d+(?:\.\d+)?$",
}


def read_dataset_json(path: Path) -> JsonDataset:
    """Read a whole file.

    Args:
        path: as in `read_batches`.

    Raises:
        InputError: as in `read_batches`.

    Examples:
        >>> read_dataset_json(Path("lb.json"))
        Traceback (most recent call last):
        cdisc_aclf.errors.InputError: lb.json: cannot be opened: No such file or directory
    """
    header, batches = read_batches(path)
    frames = list(batches)
    decimals = [column.name for column in header.columns if column.dtype is pl.Decimal]
    widest = [
        pl.col(name).cast(pl.Decimal(38, max(_scale(frame.schema[name]) for frame in frames))) for name in decimals
    ]
    try:
        return JsonDataset(header, pl.concat(frame.with_columns(widest) for frame in frames))
    except pl.exceptions.InvalidOperationError as error:
        raise InputError(f"{path}", f"a decimal column needs more than 38 digits: {error}") from error


def read_batches(path: Path) -> tuple[JsonHeader, Iterator[Frame]]:
    """Read the header, and the records when they are asked for, some thousands at a time.

    Args:
        path: JSON, NDJSON, or either of them compressed with zlib or gzip; the content tells which, not the name.

    Returns:
        The header, and at least one frame, with one column per variable of the type that the header tells. A decimal
        column has the scale that the values of its frame need.

    Raises:
        InputError: no such file, damaged or cut short, not Dataset-JSON 1.1, or a value that its column's type cannot
            hold. Faults in records are raised when they are reached.

    Examples:
        >>> header, batches = read_batches(Path("lb.json"))
        Traceback (most recent call last):
        cdisc_aclf.errors.InputError: lb.json: cannot be opened: No such file or directory
    """
    content, parts = json_parts(path)
    header = header_of(content, path)
    return header, _frames(parts, header, path)


def is_dataset_json(path: Path) -> bool:
    """Whether a file says that it is Dataset-JSON, of whatever version, as far as its first kilobytes tell.

    Raises:
        InputError: the file cannot be opened.

    Examples:
        >>> is_dataset_json(Path("lb.xpt"))
        False
    """
    if path.suffix == ".dsjc":
        return True
    if path.suffix not in {".json", ".ndjson"}:
        return False
    try:
        with path.open("rb") as file:
            return b'"datasetJSONVersion"' in file.read(4096)
    except OSError as error:
        raise InputError(f"{path}", f"cannot be opened: {error.strerror}") from error


def header_of(content: Mapping[str, Any], path: Path) -> JsonHeader:
    """The header that a file's attributes make.

    Raises:
        InputError: not Dataset-JSON 1.1, a required attribute is missing, or one is of another form.

    Examples:
        >>> header_of({"datasetJSONVersion": "1.0.0"}, Path("lb.json"))
        Traceback (most recent call last):
        cdisc_aclf.errors.InputError: lb.json: is not Dataset-JSON 1.1: datasetJSONVersion is '1.0.0'
    """
    version = content.get("datasetJSONVersion")
    if not re.fullmatch(r"1\.1(\.\d+)?", str(version)):
        raise InputError(f"{path}", f"is not Dataset-JSON 1.1: datasetJSONVersion is {version!r}")
    take = _taker(content, path)
    source = take("sourceSystem", dict, {})
    return JsonHeader(
        created=take("datasetJSONCreationDateTime", str),
        oid=take("itemGroupOID", str),
        records=take("records", int),
        name=take("name", str),
        label=take("label", str),
        columns=_columns(take("columns", list), path),
        file_oid=take("fileOID", str, ""),
        modified=take("dbLastModifiedDateTime", str, ""),
        originator=take("originator", str, ""),
        source=(str(source.get("name")), str(source.get("version"))) if source else None,
        study_oid=take("studyOID", str, ""),
        metadata_oid=take("metaDataVersionOID", str, ""),
        metadata=take("metaDataRef", str, ""),
        version=str(version),
    )


def _taker(content: Mapping[str, Any], path: Path) -> Callable[..., Any]:
    def take(name: str, kind: type, *default: object) -> object:
        if name not in content and default:
            return default[0]
        if type(content.get(name)) is not kind:
            raise InputError(f"{path}", f"{name} is {content.get(name)!r}; Dataset-JSON 1.1 wants {kind.__name__}")
        return content[name]

    return take


def _columns(listed: list[Any], path: Path) -> tuple[JsonColumn, ...]:
    columns = []
    for content in listed:
        take = _taker(content if isinstance(content, dict) else {}, path)
        column = JsonColumn(
            oid=take("itemOID", str),
            name=take("name", str),
            label=take("label", str),
            data_type=take("dataType", str),
            target=take("targetDataType", str, ""),
            length=take("length", int, None),
            format=take("displayFormat", str, ""),
            key=take("keySequence", int, None),
        )
        if (column.data_type, column.target) not in DTYPES:
            said = f"dataType {column.data_type!r} with targetDataType {column.target!r}"
            raise InputError(f"{path}", f"{column.name}: {said} is no combination of Dataset-JSON 1.1")
        columns.append(column)
    names = [column.name for column in columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{path}", f"more than one column is named {', '.join(twice)}")
    return tuple(columns)


def _frames(parts: Parts, header: JsonHeader, path: Path) -> Iterator[Frame]:
    read, width = 0, len(header.columns)
    for rows in parts:
        for place, row in enumerate(rows, start=read + 1):
            if type(row) is not list or len(row) != width:
                raise InputError(f"{path}", f"record {place} is no list of {width} values")
        values = zip(*rows, strict=True)
        yield pl.DataFrame(
            [_series(column, found, path, read) for column, found in zip(header.columns, values, strict=True)]
        )
        read += len(rows)
    if read != header.records:
        raise InputError(f"{path}", f"has {read} records, its header says {header.records}")
    if not read:
        yield pl.DataFrame(schema={column.name: column.dtype for column in header.columns})


def _series(column: JsonColumn, values: Sequence[Any], path: Path, before: int) -> pl.Series:
    dtype = column.dtype
    taken = _TAKEN.get(dtype, frozenset({str}))
    wrong: Sequence[bool] = ()
    if not {type(value) for value in values} - {type(None)} <= taken:
        wrong = [value is not None and type(value) not in taken for value in values]
    elif dtype in {pl.Int64, pl.Float64}:
        numbers = [abs(value) for value in values if value is not None]
        if numbers and max(numbers) > WHOLE:
            wrong = [value is not None and not _is_kept(value, dtype) for value in values]
    if any(wrong):
        _refuse(column, wrong, values, path, before)
    if dtype in {pl.Int64, pl.Float64, pl.Boolean}:
        return pl.Series(column.name, values, dtype)
    try:
        texts = pl.Series(column.name, values, pl.String)
    except UnicodeEncodeError as error:
        raise InputError(f"{path}", f"{column.name}: holds half of a surrogate pair after record {before}") from error
    if dtype is pl.String:
        return texts
    typed = _typed(texts, dtype)
    if (lost := typed.is_null() & texts.is_not_null()).any():
        _refuse(column, lost.to_list(), values, path, before)
    return typed


def _is_kept(number: float, dtype: type[pl.DataType]) -> bool:
    """Whether the column has the number and not its neighbour: no infinity, no whole number beyond 2**53."""
    if dtype is pl.Int64:
        return abs(number) <= WHOLE
    return abs(number) <= sys.float_info.max and float(number) == number


def _typed(texts: pl.Series, dtype: type[pl.DataType]) -> pl.Series:
    """Dates, times and decimals from their text; null where the text is none."""
    if dtype is pl.Decimal:  # the standard allows a comma between thousands
        grouped = texts.str.contains(_THOUSANDS)
        texts = texts.str.replace_all(",", "", literal=True).zip_with(grouped.fill_null(value=False), texts)
    formed = texts.set(~texts.str.contains(_FORMS[dtype]), None)
    if dtype is pl.Date:
        return formed.str.to_date("%Y-%m-%d", strict=False)
    if dtype is pl.Datetime:
        return formed.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    if dtype is pl.Time:
        return formed.str.to_time("%H:%M:%S%.f", strict=False)
    scale = formed.str.extract(r"\.(\d+)$").str.len_bytes().max()
    return formed.cast(pl.Decimal(38, scale if isinstance(scale, int) else 0), strict=False)


def _scale(dtype: pl.DataType) -> int:
    return dtype.scale if isinstance(dtype, pl.Decimal) else 0


def _refuse(column: JsonColumn, wrong: Sequence[bool], values: Sequence[Any], path: Path, before: int) -> NoReturn:
    first = wrong.index(True)
    said = f"{column.data_type} {column.target}".strip()
    raise InputError(f"{path}", f"{column.name}: {values[first]!r:.80} in record {before + first + 1} is no {said}")
