"""One dataset through every format and back."""

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cdisc_aclf.errors import InputError
from cdisc_aclf.formats.dataset_json.model import DTYPES, WHOLE, JsonColumn, JsonDataset, JsonHeader
from cdisc_aclf.formats.dataset_json.read import read_dataset_json
from cdisc_aclf.formats.dataset_json.write import compressed, dataset_json, dataset_ndjson
from cdisc_aclf.formats.exchange import from_sas, header_of_sas, to_sas
from cdisc_aclf.formats.parquet.read import read_parquet
from cdisc_aclf.formats.parquet.write import parquet
from cdisc_aclf.formats.sas import read_xpt
from cdisc_aclf.formats.xpt.model import Column, SasDataset
from cdisc_aclf.formats.xpt.write import xpt_bytes

CREATED = "2026-01-10T08:30:00Z"
STAMP = datetime(2026, 1, 10, 8, 30, tzinfo=UTC)
CHARACTERS = st.characters(exclude_categories=("Cs",))
ISO = st.sampled_from(["2026", "2026-01", "2026---15", "2026-01-05T08:30", "2026-02-30", "", "--12-15"])
DATES = st.dates(date(1, 1, 1), date(9999, 12, 31))
VALUES: dict[tuple[str, str], st.SearchStrategy[object]] = {
    ("string", ""): st.text(CHARACTERS, max_size=12) | st.sampled_from(["谷丙转氨酶", '"', "\\", "\n", "null", " x "]),
    ("integer", ""): st.integers(-WHOLE, WHOLE),
    ("decimal", "decimal"): st.decimals(-(10**12), 10**12, places=3),
    ("float", ""): st.floats(allow_nan=False, allow_infinity=False),
    ("double", ""): st.floats(allow_nan=False, allow_infinity=False),
    ("boolean", ""): st.booleans(),
    ("datetime", ""): ISO,
    ("date", ""): ISO,
    ("time", ""): st.sampled_from(["08:30", "08:30:15", "T08"]),
    ("datetime", "integer"): st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)),
    ("date", "integer"): DATES,
    ("time", "integer"): st.times(),
    ("URI", ""): st.just("https://example.org/定义.xml"),
}


def typed(name: str, kind: tuple[str, str], values: list[object]) -> pl.Series:
    dtype = {pl.Decimal: pl.Decimal(38, 3), pl.Datetime: pl.Datetime("us")}.get(DTYPES[kind], DTYPES[kind])
    return pl.Series(name, values, dtype)


@st.composite
def datasets(draw: st.DrawFn, kinds: list[tuple[str, str]] = list(DTYPES)) -> JsonDataset:  # noqa: B006 - never changed
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=5))
    height = draw(st.integers(0, 6))
    series = [
        typed(f"V{at}", kind, draw(st.lists(st.none() | VALUES[kind], min_size=height, max_size=height)))
        for at, kind in enumerate(chosen)
    ]
    columns = tuple(
        JsonColumn(
            oid=f"IT.X.V{at}",
            name=f"V{at}",
            label=draw(st.sampled_from(["", "标签 Label"])),
            data_type=kind[0],
            target=kind[1],
            key=at + 1,
        )
        for at, kind in enumerate(chosen)
    )
    return JsonDataset(
        JsonHeader(
            created=CREATED, oid="IG.X", records=height, name="X", label="数据集", columns=columns, source=("拓", "1")
        ),
        pl.DataFrame(series),
    )


def json(dataset: JsonDataset) -> Iterator[bytes]:
    return dataset_json([dataset.frame], dataset.header)


def ndjson(dataset: JsonDataset) -> Iterator[bytes]:
    return dataset_ndjson([dataset.frame], dataset.header)


FORMATS: dict[str, Callable[[JsonDataset], Iterator[bytes]]] = {
    "json": json,
    "ndjson": ndjson,
    "dsjc": lambda dataset: compressed(ndjson(dataset)),
    "gzip": lambda dataset: iter([gzip.compress(b"".join(ndjson(dataset)))]),
    "json.gz": lambda dataset: iter([gzip.compress(b"".join(json(dataset)))]),
}


def back_from(pieces: Iterator[bytes], *, name: str = "x") -> JsonDataset:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(b"".join(pieces))
        return read_parquet(path) if name.endswith("parquet") else read_dataset_json(path)


def assert_same(one: JsonDataset, other: JsonDataset) -> None:
    assert one.header == other.header
    decimals = pl.col(pl.Decimal).cast(pl.Decimal(38, 3))  # what is read has the decimals that its values need
    assert_frame_equal(one.frame.with_columns(decimals), other.frame.with_columns(decimals), check_exact=True)


@pytest.mark.parametrize("form", FORMATS)
@given(dataset=datasets())
@settings(deadline=None, max_examples=60)
def test_every_value_type_and_attribute_comes_back_from_dataset_json(form: str, dataset: JsonDataset):
    assert_same(back_from(FORMATS[form](dataset)), dataset)


@given(dataset=datasets())
@settings(deadline=None, max_examples=60)
def test_every_value_type_and_attribute_comes_back_from_parquet(dataset: JsonDataset):
    assert_same(back_from(iter([parquet(dataset)]), name="x.parquet"), dataset)


XPT_KINDS = [kind for kind, dtype in DTYPES.items() if dtype is not pl.Boolean]
KEPT = {
    **{kind: VALUES[kind] for kind in XPT_KINDS},
    # no empty text, no blank at the end, no NUL: a transport file cannot tell these from nothing
    ("string", ""): st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
    .map(lambda text: text.strip() or "x"),
    ("float", ""): st.floats(2.0**-260, 2.0**251) | st.floats(-(2.0**251), -(2.0**-260)) | st.just(0.0),
    ("datetime", ""): ISO.filter(bool),
    ("date", ""): ISO.filter(bool),
    # a double counts seconds since 1960 to the millisecond, not to the microsecond
    ("datetime", "integer"): st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))
    .map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)),
}  # fmt: skip
KEPT["double", ""] = KEPT["float", ""]


@given(data=st.data())
@settings(deadline=None, max_examples=150)
def test_every_value_and_type_comes_back_from_a_transport_file(data: st.DataObject):
    kinds = data.draw(st.lists(st.sampled_from(XPT_KINDS), min_size=1, max_size=4))
    height = data.draw(st.integers(1, 5))
    series = [pl.Series("N", range(1, height + 1), pl.Int64)]  # no record is blank in every variable
    columns = [JsonColumn(oid="IT.X.N", name="N", label="Number", data_type="integer")]
    for at, kind in enumerate(kinds):
        values = data.draw(st.lists(st.none() | KEPT[kind], min_size=height, max_size=height))
        series.append(typed(f"V{at}", kind, values))
        columns.append(JsonColumn(oid=f"IT.X.V{at}", name=f"V{at}", label="标签", data_type=kind[0], target=kind[1]))
    dataset = JsonDataset(
        JsonHeader(created=CREATED, oid="IG.X", records=height, name="X", label="", columns=tuple(columns)),
        pl.DataFrame(series),
    )
    stored, described = to_sas(dataset)
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.xpt")
        path.write_bytes(b"".join(xpt_bytes(stored, name="X", label="", columns=described, stamp=STAMP)))
        assert_same(from_sas(read_xpt(path), dataset.header), dataset)


SAS = SasDataset(
    "ADSL",
    "Subject-Level Analysis Dataset",
    (
        Column("USUBJID", "Unique Subject Identifier", "char", 20),
        Column("TRTSDT", "Date of First Exposure", "num", 8, "DATE9."),
        Column("TRTSDTM", "Datetime of First Exposure", "num", 8, "E8601DT19."),
        Column("TRTSTM", "Time of First Exposure", "num", 8, "TIME8."),
        Column("AGE", "Age", "num", 8, "8."),
    ),
    pl.DataFrame(
        {
            "USUBJID": ["PL21-01", None],
            "TRTSDT": [24116.0, None],
            "TRTSDTM": [24116 * 86400 + 30600.5, None],
            "TRTSTM": [30600.0, None],
            "AGE": [47.0, 46.5],
        }
    ),
)


def test_a_number_of_sas_with_a_date_format_is_a_date_and_days_are_counted_from_1960():
    frame = from_sas(SAS, header_of_sas(SAS, created=CREATED)).frame
    # 2026-01-10 is day 20463 since 1970-01-01, which is day 3653 since 1960-01-01
    assert frame.row(0) == (
        "PL21-01",
        date(2026, 1, 10),
        datetime(2026, 1, 10, 8, 30, 0, 500_000),
        time(8, 30),
        47.0,
    )


def test_a_transport_file_becomes_the_same_transport_file_over_dataset_json():
    dataset = from_sas(SAS, header_of_sas(SAS, created=CREATED))
    frame, columns = to_sas(back_from(ndjson(dataset)))
    assert columns == SAS.columns
    assert_frame_equal(frame, SAS.frame)


def test_half_a_day_is_no_date():
    half = SasDataset("ADSL", "", SAS.columns[1:2], pl.DataFrame({"TRTSDT": [24116.5]}))
    with pytest.raises(InputError, match=r"ADSL: TRTSDT: 24116.5 is no date"):
        from_sas(half, header_of_sas(half, created=CREATED))


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (("boolean", ""), True, "cannot hold True as boolean"),
        (("string", ""), "", "cannot hold '' as string"),
        (("decimal", "decimal"), Decimal("0.12345678901234567891"), "cannot hold Decimal"),
    ],
)
def test_what_a_transport_file_would_change_is_refused(kind: tuple[str, str], value: object, said: str):
    column = JsonColumn(oid="IT.X.V", name="V", label="", data_type=kind[0], target=kind[1])
    frame = pl.DataFrame({"V": [None, value]})
    with pytest.raises(InputError, match=said):
        to_sas(
            JsonDataset(
                JsonHeader(created=CREATED, oid="IG.X", records=2, name="X", label="", columns=(column,)), frame
            )
        )
