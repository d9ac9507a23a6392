"""Which reported terms does the dictionary lack?"""

import polars as pl

from cdisc_aclf.model.frame import Frame


def history_not_coded(mh: Frame) -> Frame:
    """Medical history whose term the dictionary lacks."""
    return mh.filter(pl.col("MHTERM").is_not_null() & pl.col("MHDECOD").is_null())


def treatment_not_coded(cm: Frame) -> Frame:
    """Treatments whose name the dictionary lacks."""
    return cm.filter(pl.col("CMTRT").is_not_null() & pl.col("CMDECOD").is_null())
