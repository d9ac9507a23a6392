"""Was every randomised subject eligible?"""

import polars as pl
import polars.selectors as cs

from cdisc_aclf.map.collected import term
from cdisc_aclf.map.identifiers import usubjid
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.timing import TimeUnit
from cdisc_aclf.model.trial import Trial


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


def age_outside_limits(dm: Frame, trial: Trial) -> Frame:
    """Randomised subjects who are younger or older than the registry record allows, in completed years."""
    limits = [limit for limit in (trial.eligibility.minimum_age, trial.eligibility.maximum_age) if limit]
    if len(limits) < 2 or any(limit.unit is not TimeUnit.YEAR for limit in limits):
        return dm.clear()
    youngest, oldest = (limit.number for limit in limits)
    return dm.filter(pl.col("ARMCD").is_not_null() & ~pl.col("AGE").is_between(youngest, oldest))


def randomised_without_form(dm: Frame, raw_eligibility: Frame, raw_visit: Frame, raw_lab: Frame, study: Study) -> Frame:
    """Randomised subjects of whom the export has no eligibility form, no visit or no laboratory result."""
    complete = dm.filter(pl.col("ARMCD").is_not_null())
    for form in (raw_eligibility, raw_visit, raw_lab):
        complete = complete.join(form.select(USUBJID=usubjid(study)), on="USUBJID", how="semi")
    return dm.filter(pl.col("ARMCD").is_not_null()).join(complete, on="USUBJID", how="anti", maintain_order="left")


def _failed(ct: Terminology) -> pl.Expr:
    answers = list(ct.collected["NY"]), list(ct.collected["NY"].values())
    inclusion, exclusion = (cs.matches(rf"^{kind}\d+$").replace(*answers) for kind in ("incl", "excl"))
    return pl.any_horizontal(inclusion == "N", exclusion == "Y").fill_null(value=False)
