import polars as pl

from cdisc_aclf.derive.visit import add_visit

PLANNED = pl.DataFrame(
    [
        ("1", "SCREENING", None, "筛选期"),
        ("2", "DAY 1", "1", "第1天"),
        ("3", "DAY 4", "4", "第4天"),
        ("4", "DAY 7", "7", "第7天"),
        (None, "UNSCHEDULED", None, "计划外"),
    ],
    schema=["visitnum", "visit", "visitdy", "collected"],
    orient="row",
)


def visits(*rows: tuple[str, str | None], subject: str = "01") -> pl.DataFrame:
    return pl.DataFrame([(subject, *row) for row in rows], schema=["subject", "visit", "date"], orient="row")


PLANNED_FORM = visits(
    ("筛选期", "2026-01-08"), ("第1天", "2026-01-10"), ("第4天", "2026-01-13"), ("第7天", "2026-01-16")
)


def numbers(form: pl.DataFrame, frame: pl.DataFrame | None = None) -> dict[str, float | None]:
    found = add_visit(form if frame is None else frame, visits=form, planned=PLANNED)
    return dict(found.select("visit", "VISITNUM").rows())


def test_a_planned_visit_has_number_name_and_day_of_the_schedule():
    found = add_visit(visits(("筛选期", "2026-01-08"), ("第4天", "2026-01-14")), visits=PLANNED_FORM, planned=PLANNED)
    assert found.select("VISITNUM", "VISIT", "VISITDY").rows() == [(1.0, "SCREENING", None), (3.0, "DAY 4", 4)]


def test_an_unscheduled_visit_stands_between_its_neighbours_and_has_no_planned_day():
    form = PLANNED_FORM.vstack(visits(("计划外1", "2026-01-14")))
    found = add_visit(form, visits=form, planned=PLANNED).filter(pl.col("visit") == "计划外1")
    assert found.select("VISITNUM", "VISIT", "VISITDY").rows() == [(3.01, "UNSCHEDULED 3.01", None)]


def test_unscheduled_visits_between_the_same_neighbours_are_numbered_by_date_whatever_the_crf_calls_them():
    form = PLANNED_FORM.vstack(visits(("计划外2", "2026-01-14"), ("计划外1", "2026-01-15"), ("计划外3", "2026-01-11")))
    found = numbers(form)
    assert {name: found[name] for name in ("计划外3", "计划外2", "计划外1")} == {
        "计划外3": 2.01,
        "计划外2": 3.01,
        "计划外1": 3.02,
    }


def test_ten_unscheduled_visits_in_one_gap_have_two_decimals_each():
    form = PLANNED_FORM.vstack(visits(*((f"计划外{day}", f"2026-02-{day:02}") for day in range(1, 13))))
    found = add_visit(form, visits=form, planned=PLANNED).filter(pl.col("VISITDY").is_null())
    assert found.filter(pl.col("visit") == "计划外10")["VISIT"].to_list() == ["UNSCHEDULED 4.10"]
    assert found.filter(pl.col("visit") == "计划外12")["VISITNUM"].to_list() == [4.12]


def test_an_unscheduled_visit_on_the_day_of_a_planned_one_comes_after_it():
    assert numbers(PLANNED_FORM.vstack(visits(("计划外1", "2026-01-13"))))["计划外1"] == 3.01


def test_an_unscheduled_visit_before_the_first_planned_one_stands_before_it():
    assert numbers(PLANNED_FORM.vstack(visits(("计划外1", "2026-01-02"))))["计划外1"] == 0.01


def test_a_missed_visit_is_no_neighbour():
    form = visits(("第1天", "2026-01-10"), ("第4天", None), ("计划外1", "2026-01-14"))
    assert numbers(form) == {"第1天": 2.0, "第4天": 3.0, "计划外1": 2.01}


def test_two_unscheduled_visits_on_one_day_keep_the_order_of_the_form():
    form = PLANNED_FORM.vstack(visits(*((f"计划外{number}", "2026-01-14") for number in range(9, 0, -1))))
    found = numbers(form)
    assert [found[f"计划外{number}"] for number in range(9, 0, -1)] == [3 + step / 100 for step in range(1, 10)]


def test_a_record_of_an_unscheduled_visit_that_has_no_row_in_the_visit_form_has_no_number():
    lab = visits(("计划外1", "2026-01-14"))
    assert numbers(PLANNED_FORM, lab) == {"计划外1": None}


def test_a_visit_that_nobody_knows_has_no_number():
    assert numbers(visits(("第99天", "2026-01-14"))) == {"第99天": None}


def test_records_take_the_number_of_their_visit_not_of_their_date():
    form = PLANNED_FORM.vstack(visits(("计划外1", "2026-01-14")))
    lab = visits(("计划外1", "2026-01-30"), ("第4天", "2026-01-30"))
    assert numbers(form, lab) == {"计划外1": 3.01, "第4天": 3.0}


def test_the_visits_of_other_subjects_do_not_count():
    other = visits(("计划外1", "2026-01-11"), subject="02").vstack(visits(("第1天", "2026-01-10"), subject="02"))
    form = PLANNED_FORM.vstack(visits(("计划外1", "2026-01-14"))).vstack(other)
    found = add_visit(form, visits=form, planned=PLANNED).filter(pl.col("visit") == "计划外1")
    assert found.select("subject", "VISITNUM").rows() == [("01", 3.01), ("02", 2.01)]


def test_no_record_is_lost_and_none_is_added():
    form = PLANNED_FORM.vstack(visits(("计划外1", "2026-01-14"), ("计划外1", "2026-01-15"), ("谁知道", None)))
    found = add_visit(form, visits=form, planned=PLANNED)
    assert found.select("subject", "visit", "date").equals(form)


def test_a_schedule_without_unscheduled_visits_numbers_the_planned_ones():
    planned = PLANNED.drop_nulls("visitnum")
    assert add_visit(PLANNED_FORM, visits=PLANNED_FORM, planned=planned)["VISITNUM"].to_list() == [1.0, 2.0, 3.0, 4.0]
