"""DV: protocol deviations, as the checks of the study find them."""

import polars as pl

from cdisc_aclf.derive.epoch import add_epoch
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.map.identifiers import usubjid
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study


def dv(
    dose_missed: Frame,
    infusion_too_short: Frame,
    dose_in_wrong_arm: Frame,
    dose_amount: Frame,
    subject_ineligible: Frame,
    raw_visit: Frame,
    dm: Frame,
    se: Frame,
    ref_dv_deviations: Frame,
    study: Study,
) -> Frame:
    """One record per row that a check found, so that DV says what the Issues say.

    It is dated by the infusion, by the visit where none was given, by randomisation where the subject was not eligible.
    """
    infusions = {
        "infusion_too_short": infusion_too_short,
        "dose_in_wrong_arm": dose_in_wrong_arm,
        "dose_amount": dose_amount,
    }
    visits = raw_visit.select("subject", "visit", date=iso8601("visit_date")).unique(["subject", "visit"], keep="first")
    found = [
        dose_missed.join(visits, on=["subject", "visit"], how="left", maintain_order="left").select(
            RAW_RECORD,
            USUBJID=usubjid(study),
            check=pl.lit("dose_missed"),
            DVSPID="record",
            DVSTDTC="date",
            REASNG="reason_not_given",
        ),
        subject_ineligible.join(dm.select("USUBJID", "RFSTDTC"), on="USUBJID", maintain_order="left").select(
            RAW_RECORD, "USUBJID", check=pl.lit("subject_ineligible"), DVSPID="record", DVSTDTC="RFSTDTC"
        ),
        *(
            rows.select(RAW_RECORD, "USUBJID", check=pl.lit(check), DVSPID="EXSPID", DVSTDTC="EXSTDTC")
            for check, rows in infusions.items()
        ),
    ]
    return (
        pl.concat(found, how="diagonal")
        .join(ref_dv_deviations, on="check", how="left", validate="m:1", maintain_order="left")
        .select(
            RAW_RECORD,
            "USUBJID",
            "DVSPID",
            "DVSTDTC",
            "REASNG",
            STUDYID=pl.lit(study.id),
            DOMAIN=pl.lit("DV"),
            DVTERM="term",
            DVDECOD="decod",
            DVCAT="category",
        )
        .pipe(add_epoch, date="DVSTDTC", se=se)
        .pipe(add_study_day, "DVSTDY", date="DVSTDTC", dm=dm)
        .pipe(add_sequence, "DVSEQ", order=["DVSTDTC", "DVDECOD"])
    )
