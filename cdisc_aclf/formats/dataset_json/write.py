"""One dataset as Dataset-JSON 1.1: JSON, NDJSON, and NDJSON compressed.

Records are rendered column by column in polars: the text of each column, joined row by row.
"""

import json
import zlib
from collections.abc import Iterable, Iterator

import polars as pl

from cdisc_aclf.errors import AclfError
from cdisc_aclf.formats.dataset_json.model import WHOLE, JsonColumn, JsonHeader
from cdisc_aclf.model.frame import Frame

_CHUNK = 50_000  # records rendered at a time, some 20 MB of text


def dataset_json(frames: Iterable[Frame], header: JsonHeader) -> Iterator[bytes]:
    r"""Render a dataset as one JSON object, a record to a line, in pieces that a caller writes one by one.

    Args:
        frames: the records, in one frame or in many; their columns are those of the header, in its order, of the type
            that it tells. A number that is missing is null, never NaN.
        header: what to say of them.

    Returns:
        The pieces of the file; the same arguments give the same bytes. Attributes stand in the order of the standard,
        `rows` last, so that a reader needs one pass.

    Raises:
        AclfError: columns, types or number of records are not those of the header, or a value is not kept by every
            reader of JSON: NaN, infinity, a whole number beyond 2**53, a year that is not of four digits. Raised when
            the records at fault are reached.

    Examples:
        >>> column = JsonColumn(oid="IT.DM.AGE", name="AGE", label="Age", data_type="integer")
        >>> header = JsonHeader(
        ...     created="2026-01-10T00:00:00Z",
        ...     oid="IG.DM",
        ...     records=2,
        ...     name="DM",
        ...     label="Demographics",
        ...     columns=(column,),
        ... )
        >>> text = b"".join(dataset_json([pl.DataFrame({"AGE": [47, None]})], header)).decode()
        >>> text[text.index('"label":"Demo') : text.index('"columns"')], text[text.index('"rows"') :]
        ('"label":"Demographics",', '"rows":[\n[47],\n[null]\n]}\n')
    """
    before = f'{header_json(header)[:-1]},"rows":[\n'
    for records in _records(frames, header, separator="],\n["):
        yield f"{before}[".encode()
        yield records
        before = "],\n"
    yield b"]\n]}\n" if header.records else f"{before}]}}\n".encode()


def dataset_ndjson(frames: Iterable[Frame], header: JsonHeader) -> Iterator[bytes]:
    r"""Render a dataset as NDJSON: the header on the first line, then a record to a line.

    Args:
        frames: as in `dataset_json`.
        header: as in `dataset_json`.

    Raises:
        AclfError: as in `dataset_json`.

    Examples:
        >>> column = JsonColumn(
        ...     oid="IT.AE.AETERM", name="AETERM", label="Reported Term", data_type="string", length=40
        ... )
        >>> header = JsonHeader(
        ...     created="2026-01-10T00:00:00Z",
        ...     oid="IG.AE",
        ...     records=2,
        ...     name="AE",
        ...     label="Adverse Events",
        ...     columns=(column,),
        ... )
        >>> b"".join(dataset_ndjson([pl.DataFrame({"AETERM": ["发热", None]})], header)).decode().splitlines()[1:]
        ['["发热"]', '[null]']
    """
    yield f"{header_json(header)}\n".encode()
    for records in _records(frames, header, separator="]\n["):
        yield b"["
        yield records
        yield b"]\n"


def compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    r"""Compress NDJSON to a `.dsjc` file: one zlib stream, nothing around it (CDISC Compressed Dataset-JSON 1.1).

    The bytes are those of the zlib that Python was built with; another zlib may compress the same text otherwise.

    Examples:
        >>> zlib.decompress(b"".join(compressed([b"{}\n", b"[1]\n"])))
        b'{}\n[1]\n'
    """
    compressor = zlib.compressobj(level=9)  # the level that the standard recommends for exchange
    for piece in pieces:
        yield compressor.compress(piece)
    yield compressor.flush()


def header_json(header: JsonHeader) -> str:
    """Render everything but the records as a JSON object on one line.

    Examples:
        >>> print(
        ...     header_json(
        ...         JsonHeader(
        ...             created="2026-01-10T00:00:00Z", oid="IG.DM", records=0, name="DM", label="", columns=()
        ...         )
        ...     )[:75]
        ... )
        {"datasetJSONCreationDateTime":"2026-01-10T00:00:00Z","datasetJSONVersion":
    """
    source = header.source and {"name": header.source[0], "version": header.source[1]}
    optional = {
        "fileOID": header.file_oid,
        "dbLastModifiedDateTime": header.modified,
        "originator": header.originator,
        "sourceSystem": source,
        "studyOID": header.study_oid,
        "metaDataVersionOID": header.metadata_oid,
        "metaDataRef": header.metadata,
    }
    content = {
        "datasetJSONCreationDateTime": header.created,
        "datasetJSONVersion": header.version,
        **{name: value for name, value in optional.items() if value},
        "itemGroupOID": header.oid,
        "records": header.records,
        "name": header.name,
        "label": header.label,
        "columns": [_column(column) for column in header.columns],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _column(column: JsonColumn) -> dict[str, object]:
    required = {"itemOID": column.oid, "name": column.name, "label": column.label, "dataType": column.data_type}
    optional = {
        "targetDataType": column.target,
        "length": column.length,
        "displayFormat": column.format,
        "keySequence": column.key,
    }
    return required | {name: value for name, value in optional.items() if value}


def _records(frames: Iterable[Frame], header: JsonHeader, *, separator: str) -> Iterator[bytes]:
    """Some ten thousand records at a time, without the bracket before the first and after the last."""
    records = pl.concat_str([_text(column) for column in header.columns], separator=",").str.join(separator)
    written = 0
    for frame in frames:
        _check_columns(frame, header)
        for chunk in frame.iter_slices(_CHUNK):
            if chunk.is_empty():
                continue
            _check_values(chunk, header, before=written)
            written += chunk.height
            yield chunk.select(records).item().encode()
    if written != header.records:
        raise AclfError(_file(header), f"{written} records, the header says {header.records}")


def _text(column: JsonColumn) -> pl.Expr:
    value = pl.col(column.name)
    match column.dtype:
        case pl.Date | pl.Time:
            text = pl.lit('"') + value.dt.to_string("iso") + pl.lit('"')
        case pl.Datetime:
            text = pl.lit('"') + value.dt.to_string("%Y-%m-%dT%H:%M:%S%.f") + pl.lit('"')
        case pl.Decimal:
            text = pl.lit('"') + value.cast(pl.String) + pl.lit('"')
        case pl.String:
            # polars escapes text as JSON only inside of a struct: {"":"text"}
            return pl.struct(value.alias("")).struct.json_encode().str.slice(len('{"":')).str.head(-1)
        case _:
            text = value.cast(pl.String)
    return text.fill_null("null")


def _check_columns(frame: Frame, header: JsonHeader) -> None:
    expected = [column.name for column in header.columns]
    if frame.columns != expected:
        raise AclfError(_file(header), f"the data has the variables {frame.columns}, the header {expected}")
    for column in header.columns:
        if frame.schema[column.name] != column.dtype:
            said = f"{column.data_type} {column.target}".strip()
            raise AclfError(_file(header), f"{column.name}: {frame.schema[column.name]} is no data type for {said}")


def _check_values(frame: Frame, header: JsonHeader, *, before: int) -> None:
    broken: dict[str, pl.Expr] = {}
    for column in header.columns:
        value = pl.col(column.name)
        if column.dtype is pl.Int64:
            broken[column.name] = ~value.is_between(-WHOLE, WHOLE)
        elif column.dtype is pl.Float64:
            broken[column.name] = ~value.is_finite()
        elif column.dtype in {pl.Date, pl.Datetime}:
            broken[column.name] = ~value.dt.year().is_between(1, 9999)
    if not broken:
        return
    counts = frame.select(rule.sum().alias(name) for name, rule in broken.items()).row(0, named=True)
    for name, count in counts.items():
        if count:
            first = frame.select(broken[name].arg_true().first()).item()
            value, place = frame[name].cast(pl.String)[first], before + first + 1
            raise AclfError(_file(header), f"{name}: {value} in record {place} is not kept by every reader of JSON")


def _file(header: JsonHeader) -> str:
    return f"{header.name.lower()}.json"
