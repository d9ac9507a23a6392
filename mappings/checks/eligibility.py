"""Was every randomised subject eligible?"""

import polars as pl
import polars.selectors as cs

from cdisc_aclf.map.collected import term
from cdisc_aclf.map.identifiers import usubjid
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def subject_ineligible(raw_eligibility: Frame, dm: Frame, study: Study, ct: Terminology) -> Frame:
    """Randomised subjects with an inclusion criterion not met or an exclusion criterion met."""
    randomised = dm.filter(pl.col("ARMCD").is_not_null())
    return (
        raw_eligibility.with_columns(USUBJID=usubjid(study))
        .join(randomised, on="USUBJID", how="semi", maintain_order="left")
        .filter(_failed(ct))
    )


def eligibility_contradicted(raw_eligibility: Frame, ct: Terminology) -> Frame:
    """Subjects called eligible with a criterion that failed, or not eligible without one."""
    eligible = term("eligible", "NY", ct)
    return raw_eligibility.filter((eligible == pl.lit("Y")) == _failed(ct))


def age_unknown(dm: Frame) -> Frame:
    """Subjects whose age nobody can tell: the date of birth is missing or partial."""
    return dm.filter(pl.col("AGE").is_null())


def _failed(ct: Terminology) -> pl.Expr:
    answers = list(ct.collected["NY"]), list(ct.collected["NY"].values())
    inclusion, exclusion = (cs.matches(rf"^{kind}\d+$").replace(*answers) for kind in ("incl", "excl"))
    return pl.any_horizontal(inclusion == "N", exclusion == "Y").fill_null(value=False)
