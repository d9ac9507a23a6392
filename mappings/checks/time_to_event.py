"""Do the curves of ADTTE have the events and the subjects that DM, DS and PR have?"""

import polars as pl

from cdisc_aclf.derive.imputed_date import days_possible
from cdisc_aclf.map.collected import has_term
from cdisc_aclf.map.option import of_option
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study


def survival_curve_differs(
    adtte: Frame,
    dm: Frame,
    ds: Frame,
    pr: Frame,
    ref_tte_parameters: Frame,
    ref_tte_events: Frame,
    ref_tte_outcomes: Frame,
    ref_landmarks: Frame,
    ref_abandonment: Frame,
    study: Study,
) -> Frame:
    """Events and reasons of censoring that SDTM lacks, and events there that surely come before what the curve has."""
    landmarks = ref_tte_parameters.join(ref_landmarks.filter(of_option(study, "landmark")), on="week")
    outcomes = ref_tte_outcomes.select("outcome", CNSR=pl.col("cnsr").cast(pl.Int64), EVNTDESC="evntdesc")
    terms = ref_abandonment.filter(of_option(study, "abandonment"))
    events = pl.concat(
        [
            _dated(dm.filter(pl.col("DTHFL") == "Y"), "DTHDTC", "DEATH"),
            _dated(pr.filter(pl.col("PRCAT") == "TRANSPLANTATION"), "PRSTDTC", "TRANSPLANTATION"),
            _dated(ds.filter(pl.col("DSCAT") == "DISPOSITION EVENT", has_term(terms)), "DSSTDTC", "ABANDONMENT"),
        ]
    ).join(ref_tte_events, on="event")
    ends = ds.filter(pl.col("DSSCAT") == "STUDY PARTICIPATION").group_by("USUBJID").agg(ends="DSDECOD")
    records = (
        adtte.with_row_index("_row")
        .join(outcomes, on=["CNSR", "EVNTDESC"], how="left", maintain_order="left")
        .join(landmarks.select(PARAMCD="paramcd", day="day"), on="PARAMCD", how="left", maintain_order="left")
        .join(ends, on="USUBJID", how="left", maintain_order="left")
        .with_columns(landmark=pl.col("STARTDT") + pl.duration(days=pl.col("day").cast(pl.Int64) - 1))
    )
    has_event = pl.col("outcome").is_in(ref_tte_events["outcome"].implode())
    is_it = (pl.col("outcome") == pl.col("outcome_event")) & (pl.col("first") <= pl.col("landmark")).fill_null(
        value=True
    )
    until = pl.when(has_event).then(pl.col("ADT") - pl.duration(days=1)).otherwise("landmark")
    is_missed = pl.col("last").is_between("STARTDT", until).fill_null(value=False)
    held = (
        records.join(events, left_on=["USUBJID", "PARAMCD"], right_on=["USUBJID", "paramcd"], suffix="_event")
        .group_by("_row")
        .agg(is_known=is_it.any(), is_missed=is_missed.any())
    )
    is_reason = (pl.col("CNSR") > 0) & (pl.col("outcome") == pl.col("EVNTDESC"))
    return records.join(held, on="_row", how="left", maintain_order="left").filter(
        pl.col("outcome").is_null()
        | (has_event & ~pl.col("is_known").fill_null(value=False))
        | pl.col("is_missed").fill_null(value=False)
        | (is_reason & ~pl.col("ends").list.contains(pl.col("outcome")).fill_null(value=False))
        | ((pl.col("outcome") == "ONGOING") & pl.col("ends").is_not_null())
    )


def survival_curve_misses(dm: Frame, adtte: Frame, ref_tte_parameters: Frame, study: Study) -> Frame:
    """Randomised subjects without exactly one record of each parameter, and others who have any."""
    parameters = ref_tte_parameters.filter(of_option(study, "censoring")).height
    counts = adtte.group_by("USUBJID").agg(records=pl.len(), parameters=pl.col("PARAMCD").n_unique())
    expected = pl.when(pl.col("ARMCD").is_not_null()).then(parameters).otherwise(0)
    counted = dm.join(counts, on="USUBJID", how="left", maintain_order="left")
    return counted.filter(
        (pl.col("records").fill_null(0) != expected) | (pl.col("parameters").fill_null(0) != expected)
    )


def _dated(records: Frame, date: str, event: str) -> Frame:
    first, last = days_possible(date)
    return records.select("USUBJID", event=pl.lit(event), first=first, last=last)
