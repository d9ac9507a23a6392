"""LB: laboratory results of both laboratories."""

import polars as pl

from cdisc_aclf.derive.epoch import add_epoch
from cdisc_aclf.derive.last_before_exposure import add_last_before_exposure
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.standard_result import add_range_indicator, add_standard_result
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.derive.visit import add_visit
from cdisc_aclf.map.collected import is_yes, name_of_test, result, term
from cdisc_aclf.map.identifiers import identifiers
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.dates import plain
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def lb(
    raw_lab: Frame,
    raw_visit: Frame,
    dm: Frame,
    se: Frame,
    rs: Frame,
    ref_lb_analytes: Frame,
    ref_lb_tests: Frame,
    ref_lb_units: Frame,
    ref_visits: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """One record per analyte per sample; duplicates are kept.

    An analyte nobody listed keeps a null LBTESTCD, which the schema reports.
    """
    visits = raw_visit.with_columns(date=iso8601("visit_date"))
    unit_on_report = pl.coalesce(
        term("unit", "UNIT", ct),
        pl.when(pl.col("printed_without_unit") == "Y", pl.col("result").is_not_null()).then("standard_unit"),
    )
    return (
        raw_lab.join(ref_lb_analytes, on="analyte", how="left", validate="m:1", maintain_order="left")
        .join(ref_lb_tests, on="testcd", how="left", validate="m:1", maintain_order="left")
        .pipe(add_visit, visits=visits, planned=ref_visits)
        .select(
            **identifiers(study, "LB"),
            LBREFID="sample_id",
            LBSPID="record",
            LBTESTCD="testcd",
            LBTEST=name_of_test("testcd", "LBTESTCD", "LBTEST", ct),
            LBCAT="category",
            LBORRES=result("result"),
            LBORRESU=unit_on_report,
            LBORNRLO=plain("range_low"),
            LBORNRHI=plain("range_high"),
            LBSTAT=pl.when(is_yes("not_done", ct)).then(pl.lit("NOT DONE")),
            LBREASND="not_done_reason",
            LBNAM="laboratory",
            LBSPEC="specimen",
            VISITNUM="VISITNUM",
            VISIT="VISIT",
            VISITDY="VISITDY",
            LBDTC=iso8601("sample_date", "sample_time"),
            LBFLAG=term("lab_flag", "NRIND", ct),
        )
        .join(
            ref_lb_units.select(LBTESTCD="testcd", LBORRESU="unit", LBLOINC="loinc"),
            on=["LBTESTCD", "LBORRESU"], how="left", validate="m:1", maintain_order="left",
        )
        .pipe(_with_link_group, rs)
        .pipe(add_standard_result, "LB", tests=ref_lb_tests, units=ref_lb_units)
        .pipe(add_range_indicator, "LBNRIND", value="LBSTRESN", low="LBSTNRLO", high="LBSTNRHI")
        .pipe(add_last_before_exposure, "LB", by=["LBTESTCD", "LBSPEC"], dm=dm)
        .pipe(add_epoch, date="LBDTC", se=se)
        .pipe(add_study_day, "LBDY", date="LBDTC", dm=dm)
        .pipe(add_sequence, "LBSEQ", order=["LBTESTCD", "LBDTC"])
    )  # fmt: skip


def _with_link_group(frame: Frame, rs: Frame) -> Frame:
    """LBLNKGRP of results that an item of a score at the same visit compares."""
    link = pl.when(pl.col("LBORRES").is_not_null()).then(pl.format("{} {}", "LBTESTCD", "VISIT"))
    compared = rs.select("USUBJID", LBLNKGRP="RSLNKGRP").drop_nulls().unique()
    return (
        frame.with_columns(LBLNKGRP=link)
        .join(compared.with_columns(is_compared=True), on=["USUBJID", "LBLNKGRP"], how="left", maintain_order="left")
        .with_columns(pl.when("is_compared").then("LBLNKGRP"))
        .drop("is_compared")
    )
