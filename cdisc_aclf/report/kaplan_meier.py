"""The Kaplan-Meier estimate of a time-to-event parameter, with the numbers that a reader checks it by."""

from statistics import NormalDist

import polars as pl

from cdisc_aclf.model.frame import Frame

_Z = NormalDist().inv_cdf(0.975)  # two-sided 95 %


def kaplan_meier(frame: Frame, *, by: str) -> Frame:
    """The product-limit estimate in each group, one row per time at which somebody had the event or was censored.

    Kaplan and Meier (1958), J Am Stat Assoc 53:457. A subject censored on the day of an event was at risk on that day.
    Limits of 95 % are those of log(-log S) with Greenwood's variance (Kalbfleisch and Prentice, 2002, section 1.4);
    null where the estimate is 1 or 0.

    Args:
        frame: one record per subject of one parameter: AVAL in days and CNSR, 0 for an event (BDS-TTE 1.0); a record
            without AVAL counts nowhere.
        by: the variable that names the group.

    Returns:
        `by`, time, at_risk (just before the time), events, censored, survival, lower, upper; sorted by group and
        time.

    Examples:
        >>> adtte = pl.DataFrame({"TRTP": ["A"] * 4, "AVAL": [3.0, 5.0, 5.0, 8.0], "CNSR": [0, 0, 1, 1]})
        >>> kaplan_meier(adtte, by="TRTP").select("time", "at_risk", "events", "censored", "survival").rows()
        [(3.0, 4, 1, 0, 0.75), (5.0, 3, 1, 1, 0.5), (8.0, 1, 0, 1, 0.5)]
    """
    left = pl.col("events") + pl.col("censored")
    at_risk = (left.sum() - left.cum_sum() + left).over(by)
    risk, deaths = pl.col("at_risk"), pl.col("events")
    alive = risk - deaths
    # a group in which all die has survival 0 and no variance
    greenwood = pl.when(alive > 0).then(deaths / (risk * alive)).cum_sum().over(by)
    inner = pl.col("survival").is_between(0, 1, closed="none")
    log_log = pl.when(inner).then((-pl.col("survival").log()).log())
    error = _Z * greenwood.sqrt() / pl.col("survival").log().abs()
    return (
        frame.drop_nulls("AVAL")
        .group_by(by, time="AVAL", maintain_order=True)
        .agg(events=(pl.col("CNSR") == 0).sum().cast(pl.Int64), censored=(pl.col("CNSR") > 0).sum().cast(pl.Int64))
        .sort(by, "time")
        .with_columns(at_risk=at_risk)
        .with_columns(survival=(alive / risk).cum_prod().over(by))
        .with_columns(
            lower=(-(log_log + error).exp()).exp(),
            upper=(-(log_log - error).exp()).exp(),
        )
        .select(by, "time", "at_risk", "events", "censored", "survival", "lower", "upper")
    )


def estimate_at(curve: Frame, day: float) -> tuple[float, float | None, float | None]:
    """Survival with its limits at a time: that of the last step up to it, 1 before the first.

    Args:
        curve: rows of one group of `kaplan_meier`.
        day: time in days.

    Examples:
        >>> adtte = pl.DataFrame({"TRTP": ["A"] * 4, "AVAL": [3.0, 5.0, 5.0, 8.0], "CNSR": [0, 0, 1, 1]})
        >>> curve = kaplan_meier(adtte, by="TRTP")
        >>> [estimate_at(curve, day)[0] for day in (2, 3, 7, 100)]
        [1.0, 0.75, 0.5, 0.5]
    """
    steps = curve.filter(pl.col("time") <= day).tail(1).select("survival", "lower", "upper").rows()
    return steps[0] if steps else (1.0, None, None)


def at_risk(frame: Frame, days: float) -> int:
    """How many subjects were still followed and without the event just before a time.

    Examples:
        >>> at_risk(pl.DataFrame({"AVAL": [3.0, 5.0, 5.0, 8.0, None]}), 5)
        3
    """
    return int((frame["AVAL"] >= days).sum())
