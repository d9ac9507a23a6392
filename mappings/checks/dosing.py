"""Were the infusions given as planned?"""

import polars as pl

from cdisc_aclf.map.collected import term
from cdisc_aclf.map.identifiers import usubjid
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def dose_missed(raw_infusion: Frame, ct: Terminology) -> Frame:
    """Infusion forms that say the dose was not given."""
    return raw_infusion.filter(term("given", "NY", ct) == "N")


def dose_not_recorded(
    raw_visit: Frame,
    raw_infusion: Frame,
    dm: Frame,
    ref_visits: Frame,
    ref_arms: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """Dosing visits of the study drug's arm without an infusion form."""
    arms = ref_arms.filter(pl.col("study_drug") == "Y")
    subjects = dm.join(arms, left_on="ARMCD", right_on="armcd", how="semi")
    dosing_visits = ref_visits.filter(pl.col("dose") == "Y")
    return (
        raw_visit.filter(term("status", "VISITSTATUS", ct) == "Y")
        .with_columns(USUBJID=usubjid(study))
        .join(subjects, on="USUBJID", how="semi", maintain_order="left")
        .join(dosing_visits, left_on="visit", right_on="collected", how="semi", maintain_order="left")
        .join(raw_infusion, on=["subject", "visit"], how="anti", maintain_order="left")
    )


def dose_in_wrong_arm(ex: Frame, dm: Frame, ref_arms: Frame) -> Frame:
    """Infusions of subjects who were allocated to an arm without study drug."""
    arms = ref_arms.filter(pl.col("study_drug") == "N")
    subjects = dm.join(arms, left_on="ARMCD", right_on="armcd", how="semi")
    return ex.join(subjects, on="USUBJID", how="semi", maintain_order="left")


def dosed_without_randomisation(ex: Frame, dm: Frame) -> Frame:
    """Infusions of subjects who were not randomised."""
    return ex.join(dm.filter(pl.col("ARMCD").is_null()), on="USUBJID", how="semi", maintain_order="left")


def dose_amount(ex: Frame, ref_treatment: Frame) -> Frame:
    """Infusions with another number of particles than planned."""
    return ex.filter(pl.col("EXDOSE") != ref_treatment["dose"].cast(pl.Float64).item())


def dose_not_on_form(ex: Frame) -> Frame:
    """Infusions that were given, without their number of particles."""
    return ex.filter(pl.col("EXDOSE").is_null())


def infusion_without_start(ex: Frame) -> Frame:
    """Infusions that were given, without their start: the first dose of the subject is then not known."""
    return ex.filter(pl.col("EXSTDTC").is_null())


def infusion_too_short(ex: Frame, ref_treatment: Frame) -> Frame:
    """Infusions whose end is less than the least duration after their start."""
    minutes = (_moment("EXENDTC") - _moment("EXSTDTC")).dt.total_minutes()
    return ex.filter(minutes < ref_treatment["least_minutes"].cast(pl.Int64).item())


def _moment(column: str) -> pl.Expr:
    return pl.col(column).str.head(16).str.to_datetime("%Y-%m-%dT%H:%M", strict=False)
