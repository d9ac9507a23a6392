"""Every outcome measure of the registry record has results that answer it, from parameters that are made."""

import csv
from pathlib import Path

import pytest

from cdisc_aclf.model.figure import FigureKind
from cdisc_aclf.model.timing import TimeKind
from cdisc_aclf.registry.trial import read_trial
from cdisc_aclf.study.figures import read_figures
from cdisc_aclf.study.specs import read_references, read_standard
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[2]
STUDY, CT = read_study(ROOT), read_terminology(ROOT)
TRIAL = read_trial(ROOT / "specs" / STUDY.record)
DATASETS = read_standard(ROOT, "adam").datasets
PURPOSES = {
    "primary": "PRIMARY OUTCOME MEASURE",
    "secondary": "SECONDARY OUTCOME MEASURE",
    "other": "EXPLORATORY OUTCOME MEASURE",
}
"""Terms of the codelist ANLPURP (C117745)."""

with (ROOT / "specs" / "adam" / "outcomes.csv").open(encoding="utf-8", newline="") as file:
    RESULTS = list(csv.DictReader(file))


def test_the_table_and_the_record_name_the_same_outcome_measures():
    record = {(str(outcome.kind), outcome.measure) for outcome in TRIAL.outcomes}
    assert {(row["kind"], row["measure"]) for row in RESULTS} == record
    assert len(record) == 11


def test_every_outcome_measure_has_a_result_that_the_protocol_asks_for():
    asked = {row["measure"] for row in RESULTS if row["reason"] == "SPECIFIED IN PROTOCOL"}
    assert asked == {outcome.measure for outcome in TRIAL.outcomes}


@pytest.mark.parametrize("row", RESULTS, ids=lambda row: row["result"])
def test_a_result_speaks_of_datasets_parameters_and_variables_that_there_are(row: dict[str, str]):
    spec = DATASETS[row["dataset"]]
    assert set(row["variables"].split()) <= set(spec.names)
    assert {row["flag"]} - {""} <= set(spec.names)
    assert row["population"] in spec.names
    assert row["population"] in DATASETS["ADSL"].names
    codelists = [name for each in spec.variables if each.name == "PARAMCD" for name in each.codelists]
    parameters = {term for name in codelists for term in CT.codelists[name].values}
    assert set(row["paramcd"].split()) <= parameters
    assert bool(row["paramcd"]) == bool(parameters)
    assert row["reason"] in {"SPECIFIED IN PROTOCOL", "SPONSOR DECISION"}  # no statistical analysis plan is at hand
    assert row["purpose"] == PURPOSES[row["kind"]]
    assert all(row[name] for name in ("title", "method", "documentation"))


def test_every_result_has_a_name_of_its_own():
    assert len({row["result"] for row in RESULTS}) == len({row["title"] for row in RESULTS}) == len(RESULTS)


def test_every_study_day_that_the_record_asks_for_is_a_time_point_of_its_result():
    references = read_references(ROOT)
    windows = dict(references["analysis_windows"].select("target", "avisit").rows())
    known = {*windows.values(), *references["eff_parameters"]["visit"]}
    visits = {row["measure"]: row["visits"].split(";") for row in RESULTS if row["reason"] == "SPECIFIED IN PROTOCOL"}
    assert {visit for each in visits.values() for visit in each} - {""} <= known
    for outcome in TRIAL.outcomes:
        days = [point.number for point in outcome.time_points if point.kind is TimeKind.STUDY_DAY]
        assert {windows[str(day)] for day in days} <= set(visits[outcome.measure])
    weeks = {"12-Week Survival Rate": {"Week 12"}, "4-Week Survival Rate": {"Week 4"}}
    assert {measure: set(visits[measure]) for measure in weeks} == weeks


def test_every_decision_that_a_result_rests_on_was_taken():
    for row in RESULTS:
        words = set(row["documentation"].replace(",", " ").split())
        named = {word for word in words if "_" in word}
        assert named <= STUDY.decisions.keys() | {"study.toml"}, row["result"]


def test_a_survival_figure_shows_the_population_of_its_parameter():
    figures = [figure for figure in read_figures(ROOT, DATASETS) if figure.kind is FigureKind.SURVIVAL]
    asked = {code: row["population"] for row in RESULTS for code in row["paramcd"].split()}
    assert figures
    assert {figure.paramcd: figure.flag for figure in figures if figure.paramcd in asked} == {
        figure.paramcd: asked[figure.paramcd] for figure in figures if figure.paramcd in asked
    }
