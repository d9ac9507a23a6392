"""RELREC: records that belong together."""

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study


def relrec(ds: Frame, ae: Frame, dd: Frame, ref_relrec_datasets: Frame, study: Study) -> Frame:
    """Records of a subject that tell of one thing; which procedure treated which adverse event is not collected."""
    related = [_deaths(ds, ae, dd), _datasets(ref_relrec_datasets)]
    return (
        pl.concat(related)
        .select(
            RAW_RECORD, "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELTYPE", "RELID", STUDYID=pl.lit(study.id)
        )
        # whole datasets first: readers take a last row that is mostly blank for padding of the transport file
        .sort("USUBJID", "RELID", "RDOMAIN", "IDVARVAL")
    )  # fmt: skip


def _deaths(ds: Frame, ae: Frame, dd: Frame) -> Frame:
    """The disposition, the fatal event and the details of a death, where at least two of them are there."""
    told = [
        _records(ds.filter(pl.col("DSDECOD") == "DEATH"), "DS"),
        _records(ae.filter(pl.col("AEOUT") == "FATAL"), "AE"),
        _records(dd, "DD"),
    ]
    return pl.concat(told).filter(pl.len().over("USUBJID") > 1).with_columns(RELID=pl.lit("DEATH"))


def _datasets(ref_relrec_datasets: Frame) -> Frame:
    """Datasets whose records belong together where their link groups are equal (SDTMIG 3.4 section 8.3)."""
    nobody = pl.lit(None, pl.String)
    return ref_relrec_datasets.select(
        nobody.alias(RAW_RECORD),
        nobody.alias("USUBJID"),
        RDOMAIN="rdomain",
        IDVAR="idvar",
        IDVARVAL=nobody,
        RELTYPE="reltype",
        RELID="relid",
    )


def _records(frame: Frame, domain: str) -> Frame:
    return frame.select(
        RAW_RECORD,
        "USUBJID",
        RDOMAIN=pl.lit(domain),
        IDVAR=pl.lit(f"{domain}SEQ"),
        IDVARVAL=pl.col(f"{domain}SEQ").cast(pl.String),
        RELTYPE=pl.lit(None, pl.String),
    )
