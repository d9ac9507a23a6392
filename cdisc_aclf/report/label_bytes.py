"""How many bytes each label of a package takes, and how many it may take."""

from collections.abc import Iterable, Iterator

from cdisc_aclf.model.label import LABEL_BYTES
from cdisc_aclf.model.run import SubmittedDataset
from cdisc_aclf.model.spreadsheet import csv_text


def label_bytes_csv(datasets: Iterable[SubmittedDataset]) -> str:
    """The labels of datasets, of their variables and of supplemental qualifiers as CSV (RFC 4180).

    The files are written in UTF-8, so `utf_8` is what counts against the limit; `gb18030` is what the label would
    take in the other encoding of Chinese text.

    Args:
        datasets: as they are submitted.

    Examples:
        >>> import polars as pl
        >>> from cdisc_aclf.model.spec import DatasetSpec
        >>> spec = DatasetSpec(
        ...     name="DM",
        ...     label="Demographics",
        ...     observation_class="",
        ...     structure="",
        ...     key=(),
        ...     variables=(),
        ...     file="specs/sdtm/dm.csv",
        ...     label_zh="人口统计学",
        ... )
        >>> for line in label_bytes_csv([SubmittedDataset(spec, pl.DataFrame())]).splitlines():
        ...     print(line)
        dataset,variable,label,submitted_label,utf_8,gb18030,limit
        DM,,Demographics,人口统计学,15,10,40
    """
    sizes = (
        (dataset.spec.name, variable, label, submitted, len(submitted.encode()), len(submitted.encode("gb18030")))
        for dataset in datasets
        for variable, label, submitted in _labels(dataset)
    )
    names = ("dataset", "variable", "label", "submitted_label", "utf_8", "gb18030", "limit")
    return csv_text(names, ((*size, LABEL_BYTES) for size in sizes))


def _labels(dataset: SubmittedDataset) -> Iterator[tuple[str, str, str]]:
    """Variable, English label and submitted label; a qualifier is `QVAL.<QNAM>`, its label a value of QLABEL."""
    spec, frame = dataset.spec, dataset.frame
    yield "", spec.label, spec.submitted_label
    for variable in spec.variables:
        if variable.name in frame.columns:
            yield variable.name, variable.label, variable.submitted_label
    if "QLABEL" in frame.columns:
        english = {value.equals: value.label for value in spec.values}
        for name, label in frame.select("QNAM", "QLABEL").unique().sort("QNAM").rows():
            yield f"QVAL.{name}", english[name], label
