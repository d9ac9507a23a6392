import polars as pl

from cdisc_aclf.derive.sequence import add_sequence


def lab(*rows: tuple[str, str | None, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["USUBJID", "LBDTC", "raw_record"], orient="row")


def numbered(frame: pl.DataFrame) -> list[tuple[str, int]]:
    return add_sequence(frame, "LBSEQ", order=["LBDTC"]).select("raw_record", "LBSEQ").rows()


def test_the_records_of_each_subject_are_numbered_from_1():
    frame = lab(("2", "2026-01-10", "lab:2"), ("1", "2026-01-11", "lab:3"), ("1", "2026-01-10", "lab:4"))
    assert numbered(frame) == [("lab:4", 1), ("lab:3", 2), ("lab:2", 1)]


def test_raw_rows_break_ties_as_numbers_so_that_row_10_comes_after_row_9():
    frame = lab(("1", "2026-01-10", "lab:10"), ("1", "2026-01-10", "lab:100"), ("1", "2026-01-10", "lab:9"))
    assert numbered(frame) == [("lab:9", 1), ("lab:10", 2), ("lab:100", 3)]


def test_of_two_forms_with_one_date_the_form_comes_before_the_row():
    frame = lab(("1", "2026-01-10", "survival:2"), ("1", "2026-01-10", "disposition:7"))
    assert numbered(frame) == [("disposition:7", 1), ("survival:2", 2)]


def test_a_record_without_a_date_is_numbered_first():
    frame = lab(("1", "2026-01-10", "lab:2"), ("1", None, "lab:3"))
    assert numbered(frame) == [("lab:3", 1), ("lab:2", 2)]


def test_the_order_of_the_rows_in_the_file_does_not_matter():
    rows = [("1", f"2026-01-{day}", f"lab:{row}") for row, day in enumerate((12, 10, 11, 10, 12), start=2)]
    assert numbered(lab(*rows)) == numbered(lab(*reversed(rows)))


def test_the_numbers_of_a_subject_stay_when_a_record_of_another_subject_is_added():
    rows = [("1", "2026-01-11", "lab:2"), ("1", "2026-01-10", "lab:3")]
    more = [*rows, ("0", "2026-01-09", "lab:4"), ("2", "2026-01-09", "lab:5")]
    subject_1 = pl.col("USUBJID") == "1"
    alone = add_sequence(lab(*rows), "LBSEQ", order=["LBDTC"])
    assert add_sequence(lab(*more), "LBSEQ", order=["LBDTC"]).filter(subject_1).equals(alone)
