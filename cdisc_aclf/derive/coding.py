"""Coding of reported terms with a dictionary that the user brings."""

import polars as pl

from cdisc_aclf.model.dictionary import Dictionary
from cdisc_aclf.model.frame import Frame


def add_coding(frame: Frame, domain: str, kind: Dictionary, *, dictionary: Frame) -> Frame:
    """Add the dictionary levels of the reported term, which is found without regard to case.

    A term that the dictionary lacks has null levels; --DECOD is never filled with the reported term.

    Args:
        frame: an Events dataset with --TERM, or an Interventions dataset with --TRT.
        domain: two-letter domain code that stands for `--`.
        kind: which dictionary it is.
        dictionary: its rows, text, with the columns of `kind`.

    Examples:
        >>> from cdisc_aclf.model.dictionary import WHODRUG
        >>> drugs = pl.DataFrame({"drug": ["Veltorin"], "decod": ["VELTOR"], "atc": ["VELTS"], "atc_code": ["X99"]})
        >>> frame = pl.DataFrame({"CMTRT": ["veltorin", "Unheard of"]})
        >>> add_coding(frame, "CM", WHODRUG, dictionary=drugs).rows()
        [('veltorin', 'VELTOR', 'VELTS', 'X99'), ('Unheard of', None, None, None)]
    """
    levels = [
        pl.col(column).cast(pl.Int64 if column in kind.numbers else pl.String).alias(f"{domain}{name}")
        for name, column in kind.levels.items()
    ]
    listed = pl.col(kind.term).str.to_lowercase().alias("_key")
    reported = pl.col(f"{domain}{kind.topic}").str.strip_chars().str.to_lowercase().alias("_key")
    return (
        frame.with_columns(reported)
        .join(
            dictionary.select(listed, *levels).unique("_key", keep="first"),
            on="_key",
            how="left",
            maintain_order="left",
        )
        .drop("_key")
    )
