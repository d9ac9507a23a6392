"""Coding of reported terms with a dictionary that the user brings."""

import polars as pl

from cdisc_aclf.model.dictionary import LEVELS
from cdisc_aclf.model.frame import Frame


def add_coding(frame: Frame, domain: str, *, dictionary: Frame) -> Frame:
    """Add the dictionary levels of --TERM, found by its lowest level term without regard to case.

    A term that the dictionary lacks has null levels; --DECOD is never filled with --TERM.

    Args:
        frame: an Events dataset with --TERM.
        domain: two-letter domain code that stands for `--`.
        dictionary: one row per lowest level term: `llt`, `llt_code`, `pt`, `pt_code`, `hlt`, `hlt_code`, `hlgt`,
            `hlgt_code`, `soc`, `soc_code`; text.
    """
    key = pl.col("llt").str.to_lowercase().alias("_key")
    levels = [
        pl.col(column).cast(pl.Int64 if column.endswith("_code") else pl.String).alias(f"{domain}{name}")
        for name, column in LEVELS.items()
    ]
    term = pl.col(f"{domain}TERM").str.strip_chars().str.to_lowercase().alias("_key")
    return (
        frame.with_columns(term)
        .join(
            dictionary.select(key, *levels).unique("_key", keep="first"),
            on="_key",
            how="left",
            maintain_order="left",
        )
        .drop("_key")
    )
