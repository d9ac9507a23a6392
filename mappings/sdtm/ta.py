"""TA: the planned path of each arm through the elements."""

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study


def ta(ref_arms: Frame, ref_elements: Frame, study: Study) -> Frame:
    """One record per element per arm: the element of the arm, and those that are no arm's own.

    The branch stands with the element that ends at it, so in the record before the arm's own element (SDTMIG 3.4,
    TA assumption 3).
    """
    is_own, is_shared = pl.col("etcd") == pl.col("etcd_arm"), ~pl.col("etcd").is_in(ref_arms["etcd"].implode())
    return (
        ref_arms.join(ref_elements, how="cross", suffix="_element")
        .rename({"etcd": "etcd_arm", "etcd_element": "etcd"})
        .filter(is_own | is_shared)
        .with_columns(pl.col("taetord").cast(pl.Int64))
        .sort("armcd", "taetord")
        .with_columns(branches=is_own.shift(-1, fill_value=False).over("armcd"))
        .select(
            pl.lit(None, pl.String).alias(RAW_RECORD),
            STUDYID=pl.lit(study.id),
            DOMAIN=pl.lit("TA"),
            ARMCD="armcd",
            ARM="arm",
            TAETORD="taetord",
            ETCD="etcd",
            ELEMENT="element",
            TABRANCH=pl.when("branches").then("tabranch"),
            TATRANS="tatrans",
            EPOCH="epoch",
        )
    )
