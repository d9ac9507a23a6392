from collections.abc import Callable, Mapping

import polars as pl

from cdisc_aclf.datasets.conform import Dataset

Story = Callable[..., list[tuple[object, ...]]]


def test_planned_visits_have_the_names_and_days_of_the_schedule(story: Story):
    assert story("SV", "EXOSOME", "VISITNUM", "VISIT", "VISITDY", "SVSTDTC", "SVSTDY") == [
        (1.0, "SCREENING", None, "2026-01-08", -2),
        (2.0, "DAY 1", 1, "2026-01-10", 1),
        (3.0, "DAY 4", 4, "2026-01-13", 4),
        (4.0, "DAY 7", 7, "2026-01-16", 7),
        (5.0, "DAY 10", 10, "2026-01-19", 10),
        (6.0, "DAY 13", 13, "2026-01-22", 13),
        (7.0, "DAY 28", 28, "2026-02-06", 28),
        (8.0, "DAY 84", 84, "2026-04-03", 84),
    ]


def test_unscheduled_visits_stand_between_planned_ones_by_date_and_say_why_they_took_place(story: Story):
    variables = ("VISITNUM", "VISIT", "VISITDY", "SVPRESP", "SVOCCUR", "SVREASOC", "SVUPDES", "SVSTDTC")
    unplanned = [record for record in story("SV", "UNSCHEDULED", *variables) if record[3] is None]
    assert unplanned == [
        (0.01, "UNSCHEDULED 0.01", None, None, None, None, "预筛", "2026-01-07"),
        (2.01, "UNSCHEDULED 2.01", None, None, None, None, "发热", "2026-01-14"),
        (2.02, "UNSCHEDULED 2.02", None, None, None, None, "腹痛", "2026-01-15"),
        (4.01, "UNSCHEDULED 4.01", None, None, None, None, "黄疸加重", "2026-02-20"),
    ]


def test_a_missed_visit_keeps_its_place_without_a_date_and_says_why(story: Story):
    variables = ("VISIT", "SVPRESP", "SVOCCUR", "SVREASOC", "SVUPDES", "SVSTDTC", "SVENDTC", "SVSTDY")
    missed = [record for record in story("SV", "UNSCHEDULED", *variables) if record[2] == "N"]
    assert missed == [("DAY 4", "Y", "N", "大雪封路", None, None, None, None)]


def test_a_visit_by_telephone_says_so(story: Story):
    contacts = dict(story("SV", "NEVERDOSED", "VISIT", "SVCNTMOD"))
    assert contacts == {"SCREENING": "IN PERSON", "DAY 1": "IN PERSON", "DAY 84": "TELEPHONE CALL"}


def test_a_visit_begins_and_ends_on_its_day(stories: Mapping[str, Dataset]):
    assert stories["SV"].frame.filter(pl.col("SVSTDTC").ne_missing(pl.col("SVENDTC"))).is_empty()


def test_every_visit_that_another_dataset_names_is_in_sv(stories: Mapping[str, Dataset]):
    visits = stories["SV"].frame
    for name in ("LB", "EX"):
        records = stories[name].frame
        assert records.join(visits, on=["USUBJID", "VISITNUM", "VISIT"], how="anti").is_empty()


def test_a_visit_number_has_one_name_and_a_name_one_number(stories: Mapping[str, Dataset]):
    pairs = stories["SV"].frame.select("VISITNUM", "VISIT").unique()
    assert pairs["VISITNUM"].is_unique().all()
    assert pairs["VISIT"].is_unique().all()
