"""IE: criteria of eligibility that a subject did not meet."""

import polars as pl
import polars.selectors as cs

from cdisc_aclf.derive.epoch import add_epoch
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.map.collected import term
from cdisc_aclf.map.identifiers import identifiers
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def ie(raw_eligibility: Frame, ti: Frame, dm: Frame, se: Frame, study: Study, ct: Terminology) -> Frame:
    """One record per inclusion criterion answered no and exclusion criterion answered yes (SDTMIG 3.4 IE assumption 1).

    Subjects who were randomised all the same have theirs too.
    """
    answers = raw_eligibility.unpivot(
        cs.matches(r"^(incl|excl)\d+$"),
        index=["subject", "assessment_date", RAW_RECORD],
        variable_name="criterion",
        value_name="answer",
    )
    return (
        answers.with_columns(IETESTCD=pl.col("criterion").str.to_uppercase())
        .join(ti.select("IETESTCD", "IETEST", "IECAT"), on="IETESTCD", how="left", maintain_order="left")
        .select(
            "IETESTCD",
            "IETEST",
            "IECAT",
            **identifiers(study, "IE"),
            IEORRES=term("answer", "NY", ct),
            IESTRESC=term("answer", "NY", ct),
            IEDTC=iso8601("assessment_date"),
        )
        .filter(pl.col("IEORRES") == pl.when(pl.col("IECAT") == "INCLUSION").then(pl.lit("N")).otherwise(pl.lit("Y")))
        .pipe(add_epoch, date="IEDTC", se=se)
        .pipe(add_study_day, "IEDY", date="IEDTC", dm=dm)
        .pipe(add_sequence, "IESEQ", order=["IETESTCD"])
    )
