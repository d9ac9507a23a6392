"""Rows that break a rule, as Issues that say where to look."""

from collections.abc import Iterable

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.issue import Issue, Rule
from cdisc_aclf.model.spec import DatasetSpec


def issues_at(frame: Frame, spec: DatasetSpec | None, rows: Iterable[int], rule: Rule, variable: str) -> list[Issue]:
    """One Issue per row, with form and row of the raw record, subject, natural key and value.

    Args:
        frame: rows of a dataset or of a form; a `count` says of how many records a row speaks.
        spec: names the dataset and its natural key; None for a form.
        rows: numbers of the rows that break the rule, from 0.
        rule: the rule that they break.
        variable: the variable or column to name, with its value.
    """
    bad = frame[list(rows)]
    absent = {name: pl.lit("") for name in (RAW_RECORD, "USUBJID") if name not in bad.columns}
    if "USUBJID" in absent and "subject" in bad.columns:
        absent["USUBJID"] = pl.col("subject")
    key = [name for name in (spec.key if spec else ()) if name != "USUBJID" and name in bad.columns]
    texts = [pl.format("{}={}", pl.lit(name), pl.col(name).cast(pl.String).fill_null("")) for name in key]
    places = bad.with_columns(**absent).select(
        form=pl.col(RAW_RECORD).str.extract(r"^(\w+):"),
        record=pl.col(RAW_RECORD).str.extract(r"^\w+:(\d+)"),
        subject=pl.col("USUBJID"),
        key=pl.concat_str(texts, separator=", ") if texts else pl.lit(""),
        value=pl.col(variable).cast(pl.String),
    )
    counts = bad["count"] if "count" in bad.columns else [1] * bad.height
    return [
        Issue(
            rule=rule.name,
            severity=rule.severity,
            message=rule.message,
            dataset=spec.name if spec else "",
            variable=variable,
            count=count,
            **{name: text or "" for name, text in place.items()},
        )
        for place, count in zip(places.rows(named=True), counts, strict=True)
    ]
