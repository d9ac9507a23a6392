"""A transport file validated against the spec of its dataset."""

from collections.abc import Iterator
from pathlib import PurePosixPath

import polars as pl

from cdisc_aclf.datasets.schema import validate
from cdisc_aclf.formats.xpt.model import Column, SasDataset
from cdisc_aclf.model.frame import RAW_RECORD
from cdisc_aclf.model.issue import Issue, Rule, Severity
from cdisc_aclf.model.spec import DatasetSpec, VariableSpec
from cdisc_aclf.model.terminology import Terminology

DATASET = Rule("AS-DATASET", Severity.ERROR, "no spec describes the dataset")
LABEL = Rule("AS-LABEL", Severity.ERROR, "the label in the spec is another one")
SURPLUS = Rule("AS-SURPLUS", Severity.ERROR, "the variable is in the file and not in the spec")
MISSING = Rule("AS-MISSING", Severity.ERROR, "the spec wants the variable, and the file has none")
ORDER = Rule("AS-ORDER", Severity.ERROR, "the variables stand in another order than in the spec")
TYPE = Rule("AS-TYPE", Severity.ERROR, "holds what the type in the spec does not allow")
FORMAT = Rule("AS-FORMAT", Severity.ERROR, "the format in the spec is another one")


def validate_specified(
    path: PurePosixPath, dataset: SasDataset, spec: DatasetSpec | None, ct: Terminology
) -> Iterator[Issue]:
    """Compare a file with its spec, and its values with codelists, lengths, dates and keys.

    A permissible variable may be left out. Values are validated where every variable has the type of the spec.

    Args:
        path: of the file, for the Issue.
        dataset: its content.
        spec: of the dataset; None where there is none.
        ct: the codelists that the study ships.

    Raises:
        DefinitionError: a codelist of the spec is missing.
    """
    if spec is None:
        yield DATASET.found(form=str(path), dataset=dataset.name)
        return
    columns = {column.name: column for column in dataset.columns}
    if dataset.label != spec.submitted_label:
        yield LABEL.found(form=str(path), dataset=spec.name, value=dataset.label)
    yield from _of_names(path, spec, list(columns))
    series, odd = [], ""
    for variable in spec.variables:
        if column := columns.get(variable.name):
            yield from _of_description(path, spec, variable, column)
            typed, odd_value = _typed(dataset.frame[variable.name], variable)
            if odd_value:
                odd = odd_value
                yield TYPE.found(form=str(path), dataset=spec.name, variable=variable.name, value=odd)
            series.append(typed)
        else:
            series.append(pl.Series(variable.name, [None] * dataset.frame.height, variable.dtype))
    if not odd:
        yield from validate(pl.DataFrame(series).with_columns(pl.lit("").alias(RAW_RECORD)), spec, ct)


def _of_names(path: PurePosixPath, spec: DatasetSpec, names: list[str]) -> Iterator[Issue]:
    for name in names:
        if name not in spec.names:
            yield SURPLUS.found(form=str(path), dataset=spec.name, variable=name)
    for variable in spec.variables:
        if variable.core != "Perm" and variable.name not in names:
            yield MISSING.found(form=str(path), dataset=spec.name, variable=variable.name)
    if [name for name in spec.names if name in names] != [name for name in names if name in spec.names]:
        yield ORDER.found(form=str(path), dataset=spec.name, value=" ".join(names))


def _of_description(path: PurePosixPath, spec: DatasetSpec, variable: VariableSpec, column: Column) -> Iterator[Issue]:
    label = variable.submitted_label
    for rule, given, wanted in ((LABEL, column.label, label), (FORMAT, column.format, variable.format)):
        if given != wanted:
            yield rule.found(form=str(path), dataset=spec.name, variable=variable.name, value=given)


def _typed(stored: pl.Series, variable: VariableSpec) -> tuple[pl.Series, str]:
    """The values in the type of the spec, and the first that has none."""
    if (stored.dtype == pl.String) != variable.is_text:
        return stored, f"{stored.dtype}"
    if variable.is_text or variable.dtype == pl.Float64:
        return stored, ""
    count = stored.cast(pl.Int64, strict=False)
    # SAS counts from 1960-01-01, polars from 1970-01-01: 3653 days later
    if variable.dtype == pl.Date:
        typed = (count - 3653).cast(pl.Int32, strict=False).cast(pl.Date)
    elif variable.dtype == pl.Int64:
        typed = count
    else:
        typed = ((count - 3653 * 86400) * 1_000_000).cast(variable.dtype)
    odd = stored.filter((typed.is_null() & stored.is_not_null()) | (stored != stored.round()))
    return typed, str(odd[0]) if len(odd) else ""
