"""CM: drugs other than the study drug."""

import polars as pl

from cdisc_aclf.derive.coding import add_coding
from cdisc_aclf.derive.epoch import add_epoch
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.map.collected import number, term
from cdisc_aclf.map.identifiers import identifiers, usubjid
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.dates import plain
from cdisc_aclf.model.dictionary import WHODRUG
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def cm(
    raw_concomitant: Frame,
    dict_whodrug: Frame,
    dm: Frame,
    se: Frame,
    ref_cm_categories: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """One record per treatment, standard care among them: it is no study drug, so neither arm has it in EX.

    A treatment may have begun before consent. One that goes on has no CMENDTC; CMENRTPT says so at the last date of
    participation, and of one that has ended nobody knows when.
    """
    ongoing, end = term("ongoing", "NY", ct), iso8601("end_date")
    relation = (
        pl.when(ongoing == "Y").then(pl.lit("ONGOING")).when(ongoing == "N", end.is_null()).then(pl.lit("BEFORE"))
    )
    return (
        raw_concomitant.with_columns(USUBJID=usubjid(study), category=term("category", "CMCAT", ct))
        .join(dm.select("USUBJID", "RFPENDTC"), on="USUBJID", how="left", maintain_order="left")
        .join(ref_cm_categories, on="category", how="left", validate="m:1", maintain_order="left")
        .select(
            **identifiers(study, "CM"),
            CMSPID="record",
            CMTRT=pl.col("treatment").str.strip_chars(),
            CMCAT="cmcat",
            CMSCAT="category",
            CMINDC="indication",
            CMDOSE=number("dose"),
            CMDOSU=term("unit", "UNIT", ct),
            CMDOSFRQ=plain("frequency"),
            CMSTDTC=iso8601("start_date"),
            CMENDTC=end,
            CMENRTPT=relation,
            CMENTPT=pl.when(relation.is_not_null()).then("RFPENDTC"),
        )
        .pipe(add_coding, "CM", WHODRUG, dictionary=dict_whodrug)
        .pipe(add_epoch, date="CMSTDTC", se=se)
        .pipe(add_study_day, "CMSTDY", date="CMSTDTC", dm=dm)
        .pipe(add_study_day, "CMENDY", date="CMENDTC", dm=dm)
        .pipe(add_sequence, "CMSEQ", order=["CMSTDTC", "CMTRT"])
    )
