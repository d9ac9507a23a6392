"""MB: virology of hepatitis B at entry."""

import polars as pl

from cdisc_aclf.derive.epoch import add_epoch
from cdisc_aclf.derive.last_before_exposure import add_last_before_exposure
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day, calendar_day
from cdisc_aclf.map.collected import name_of_test, number, result, term
from cdisc_aclf.map.identifiers import identifiers
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def mb(
    raw_hbv_history: Frame, sv: Frame, dm: Frame, se: Frame, ref_mb_items: Frame, study: Study, ct: Terminology
) -> Frame:
    """One record per antigen and viral load. A viral load in a unit that nobody listed has no standard result.

    The form has no visit: a sample belongs to the visit of its day, and to none where that day has no visit
    (decision virology_visit).
    """
    is_quantitative = pl.col("standard_unit").is_not_null()
    unit = pl.when(is_quantitative).then(term("hbv_dna_unit", "UNIT", ct))
    reported = pl.when(is_quantitative).then(result("result")).otherwise(term("result", "LBSTRESC", ct))
    is_standard = unit.eq_missing(pl.col("standard_unit"))
    return (
        raw_hbv_history.unpivot(
            ref_mb_items["column"].to_list(),
            index=[RAW_RECORD, "subject", "hbv_dna_unit", "sample_date"],
            variable_name="column",
            value_name="result",
        )
        .drop_nulls("result")
        .join(ref_mb_items, on="column", how="left", validate="m:1", maintain_order="left")
        .select(
            **identifiers(study, "MB"),
            MBTESTCD="testcd",
            MBTEST=name_of_test("testcd", "MBTESTCD", "MBTEST", ct),
            MBTSTDTL="detail",
            MBORRES=reported,
            MBORRESU=unit,
            MBSTRESC=pl.when(is_standard).then(reported),
            MBSTRESN=pl.when(is_standard).then(number("result")),
            MBSTRESU=pl.when(is_standard).then("standard_unit"),
            MBMETHOD=pl.lit(None, pl.String),
            MBDTC=iso8601("sample_date"),
        )
        .with_columns(day=calendar_day("MBDTC"))
        .join(_visit_of_day(sv), on=["USUBJID", "day"], how="left", maintain_order="left")
        .drop("day")
        .pipe(add_last_before_exposure, "MB", by=["MBTESTCD"], dm=dm)
        .pipe(add_epoch, date="MBDTC", se=se)
        .pipe(add_study_day, "MBDY", date="MBDTC", dm=dm)
        .pipe(add_sequence, "MBSEQ", order=["MBTESTCD", "MBDTC"])
    )


def _visit_of_day(sv: Frame) -> Frame:
    visits = sv.select("USUBJID", "VISITNUM", "VISIT", "VISITDY", day=calendar_day("SVSTDTC"))
    return visits.unique(["USUBJID", "day"], keep="first", maintain_order=True)
