"""Datasets as Dataset-JSON, each file read back before it counts; and any dataset in another format."""

from collections.abc import Iterable
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

import polars as pl

from cdisc_aclf.errors import AclfError, InputError, UsageError
from cdisc_aclf.files.save import new_file
from cdisc_aclf.formats.dataset_json.model import JsonDataset, JsonHeader
from cdisc_aclf.formats.dataset_json.parts import record_lines
from cdisc_aclf.formats.dataset_json.read import read_batches, read_dataset_json
from cdisc_aclf.formats.dataset_json.write import compressed, dataset_json, dataset_ndjson
from cdisc_aclf.formats.exchange import from_sas, header_of_sas, header_of_spec, to_sas
from cdisc_aclf.formats.parquet.read import read_parquet
from cdisc_aclf.formats.parquet.write import parquet
from cdisc_aclf.formats.sas import read_sas7bdat, read_xpt
from cdisc_aclf.formats.xpt.write import xpt_bytes
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.package import dataset_file, json_file
from cdisc_aclf.model.run import SubmittedDataset
from cdisc_aclf.model.study import Study


def save_dataset_json(dataset: SubmittedDataset, study: Study, folder: Path, *, stamp: datetime) -> None:
    """Write a dataset in each form of Dataset-JSON that the study chose.

    Args:
        dataset: as it is submitted.
        study: with the forms.
        folder: the output folder, where a define.xml may be already.
        stamp: what the files state as their creation, in UTC.

    Raises:
        AclfError: a value is not kept by JSON, or a file does not read back as it was written.
    """
    first: Path | None = None
    for form in study.dataset_json:
        place = json_file(study.id, dataset.spec, form)
        define = dataset_file(study.id, dataset.spec).with_name("define.xml")
        header = header_of_spec(
            dataset,
            study=study.id,
            created=_created(stamp),
            metadata=f"{'../' * (len(place.parts) - 1)}{define}" if (folder / define).exists() else "",
        )
        frames = [dataset.frame]
        pieces = dataset_json(frames, header) if form == "json" else dataset_ndjson(frames, header)
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(compressed(pieces) if form == "dsjc" else pieces)
        _read_back(path, header, dataset.frame if first is None else first)
        first = first or path


def _read_back(path: Path, header: JsonHeader, as_in: Frame | Path) -> None:
    """Read a file again: its records are those of the frame, or line by line those of a file that was read already."""
    try:
        back, batches = read_batches(path)
        same = back == header and (
            _same_lines(path, as_in) if isinstance(as_in, Path) else pl.concat(batches).equals(as_in)
        )
    except InputError as problem:
        raise AclfError(path.name, f"does not read back: {problem.what}") from problem
    if not same:
        raise AclfError(path.name, "reads back changed")


def _same_lines(one: Path, other: Path) -> bool:
    pairs = zip_longest(record_lines(one), record_lines(other))
    return all(first == second for first, second in pairs)


def exchange(given: Path, wanted: Path, *, stamp: datetime) -> None:
    """Write the dataset of a file in another format; the formats are told by the extensions.

    Args:
        given: a SAS file, Dataset-JSON or Parquet.
        wanted: a transport file, Dataset-JSON or Parquet, that is not there yet.
        stamp: what a file made from SAS states as its creation, in UTC.

    Raises:
        UsageError: an extension that is unknown, or the file is there.
        InputError: what was given cannot be read, or a value cannot be held by the format that is wanted.
        AclfError: the disk refuses.
    """
    with new_file(wanted) as file:
        file.writelines(_pieces(_read(given, stamp), wanted, stamp))


def _read(path: Path, stamp: datetime) -> JsonDataset:
    match path.suffix.lower():
        case ".json" | ".ndjson" | ".dsjc":
            return read_dataset_json(path)
        case ".parquet":
            return read_parquet(path)
        case ".xpt":
            dataset = read_xpt(path)
        case ".sas7bdat":
            dataset = read_sas7bdat(path)
        case _:
            raise UsageError(str(path), "is none of .xpt, .sas7bdat, .json, .ndjson, .dsjc, .parquet")
    return from_sas(dataset, header_of_sas(dataset, created=_created(stamp)))


def _pieces(dataset: JsonDataset, wanted: Path, stamp: datetime) -> Iterable[bytes]:
    frames, header = [dataset.frame], dataset.header
    match wanted.suffix.lower():
        case ".json":
            return dataset_json(frames, header)
        case ".ndjson":
            return dataset_ndjson(frames, header)
        case ".dsjc":
            return compressed(dataset_ndjson(frames, header))
        case ".parquet":
            return [parquet(dataset)]
        case ".xpt":
            stored, columns = to_sas(dataset)
            return xpt_bytes(stored, name=header.name, label=header.label, columns=columns, stamp=stamp)
    raise UsageError(str(wanted), "is none of .xpt, .json, .ndjson, .dsjc, .parquet")


def _created(stamp: datetime) -> str:
    return stamp.strftime("%Y-%m-%dT%H:%M:%SZ")
