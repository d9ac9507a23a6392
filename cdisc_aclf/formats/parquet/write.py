"""One dataset as Parquet, with its Dataset-JSON header in the file's metadata."""

import io

from cdisc_aclf.formats.dataset_json.model import PARQUET_KEY, JsonDataset
from cdisc_aclf.formats.dataset_json.write import header_json


def parquet(dataset: JsonDataset) -> bytes:
    """Render a dataset as a Parquet file that keeps types, labels, lengths, formats and OIDs.

    The bytes are those of the polars that is installed.

    Examples:
        >>> import polars as pl
        >>> from cdisc_aclf.formats.dataset_json.model import JsonColumn, JsonHeader
        >>> column = JsonColumn(oid="IT.DM.AGE", name="AGE", label="Age", data_type="integer")
        >>> header = JsonHeader(
        ...     created="2026-01-10T00:00:00Z",
        ...     oid="IG.DM",
        ...     records=1,
        ...     name="DM",
        ...     label="Demographics",
        ...     columns=(column,),
        ... )
        >>> parquet(JsonDataset(header, pl.DataFrame({"AGE": [47]})))[:4]
        b'PAR1'
    """
    file = io.BytesIO()
    dataset.frame.write_parquet(file, metadata={PARQUET_KEY: header_json(dataset.header)})
    return file.getvalue()
