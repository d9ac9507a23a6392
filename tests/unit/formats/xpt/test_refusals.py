from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from cdisc_aclf.formats.xpt.model import Column, SasDataset
from cdisc_aclf.formats.xpt.write import XptError, differences, xpt_bytes

STAMP = datetime(2026, 1, 5, 7, 8, 9, tzinfo=UTC)
TEST, RESULT = (
    Column("LBTEST", "检验名称", "char", 9),
    Column("LBSTRESN", "Numeric Result", "num", 8, "8.2"),
)
FRAME = pl.DataFrame({"LBTEST": ["白蛋白", "ALT", None], "LBSTRESN": [-118.625, None, 1.0]})


def problems(
    frame: pl.DataFrame = FRAME,
    columns: tuple[Column, ...] = (TEST, RESULT),
    name: str = "LB",
    label: str = "Laboratory Test Results",
) -> tuple[str, ...]:
    with pytest.raises(XptError) as refusal:
        xpt_bytes(frame, name=name, label=label, columns=columns, stamp=STAMP)
    return refusal.value.problems


@pytest.mark.parametrize("name", ["LABORATOR", "lb", "1LB", "LB\n", "L-B", ""])
def test_a_name_is_8_of_capitals_digits_and_underscore(name: str):
    said = "is not 1 to 8 of A-Z, 0-9 and underscore, starting with no digit"
    assert f"dataset name {name!r} {said}" in problems(name=name)
    assert f"variable name {name!r} {said}" in problems(columns=(replace(TEST, name=name), RESULT))


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("x" * 41, "label of 41 bytes, the format holds 40"),
        ("验" * 14, "label of 42 bytes, the format holds 40"),
        ("Laboratory ", "label ends with a blank or holds a NUL"),
        ("Labo\0ratory", "label ends with a blank or holds a NUL"),
    ],
)
def test_a_label_is_40_bytes_that_are_never_cut(label: str, said: str):
    assert problems(label=label) == (f"dataset LB: {said}: {label!r}",)
    assert problems(columns=(TEST, replace(RESULT, label=label))) == (f"variable LBSTRESN: {said}: {label!r}",)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ((TEST, replace(RESULT, name="LBTEST")), "LBTEST: 2 variables of this name"),
        ((replace(TEST, width=201), RESULT), "LBTEST: width 201 is not 1 to 200 bytes"),
        ((replace(TEST, width=0), RESULT), "LBTEST: width 0 is not 1 to 200 bytes"),
        ((TEST, replace(RESULT, width=4)), "LBSTRESN: width 4 is not 8 to 8 bytes"),
        ((RESULT, TEST), "the data has the variables ['LBTEST', 'LBSTRESN'], the metadata ['LBSTRESN', 'LBTEST']"),
        ((TEST,), "the data has the variables ['LBTEST', 'LBSTRESN'], the metadata ['LBTEST']"),
        ((), "0 variables, the format holds 1 to 9999"),
        ((TEST, replace(RESULT, kind="char", format="")), "LBSTRESN: Float64 is no data type for char"),
        ((replace(TEST, kind="num", width=8), RESULT), "LBTEST: String is no data type for num"),
    ],
)
def test_metadata_fit_the_format_and_the_data(columns: tuple[Column, ...], said: str):
    assert said in problems(columns=columns)


@pytest.mark.parametrize("sas_format", ["DATE9", "date9.", "LONGFORMAT8.", "8.0", ".", "8.2.", "BEST.2"])
def test_a_format_has_the_one_spelling_that_is_read_back(sas_format: str):
    said = f"LBSTRESN: format {sas_format!r} is not written like DATE9., 8.2 or $20."
    assert problems(columns=(TEST, replace(RESULT, format=sas_format))) == (said,)


def test_a_format_for_text_has_a_dollar_and_one_for_numbers_has_none():
    columns = (replace(TEST, format="DATE9."), replace(RESULT, format="$8."))
    assert problems(columns=columns) == (
        "LBTEST: format 'DATE9.' does not suit the type char",
        "LBSTRESN: format '$8.' does not suit the type num",
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["ok", "abcdefghij"], "text longer than 9 bytes in record 2: 'abcdefghij' (1 in all)"),
        (["验验验验", "验验验x"], "text longer than 9 bytes in record 1: '验验验验' (2 in all)"),
        (["x", "x "], "text that is empty or ends with a blank in record 2: 'x ' (1 in all)"),
        (["", "x"], "text that is empty or ends with a blank in record 1: '' (1 in all)"),
        (["a\0b"], "text with a NUL in record 1: 'a\\x00b' (1 in all)"),
    ],
)
def test_text_that_would_come_back_changed_is_refused(values: list[str], said: str):
    assert problems(pl.DataFrame({"LBTEST": values}), (TEST,)) == (f"LBTEST: {said}",)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([1.0, float("inf")], "number of 7.2e75 or more in record 2: inf (1 in all)"),
        ([float("-inf"), float("inf")], "number of 7.2e75 or more in record 1: -inf (2 in all)"),
        ([-(2.0**252)], "number of 7.2e75 or more in record 1: -7.237005577332262e+75 (1 in all)"),
        ([None, 0.0, 5e-324], "number below 5.4e-79 and not zero in record 3: 5e-324 (1 in all)"),
        ([2**53 + 1], "number with more digits than a double in record 1: 9007199254740993 (1 in all)"),
        ([2**63 - 1], "number with more digits than a double in record 1: 9223372036854775807 (1 in all)"),
        ([True], "Boolean is no data type for num"),
        ([date(2026, 1, 10)], "Date is no data type for num"),
        ([None], "Null is no data type for num"),
    ],
)
def test_a_number_that_no_ibm_double_holds_is_refused(values: list[object], said: str):
    assert problems(pl.DataFrame({"LBSTRESN": values}), (RESULT,)) == (f"LBSTRESN: {said}",)


def test_a_dataset_without_records_is_refused():
    assert problems(FRAME.clear()) == ("no records; leave the dataset out",)


def test_a_last_record_that_reads_as_padding_is_refused():
    frame = pl.DataFrame({"LBTEST": ["x", None]})
    assert problems(frame, (TEST,)) == ("the last record is blank in every variable, which reads as padding",)


def test_all_reasons_are_given_at_once_under_the_name_of_the_file():
    frame = FRAME.with_columns(LBTEST=pl.lit("much too long"), LBSTRESN=pl.lit(float("inf")))
    with pytest.raises(XptError) as refusal:
        xpt_bytes(frame, name="LB", label="x" * 41, columns=[TEST, RESULT], stamp=STAMP)
    assert [problem.partition(":")[0] for problem in refusal.value.problems] == ["dataset LB", "LBTEST", "LBSTRESN"]
    assert str(refusal.value).startswith("LB.xpt: dataset LB: label of 41 bytes")


BACK = SasDataset("LB", "Laboratory Test Results", (TEST, RESULT), FRAME)


def told(back: SasDataset, frame: pl.DataFrame = FRAME) -> list[str]:
    return differences(frame, back, name="LB", label="Laboratory Test Results", columns=[TEST, RESULT])


def test_a_dataset_that_came_back_as_written_has_no_differences():
    assert told(BACK) == []


def test_nan_and_null_are_the_same_missing_number():
    assert told(BACK, FRAME.with_columns(pl.col("LBSTRESN").fill_null(float("nan")))) == []


@pytest.mark.parametrize(
    ("back", "change"),
    [
        (replace(BACK, name="DATASET"), "came back as ('DATASET', 'Laboratory Test Results')"),
        (replace(BACK, label=""), "came back as ('LB', '')"),
        (replace(BACK, columns=(replace(TEST, label="检验"), RESULT)), "label='检验'"),
        (replace(BACK, columns=(replace(TEST, width=8), RESULT)), "width=8"),
        (replace(BACK, columns=(TEST, replace(RESULT, format=""))), "format=''"),
        (replace(BACK, columns=(TEST,), frame=FRAME[:, :1]), "came back as None"),
        (replace(BACK, columns=(RESULT, TEST)), "came back as Column(name='LBSTRESN'"),
        (replace(BACK, frame=FRAME[:2]), "3 records came back as 2"),
        (
            replace(BACK, frame=FRAME.with_columns(LBSTRESN=pl.lit(0.0))),
            "LBSTRESN: -118.625 came back as 0.0 in record 1 (3 in all)",
        ),
        (
            replace(BACK, frame=FRAME.with_columns(LBTEST=pl.lit(None, pl.String))),
            "LBTEST: '白蛋白' came back as None in record 1 (2 in all)",
        ),
        (
            replace(BACK, frame=FRAME.with_columns(LBSTRESN=pl.lit("x"))),
            "LBSTRESN: -118.625 came back as 'x' in record 1 (2 in all)",
        ),
    ],
)
def test_every_change_on_the_way_is_told(back: SasDataset, change: str):
    assert any(change in difference for difference in told(back))
