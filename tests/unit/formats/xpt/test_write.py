import io
import operator
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from math import isnan

import polars as pl
import pyreadstat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cdisc_aclf.formats.xpt.model import Column
from cdisc_aclf.formats.xpt.write import XptError, xpt_bytes

STAMP = datetime(2026, 1, 5, 7, 8, 9, tzinfo=UTC)
CLOCK = b"05JAN26:07:08:09"

COLUMNS = (
    Column("USUBJID", "Unique Subject Identifier", "char", 7, "$20."),
    Column("LBTEST", "检验名称", "char", 9),
    Column("LBSTRESN", "Numeric Result", "num", 8, "8.2"),
    Column("ADT", "Analysis Date", "num", 8, "DATE9."),
)
FRAME = pl.DataFrame(
    {
        "USUBJID": ["PL21-01", "PL21-02", None],
        "LBTEST": ["白蛋白", "ALT", None],
        "LBSTRESN": [-118.625, None, 1.0],
        "ADT": [24116, None, 0],
    }
)
LB = {"name": "LB", "label": "Laboratory Test Results", "columns": COLUMNS}


def rendered(frame: pl.DataFrame = FRAME, stamp: datetime = STAMP, **changed: object) -> bytes:
    return b"".join(xpt_bytes(frame, **{**LB, **changed}, stamp=stamp))


def read(content: bytes, **options: bool) -> tuple[pl.DataFrame, pyreadstat.metadata_container]:
    return pyreadstat.read_xport(io.BytesIO(content), output_format="polars", **options)


def rendered_alone(values: pl.Series, width: int = 8) -> bytes:
    column = Column("VALUE", "", "char" if values.dtype == pl.String else "num", width)
    return rendered(values.alias("VALUE").to_frame(), columns=[column])


def records(content: bytes) -> list[bytes]:
    return [content[at : at + 80] for at in range(0, len(content), 80)]


# The layout, against TS-140


def test_the_first_record_says_version_5():
    assert records(rendered())[0] == b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!" + b"0" * 30 + b"  "


def test_the_library_and_the_dataset_are_described_record_by_record():
    assert records(rendered())[1:8] == [
        b"SAS     SAS     SASLIB  6.06    bsd4.2                          " + CLOCK,
        CLOCK + b" " * 64,
        b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140  ",
        b"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!000000000000000000000000000000  ",
        b"SAS     LB      SASDATA 6.06    bsd4.2                          " + CLOCK,
        CLOCK + b" " * 16 + b"Laboratory Test Results                 " + b" " * 8,
        b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!000000000400000000000000000000  ",
    ]


def test_each_variable_has_its_140_bytes():
    described = rendered()[640 : 640 + 4 * 140]
    _, label_in_chinese, number, day = (described[at : at + 140] for at in range(0, 560, 140))
    assert label_in_chinese[16:56] == "检验名称".encode() + b" " * 28
    assert number == (
        b"\0\1\0\0\0\x08\0\3"  # numeric, no hash, 8 bytes, third variable
        b"LBSTRESN"
        b"Numeric Result                          "
        b"        \0\x08\0\2\0\0\0\0"  # format without a name, width 8, 2 decimals, left, filler
        b"        \0\0\0\0"  # no informat
        b"\0\0\0\x10" + bytes(52)  # after the 7 and 9 bytes of text
    )
    assert day[:8] == b"\0\1\0\0\0\x08\0\4"
    assert day[56:68] == b"DATE    \0\x09\0\0"
    assert day[84:88] == b"\0\0\0\x18"


def test_text_is_type_2_with_its_own_width_and_format():
    text = rendered()[640:780]
    assert (text[:8], text[56:68]) == (b"\0\2\0\0\0\x07\0\1", b"$       \0\x14\0\0")


def test_the_variables_end_with_blanks_up_to_a_whole_record_and_the_data_follow():
    content = rendered()
    assert content[1200:1280] == b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!" + b"0" * 30 + b"  "


def test_records_stand_without_a_gap_in_fixed_width_and_end_in_blanks():
    first = b"PL21-01" + "白蛋白".encode() + bytes.fromhex("C276A00000000000") + bytes.fromhex("445E340000000000")
    second = b"PL21-02" + b"ALT      " + b"." + bytes(7) + b"." + bytes(7)
    third = b" " * 16 + bytes.fromhex("4110000000000000") + bytes(8)
    assert rendered()[1280:] == first + second + third + b" " * (160 - 96)


def test_observations_are_the_bytes_that_sas_9_3_wrote():
    frame = pl.DataFrame({"VIT_STAT": ["ALIVE", "DEAD"], "ECON": ["POOR", "UNK"], "N": [1216, 137], "T": [98.6, 56.7]})
    columns = [
        Column("VIT_STAT", "", "char", 8),
        Column("ECON", "", "char", 8),
        Column("N", "", "num", 8),
        Column("T", "", "num", 8),
    ]
    assert rendered(frame, columns=columns)[-80:-16] == (
        b"ALIVE   POOR    CL\0\0\0\0\0\0Bb\x99\x99\x99\x99\x99\x98DEAD    UNK     B\x89\0\0\0\0\0\0B8\xb333334"
    )


# The same bytes


def test_two_runs_give_the_same_bytes():
    assert rendered() == rendered()


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def enter(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield enter
    monkeypatch.undo()
    time.tzset()


def test_the_time_zone_of_the_machine_does_not_change_the_bytes(zone: Callable[[str], None]):
    zone("UTC")
    here = rendered()
    zone("Asia/Shanghai")
    assert rendered() == here


def test_the_language_of_the_machine_does_not_change_the_bytes():
    class InChinese(datetime):
        def strftime(self, _format: str) -> str:
            return "05 1月26:07:08:09"

    assert rendered(stamp=InChinese(2026, 1, 5, 7, 8, 9, tzinfo=UTC)) == rendered()


def test_months_are_in_english():
    written = [records(rendered(stamp=STAMP.replace(month=month)))[2][2:5].decode() for month in range(1, 13)]
    assert " ".join(written) == "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"


def test_the_pieces_do_not_depend_on_how_the_frame_lies_in_memory():
    in_parts = pl.concat([FRAME[:1], FRAME[1:]], rechunk=False)
    assert rendered(in_parts) == rendered(FRAME.rechunk())


# What an independent reader finds


def test_pyreadstat_finds_names_labels_widths_and_formats():
    _, meta = read(rendered())
    assert (meta.table_name, meta.file_label) == ("LB", "Laboratory Test Results")
    assert meta.column_names_to_labels == {column.name: column.label for column in COLUMNS}
    assert meta.variable_storage_width == {"USUBJID": 7, "LBTEST": 9, "LBSTRESN": 8, "ADT": 8}
    assert list(meta.original_variable_types.values()) == ["$20", None, "8.2", "DATE9"]


def test_dates_and_times_are_read_as_such_through_their_formats():
    columns = [Column("ADT", "", "num", 8, "DATE9."), Column("ADTM", "", "num", 8, "DATETIME20.")]
    # 24116 days and 2083653000 seconds after 1960-01-01, by Python's calendar
    frame, _ = read(rendered(pl.DataFrame({"ADT": [24116, None], "ADTM": [2083653000, 0]}), columns=columns))
    assert frame.rows() == [
        (date(2026, 1, 10), datetime(2026, 1, 10, 8, 30)),
        (None, datetime(1960, 1, 1)),
    ]


SIZES = st.floats(2.0**-260, 2.0**252, exclude_max=True)
NUMBERS = st.none() | st.sampled_from([0.0, -0.0, 0.1, 2e11, float("nan")]) | SIZES | SIZES.map(operator.neg)


@settings(deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_every_number_is_read_back_to_the_last_bit(numbers: list[float | None]):
    frame, _ = read(rendered_alone(pl.Series(numbers, dtype=pl.Float64)))
    expected = [None if number is None or isnan(number) else number for number in numbers]
    assert frame["VALUE"].to_list() == expected


@settings(deadline=None)
@given(st.lists(st.integers(-(2**53), 2**53), min_size=1, max_size=20))
def test_every_whole_number_is_read_back(numbers: list[int]):
    frame, _ = read(rendered_alone(pl.Series(numbers, dtype=pl.Int64)))
    assert frame["VALUE"].to_list() == numbers


TEXTS = (
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=50)
    .filter(lambda text: not text.endswith(" "))
    .filter(lambda text: len(text.encode()) <= 200)
)


@settings(deadline=None)
@given(st.lists(st.none() | TEXTS, min_size=1, max_size=20), TEXTS)
def test_every_text_is_read_back_to_the_last_byte(texts: list[str | None], last: str):
    width = max(len(text.encode()) for text in [*texts, last] if text)
    frame, _ = read(rendered_alone(pl.Series([*texts, last]), width))
    assert frame["VALUE"].to_list() == [text or "" for text in [*texts, last]]


def test_a_dataset_of_several_pieces_is_read_back_whole():
    numbers = pl.Series(range(40_000))
    columns = [Column("LBSEQ", "", "num", 8), Column("LBREFID", "", "char", 6)]
    frame = pl.DataFrame({"LBSEQ": numbers.cast(pl.Float64), "LBREFID": "S" + numbers.cast(pl.String)})
    pieces = list(xpt_bytes(frame, **{**LB, "columns": columns}, stamp=STAMP))
    assert len(pieces) > 3
    assert read(b"".join(pieces))[0].equals(frame)


def test_a_label_of_exactly_40_bytes_is_kept_whole():
    label = "实验室检查结果数值单位项目" + "x"
    assert len(label.encode()) == 40
    assert read(rendered(label=label))[1].file_label == label


@settings(deadline=None)
@given(st.text(st.sampled_from("肝𠮷é\u0301a😀 \ufe0f"), max_size=24))
@example("肝" * 14)
@example("𠮷" * 10)
def test_a_label_is_read_back_whole_or_refused_and_never_cut(label: str):
    try:
        content = rendered(label=label)
    except XptError:
        assert len(label.encode()) > 40 or label.endswith(" ")
    else:
        assert (read(content)[1].file_label or "") == label


def test_a_missing_number_in_the_last_record_is_no_padding():
    assert read(rendered_alone(pl.Series([1.0, None])))[0].height == 2


def test_line_breaks_tabs_and_leading_blanks_are_kept():
    texts = ["a\nb", "\tc", "  d", "e\r\n"]
    assert read(rendered_alone(pl.Series(texts)))[0]["VALUE"].to_list() == texts
