import json
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest

from cdisc_aclf.errors import AclfError
from cdisc_aclf.formats.dataset_json.model import WHOLE, JsonColumn, JsonHeader
from cdisc_aclf.formats.dataset_json.write import compressed, dataset_json, dataset_ndjson

COLUMNS = (
    JsonColumn(
        oid="IT.ADLB.USUBJID", name="USUBJID", label="Unique Subject Identifier", data_type="string", length=20, key=1
    ),
    JsonColumn(oid="IT.ADLB.ASEQ", name="ASEQ", label="Analysis Sequence Number", data_type="integer", key=2),
    JsonColumn(oid="IT.ADLB.AVAL", name="AVAL", label="Analysis Value", data_type="float", format="8.2"),
    JsonColumn(
        oid="IT.ADLB.ADT", name="ADT", label="Analysis Date", data_type="date", target="integer", format="DATE9."
    ),
    JsonColumn(
        oid="IT.ADLB.ADTM",
        name="ADTM",
        label="Analysis Datetime",
        data_type="datetime",
        target="integer",
        format="E8601DT.",
    ),
    JsonColumn(oid="IT.ADLB.LBORRES", name="LBORRES", label="Result", data_type="decimal", target="decimal"),
)
FRAME = pl.DataFrame(
    {
        "USUBJID": ['PL21-"01"', "谷丙\n转氨酶", "", None],
        "ASEQ": [1, -WHOLE, WHOLE, None],
        "AVAL": [0.1 + 0.2, 5e-324, 1.7976931348623157e308, None],
        "ADT": [date(2026, 1, 10), date(1, 1, 1), date(9999, 12, 31), None],
        "ADTM": [datetime(2026, 1, 10, 8, 30), datetime(2026, 1, 10, 8, 30, 0, 500_000), None, None],
        "LBORRES": [Decimal("1.50"), Decimal("-0.01"), Decimal(1200), None],
    }
)
HEADER = JsonHeader(
    created="2026-01-10T08:30:00Z",
    oid="IG.ADLB",
    records=4,
    name="ADLB",
    label="Laboratory Analysis Dataset",
    columns=COLUMNS,
    file_oid="MDV.PL21.ADAM.ADLB",
    modified="2026-01-09T00:00:00Z",
    originator="Example",
    source=("cdisc_aclf", "0.1.0"),
    study_oid="ST.PL21",
    metadata_oid="MDV.PL21.ADAM",
    metadata="define.xml",
)


def one_column(data_type: str, values: pl.Series, target: str = "") -> tuple[list[pl.DataFrame], JsonHeader]:
    column = JsonColumn(oid="IT.X.V", name="V", label="", data_type=data_type, target=target)
    return [pl.DataFrame({"V": values})], JsonHeader(
        created=HEADER.created, oid="IG.X", records=len(values), name="X", label="", columns=(column,)
    )


def test_attributes_stand_in_the_order_of_the_standard():
    content = json.loads(b"".join(dataset_json([FRAME], HEADER)))
    assert list(content) == [
        "datasetJSONCreationDateTime", "datasetJSONVersion", "fileOID", "dbLastModifiedDateTime", "originator",
        "sourceSystem", "studyOID", "metaDataVersionOID", "metaDataRef", "itemGroupOID", "records", "name", "label",
        "columns", "rows",
    ]  # fmt: skip
    assert content["sourceSystem"] == {"name": "cdisc_aclf", "version": "0.1.0"}
    assert content["columns"][3] == {
        "itemOID": "IT.ADLB.ADT",
        "name": "ADT",
        "label": "Analysis Date",
        "dataType": "date",
        "targetDataType": "integer",
        "displayFormat": "DATE9.",
    }
    assert list(content["columns"][0]) == ["itemOID", "name", "label", "dataType", "length", "keySequence"]


def test_each_type_is_exchanged_as_the_standard_says():
    assert json.loads(b"".join(dataset_json([FRAME], HEADER)))["rows"] == [
        ['PL21-"01"', 1, 0.30000000000000004, "2026-01-10", "2026-01-10T08:30:00", "1.50"],
        ["谷丙\n转氨酶", -9007199254740992, 5e-324, "0001-01-01", "2026-01-10T08:30:00.500", "-0.01"],
        ["", 9007199254740992, 1.7976931348623157e308, "9999-12-31", None, "1200.00"],
        [None, None, None, None, None, None],
    ]


def test_ndjson_has_the_header_on_the_first_line_and_a_record_on_each_other():
    first, *others = b"".join(dataset_ndjson([FRAME], HEADER)).decode().removesuffix("\n").split("\n")
    whole = json.loads(b"".join(dataset_json([FRAME], HEADER)))
    assert [json.loads(line) for line in others] == whole.pop("rows")
    assert json.loads(first) == whole


def test_no_blank_stands_between_values():
    assert b"".join(dataset_ndjson([FRAME], HEADER)).decode().split("\n")[3].startswith('["",9007199254740992,')


def test_compressed_is_one_zlib_stream_of_the_ndjson_and_nothing_else():
    text = b"".join(dataset_ndjson([FRAME], HEADER))
    stored = b"".join(compressed([text[:100], text[100:]]))
    assert zlib.decompress(stored, wbits=15) == text  # would refuse gzip, a raw stream and trailing bytes


def test_a_dataset_in_many_frames_gives_the_same_bytes():
    parts = (FRAME.slice(at, 1) for at in range(4))
    assert b"".join(dataset_json(parts, HEADER)) == b"".join(dataset_json([FRAME], HEADER))


def test_a_dataset_without_records_is_whole():
    header = JsonHeader(created=HEADER.created, oid="IG.X", records=0, name="X", label="", columns=(COLUMNS[0],))
    assert json.loads(b"".join(dataset_json([], header)))["rows"] == []
    assert len(b"".join(dataset_ndjson([FRAME.select("USUBJID").clear()], header)).splitlines()) == 1


@pytest.mark.parametrize(
    ("data_type", "target", "values", "said"),
    [
        ("integer", "", [1, WHOLE + 1], "x.json: V: 9007199254740993 in record 2 is not kept by every reader"),
        ("integer", "", [-WHOLE - 1], "V: -9007199254740993 in record 1"),
        ("float", "", [1.0, float("nan")], "V: NaN in record 2"),
        ("float", "", [float("-inf")], "V: -inf in record 1"),
        ("string", "", [1], "V: Int64 is no data type for string"),
        ("float", "", [1], "V: Int64 is no data type for float"),
        ("date", "integer", ["2026-01-10"], "V: String is no data type for date integer"),
    ],
)
def test_what_json_or_its_readers_would_change_is_refused(data_type: str, target: str, values: list, said: str):
    frames, header = one_column(data_type, pl.Series(values), target)
    with pytest.raises(AclfError) as refusal:
        list(dataset_json(frames, header))
    assert said in str(refusal.value)


def test_a_number_of_records_that_the_header_does_not_say_is_refused():
    with pytest.raises(AclfError, match="3 records, the header says 4"):
        list(dataset_ndjson([FRAME.head(3)], HEADER))


def test_variables_that_the_header_does_not_say_are_refused():
    with pytest.raises(AclfError, match="the data has the variables"):
        list(dataset_ndjson([FRAME.select(reversed(FRAME.columns))], HEADER))


def test_memory_does_not_grow_with_the_number_of_records():
    def most(parts: int) -> int:
        header = JsonHeader(
            created=HEADER.created, oid="IG.X", records=1000 * parts, name="X", label="", columns=(COLUMNS[0],)
        )

        def frames() -> Iterator[pl.DataFrame]:
            for _ in range(parts):
                yield pl.DataFrame({"USUBJID": ["PL21-01-001"] * 1000})

        tracemalloc.start()
        for _ in compressed(dataset_ndjson(frames(), header)):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(200) < 2 * most(20)
