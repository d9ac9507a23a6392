"""TE: the elements that the arms are built of."""

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study


def te(ref_elements: Frame, study: Study) -> Frame:
    """One record per element: the event that starts it, and what is planned to end it."""
    return ref_elements.select(
        pl.lit(None, pl.String).alias(RAW_RECORD),
        STUDYID=pl.lit(study.id),
        DOMAIN=pl.lit("TE"),
        ETCD="etcd",
        ELEMENT="element",
        TESTRL="testrl",
        TEENRL="teenrl",
        TEDUR="tedur",
    ).sort("ETCD")
