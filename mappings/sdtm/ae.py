"""AE: adverse events."""

import polars as pl

from cdisc_aclf.derive.coding import add_coding
from cdisc_aclf.derive.epoch import add_epoch
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.derive.treatment_emergent import add_treatment_emergent
from cdisc_aclf.map.collected import is_yes, term
from cdisc_aclf.map.identifiers import identifiers, usubjid
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.map.moment import at_its_time
from cdisc_aclf.model.dates import plain
from cdisc_aclf.model.dictionary import MEDDRA
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def ae(raw_adverse_event: Frame, dict_meddra: Frame, dm: Frame, se: Frame, study: Study, ct: Terminology) -> Frame:
    """One record per adverse event, graded by CTCAE v5.0 in AETOXGR (so no AESEV, SDTMIG 3.4 AE assumption 7d).

    An event that goes on has no AEENDTC; AEENRTPT says so at the last date of participation. A fatal one ends at the
    moment of death, where its form gives the day only (FDA FB0612).
    """
    ongoing, outcome = is_yes("ongoing", ct), term("outcome", "OUT", ct)
    return (
        raw_adverse_event.with_columns(USUBJID=usubjid(study))
        .join(dm.select("USUBJID", "RFPENDTC", "DTHDTC"), on="USUBJID", how="left", maintain_order="left")
        .select(
            **identifiers(study, "AE"),
            AESPID="record",
            AETERM=pl.col("term").str.strip_chars(),
            AESER=term("serious", "NY", ct),
            AEACN=term("action", "ACN", ct),
            AEREL=term("relation", "AEREL", ct),
            AEOUT=outcome,
            AESCONG=term("congenital", "NY", ct),
            AESDISAB=term("disability", "NY", ct),
            AESDTH=term("results_in_death", "NY", ct),
            AESHOSP=term("hospitalisation", "NY", ct),
            AESLIFE=term("life_threatening", "NY", ct),
            AESMIE=term("medically_important", "NY", ct),
            AECONTRT=term("treatment_given", "NY", ct),
            AETOXGR=plain("ctcae_grade"),
            AESTDTC=iso8601("start_date", "start_time"),
            AEENDTC=pl.when(outcome == "FATAL")
            .then(at_its_time(iso8601("end_date"), pl.col("DTHDTC")))
            .otherwise(iso8601("end_date")),
            AEENRTPT=pl.when(ongoing).then(pl.lit("ONGOING")),
            AEENTPT=pl.when(ongoing).then("RFPENDTC"),
            AEDESC=pl.col("description"),
        )
        .pipe(add_coding, "AE", MEDDRA, dictionary=dict_meddra)
        .pipe(add_treatment_emergent, "AETRTEM", start="AESTDTC", end="AEENDTC", dm=dm)
        .pipe(add_epoch, date="AESTDTC", se=se)
        .pipe(add_study_day, "AESTDY", date="AESTDTC", dm=dm)
        .pipe(add_study_day, "AEENDY", date="AEENDTC", dm=dm)
        .pipe(add_sequence, "AESEQ", order=["AESTDTC", "AETERM"])
    )
