"""Do DM, DS and AE tell one story of each death?"""

import polars as pl

from cdisc_aclf.model.frame import Frame


def death_without_disposition(dm: Frame, ds: Frame) -> Frame:
    """Subjects who died, without a death in DS."""
    return dm.filter(pl.col("DTHFL") == "Y").join(_deaths(ds), on="USUBJID", how="anti", maintain_order="left")


def death_date_differs(dm: Frame, ds: Frame) -> Frame:
    """Deaths in DS on another day than in DM, or of a subject who has none there."""
    return (
        _deaths(ds)
        .join(dm.select("USUBJID", "DTHDTC"), on="USUBJID", how="left", maintain_order="left")
        .filter(pl.col("DTHDTC").str.head(10).ne_missing(pl.col("DSSTDTC").str.head(10)))
    )


def fatal_event_without_death(ae: Frame, dm: Frame) -> Frame:
    """Fatal events of subjects who have no death in DM."""
    return _fatal(ae).join(dm.filter(pl.col("DTHFL") == "Y"), on="USUBJID", how="anti", maintain_order="left")


def fatal_event_date_differs(ae: Frame, dm: Frame) -> Frame:
    """Fatal events that end on another day than that of death."""
    return (
        _fatal(ae)
        .join(dm.filter(pl.col("DTHFL") == "Y").select("USUBJID", "DTHDTC"), on="USUBJID", maintain_order="left")
        .filter(pl.col("DTHDTC").str.head(10).ne_missing(pl.col("AEENDTC").str.head(10)))
    )


def death_without_fatal_event(dm: Frame, ae: Frame) -> Frame:
    """Subjects who died, without a fatal adverse event."""
    return dm.filter(pl.col("DTHFL") == "Y").join(_fatal(ae), on="USUBJID", how="anti", maintain_order="left")


def _deaths(ds: Frame) -> Frame:
    return ds.filter(pl.col("DSDECOD") == "DEATH")


def _fatal(ae: Frame) -> Frame:
    return ae.filter(pl.col("AEOUT") == "FATAL")
