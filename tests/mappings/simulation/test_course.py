"""The synthetic courses: scores, results, visits and endings hang together."""

import doctest
import math
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING

import polars as pl
import pytest

if TYPE_CHECKING:
    from mappings.simulation.study import Simulated

Simulate = Callable[..., "Simulated"]
Specs = dict[str, pl.DataFrame]
Load = Callable[[str], ModuleType]


def dates(specs: Specs, form: str) -> list[str]:
    return specs[f"raw/{form}"].filter(pl.col("type") == "date")["column"].to_list()


def by_subject(frame: pl.DataFrame, column: str) -> dict[str, str]:
    return dict(frame.select("subject", column).iter_rows())


def test_visits_are_on_their_study_days_and_only_the_follow_ups_have_a_window(large: "Simulated", specs: Specs):
    day1 = by_subject(large.forms["randomisation"], "randomisation_date")
    planned = {
        collected: (int(day), 0 if int(day) <= 13 else {28: 2, 84: 4}[int(day)])
        for collected, day in specs["visits"].select("collected", "visitdy").drop_nulls().iter_rows()
    }
    for subject, visit, when in large.forms["visit"].select("subject", "visit", "visit_date").iter_rows():
        if visit in planned:
            day = (date.fromisoformat(when) - date.fromisoformat(day1[subject])).days + 1
            assert abs(day - planned[visit][0]) <= planned[visit][1], (subject, visit)


def test_consent_is_one_to_three_days_before_day_1_at_18_to_65_years(large: "Simulated"):
    day1 = by_subject(large.forms["randomisation"], "randomisation_date")
    typed = by_subject(large.forms["cossh_aclf"], "age")
    for row in large.forms["demographics"].iter_rows(named=True):
        consent, birth = date.fromisoformat(row["icf_date"]), date.fromisoformat(row["birth_date"])
        age = consent.year - birth.year - ((consent.month, consent.day) < (birth.month, birth.day))
        assert typed[row["subject"]] == str(age)
        assert 18 <= age <= 65
        assert date(2026, 1, 5) <= consent
        if row["subject"] in day1:
            assert 1 <= (date.fromisoformat(day1[row["subject"]]) - consent).days <= 3


def test_subject_numbers_follow_the_consent_and_randomisation_numbers_follow_day_1(large: "Simulated"):
    consents = large.forms["demographics"]["icf_date"].to_list()
    assert consents == sorted(consents)
    randomised = large.forms["randomisation"].sort("randomisation_number")["randomisation_date"].to_list()
    assert randomised == sorted(randomised)
    assert randomised[-1] < "2027-06-08"


def test_the_score_at_screening_is_that_of_the_screening_results_and_below_the_limit(large: "Simulated"):
    names = {"国际标准化比值": "inr", "中性粒细胞绝对值": "neutrophils", "总胆红素": "bilirubin", "尿素": "urea"}
    screening = large.forms["lab"].filter(pl.col("visit") == "筛选期", pl.col("analyte").is_in(list(names)))
    results: dict[str, dict[str, str]] = {}
    for subject, analyte, result in screening.select("subject", "analyte", "result").iter_rows():
        results.setdefault(subject, {})[names[analyte]] = result
    randomised = set(large.forms["randomisation"]["subject"])
    for row in large.forms["cossh_aclf"].iter_rows(named=True):
        assert {name: row[name] for name in names.values()} == results[row["subject"]]
        inr, neutrophils, bilirubin, urea = (float(row[name]) for name in names.values())
        level = {"0": 1, "1": 2, "2": 2, "3": 3, "4": 3}[row["west_haven"]]
        score = 1.649 * math.log(inr) + 0.457 * level + 0.425 * math.log(neutrophils)
        score += 0.396 * math.log(bilirubin) + 0.576 * math.log(urea) + 0.033 * int(row["age"])
        assert abs(float(row["score"]) - score) <= 0.005 + 1e-9
        assert row["subject"] not in randomised or score < 7.4


def test_child_pugh_adds_up_and_follows_the_results_of_its_visit(large: "Simulated"):
    lab = {
        (subject, visit, analyte): result
        for subject, visit, analyte, result in large.forms["lab"]
        .select("subject", "visit", "analyte", "result")
        .iter_rows()
    }
    for row in large.forms["child_pugh"].iter_rows(named=True):
        bilirubin, albumin, inr = (
            float(lab[row["subject"], row["visit"], analyte]) for analyte in ("总胆红素", "白蛋白", "国际标准化比值")
        )
        points = [int(row[name]) for name in ("encephalopathy", "ascites", "bilirubin", "albumin", "inr")]
        assert points[2:] == [
            1 if bilirubin < 34.2 else 2 if bilirubin <= 51.3 else 3,
            1 if albumin > 35 else 2 if albumin >= 28 else 3,
            1 if inr < 1.7 else 2 if inr <= 2.3 else 3,
        ]
        assert int(row["total"]) == sum(points)
        assert row["grade"] == ("A" if sum(points) <= 6 else "B" if sum(points) <= 9 else "C")


def test_symptom_scores_lie_between_0_and_3_and_add_up(large: "Simulated"):
    items = ["fatigue", "anorexia", "nausea", "jaundice", "consciousness"]
    scores = large.forms["symptom_score"].select(pl.col(*items, "total").cast(int))
    assert scores.select(pl.sum_horizontal(items).eq(pl.col("total")).all()).item()
    assert scores.select(pl.max_horizontal(items).max(), low=pl.min_horizontal(items).min()).row(0) == (3, 0)


def test_those_who_die_were_sicker_at_screening_and_are_15_to_20_percent(large: "Simulated"):
    randomised = large.forms["randomisation"].select("subject")
    scores = large.forms["cossh_aclf"].join(randomised, on="subject").select("subject", pl.col("score").cast(float))
    died = scores["subject"].is_in(large.forms["death"]["subject"].to_list())
    assert 60 <= died.sum() <= 80
    assert scores.filter(died)["score"].mean() > scores.filter(~died)["score"].mean() + 0.1


def test_bilirubin_falls_in_those_who_complete_and_rises_in_those_who_die(large: "Simulated"):
    lab = large.forms["lab"].filter(pl.col("analyte") == "总胆红素", pl.col("visit").is_in(["第1天", "第28天"]))
    medians = (
        lab.with_columns(died=pl.col("subject").is_in(large.forms["death"]["subject"].to_list()))
        .group_by("died", "visit")
        .agg(pl.col("result").cast(float).median())
    )
    median = {(died, visit): value for died, visit, value in medians.iter_rows()}
    assert median[False, "第28天"] < 0.5 * median[False, "第1天"]
    assert median[True, "第28天"] > 1.3 * median[True, "第1天"]


@pytest.mark.parametrize("seed", range(5))
def test_twenty_subjects_hold_a_death_a_transplantation_an_abandonment_and_a_loss(seed: int, simulate: Simulate):
    forms = simulate(20, seed, clean=True).forms
    reasons = Counter(forms["disposition"]["reason"])
    assert 3 <= forms["death"].height <= 4
    assert forms["procedure"]["procedure"].to_list().count("肝移植") == 1
    assert reasons["失访"] == 1
    assert reasons["放弃治疗"] >= 1
    assert reasons["筛选失败"] == 3


def test_nothing_is_dated_after_the_death_or_before_the_consent(large: "Simulated", specs: Specs):
    death = by_subject(large.forms["death"], "death_date")
    history = {"birth_date", "aclf_date", "hbv_since"}
    consent = by_subject(large.forms["demographics"], "icf_date")
    for form, frame in large.forms.items():
        for column in dates(specs, form):
            for subject, when in frame.select("subject", column).drop_nulls().iter_rows():
                assert when <= death.get(subject, "9999"), (form, column, subject)
                if form != "medical_history" and column not in history:
                    assert when >= consent[subject], (form, column, subject)


def test_nothing_is_dated_after_the_end_of_participation(large: "Simulated", specs: Specs):
    ends = large.forms["disposition"].filter(pl.col("scope") == "研究参与")
    end = by_subject(ends, "end_date")
    for form, frame in large.forms.items():
        for column in dates(specs, form):
            for subject, when in frame.select("subject", column).drop_nulls().iter_rows():
                assert when <= end[subject], (form, column, subject)


def test_a_death_stands_in_every_form_that_must_know_it(large: "Simulated"):
    death = by_subject(large.forms["death"], "death_date")
    fatal = large.forms["adverse_event"].filter(pl.col("outcome") == "死亡")
    assert by_subject(fatal, "end_date") == death
    assert fatal.select("ctcae_grade", "serious", "results_in_death").unique().rows() == [("5", "是", "是")]
    assert large.forms["adverse_event"].filter(pl.col("ctcae_grade") == "5").height == len(death)
    ended = large.forms["disposition"].filter(pl.col("scope") == "研究参与", pl.col("reason") == "死亡")
    assert by_subject(ended, "end_date") == death
    last = large.forms["survival"].filter(pl.col("visit") == "第84天", pl.col("status") == "死亡")
    assert by_subject(last, "contact_date") == death


def test_a_serious_event_meets_a_criterion_and_no_other_event_does(large: "Simulated", module: Load):
    criteria = module("event_forms").CRITERIA
    events = large.forms["adverse_event"]
    met = events.select(pl.any_horizontal(pl.col(*criteria) == "是")).to_series()
    assert met.to_list() == (events["serious"] == "是").to_list()


def test_an_event_is_either_over_with_an_end_or_goes_on_without_one(large: "Simulated"):
    events = large.forms["adverse_event"]
    assert (events["ongoing"] == "是").to_list() == events["end_date"].is_null().to_list()
    ended = events.filter(pl.col("end_date").is_not_null())
    assert (ended["end_date"] >= ended["start_date"]).all()


def test_only_the_study_group_is_infused_and_nothing_is_done_to_the_drug_of_controls(large: "Simulated"):
    arm = by_subject(large.forms["randomisation"], "arm")
    assert {arm[subject] for subject in large.forms["infusion"]["subject"]} == {"试验组"}
    controls = [subject for subject, group in arm.items() if group == "对照组"]
    actions = large.forms["adverse_event"].filter(pl.col("subject").is_in(controls))["action"]
    assert actions.unique().to_list() == ["不适用"]


def test_every_dose_is_full_takes_two_to_three_hours_and_follows_the_sample_of_its_visit(large: "Simulated"):
    samples = {
        (subject, visit): (when, time)
        for subject, visit, when, time in large.forms["lab"]
        .select("subject", "visit", "sample_date", "sample_time")
        .iter_rows()
    }
    for row in large.forms["infusion"].iter_rows(named=True):
        start = datetime.fromisoformat(f"{row['start_date']}T{row['start_time']}")
        end = datetime.fromisoformat(f"{row['end_date']}T{row['end_time']}")
        assert timedelta(minutes=125) <= end - start <= timedelta(minutes=180)
        assert (row["particles"], row["volume"], row["given"]) == ("2", "100", "是")
        assert samples[row["subject"], row["visit"]] < (row["start_date"], row["start_time"])


def test_treatment_is_completed_exactly_by_those_who_got_all_four_doses(large: "Simulated"):
    arm = by_subject(large.forms["randomisation"], "arm")
    doses = Counter(large.forms["infusion"]["subject"])
    treatment = large.forms["disposition"].filter(pl.col("scope") == "研究治疗")
    reasons = by_subject(treatment, "reason")
    assert set(reasons) == {subject for subject, group in arm.items() if group == "试验组"}
    assert {subject for subject, reason in reasons.items() if reason == "完成"} == {
        subject for subject, count in doses.items() if count == 4
    }


def test_everyone_ends_the_participation_once(large: "Simulated"):
    ends = large.forms["disposition"].filter(pl.col("scope") == "研究参与")["subject"].to_list()
    assert ends == large.forms["demographics"]["subject"].to_list()


def test_a_screen_failure_failed_one_criterion_and_never_came_back(large: "Simulated"):
    randomised = set(large.forms["randomisation"]["subject"])
    eligibility = large.forms["eligibility"]
    for row in eligibility.iter_rows(named=True):
        failed = [name for name, value in row.items() if (name[:4], value) in {("incl", "否"), ("excl", "是")}]
        assert (len(failed), row["eligible"]) == ((0, "是") if row["subject"] in randomised else (1, "否"))
    failures = eligibility.filter(~pl.col("subject").is_in(list(randomised)))["subject"]
    for form in ("randomisation", "infusion", "survival", "adverse_event", "death"):
        assert not large.forms[form]["subject"].is_in(failures.to_list()).any(), form
    visits = large.forms["visit"].filter(pl.col("subject").is_in(failures.to_list()))
    assert visits["visit"].unique().to_list() == ["筛选期"]


def test_a_transplanted_subject_is_followed_by_telephone_and_not_measured_any_more(large: "Simulated"):
    transplants = large.forms["procedure"].filter(pl.col("procedure") == "肝移植")
    for subject, when in transplants.select("subject", "start_date").iter_rows():
        later = large.forms["visit"].filter(pl.col("subject") == subject, pl.col("visit_date") >= when)
        assert later["contact"].unique().to_list() == ["电话"]
        lab = large.forms["lab"].filter(pl.col("subject") == subject)
        assert lab["sample_date"].max() < when


@pytest.mark.parametrize(
    ("inputs", "score"),
    [
        (("2.1", 0, "5.0", "350", "5.0", 46), 7.1292),
        (("2.5", 2, "8.0", "420", "8.5", 55), 8.7483),
        (("3.2", 4, "11.6", "512.4", "14.2", 61), 10.3427),
        (("2.2", 1, "4.6", "300", "5.6", 48), 7.6978),
        (("1.5", 0, "3.1", "205.2", "3.4", 33), 5.5087),
    ],
)
def test_cossh_aclf_ii_agrees_with_the_worked_examples(inputs: tuple[str | int, ...], score: float, module: Load):
    names = ("inr", "west_haven", "neutrophils", "bilirubin", "urea", "age")
    assert abs(module("scores").cossh_aclf_ii(**dict(zip(names, inputs, strict=True))) - score) < 5e-5


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ((0, "absent", "30", "36", "1.5"), (5, "A")),
        ((1, "slight", "34.2", "35", "1.7"), (10, "C")),
        ((0, "slight", "51.3", "28", "2.3"), (9, "B")),
        ((4, "moderate", "350", "27.9", "2.31"), (15, "C")),
        ((2, "slight", "350", "31", "2.1"), (11, "C")),
        ((0, "absent", "34.19", "35.01", "1.69"), (5, "A")),
    ],
)
def test_child_pugh_agrees_with_the_worked_examples(
    inputs: tuple[str | int, ...], expected: tuple[int, str], module: Load
):
    names = ("west_haven", "ascites", "bilirubin", "albumin", "inr")
    points = module("scores").child_pugh(**dict(zip(names, inputs, strict=True)))
    assert (points.total, points.grade) == expected


@pytest.mark.parametrize("name", ["chance", "scores"])
def test_the_examples_of_the_docstrings_hold(name: str, module: Load):
    results = doctest.testmod(module(name))
    assert results.attempted > 0
    assert results.failed == 0
