"""One dataset in the words of two formats: a SAS transport file has text and numbers, Dataset-JSON has types."""

import re

import polars as pl

from cdisc_aclf.errors import InputError
from cdisc_aclf.formats.dataset_json.model import JsonColumn, JsonDataset, JsonHeader
from cdisc_aclf.formats.sas_time import counted, moments_of
from cdisc_aclf.formats.xpt.model import TIMES, Column, SasDataset
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.oid import dataset_oid, metadata_oid, study_oid, variable_oid
from cdisc_aclf.model.run import SubmittedDataset

_JSON_TYPES = {"text": "string", "durationDatetime": "string"}
"""Dataset-JSON types by Define-XML types, where they differ."""


def to_sas(dataset: JsonDataset) -> tuple[Frame, tuple[Column, ...]]:
    """The dataset as a transport file stores it: dates as days, times as seconds, everything else text or numbers.

    Args:
        dataset: text may be null, but not empty, as SAS does not tell these apart.

    Returns:
        A frame of String and Float64, and what the file says of each variable. Text is as wide as its length says, or
        as its values need.

    Raises:
        InputError: a value that SAS cannot hold or would hold changed: true and false, a decimal of too many digits.

    Examples:
        >>> from datetime import date
        >>> column = JsonColumn(
        ...     oid="IT.ADSL.TRTSDT",
        ...     name="TRTSDT",
        ...     label="Start",
        ...     data_type="date",
        ...     target="integer",
        ...     format="DATE9.",
        ... )
        >>> header = JsonHeader(
        ...     created="2026-01-10T00:00:00Z",
        ...     oid="IG.ADSL",
        ...     records=1,
        ...     name="ADSL",
        ...     label="Subjects",
        ...     columns=(column,),
        ... )
        >>> frame, columns = to_sas(JsonDataset(header, pl.DataFrame({"TRTSDT": [date(1960, 1, 31)]})))
        >>> frame["TRTSDT"].to_list(), columns[0].format
        ([30.0], 'DATE9.')
    """
    header, frame = dataset.header, dataset.frame
    stored = pl.DataFrame([_stored(frame[column.name], column) for column in header.columns])
    for column in header.columns:
        given = frame[column.name]
        if column.dtype is pl.String:
            changed = given == ""
        elif column.dtype is pl.Boolean:
            changed = given.is_not_null()
        else:
            changed = _typed(stored[column.name], column, given.dtype).ne_missing(given)
        if changed.any():
            value = given.filter(changed)[0]
            raise InputError(
                header.name, f"{column.name}: a transport file cannot hold {value!r} as {column.data_type}"
            )
    return stored, tuple(
        Column(column.name, column.label, "char", _width(stored[column.name], column), column.format)
        if column.dtype is pl.String
        else Column(column.name, column.label, "num", 8, column.format)
        for column in header.columns
    )


def from_sas(dataset: SasDataset, header: JsonHeader) -> JsonDataset:
    """The records of a SAS file in the types that a header tells.

    Args:
        dataset: as read.
        header: with the same variables in the same order; `header_of_sas` makes one where none is at hand.

    Raises:
        InputError: other variables, or a number that is none of the header's type, such as half a day.

    Examples:
        >>> columns = (Column("TRTSDT", "Start", "num", 8, "DATE9."),)
        >>> sas = SasDataset("ADSL", "Subjects", columns, pl.DataFrame({"TRTSDT": [30.0]}))
        >>> from_sas(sas, header_of_sas(sas, created="2026-01-10T00:00:00Z")).frame["TRTSDT"].to_list()
        [datetime.date(1960, 1, 31)]
    """
    expected = [column.name for column in header.columns]
    if dataset.frame.columns != expected:
        raise InputError(dataset.name, f"has the variables {dataset.frame.columns}, its header {expected}")
    series = []
    for column in header.columns:
        stored = dataset.frame[column.name]
        if (stored.dtype == pl.String) != (column.dtype is pl.String):
            raise InputError(
                dataset.name, f"{column.name}: is stored as {stored.dtype}, its type is {column.data_type}"
            )
        typed = _typed(stored, column, _dtype(column, stored))
        changed = _stored(typed, column).ne_missing(stored)
        if changed.any():
            raise InputError(dataset.name, f"{column.name}: {stored[changed.arg_true()[0]]} is no {column.data_type}")
        series.append(typed)
    return JsonDataset(header, pl.DataFrame(series))


def header_of_sas(dataset: SasDataset, *, created: str) -> JsonHeader:
    """What a SAS file alone can say: a number with a format of dates or times is one, any other is a float.

    Args:
        dataset: as read.
        created: ISO 8601.

    Examples:
        >>> columns = (Column("AGE", "Age", "num", 8), Column("SEX", "Sex", "char", 1))
        >>> sas = SasDataset("DM", "Demographics", columns, pl.DataFrame({"AGE": [47.0], "SEX": ["F"]}))
        >>> [column.data_type for column in header_of_sas(sas, created="2026-01-10T00:00:00Z").columns]
        ['float', 'string']
    """
    columns = []
    for column in dataset.columns:
        kind = "string" if column.kind == "char" else _moment(column.format) or "float"
        columns.append(
            JsonColumn(
                oid=variable_oid(dataset.name, column.name),
                name=column.name,
                label=column.label,
                data_type=kind,
                target="integer" if kind in TIMES.values() else "",
                length=column.width if kind == "string" else None,
                format=column.format,
            )
        )
    return JsonHeader(
        created=created,
        oid=dataset_oid(dataset.name),
        records=dataset.frame.height,
        name=dataset.name,
        label=dataset.label,
        columns=tuple(columns),
    )


def header_of_spec(dataset: SubmittedDataset, *, study: str, created: str, metadata: str = "") -> JsonHeader:
    """What the spec of a dataset says of it, with the OIDs that Define-XML has.

    Args:
        dataset: as it is submitted.
        study: STUDYID.
        created: ISO 8601.
        metadata: where the Define-XML file is, from the Dataset-JSON file; empty where there is none.

    Examples:
        >>> from cdisc_aclf.model.spec import DatasetSpec, VariableSpec
        >>> age = VariableSpec(
        ...     name="AGE",
        ...     label="Age",
        ...     data_type="integer",
        ...     length=8,
        ...     core="Exp",
        ...     role="",
        ...     codelists=(),
        ...     origin="",
        ...     source="",
        ...     method="",
        ...     comment="",
        ... )
        >>> spec = DatasetSpec(
        ...     name="DM",
        ...     label="Demographics",
        ...     observation_class="",
        ...     structure="",
        ...     key=("AGE",),
        ...     variables=(age,),
        ...     file="specs/sdtm/dm.csv",
        ... )
        >>> dataset = SubmittedDataset(spec, pl.DataFrame({"AGE": [47]}))
        >>> header = header_of_spec(dataset, study="PL21", created="2026-01-10T00:00:00Z")
        >>> header.oid, header.columns[0].oid, header.columns[0].key
        ('IG.DM', 'IT.DM.AGE', 1)
    """
    spec = dataset.spec
    keys = {name: place for place, name in enumerate(spec.key, start=1)}
    columns = []
    for variable in spec.variables:
        if variable.name in dataset.frame.columns:
            moment = _moment(variable.format)
            columns.append(
                JsonColumn(
                    oid=variable_oid(spec.name, variable.name),
                    name=variable.name,
                    label=variable.submitted_label,
                    data_type=moment or _JSON_TYPES.get(variable.data_type, variable.data_type),
                    target="integer" if moment else "",
                    length=variable.length if _JSON_TYPES.get(variable.data_type) == "string" else None,
                    format=variable.format,
                    key=keys.get(variable.name),
                )
            )
    oid = metadata_oid(study, spec.standard)
    return JsonHeader(
        created=created,
        oid=dataset_oid(spec.name),
        records=dataset.frame.height,
        name=spec.name,
        label=spec.submitted_label,
        columns=tuple(columns),
        file_oid=f"{oid}.{spec.name}",
        study_oid=study_oid(study),
        metadata_oid=oid,
        metadata=metadata,
    )


def _moment(sas_format: str) -> str:
    """Whether a number with this format is a date, a datetime or a time; empty where it is neither."""
    return TIMES.get(re.sub(r"\d*\.\d*$", "", sas_format), "")


def _width(stored: pl.Series, column: JsonColumn) -> int:
    longest = stored.str.len_bytes().max()
    return max(longest if isinstance(longest, int) else 1, column.length or 1)


def _stored(typed: pl.Series, column: JsonColumn) -> pl.Series:
    """The value as SAS has it."""
    if typed.dtype.is_temporal():
        return counted(typed)
    return typed if column.dtype is pl.String else typed.cast(pl.Float64)


def _dtype(column: JsonColumn, stored: pl.Series) -> pl.DataType:
    """The type of the header; a decimal has as many decimals as the shortest text of its numbers."""
    if column.dtype is pl.Decimal:
        scale = stored.cast(pl.String).str.extract(r"\.(\d+)$").str.len_bytes().max()
        return pl.Decimal(38, scale if isinstance(scale, int) else 0)
    return pl.Datetime("us") if column.dtype is pl.Datetime else column.dtype()


def _typed(stored: pl.Series, column: JsonColumn, dtype: pl.DataType) -> pl.Series:
    """The other way; null where the number is none of the type."""
    if dtype.is_temporal():
        return moments_of(stored, dtype)
    if column.dtype is pl.Decimal:
        return stored.cast(pl.String).cast(dtype, strict=False)
    return stored.cast(dtype, strict=False)
