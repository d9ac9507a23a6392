"""ADEFF: alive or not, and adverse outcome or not, at 4 and 12 weeks."""

import polars as pl

from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.map.collected import name_of_test
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.terminology import Terminology

KNOWN = (1, 2)  # CNSR of ADTTE: no event by the landmark, and the subject is known to be alive then
STILL_IN_STUDY = 7  # what will be known later is not counted as the worst case now


def adeff(adtte: Frame, ref_eff_parameters: Frame, ref_parameters: Frame, ct: Terminology) -> Frame:
    """One record per parameter and randomised subject: BDS, ADaMIG 1.3.

    What happened to a subject who was lost before the landmark is unknown: AVALC is null and CRIT1FL the worst case.
    """
    answer = pl.when(pl.col("CNSR") == 0).then("if_event").when(pl.col("CNSR").is_in(KNOWN)).then("if_none")
    facts = ref_parameters.filter(pl.col("dataset") == "ADEFF").select(
        "paramcd", PARAMN=pl.col("paramn").cast(pl.Int64), PARCAT1="parcat1", PARAMTYP="paramtyp", CRIT1="crit1"
    )
    return (
        adtte.select(
            *("STUDYID", "USUBJID", "SITEID", "AGE", "RANDFL", "FASFL", "SAFFL", "TRTP", "TRTPN", "TRTA", "TRTAN"),
            *("ADT", "CNSR", "EVNTDESC", RAW_RECORD),
            source="PARAMCD",
            SRCDOM=pl.lit("ADTTE"),
            SRCVAR=pl.lit("CNSR"),
            SRCSEQ="ASEQ",
        )
        .join(ref_eff_parameters, on="source", maintain_order="left")
        .join(facts, on="paramcd", how="left", validate="m:1", maintain_order="left")
        .with_columns(AVALC=answer)
        .with_columns(
            PARAM=name_of_test("paramcd", "ADEFFPC", "ADEFFPN", ct),
            AVAL=pl.col("AVALC").replace_strict({"Y": 1, "N": 0}, default=None, return_dtype=pl.Int64),
            MISSREAS=pl.when(pl.col("AVALC").is_null()).then("EVNTDESC"),
            CRIT1FL=pl.coalesce("AVALC", pl.when(pl.col("CNSR") != STILL_IN_STUDY).then("if_event")),
            AVISIT="visit",
            AVISITN=pl.col("visitn").cast(pl.Int64),
        )
        .rename({"paramcd": "PARAMCD"})
        .drop("source", "visit", "visitn", "if_event", "if_none", "CNSR", "EVNTDESC")
        .pipe(add_sequence, "ASEQ", order=["PARAMN"])
    )
