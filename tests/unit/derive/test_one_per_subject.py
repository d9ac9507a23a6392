import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cdisc_aclf.derive.one_per_subject import one_per_subject

RECORDS = st.lists(st.tuples(st.sampled_from(["01", "02", "03"]), st.sampled_from([None, "A", "B"])), min_size=1)


def form(records: list[tuple[str, str | None]]) -> pl.DataFrame:
    rows = [(subject, arm, f"randomisation:{number}") for number, (subject, arm) in enumerate(records, start=2)]
    return pl.DataFrame(rows, schema={"subject": pl.String, "arm": pl.String, "raw_record": pl.String}, orient="row")


def test_the_first_record_of_a_subject_stands_also_where_it_is_empty():
    assert one_per_subject(form([("01", None), ("01", "B"), ("02", "A")])).rows() == [
        ("01", None, "randomisation:2 randomisation:3"),
        ("02", "A", "randomisation:4"),
    ]


@given(RECORDS)
def test_no_subject_and_no_record_is_lost_and_no_subject_is_there_twice(records: list[tuple[str, str | None]]):
    raw = form(records)
    once = one_per_subject(raw)
    assert once["subject"].to_list() == list(dict.fromkeys(raw["subject"]))
    assert sorted(" ".join(once["raw_record"]).split()) == sorted(raw["raw_record"])


def test_a_form_without_records_stays_empty():
    assert one_per_subject(form([("01", "A")]).clear()).height == 0
