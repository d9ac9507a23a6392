"""Was every randomised subject eligible?"""

import polars as pl
import polars.selectors as cs

from cdisc_aclf.map.identifiers import usubjid
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def subject_ineligible(raw_eligibility: Frame, dm: Frame, study: Study, ct: Terminology) -> Frame:
    """Randomised subjects with an inclusion criterion not met or an exclusion criterion met."""
    answers = list(ct.collected["NY"]), list(ct.collected["NY"].values())
    failed = pl.any_horizontal(
        cs.matches(r"^incl\d+$").replace(*answers) == "N", cs.matches(r"^excl\d+$").replace(*answers) == "Y"
    )
    randomised = dm.filter(pl.col("ARMCD").is_not_null())
    return (
        raw_eligibility.with_columns(USUBJID=usubjid(study))
        .join(randomised, on="USUBJID", how="semi", maintain_order="left")
        .filter(failed)
    )
