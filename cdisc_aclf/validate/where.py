"""Where in the raw data and in the dataset a row is to be found."""

from dataclasses import dataclass

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.spec import DatasetSpec


@dataclass(frozen=True, slots=True)
class Place:
    """Form and row of the raw record, subject, and natural key of one row of a dataset."""

    form: str
    record: str
    subject: str
    key: str


def places(frame: Frame, spec: DatasetSpec | None, rows: pl.Series) -> list[Place]:
    """The places of some rows of a dataset.

    Args:
        frame: a dataset, with USUBJID, its key and its trace column where it has them.
        spec: names the natural key; None for a form, which has no key but its row.
        rows: row numbers from 0, in the order wanted.
    """
    wanted = frame[rows.to_list()]
    key = [name for name in (spec.key if spec else ()) if name != "USUBJID" and name in frame.columns]
    texts = [pl.format("{}={}", pl.lit(name), pl.col(name).cast(pl.String).fill_null("")) for name in key]
    first = pl.col(RAW_RECORD).str.extract(r"^(\S+)")
    return [
        Place(form or "", record or "", subject or "", natural or "")
        for form, record, subject, natural in wanted.select(
            first.str.extract(r"^(\w+):").alias("form"),
            first.str.extract(r":(\d+)$").alias("record"),
            pl.col("USUBJID").alias("subject"),
            (pl.concat_str(texts, separator=", ") if texts else pl.lit("")).alias("key"),
        ).rows()
    ]
