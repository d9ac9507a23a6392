"""Dataset-JSON 1.1: what a file says of its dataset, beside the records."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cdisc_aclf.model.frame import Frame

WHOLE = 2**53
"""Largest magnitude of a whole number that every reader of JSON keeps, as many read all numbers as doubles (RFC 8259,
section 6); a transport file ends there too."""

PARQUET_KEY = "dataset-json"
"""Where a Parquet file holds the header of its dataset."""

DTYPES: Mapping[tuple[str, str], type[pl.DataType]] = {
    ("string", ""): pl.String,
    ("integer", ""): pl.Int64,
    ("decimal", "decimal"): pl.Decimal,
    ("float", ""): pl.Float64,
    ("double", ""): pl.Float64,
    ("boolean", ""): pl.Boolean,
    ("datetime", ""): pl.String,
    ("date", ""): pl.String,
    ("time", ""): pl.String,
    ("datetime", "integer"): pl.Datetime,
    ("date", "integer"): pl.Date,
    ("time", "integer"): pl.Time,
    ("URI", ""): pl.String,
}
"""The polars type of a column by dataType and targetDataType.

A date without a target is ISO 8601 text, as partial as it was collected; with the target integer it is complete, and
a number in SAS. Source: Dataset-JSON 1.1, Supported Column Data Type Combinations.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonColumn:
    """One variable, an entry of `columns`.

    Args:
        oid: OID of the ItemDef in Define-XML.
        name: variable name.
        label: variable label; may be empty.
        data_type: dataType.
        target: targetDataType, empty where the variable is used as it is exchanged.
        length: characters that are planned for text; None where nothing is said.
        format: SAS format for display, e.g. `DATE9.`; empty where there is none.
        key: place among the key variables, from 1; None for other variables.
    """

    oid: str
    name: str
    label: str
    data_type: str
    target: str = ""
    length: int | None = None
    format: str = ""
    key: int | None = None

    @property
    def dtype(self) -> type[pl.DataType]:
        """The polars type of the values."""
        return DTYPES[self.data_type, self.target]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonHeader:
    """Everything but the records.

    Args:
        created: datasetJSONCreationDateTime, ISO 8601.
        oid: OID of the ItemGroupDef in Define-XML.
        records: how many there are.
        name: dataset name.
        label: dataset label.
        columns: the variables in order.
        file_oid: identifier of this file; like the five below, empty where nothing is said.
        modified: dbLastModifiedDateTime.
        originator: the organisation that made the file.
        source: name and version of the system that the content is from; None where nothing is said.
        study_oid: OID of the Study in Define-XML.
        metadata_oid: OID of the MetaDataVersion in Define-XML.
        metadata: where the Define-XML file is, from here.
        version: datasetJSONVersion.
    """

    created: str
    oid: str
    records: int
    name: str
    label: str
    columns: tuple[JsonColumn, ...]
    file_oid: str = ""
    modified: str = ""
    originator: str = ""
    source: tuple[str, str] | None = None
    study_oid: str = ""
    metadata_oid: str = ""
    metadata: str = ""
    version: str = "1.1.0"


@dataclass(frozen=True, slots=True)
class JsonDataset:
    """A header and its records, one column of the type that the header tells per variable."""

    header: JsonHeader
    frame: Frame
