"""RS: Child-Pugh, West Haven and ascites, COSSH-ACLF II and the clinical symptom score."""

import polars as pl

from cdisc_aclf.derive.epoch import add_epoch
from cdisc_aclf.derive.last_before_exposure import add_last_before_exposure
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.derive.visit import add_visit
from cdisc_aclf.map.collected import name_of_test, number, term
from cdisc_aclf.map.identifiers import identifiers
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.dates import plain
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def rs(
    raw_child_pugh: Frame,
    raw_he_ascites: Frame,
    raw_cossh_aclf: Frame,
    raw_symptom_score: Frame,
    raw_visit: Frame,
    dm: Frame,
    se: Frame,
    ref_rs_items: Frame,
    ref_rs_answers: Frame,
    ref_visits: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """One record per item answered, as its instrument words it; RSSTRESC has the points (SDTMIG 3.4, RS assumption 3).

    Scores are those that the investigator wrote, so no record is marked as derived. An item that compares a laboratory
    result shares RSLNKGRP with that result (RS assumption 4).
    """
    answers = [
        _unpivoted("child_pugh", raw_child_pugh, ref_rs_items),
        _unpivoted("he_ascites", raw_he_ascites.with_columns(ascites=term("ascites", "ASCITES", ct)), ref_rs_items),
        _unpivoted("cossh_aclf", raw_cossh_aclf, ref_rs_items),
        _unpivoted("symptom_score", raw_symptom_score, ref_rs_items),
    ]
    instruments = ref_rs_items["instrument"].unique(maintain_order=True)
    visits = raw_visit.with_columns(date=iso8601("visit_date"))
    return (
        pl.concat(answers)
        .join(ref_rs_answers, on=["testcd", "collected"], how="left", validate="m:1", maintain_order="left")
        .with_columns(pl.coalesce("answer", "collected"), pl.coalesce("standard", "collected"))
        .pipe(add_visit, visits=visits, planned=ref_visits)
        .select(
            **identifiers(study, "RS"),
            RSLNKGRP=pl.format("{} {}", "lbtestcd", "VISIT"),
            RSTESTCD="testcd",
            RSTEST=pl.coalesce(name_of_test("testcd", f"{name}TC", f"{name}TN", ct) for name in instruments),
            RSCAT="category",
            RSORRES="answer",
            RSORRESU="unit",
            RSSTRESC="standard",
            RSSTRESN=number("standard"),
            RSSTRESU="standard_unit",
            VISITNUM="VISITNUM",
            VISIT="VISIT",
            VISITDY="VISITDY",
            RSDTC=iso8601("assessment_date"),
        )
        .pipe(add_last_before_exposure, "RS", by=["RSTESTCD"], dm=dm)
        .pipe(add_epoch, date="RSDTC", se=se)
        .pipe(add_study_day, "RSDY", date="RSDTC", dm=dm)
        .pipe(add_sequence, "RSSEQ", order=["RSTESTCD", "RSDTC"])
    )


def _unpivoted(name: str, form: Frame, ref_rs_items: Frame) -> Frame:
    items = ref_rs_items.filter(pl.col("form") == name)
    return (
        form.unpivot(
            items["column"].to_list(),
            index=[RAW_RECORD, "subject", "visit", "assessment_date"],
            variable_name="column",
            value_name="collected",
        )
        .drop_nulls("collected")
        .with_columns(collected=plain("collected"))
        .join(items, on="column", how="left", validate="m:1", maintain_order="left")
    )
