"""TI: the criteria of eligibility."""

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.protocol import CriterionKind
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.text import split_text
from cdisc_aclf.model.trial import Trial

CODES = {CriterionKind.INCLUSION: "INCL", CriterionKind.EXCLUSION: "EXCL", None: "CRIT"}


def ti(trial: Trial, study: Study) -> Frame:
    """One record per criterion of the record. Of a text over 200 bytes IETEST has the beginning (TI assumption 5).

    A criterion under no heading has no IECAT, which the schema reports.
    """
    return pl.DataFrame(
        [
            {
                "IETESTCD": f"{CODES[criterion.kind]}{criterion.number:02}",
                "IETEST": split_text(" ".join(criterion.text.split()))[0],
                "IECAT": criterion.kind and criterion.kind.upper(),
            }
            for criterion in trial.eligibility.criteria
        ],
        schema={"IETESTCD": pl.String, "IETEST": pl.String, "IECAT": pl.String},
    ).with_columns(
        pl.lit(None, pl.String).alias(RAW_RECORD),
        STUDYID=pl.lit(study.id),
        DOMAIN=pl.lit("TI"),
        TIVERS=pl.lit(next(iter(study.facts.get("TIVERS", {}).get("criteria", ())), None), pl.String),
    )
