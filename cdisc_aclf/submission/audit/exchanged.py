"""A Dataset-JSON file validated against the transport file of the same dataset."""

from collections.abc import Iterator
from pathlib import PurePosixPath

import polars as pl

from cdisc_aclf.define.model.document import Define, by_oid
from cdisc_aclf.formats.dataset_json.model import JsonHeader
from cdisc_aclf.formats.xpt.model import Column, SasDataset
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import Issue, Rule, Severity

DATASET = Rule("DJ-DATASET", Severity.ERROR, "the dataset is a transport file or Dataset-JSON, not both")
LABEL = Rule("DJ-LABEL", Severity.ERROR, "the label in the transport file is another one")
VARIABLES = Rule("DJ-VARIABLES", Severity.ERROR, "the variables of the transport file are others, or in another order")
TYPE = Rule("DJ-TYPE", Severity.ERROR, "text in one file and a number in the other")
RECORDS = Rule("DJ-RECORDS", Severity.ERROR, "the transport file has another number of records")
VALUE = Rule("DJ-VALUE", Severity.ERROR, "the value in the transport file is another one")
KEY = Rule("DJ-KEY", Severity.ERROR, "the key variables do not tell records apart")
OID = Rule("DJ-OID", Severity.ERROR, "define.xml gives the dataset or variable another OID")


def validate_exchanged(
    path: PurePosixPath, header: JsonHeader, stored: tuple[Frame, tuple[Column, ...]], dataset: SasDataset
) -> Iterator[Issue]:
    """Compare what the two files say and hold.

    Args:
        path: of the Dataset-JSON file, for the Issue.
        header: of the Dataset-JSON file.
        stored: its records and variables in the words of SAS.
        dataset: the transport file.
    """
    frame, columns = stored
    if header.label != dataset.label:
        yield LABEL.found(form=str(path), dataset=header.name, value=header.label)
    names = [column.name for column in columns]
    if names != [column.name for column in dataset.columns]:
        yield VARIABLES.found(form=str(path), dataset=header.name, value=" ".join(names))
    others = {column.name: column for column in dataset.columns}
    if frame.height != dataset.frame.height:
        found = f"{frame.height}, not {dataset.frame.height}"
        yield RECORDS.found(form=str(path), dataset=header.name, value=found)
    for column in columns:
        if other := others.get(column.name):
            values = (frame[column.name], dataset.frame[column.name])
            yield from _of_variable(path, header.name, (column, other), values)
    keys = [column.name for column in sorted(header.columns, key=lambda each: each.key or 0) if column.key]
    if keys and (twice := frame.select(keys).is_duplicated()).any():
        yield KEY.found(form=str(path), dataset=header.name, variable=" ".join(keys), count=int(twice.sum()))


def _of_variable(
    path: PurePosixPath, dataset: str, columns: tuple[Column, Column], values: tuple[pl.Series, pl.Series]
) -> Iterator[Issue]:
    (ours, theirs), (here, there) = columns, values
    if ours.label != theirs.label:
        yield LABEL.found(form=str(path), dataset=dataset, variable=ours.name, value=ours.label)
    if ours.kind != theirs.kind:
        yield TYPE.found(form=str(path), dataset=dataset, variable=ours.name, value=ours.kind)
    elif len(here) == len(there) and len(changed := here.ne_missing(there).arg_true()):
        first = changed[0]
        said = f"{here[first]!r}, not {there[first]!r}, in record {first + 1}"
        yield VALUE.found(form=str(path), dataset=dataset, variable=ours.name, value=said, count=len(changed))


def validate_oids(path: PurePosixPath, header: JsonHeader, define: Define) -> Iterator[Issue]:
    """Compare the OIDs of a Dataset-JSON file with those of the define.xml that describes the dataset.

    Args:
        path: of the Dataset-JSON file, for the Issue.
        header: of the Dataset-JSON file.
        define: the document; one that does not describe the dataset says nothing.
    """
    variables = by_oid(define.variables)
    for dataset in define.datasets:
        if dataset.name != header.name:
            continue
        if dataset.oid != header.oid:
            yield OID.found(form=str(path), dataset=header.name, value=header.oid)
        known = {variables[item.item].name: item.item for item in dataset.items if item.item in variables}
        for column in header.columns:
            if known.get(column.name, column.oid) != column.oid:
                yield OID.found(form=str(path), dataset=header.name, variable=column.name, value=column.oid)


def validate_pairs(names: set[str], exchanged: set[str]) -> Iterator[Issue]:
    """Compare which datasets there are, where there is any Dataset-JSON.

    Examples:
        >>> [issue.dataset for issue in validate_pairs({"DM", "LB"}, {"DM"})]
        ['LB']
    """
    if exchanged:
        for name in sorted(names ^ exchanged):
            yield DATASET.found(dataset=name)
