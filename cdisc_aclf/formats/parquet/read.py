"""Parquet in, where the file holds a Dataset-JSON header."""

import json
from pathlib import Path

import polars as pl

from cdisc_aclf.errors import InputError
from cdisc_aclf.formats.dataset_json.model import PARQUET_KEY, JsonDataset
from cdisc_aclf.formats.dataset_json.read import header_of


def read_parquet(path: Path) -> JsonDataset:
    """Read a dataset with the header that its metadata hold.

    Raises:
        InputError: no such file, not Parquet, no header, or columns of other names or types than the header tells.

    Examples:
        >>> read_parquet(Path("lb.parquet"))
        Traceback (most recent call last):
        cdisc_aclf.errors.InputError: lb.parquet: cannot be opened: No such file or directory
    """
    try:
        with path.open("rb") as file:
            metadata = pl.read_parquet_metadata(file)
            file.seek(0)
            frame = pl.read_parquet(file)
    except OSError as error:
        raise InputError(f"{path}", f"cannot be opened: {error.strerror}") from error
    except pl.exceptions.PolarsError as error:
        raise InputError(f"{path}", f"cannot be read as Parquet: {error}") from error
    if PARQUET_KEY not in metadata:
        raise InputError(f"{path}", f"has no {PARQUET_KEY} in its metadata, which says labels, types and lengths")
    header = header_of(json.loads(metadata[PARQUET_KEY]), path)
    expected = [(column.name, column.dtype) for column in header.columns]
    if [(name, dtype.base_type()) for name, dtype in frame.schema.items()] != expected:
        raise InputError(f"{path}", f"has the columns {dict(frame.schema)}, its header {expected}")
    if frame.height != header.records:
        raise InputError(f"{path}", f"has {frame.height} records, its header says {header.records}")
    return JsonDataset(header, frame)
