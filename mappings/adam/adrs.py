"""ADRS: the scores as written, recomputed from their sources, and what they are made of."""

from collections.abc import Sequence

import polars as pl

from cdisc_aclf.derive.analysis_window import add_analysis_window, add_record_of_window
from cdisc_aclf.derive.baseline import add_base, add_baseline_flag, add_change, add_shift, add_side_of_treatment
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_analysis_day, calendar_day
from cdisc_aclf.map.collected import name_of_test, number
from cdisc_aclf.map.option import of_option
from cdisc_aclf.map.score import (
    CODINGS,
    child_pugh_grade,
    child_pugh_total,
    cossh_aclf_ii,
    cossh_risk,
    encephalopathy_score,
    laboratory_points,
    why_not_usable,
)
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.quantity import Quantity
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology

RESULTS = ("INR", "NEUT", "BILI", "UREA", "ALB")
COSSH = ("INR", "WHEG0101", "NEUT", "BILI", "UREA", "AGE")
CHILD_PUGH = ("CPHE", "CPASC", "CPBILI", "CPALB", "CPINR")
SYMPTOMS = ("SYMS0101", "SYMS0102", "SYMS0103", "SYMS0104", "SYMS0105")
POINTS = {"WHEG0101": "CPHE", "ASCT0101": "CPASC", "BILI": "CPBILI", "ALB": "CPALB", "INR": "CPINR"}
OF_SUBJECT = ("USUBJID", "SITEID", "AGE", "RANDFL", "FASFL", "SAFFL", "TRTSDT")


def adrs(
    rs: Frame,
    lb: Frame,
    dm: Frame,
    ds: Frame,
    adsl: Frame,
    ref_lb_tests: Frame,
    ref_rs_items: Frame,
    ref_rs_categories: Frame,
    ref_parameters: Frame,
    ref_analysis_windows: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """One record per parameter and visit: BDS, ADaMIG 1.3.

    A score is made of what one visit found; its components are in the same dataset, so SRCSEQ of a score is null.
    """
    answers, results = _answers(rs, ref_rs_items, ref_rs_categories), _results(lb)
    components = pl.concat([answers, results, _points(answers, results)], how="diagonal")
    units = dict(ref_lb_tests.select("testcd", "standard_unit").rows())
    records = pl.concat(
        [
            components,
            *_cossh(components, adsl, units, study.option("encephalopathy_coding")),
            *_child_pugh(components),
            _symptoms(components),
        ],
        how="diagonal",
    )
    windows = ref_analysis_windows.filter(of_option(study, "analysis_windows"))
    order = ["ADT", "DTC", "VISITNUM", "SRCSEQ"]
    parameters = ref_parameters.filter(pl.col("dataset") == "ADRS").rename(str.upper)
    subjects = adsl.select(*OF_SUBJECT, TRTP="TRT01P", TRTPN="TRT01PN", TRTA="TRT01A", TRTAN="TRT01AN")
    return (
        records.drop("points")
        .pipe(_with_code, ref_rs_categories)
        .join(parameters.drop("DATASET"), on="PARAMCD", how="left", validate="m:1", maintain_order="left")
        .join(subjects, on="USUBJID", how="left", maintain_order="left")
        .with_columns(
            PARAM=name_of_test("PARAMCD", "ADRSPC", "ADRSPN", ct),
            ADT=calendar_day("DTC"),
            PARAMN=pl.col("PARAMN").cast(pl.Int64),
            CRIT1=pl.when(pl.col("CRIT1FL").is_not_null()).then("CRIT1"),
            MISSREAS=pl.when(pl.col("AVAL").is_null()).then("why"),
        )
        .pipe(add_analysis_day, "ADY", date="ADT")
        .pipe(add_side_of_treatment, date="DTC", dm=dm, ds=ds, rule=study.option("analysis_baseline"))
        .pipe(add_analysis_window, windows=windows, before="is_before")
        .pipe(add_record_of_window, "ANL01FL", by=["PARAMCD"], order=order)
        .pipe(add_baseline_flag, by=["PARAMCD"], before="is_before", order=order)
        .pipe(add_base, "BASE", of="AVAL", by=["PARAMCD"])
        .pipe(add_base, "BASECAT1", of="AVALCAT1", by=["PARAMCD"])
        .pipe(add_change, after="is_after")
        .pipe(add_shift, "SHIFT1", base="BASECAT1", value="AVALCAT1", after="is_after")
        .pipe(add_sequence, "ASEQ", order=["PARAMN", *order])
        .drop("DTC", "is_before", "is_after", "why", "PCHG")
    )


def _answers(rs: Frame, ref_rs_items: Frame, ref_rs_categories: Frame) -> Frame:
    """What investigators wrote, each item as a parameter of its own name."""
    bounds = ref_rs_items.select(
        PARAMCD="testcd", lowest=pl.col("lowest").cast(pl.Float64), highest=pl.col("highest").cast(pl.Float64)
    )
    value = pl.col("AVAL")
    is_possible = (value.is_between("lowest", "highest") & (value == value.floor())).fill_null(value=True)
    is_category = pl.col("RSTESTCD").is_in(ref_rs_categories["paramcd"].implode())
    return (
        rs.select(
            *("STUDYID", "USUBJID", "VISITNUM", "VISIT", RAW_RECORD),
            PARAMCD="RSTESTCD",
            AVAL=pl.when(~is_category).then("RSSTRESN"),
            AVALC=pl.when(is_category).then("RSSTRESC"),
            DTC="RSDTC",
            SRCDOM=pl.lit("RS"),
            SRCVAR=pl.when(is_category).then(pl.lit("RSSTRESC")).otherwise(pl.lit("RSSTRESN")),
            SRCSEQ="RSSEQ",
        )
        .pipe(_with_code, ref_rs_categories)
        .join(bounds, on="PARAMCD", how="left", maintain_order="left")
        .with_columns(
            why=pl.when(value.is_null())
            .then(pl.col("PARAMCD") + " NO STANDARD RESULT")
            .when(~is_possible)
            .then(pl.col("PARAMCD") + " OUT OF RANGE")
        )
        .drop("lowest", "highest")
    )


def _with_code(frame: Frame, ref_rs_categories: Frame) -> Frame:
    """AVAL of a parameter whose values are words."""
    codes = ref_rs_categories.select(PARAMCD="paramcd", AVALC="avalc", code=pl.col("aval").cast(pl.Float64))
    return (
        frame.join(codes, on=["PARAMCD", "AVALC"], how="left", validate="m:1", maintain_order="left")
        .with_columns(AVAL=pl.coalesce("AVAL", "code"))
        .drop("code")
    )


def _results(lb: Frame) -> Frame:
    """The first result of each visit: urea nitrogen in mmol/L stands for urea where there is none."""
    is_nitrogen = pl.col("LBTESTCD") == "UREAN"
    usable = pl.coalesce(
        pl.when(PARAMCD=code).then(why_not_usable(code, value=pl.col("AVAL"), result=pl.col("LBORRES")))
        for code in RESULTS
    )
    return (
        lb.filter(pl.col("LBORRES").is_not_null(), pl.col("VISITNUM").is_not_null())
        .with_columns(PARAMCD=pl.when(is_nitrogen).then(pl.lit("UREA")).otherwise("LBTESTCD"))
        .filter(pl.col("PARAMCD").is_in(RESULTS))
        .sort(is_nitrogen, "LBDTC", "LBSEQ", nulls_last=True, maintain_order=True)
        .unique(["USUBJID", "VISITNUM", "PARAMCD"], keep="first", maintain_order=True)
        .with_columns(AVAL="LBSTRESN")
        .select(
            *("STUDYID", "USUBJID", "VISITNUM", "VISIT", "PARAMCD", "AVAL", RAW_RECORD),
            DTC="LBDTC",
            SRCDOM=pl.lit("LB"),
            SRCVAR=pl.lit("LBSTRESN"),
            SRCSEQ="LBSEQ",
            why=usable,
            points=pl.when(pl.col("AVAL") > 0).then(laboratory_points("LBTESTCD", "LBORRESU", number("LBORRES"))),
        )
    )


def _points(answers: Frame, results: Frame) -> Frame:
    """Child-Pugh points of each source record; a laboratory result is compared in the unit that was reported."""
    graded = answers.with_columns(
        points=pl.when(PARAMCD="WHEG0101").then(encephalopathy_score(pl.col("AVAL"))).otherwise("AVAL")
    )
    return (
        pl.concat([graded, results], how="diagonal_relaxed")
        .filter(pl.col("PARAMCD").is_in(list(POINTS)))
        .with_columns(
            PARAMCD=pl.col("PARAMCD").replace(POINTS),
            AVAL=pl.col("points").cast(pl.Float64),
            AVALC=pl.lit(None, pl.String),
            points=pl.lit(None, pl.Int64),
        )
    )


def _at_visits(components: Frame, codes: Sequence[str]) -> Frame:
    """One row per visit that has any of the components; their values, and why one cannot be used, side by side."""
    of = [pl.col(name).filter(PARAMCD=code).first() for code in codes for name in ("AVAL", "why")]
    names = [name for code in codes for name in (code, f"{code}_why")]
    return (
        components.filter(pl.col("PARAMCD").is_in(codes), pl.col("VISITNUM").is_not_null())
        .sort("DTC", "SRCSEQ", nulls_last=True, maintain_order=True)
        .group_by("STUDYID", "USUBJID", "VISITNUM", maintain_order=True)
        .agg(
            pl.col("VISIT").first(),
            pl.col(RAW_RECORD).unique(maintain_order=True).str.join(" "),
            *(value.alias(name) for value, name in zip(of, names, strict=True)),
            DTC=pl.col("DTC").max(),
        )
    )


def _why(codes: Sequence[str]) -> pl.Expr:
    each = [
        pl.coalesce(f"{code}_why", pl.when(pl.col(code).is_null()).then(pl.lit(f"{code} MISSING"))) for code in codes
    ]
    return pl.concat_str(each, separator="; ", ignore_nulls=True).replace("", None)


def _score(visits: Frame, code: str, codes: Sequence[str], **values: pl.Expr) -> Frame:
    return visits.with_columns(PARAMCD=pl.lit(code), why=_why(codes), **values).select(
        *("STUDYID", "USUBJID", "VISITNUM", "VISIT", RAW_RECORD, "PARAMCD", "DTC", "why", *values)
    )


def _cossh(components: Frame, adsl: Frame, units: dict[str, str], coding: str) -> list[Frame]:
    """The score by the coding that the study decided on, and by the other one."""
    age = adsl.select("USUBJID", AGE=pl.col("AGE").cast(pl.Float64), AGE_why=pl.lit(None, pl.String))
    visits = _at_visits(components, COSSH[:-1]).join(age, on="USUBJID", how="left", maintain_order="left")
    score, other = (
        cossh_aclf_ii(
            inr=Quantity(pl.col("INR"), units["INR"]),
            west_haven=pl.col("WHEG0101"),
            neutrophils=Quantity(pl.col("NEUT"), units["NEUT"]),
            bilirubin=Quantity(pl.col("BILI"), units["BILI"]),
            urea=Quantity(pl.col("UREA"), units["UREA"]),
            age=Quantity(pl.col("AGE"), "YEARS"),
            coding=CODINGS[name],
        )
        for name in (coding, *(name for name in CODINGS if name != coding))
    )
    is_moved = cossh_risk(score) != cossh_risk(other)
    flag = pl.when(is_moved).then(pl.lit("Y")).when(~is_moved).then(pl.lit("N"))
    return [
        _score(visits, "COSSH2", COSSH, AVAL=score, AVALCAT1=cossh_risk(score), CRIT1FL=flag),
        _score(visits, "COSSH2A", COSSH, AVAL=other, AVALCAT1=cossh_risk(other)),
    ]


def _child_pugh(components: Frame) -> list[Frame]:
    visits = _at_visits(components, CHILD_PUGH)
    names = ("encephalopathy", "ascites", "bilirubin", "albumin", "inr")
    total = child_pugh_total(**dict(zip(names, map(pl.col, CHILD_PUGH), strict=True)))
    grade = child_pugh_grade(total)
    return [
        _score(visits, "CPTOT", CHILD_PUGH, AVAL=total, AVALCAT1=grade),
        _score(visits, "CPGRADE", CHILD_PUGH, AVALC=grade),
    ]


def _symptoms(components: Frame) -> Frame:
    total = pl.sum_horizontal(SYMPTOMS, ignore_nulls=False)
    visits = _at_visits(components, SYMPTOMS)
    return _score(visits, "SYMTOT", SYMPTOMS, AVAL=pl.when(_why(SYMPTOMS).is_null()).then(total))
