"""ADLB: laboratory results for analysis."""

import polars as pl

from cdisc_aclf.derive.analysis_value import add_analysis_value
from cdisc_aclf.derive.analysis_window import add_analysis_window, add_record_of_window
from cdisc_aclf.derive.baseline import add_base, add_baseline_flag, add_change, add_shift, add_side_of_treatment
from cdisc_aclf.derive.standard_result import add_range_indicator
from cdisc_aclf.derive.study_day import add_analysis_day, calendar_day
from cdisc_aclf.derive.toxicity_grade import add_toxicity_grade
from cdisc_aclf.map.collected import name_of_test
from cdisc_aclf.map.option import of_option
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology

SERIES = ["PARAMCD"]
LATER = ["LBSEQ"]  # it counts the results of a test in the order of their dates and times
OF_SUBJECT = ("SUBJID", "SITEID", "AGE", "SEX", "FASFL", "SAFFL", "ITTFL", "RANDFL", "TRTSDT", "TRTEDT")
OF_RESULT = ("STUDYID", "USUBJID", "LBSEQ", "LBNAM", "LBSTRESC", "VISITNUM", "VISIT", "LBDTC", RAW_RECORD)


def adlb(
    lb: Frame,
    dm: Frame,
    ds: Frame,
    adsl: Frame,
    ref_parameters: Frame,
    ref_analysis_windows: Frame,
    ref_ctcae_criteria: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """One record per laboratory result with an analysis value, unscheduled and repeated ones included."""
    treatments = {"TRTP": "TRT01P", "TRTPN": "TRT01PN", "TRTA": "TRT01A", "TRTAN": "TRT01AN"}
    subjects = adsl.select("USUBJID", *OF_SUBJECT, **treatments)
    parameters = ref_parameters.filter(pl.col("dataset") == "ADLB")
    criteria = ref_ctcae_criteria.filter(of_option(study, "inr_grading"))
    windows = ref_analysis_windows.filter(of_option(study, "analysis_windows"))
    return (
        lb.join(parameters, left_on="LBTESTCD", right_on="paramcd", maintain_order="left")
        .pipe(add_analysis_value, text="LBSTRESC", number="LBSTRESN")
        .filter(pl.col("AVAL").is_not_null())
        .select(
            *OF_RESULT,
            "AVAL",
            "DTYPE",
            PARAMCD="LBTESTCD",
            PARAM=name_of_test("LBTESTCD", "ADLBPC", "ADLBPN", ct),
            PARAMN=pl.col("paramn").cast(pl.Int64),
            PARCAT1="parcat1",
            ADT=calendar_day("LBDTC"),
            ANRLO="LBSTNRLO",
            ANRHI="LBSTNRHI",
        )
        .join(subjects, on="USUBJID", how="left", maintain_order="left")
        .pipe(add_analysis_day, "ADY", date="ADT")
        .pipe(add_side_of_treatment, date="LBDTC", dm=dm, ds=ds, rule=study.option("analysis_baseline"))
        .pipe(add_range_indicator, "ANRIND", value="AVAL", low="ANRLO", high="ANRHI")
        .pipe(add_baseline_flag, by=SERIES, before="is_before", order=LATER)
        .pipe(add_analysis_window, windows=windows, before="is_before")
        .pipe(add_record_of_window, "ANL01FL", by=SERIES, order=LATER)
        .pipe(add_base, "BASE", of="AVAL", by=SERIES)
        .pipe(add_change, after="is_after")
        .pipe(add_base, "BNRIND", of="ANRIND", by=SERIES)
        .pipe(add_toxicity_grade, "LOW", criteria=criteria)
        .pipe(add_toxicity_grade, "HIGH", criteria=criteria)
        .pipe(add_base, "BTOXGRL", of="ATOXGRL", by=SERIES)
        .pipe(add_base, "BTOXGRH", of="ATOXGRH", by=SERIES)
        .pipe(add_shift, "SHIFT1", base="BNRIND", value="ANRIND", after="is_after")
        .pipe(add_shift, "SHIFT2", base="BTOXGRL", value="ATOXGRL", after="is_after")
        .pipe(add_shift, "SHIFT3", base="BTOXGRH", value="ATOXGRH", after="is_after")
        .drop("is_before", "is_after")
        .sort("USUBJID", "PARAMN", "LBSEQ")
    )
