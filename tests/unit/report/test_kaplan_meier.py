"""The Kaplan-Meier estimate, against a published table and against lifelines."""

import warnings

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.report.kaplan_meier import estimate_at, kaplan_meier

with warnings.catch_warnings():  # what it imports is not ours to mend
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter

# Freireich et al. (1963), Blood 21:699: weeks of remission under 6-mercaptopurine, + censored
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
CENSORED = [0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]
# the estimate as Cox and Oakes (1984), Analysis of Survival Data, and every textbook since print it
PUBLISHED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def frame(times: list[float], censored: list[int], group: str = "A") -> pl.DataFrame:
    return pl.DataFrame({"TRTP": [group] * len(times), "AVAL": [float(time) for time in times], "CNSR": censored})


def test_the_estimate_is_that_of_the_published_remission_times():
    curve = kaplan_meier(frame(WEEKS, CENSORED), by="TRTP")
    found = {
        time: round(survival, 3)
        for time, events, survival in curve.select("time", "events", "survival").rows()
        if events
    }
    assert found == PUBLISHED


def test_the_numbers_at_risk_are_those_of_the_published_table():
    curve = kaplan_meier(frame(WEEKS, CENSORED), by="TRTP")
    risks = dict(curve.filter(pl.col("events") > 0).select("time", "at_risk").rows())
    assert risks == {6: 21, 7: 17, 10: 15, 13: 12, 16: 11, 22: 7, 23: 6}


def test_groups_do_not_touch_each_other():
    both = pl.concat([frame([2, 4], [0, 0], "B"), frame([3, 3, 9], [0, 1, 0], "A")])
    curve = kaplan_meier(both, by="TRTP")
    assert curve.select("TRTP", "time", "at_risk", "survival").rows() == [
        ("A", 3, 3, pytest.approx(2 / 3)), ("A", 9, 1, 0.0), ("B", 2, 2, 0.5), ("B", 4, 1, 0.0),
    ]  # fmt: skip


def test_before_the_first_event_all_are_alive_and_after_the_last_time_the_estimate_stays():
    curve = kaplan_meier(frame([5, 8], [0, 1]), by="TRTP")
    assert [estimate_at(curve, day)[0] for day in (1, 4.9, 5, 84)] == [1.0, 1.0, 0.5, 0.5]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 84), st.integers(0, 2)), min_size=1, max_size=40))
def test_estimate_and_limits_are_those_of_lifelines(subjects: list[tuple[int, int]]):
    times, censored = [float(time) for time, _ in subjects], [reason for _, reason in subjects]
    curve = kaplan_meier(frame(times, censored), by="TRTP")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter = KaplanMeierFitter().fit(times, [reason == 0 for reason in censored])
    for time, survival, lower, upper in curve.select("time", "survival", "lower", "upper").rows():
        assert survival == pytest.approx(float(fitter.survival_function_at_times(time).iloc[0]), abs=1e-12)
        if lower is not None:
            theirs = fitter.confidence_interval_.loc[time].tolist()
            assert [lower, upper] == pytest.approx(theirs, abs=1e-9)
