"""Who and what a record is about."""

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD
from cdisc_aclf.model.study import Study


def usubjid(study: Study) -> pl.Expr:
    """USUBJID: STUDYID and the subject number of the CRF (column `subject`), SDTMIG 3.4 section 4.2.3."""
    return pl.lit(f"{study.id}-") + pl.col("subject")


def identifiers(study: Study, domain: str) -> dict[str, pl.Expr]:
    """STUDYID, DOMAIN and USUBJID of a record, and the raw record that it comes from.

    Args:
        study: gives STUDYID.
        domain: two-letter domain code.

    Returns:
        Expressions by name, for `frame.select(**identifiers(study, "LB"), ...)`.
    """
    return {
        "STUDYID": pl.lit(study.id),
        "DOMAIN": pl.lit(domain),
        "USUBJID": usubjid(study),
        RAW_RECORD: pl.col(RAW_RECORD),
    }
