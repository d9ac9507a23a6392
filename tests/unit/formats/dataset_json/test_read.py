import gzip
import json
import tracemalloc
import zlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.errors import InputError
from cdisc_aclf.formats.dataset_json.parts import json_parts
from cdisc_aclf.formats.dataset_json.read import read_batches, read_dataset_json

HEAD = {
    "datasetJSONCreationDateTime": "2023-06-28T15:38:43",
    "datasetJSONVersion": "1.1.0",
    "itemGroupOID": "IG.DM",
    "records": 2,
    "name": "DM",
    "label": 'Demographics {"rows": [',
    "columns": [
        {"itemOID": "IT.DM.USUBJID", "name": "USUBJID", "label": "rows", "dataType": "string", "length": 8},
        {"itemOID": "IT.DM.AGE", "name": "AGE", "label": "Age", "dataType": "integer"},
    ],
}
ROWS: list[list[object]] = [['CDISC001 ],[ "', 84], ["受试者\\", None]]


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "dm.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def as_json(**changed: object) -> str:
    return json.dumps(HEAD | {"rows": ROWS} | changed, indent=2)


def as_ndjson(rows: list[list[object]] = ROWS, **changed: object) -> str:
    return "\n".join(json.dumps(line) for line in [HEAD | changed, *rows]) + "\n"


def one_column(folder: Path, values: list[object], data_type: str, target: str = "") -> Path:
    column = {"itemOID": "IT.X.V", "name": "V", "label": "", "dataType": data_type}
    column |= {"targetDataType": target} if target else {}
    rows = [[value] for value in values]
    return written(folder, as_ndjson(rows, columns=[column], records=len(rows)))


@pytest.mark.parametrize(
    "content",
    [
        as_json(),
        json.dumps(HEAD | {"rows": ROWS}),
        json.dumps({"rows": ROWS} | HEAD),
        as_ndjson(),
        as_ndjson().rstrip("\n"),
        as_ndjson().replace("\n", "\r\n"),
        "\ufeff" + as_json(),
        gzip.compress(as_json().encode(), mtime=0),
        gzip.compress(as_ndjson().encode(), mtime=0),
        gzip.compress(as_ndjson()[:300].encode(), mtime=0) + gzip.compress(as_ndjson()[300:].encode(), mtime=0),
        zlib.compress(as_ndjson().encode(), 9),
        zlib.compress(as_ndjson().encode(), 1, wbits=9),
    ],
)
def test_every_form_of_a_file_gives_the_same_dataset(tmp_path: Path, content: str | bytes):
    dataset = read_dataset_json(written(tmp_path, content))
    assert dataset.frame.rows() == [('CDISC001 ],[ "', 84), ("受试者\\", None)]
    assert (dataset.header.name, dataset.header.label) == ("DM", 'Demographics {"rows": [')
    assert [column.length for column in dataset.header.columns] == [8, None]


@given(cut=st.integers(1, 400), ascii_only=st.booleans())
@settings(deadline=None)
def test_no_place_where_a_part_ends_changes_what_is_read(cut: int, ascii_only: bool):  # noqa: FBT001 - drawn
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - hypothesis wants a folder for each example

    for form in (json.dumps(HEAD | {"rows": ROWS}, ensure_ascii=ascii_only), as_ndjson()):
        with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            patch.setattr("cdisc_aclf.formats.dataset_json.parts._SIZE", cut)
            assert read_dataset_json(written(Path(folder), form)).frame.rows() == [tuple(row) for row in ROWS]


def test_a_file_may_hold_metadata_alone(tmp_path: Path):
    for content in (json.dumps(HEAD | {"records": 0}), as_json(records=0, rows=[]), as_ndjson([], records=0)):
        assert read_dataset_json(written(tmp_path, content)).frame.shape == (0, 2)


def test_a_date_with_the_target_integer_is_a_date_and_one_without_stays_as_partial_as_it_is(tmp_path: Path):
    assert read_dataset_json(one_column(tmp_path, ["2026-01-10"], "date", "integer")).frame.item() == date(2026, 1, 10)
    partial = ["2026", "2026---15", "", None]
    assert read_dataset_json(one_column(tmp_path, [*partial], "date")).frame["V"].to_list() == partial


def test_a_decimal_keeps_each_of_its_digits_and_may_have_commas_between_thousands(tmp_path: Path):
    read = read_dataset_json(one_column(tmp_path, ["30.8983333232059", "1,234,567.5", None], "decimal", "decimal"))
    assert read.frame["V"].to_list() == [Decimal("30.8983333232059"), Decimal("1234567.5"), None]


def test_a_whole_number_in_a_column_of_floats_is_that_number(tmp_path: Path):
    assert read_dataset_json(one_column(tmp_path, [1, 2.5, 10**22], "float")).frame["V"].to_list() == [1.0, 2.5, 1e22]


@pytest.mark.parametrize(
    ("values", "data_type", "target", "said"),
    [
        ([1, 1.5], "integer", "", "V: 1.5 in record 2 is no integer"),
        ([True], "integer", "", "V: True in record 1 is no integer"),
        ([2**53 + 1], "integer", "", "V: 9007199254740993 in record 1 is no integer"),
        ([2**53 + 1], "float", "", "V: 9007199254740993 in record 1 is no float"),
        (["1"], "float", "", "V: '1' in record 1 is no float"),
        ([1], "string", "", "V: 1 in record 1 is no string"),
        ([24116], "date", "integer", "V: 24116 in record 1 is no date integer"),
        (["2026-01"], "date", "integer", "V: '2026-01' in record 1 is no date integer"),
        (["2026-02-30"], "date", "integer", "V: '2026-02-30' in record 1 is no date integer"),
        (["2026-01-10T08:30:00Z"], "datetime", "integer", "is no datetime integer"),
        (["08:30"], "time", "integer", "is no time integer"),
        (["1,23"], "decimal", "decimal", "V: '1,23' in record 1 is no decimal decimal"),
        (["1e5"], "decimal", "decimal", "V: '1e5' in record 1 is no decimal decimal"),
        (["1" * 39], "decimal", "decimal", "is no decimal decimal"),
        (["\ud800"], "string", "", "half of a surrogate pair"),
        (["x"], "text", "", "dataType 'text' with targetDataType '' is no combination"),
        ([1], "integer", "decimal", "is no combination"),
    ],
)
def test_a_value_that_its_column_cannot_hold_is_named(
    tmp_path: Path, values: list[object], data_type: str, target: str, said: str
):
    with pytest.raises(InputError) as refusal:
        read_dataset_json(one_column(tmp_path, values, data_type, target))
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is no JSON object, or is cut short"),
        ("lb", "is no JSON object, or is cut short"),
        (as_json()[:-20], "record"),
        (as_json()[:200], "is no JSON object, or is cut short"),
        (as_json(records=3), "has 2 records, its header says 3"),
        (as_ndjson(records=1), "has 2 records, its header says 1"),
        (as_ndjson().rsplit("[", 1)[0], "has 1 records, its header says 2"),
        (as_ndjson() + "[1", "is no JSON after record"),
        (as_ndjson([[1, 2], [3]]).replace("]\n[", "\n"), "is not one record"),
        (as_json(rows=[["CDISC001"], ["CDISC002", 1]]), "record 1 is no list of 2 values"),
        (as_ndjson([{"USUBJID": "1"}]), "record 1 is no list of 2 values"),  # type: ignore[list-item]
        (as_json(rows=[["a", [1]], ["b", 1]]), "record 1, or what stands after the records, is wrong"),
        (json.dumps(HEAD | {"rows": ROWS})[:-1] + ',"originator":"late"}', "what stands after the records, is wrong"),
        (json.dumps(HEAD | {"rows": ROWS}).replace('"rows": [[', '"rows": [,['), "record 1"),
        (as_json(datasetJSONVersion="1.0.0"), "is not Dataset-JSON 1.1: datasetJSONVersion is '1.0.0'"),
        (as_json(name=None), "name is None; Dataset-JSON 1.1 wants str"),
        (as_json(records="2"), "records is '2'; Dataset-JSON 1.1 wants int"),
        (as_json(columns=[1, 2]), "itemOID is None"),
        (as_json(columns=[HEAD["columns"][0]] * 2), "more than one column is named USUBJID"),  # type: ignore[index]
        (as_json(rows=[["a", float("nan")], ["b", 1]]), "holds NaN, which is no JSON"),
        (as_json().encode("utf-16"), "is not UTF-8"),
        (as_json().replace("CDISC001", "é").encode("latin-1"), "is not UTF-8"),
        (zlib.compress(as_ndjson().encode())[:-8], "cut short"),
        (zlib.compress(as_ndjson().encode()) + b"more", "is compressed and damaged"),
        (gzip.compress(as_ndjson().encode(), mtime=0)[:60], "cut short"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_named_with_what_is_wrong(tmp_path: Path, content: str | bytes, said: str):
    path = written(tmp_path, content)
    with pytest.raises(InputError) as refusal:
        read_dataset_json(path)
    assert refusal.value.where == str(path)
    assert said in str(refusal.value)


@given(content=st.binary(max_size=60), at=st.integers(0, 700))
@settings(deadline=None, max_examples=200)
def test_any_damage_is_an_input_error_or_harmless(content: bytes, at: int):
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - hypothesis wants a folder for each example

    for form in (as_json().encode(), zlib.compress(as_ndjson().encode())):
        with TemporaryDirectory() as folder:
            try:
                read_dataset_json(written(Path(folder), form[:at] + content + form[at + len(content) :]))
            except InputError:
                continue


def test_memory_does_not_grow_with_the_number_of_records(tmp_path: Path):
    def most(records: int) -> int:
        rows = ",".join(['["CDISC001",84]'] * records)
        content = f'{json.dumps(HEAD | {"records": records})[:-1]},"rows":[{rows}]}}'
        path = written(tmp_path, zlib.compress(content.encode()))
        tracemalloc.start()
        _, batches = read_batches(path)
        assert sum(frame.height for frame in batches) == records
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cdisc_aclf.formats.dataset_json.parts._SIZE", 10_000)
        assert most(40_000) < 2 * most(4_000)


def test_attributes_are_known_before_any_record_is_read(tmp_path: Path):
    content, parts = json_parts(written(tmp_path, as_json(rows=[["a"]])))
    assert content == HEAD
    assert next(parts) == [["a"]]
