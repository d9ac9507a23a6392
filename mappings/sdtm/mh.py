"""MH: what a subject had before the study."""

import polars as pl

from cdisc_aclf.derive.coding import add_coding
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.map.collected import term
from cdisc_aclf.map.identifiers import identifiers
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.dictionary import MEDDRA
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology

COLLECTED_AT = "SCREENING"


def mh(
    raw_medical_history: Frame,
    raw_hbv_history: Frame,
    dict_meddra: Frame,
    dm: Frame,
    ref_mh_questions: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """One record per disease or surgery reported, and per disease that the CRF asks everyone about."""
    return (
        pl.concat(
            [_reported(raw_medical_history, study, ct), _asked(raw_hbv_history, ref_mh_questions, study, ct)],
            how="diagonal",
        )
        .pipe(add_coding, "MH", MEDDRA, dictionary=dict_meddra)
        .pipe(add_study_day, "MHSTDY", date="MHSTDTC", dm=dm)
        .pipe(add_study_day, "MHENDY", date="MHENDTC", dm=dm)
        .pipe(add_sequence, "MHSEQ", order=["MHCAT", "MHSTDTC", "MHTERM"])
    )


def _reported(form: Frame, study: Study, ct: Terminology) -> Frame:
    """Whether a disease goes on was asked at screening; of one that does not, the end may be unknown."""
    ongoing, end = term("ongoing", "NY", ct), iso8601("end_date")
    relation = (
        pl.when(ongoing == "Y").then(pl.lit("ONGOING")).when(ongoing == "N", end.is_null()).then(pl.lit("BEFORE"))
    )
    return form.select(
        **identifiers(study, "MH"),
        MHSPID="record",
        MHTERM=pl.col("term").str.strip_chars(),
        MHCAT=pl.lit("GENERAL MEDICAL HISTORY"),
        MHSTDTC=iso8601("start_date"),
        MHENDTC=end,
        MHENRTPT=relation,
        MHENTPT=pl.when(relation.is_not_null()).then(pl.lit(COLLECTED_AT)),
    )


def _asked(form: Frame, questions: Frame, study: Study, ct: Terminology) -> Frame:
    """Pre-specified diseases: a date says that the disease occurred, no answer is NOT DONE (SDTMIG 3.4, MH)."""
    asks_date = pl.col("asks") == "date"
    occurred = pl.when(~asks_date).then(term("answer", "NY", ct)).when(pl.col("answer").is_not_null()).then(pl.lit("Y"))
    return (
        form.unpivot(
            questions["column"].to_list(),
            index=["subject", "precipitant", "antiviral_at_entry", RAW_RECORD],
            variable_name="column",
            value_name="answer",
        )
        .join(questions, on="column", validate="m:1", maintain_order="left")
        .select(
            **identifiers(study, "MH"),
            MHTERM="term",
            MHEVDTYP="date_type",
            MHCAT="category",
            MHPRESP=pl.lit("Y"),
            MHOCCUR=occurred,
            MHSTAT=pl.when(occurred.is_null()).then(pl.lit("NOT DONE")),
            MHSTDTC=pl.when(asks_date).then(iso8601("answer")),
            PRECIP=pl.when(pl.col("column") == "aclf_date").then("precipitant"),
            ANTIVIR=pl.when(pl.col("column") == "hbv_since").then(term("antiviral_at_entry", "NY", ct)),
        )
    )
