import csv
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.errors import InputError
from cdisc_aclf.model.spec import ColumnSpec, FormSpec
from cdisc_aclf.raw.export import BATCH, read_export

TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


def form(name: str, key: str, *columns: str) -> FormSpec:
    kinds = (column.partition(":") for column in columns)
    specs = tuple(
        ColumnSpec(name=column, label="", label_zh="", kind=kind or "text", codelist="", targets=(), ignored="")
        for column, _, kind in kinds
    )
    return FormSpec(name=name, label="", label_zh="", key=tuple(key.split()), left_out="", columns=specs, file="")


FORMS = {
    "demographics": form("demographics", "subject", "subject", "sex"),
    "lab": form("lab", "subject record", "subject", "record:integer", "sample_date:date", "sample_time:time", "result"),
}
DEMOGRAPHICS = "subject,sex\n01,男\n"
LAB = "subject,record,sample_date,sample_time,result\n"


def export(folder: Path, demographics: str | bytes = DEMOGRAPHICS, lab: str | bytes = LAB) -> Path:
    for name, content in (("demographics", demographics), ("lab", lab)):
        (folder / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(InputError) as refused:
        read_export(folder, FORMS)
    line = str(refused.value)
    assert line.isprintable(), "one line"
    return line.removeprefix(f"{folder}").removeprefix("/")


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def test_columns_come_in_the_order_of_the_spec_and_end_with_the_trace(tmp_path: Path):
    frame = read_export(export(tmp_path, "sex,subject\n男,01\n女,02\n"), FORMS)["demographics"]
    assert frame.columns == ["subject", "sex", "raw_record"]
    assert frame.rows() == [("01", "男", "demographics:2"), ("02", "女", "demographics:3")]


def test_forms_come_in_the_order_of_the_spec(tmp_path: Path):
    assert list(read_export(export(tmp_path), FORMS)) == ["demographics", "lab"]


def test_a_form_with_a_header_only_has_no_records_and_text_columns(tmp_path: Path):
    lab = read_export(export(tmp_path), FORMS)["lab"]
    assert lab.is_empty()
    assert set(lab.dtypes) == {pl.String}


def test_every_cell_stays_as_typed_and_an_empty_one_is_null(tmp_path: Path):
    cells = ["01", "007", "NA", "1e5", " null "]
    lab = read_export(export(tmp_path, lab=LAB + ",".join(cells) + "\n01,,\"\",' ',\n"), FORMS)["lab"]
    assert lab.rows() == [(*cells, "lab:2"), ("01", None, None, "' '", None, "lab:3")]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(TYPED, TYPED), max_size=8), st.sampled_from(["utf-8", "utf-8-sig"]))
def test_what_a_csv_writer_wrote_is_read_as_it_was(rows: list[tuple[str, str]], encoding: str):
    rows = [(f"{number}{subject}", sex) for number, (subject, sex) in enumerate(rows)]
    with tempfile.TemporaryDirectory() as folder:
        export(Path(folder), as_csv([("subject", "sex"), *rows]).encode(encoding))
        frame = read_export(Path(folder), FORMS)["demographics"]
    assert frame.drop("raw_record").rows() == [(subject, sex or None) for subject, sex in rows]


def test_a_file_of_several_batches_keeps_every_row_in_order(tmp_path: Path):
    numbers = [str(number) for number in range(2 * BATCH + 1)]
    frame = read_export(export(tmp_path, as_csv([("subject", "sex"), *((n, "男") for n in numbers)])), FORMS)
    assert frame["demographics"]["subject"].to_list() == numbers
    assert frame["demographics"]["raw_record"][-1] == f"demographics:{2 * BATCH + 2}"


def test_a_cell_in_quotes_keeps_its_line_breaks_and_a_record_is_counted_as_one_row(tmp_path: Path):
    frame = read_export(export(tmp_path, 'subject,sex\n01,"a\nb\r\nc"\n02,男\n'), FORMS)["demographics"]
    assert frame.rows() == [("01", "a\nb\r\nc", "demographics:2"), ("02", "男", "demographics:3")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them_and_blank_ones_hold_no_record(tmp_path: Path, end: str):
    frame = read_export(export(tmp_path, end.join(["subject,sex", "01,男", "", "02,女", "", ""])), FORMS)
    assert frame["demographics"]["raw_record"].to_list() == ["demographics:2", "demographics:4"]


def test_characters_that_only_unicode_calls_a_line_break_stay_in_their_cell(tmp_path: Path):
    frame = read_export(export(tmp_path, "subject,sex\n01,a\u2028b\x85c\x0bd\n"), FORMS)["demographics"]
    assert frame["sex"].to_list() == ["a\u2028b\x85c\x0bd"]


def test_an_export_in_gb18030_is_read(tmp_path: Path):
    frame = read_export(export(tmp_path, DEMOGRAPHICS.encode("gb18030")), FORMS)["demographics"]
    assert frame["sex"].to_list() == ["男"]


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path):
    (tmp_path / "truth.json").write_text("{}")
    (tmp_path / "._lab.csv").write_bytes(b"\0")
    assert list(read_export(export(tmp_path), FORMS)) == ["demographics", "lab"]


def test_a_missing_folder_is_named(tmp_path: Path):
    assert refusal(tmp_path / "raw") == ": cannot be opened as a folder: No such file or directory"


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path):
    export(tmp_path)
    assert refusal(tmp_path / "lab.csv") == ": cannot be opened as a folder: Not a directory"


def test_a_folder_without_any_form_says_what_belongs_there(tmp_path: Path):
    assert refusal(tmp_path) == ": holds no form; expected are demographics.csv, lab.csv"


def test_a_missing_form_is_named(tmp_path: Path):
    (export(tmp_path) / "lab.csv").unlink()
    assert refusal(tmp_path) == "lab.csv: is missing; a form without records is a file with its header"


@pytest.mark.parametrize("name", ["labs.csv", "LAB.csv", "lab .xpt", "lbs.SAS7BDAT"])
def test_an_unknown_form_names_the_nearest_and_all_known(tmp_path: Path, name: str):
    (export(tmp_path) / name).touch()
    stem = name.rpartition(".")[0]
    expected = f"{name}: unknown form {stem!r} (did you mean 'lab'?); known are demographics, lab"
    assert refusal(tmp_path) == expected


def test_a_form_that_is_given_twice_is_refused(tmp_path: Path):
    (export(tmp_path) / "lab.xpt").touch()
    assert refusal(tmp_path) == "lab.xpt: the form is also in lab.csv; keep one of the two"


def test_a_form_that_is_a_folder_is_refused(tmp_path: Path):
    (export(tmp_path) / "lab.csv").unlink()
    (tmp_path / "lab.csv").mkdir()
    assert refusal(tmp_path) == "lab.csv: is a folder and no file"


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_has_no_header(tmp_path: Path, content: str):
    expected = "demographics.csv:1: no header; a form without records is a file with its header"
    assert refusal(export(tmp_path, content)) == expected


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("subject", "no column 'sex'"),
        ("subject,sex,age", "unknown column 'age'"),
        ("subject,Sex", "unknown column 'Sex' (did you mean 'sex'?); no column 'sex'"),
        ("subject, sex", "unknown column ' sex' (did you mean 'sex'?); no column 'sex'"),
        ("subject,sex,sex", "column 'sex' twice"),
        ("a,b,c,d", "; ".join(f"unknown column '{name}'" for name in "abcd") + "; no column 'subject'; and 1 more"),
    ],
)
def test_a_header_that_is_not_the_one_of_the_form_says_what_differs(tmp_path: Path, header: str, problem: str):
    assert refusal(export(tmp_path, f"{header}\n")) == f"demographics.csv:1: {problem}"


@pytest.mark.parametrize(("row", "cells"), [("03", 1), ("03,男,x", 3), ("03,男,", 3), (" ", 1)])
def test_a_row_of_another_width_is_named_by_its_line(tmp_path: Path, row: str, cells: int):
    text = f'subject,sex\n01,"a\nb"\n\n{row}\n02,女\n'
    assert refusal(export(tmp_path, text)) == f"demographics.csv:5: {cells} cells, the header has 2"


@pytest.mark.parametrize(
    ("tail", "problem"),
    [
        ('"男\n03,女\n', "unexpected end of data"),
        ('"男\n03,"女"\n', "',' expected after '\"'"),
        ('"男" \n', "',' expected after '\"'"),
        ('"男' + "\n03,女" * 50_000, "field larger than field limit (131072)"),
    ],
)
def test_a_quote_that_is_not_closed_is_named_by_the_line_it_starts_on(tmp_path: Path, tail: str, problem: str):
    text = 'subject,sex\n01,"a\nb"\n02,' + tail
    expected = f"demographics.csv:4: the quotes of the row that starts here do not match: {problem}"
    assert refusal(export(tmp_path, text)) == expected


def test_two_subjects_with_one_id_are_named_by_both_lines(tmp_path: Path):
    text = 'subject,sex\n01,"a\nb"\n02,女\n01,男\n'
    assert refusal(export(tmp_path, text)) == "demographics.csv:5: two subjects with one id: '01' is also on line 2"


def test_records_without_a_subject_are_not_one_subject(tmp_path: Path):
    assert read_export(export(tmp_path, "subject,sex\n,男\n,女\n"), FORMS)["demographics"].height == 2


def test_a_repeated_key_of_another_form_is_left_to_the_validation(tmp_path: Path):
    assert read_export(export(tmp_path, lab=LAB + "01,1,,,5\n01,1,,,6\n"), FORMS)["lab"].height == 2


def test_the_first_form_of_the_spec_that_is_wrong_is_the_one_reported(tmp_path: Path):
    assert refusal(export(tmp_path, "subject\n", "subject\n")).startswith("demographics.csv:1: ")


def sas(folder: Path, **columns: list[str] | list[float]) -> Path:
    (export(folder) / "lab.csv").unlink()
    # version 8, for the long names of forms
    pyreadstat.write_xport(pl.DataFrame(columns), folder / "lab.xpt", file_format_version=8)
    return folder


def test_a_sas_form_reads_as_an_edc_would_print_it(tmp_path: Path):
    # 1960-01-01 is day 0 of SAS, so 2026-02-03 is day 24140; 30600 seconds are 8 hours and a half
    folder = sas(
        tmp_path,
        SUBJECT=["01", "02", ""],
        RECORD=[1.0, 2.0, 3.0],
        SAMPLE_DATE=[24140.0, 24140.5, None],
        SAMPLE_TIME=[30600.0, 86400.0, None],
        RESULT=[350.0, 0.5, 1e30],
    )
    assert read_export(folder, FORMS)["lab"].rows() == [
        ("01", "1", "2026-02-03", "08:30", "350", "lab:2"),
        ("02", "2", "24140.5", "86400", "0.5", "lab:3"),
        (None, "3", None, None, "1e+30", "lab:4"),
    ]


def test_seconds_of_a_sas_time_are_printed_where_they_were_collected(tmp_path: Path):
    columns = {"SUBJECT": ["01", "01"], "RECORD": ["1", "2"], "SAMPLE_DATE": ["", ""], "RESULT": ["", ""]}
    folder = sas(tmp_path, **columns, SAMPLE_TIME=[30600.0, 30601.0])
    assert read_export(folder, FORMS)["lab"]["sample_time"].to_list() == ["08:30:00", "08:30:01"]


def test_a_sas_form_with_another_column_is_refused(tmp_path: Path):
    folder = sas(tmp_path, SUBJECT=["01"], RECORD=[1.0], SAMPLE_DATE=[0.0], SAMPLE_TIME=[0.0], RESULTS=[1.0])
    expected = "lab.xpt: unknown column 'results' (did you mean 'result'?); no column 'result'"
    assert refusal(folder) == expected


@pytest.mark.parametrize("name", ["lab.xpt", "lab.sas7bdat"])
def test_a_file_that_is_no_sas_file_is_refused(tmp_path: Path, name: str):
    (export(tmp_path) / "lab.csv").rename(tmp_path / name)
    assert refusal(tmp_path).startswith(f"{name}: ")
