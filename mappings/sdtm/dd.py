"""DD: details of each death."""

import polars as pl

from cdisc_aclf.derive.one_per_subject import one_per_subject
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.map.collected import name_of_test
from cdisc_aclf.map.identifiers import identifiers
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def dd(raw_death: Frame, dm: Frame, ref_dd_details: Frame, study: Study, ct: Terminology) -> Frame:
    """One record per detail given. The form has no date of collection, and that of death is in DM, so DDDTC is null."""
    detail = pl.col("detail").str.strip_chars()
    return (
        one_per_subject(raw_death)
        .unpivot(
            ref_dd_details["column"].to_list(),
            index=["subject", RAW_RECORD],
            variable_name="column",
            value_name="detail",
        )
        .drop_nulls("detail")
        .join(ref_dd_details, on="column", validate="m:1", maintain_order="left")
        .select(
            **identifiers(study, "DD"),
            DDTESTCD="testcd",
            DDTEST=name_of_test("testcd", "DTHDXCD", "DTHDX", ct),
            DDORRES=detail,
            DDSTRESC=detail,
            DDDTC=pl.lit(None, pl.String),
        )
        .pipe(add_study_day, "DDDY", date="DDDTC", dm=dm)
        .pipe(add_sequence, "DDSEQ", order=["DDTESTCD"])
    )
