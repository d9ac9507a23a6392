"""What is written against the published JSON schemas of Dataset-JSON 1.1."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest

from cdisc_aclf.formats.dataset_json.model import JsonColumn, JsonHeader
from cdisc_aclf.formats.dataset_json.write import dataset_json, dataset_ndjson

SCHEMAS = Path(__file__).resolve().parents[2].parent / "shared" / "standards" / "schemas" / "dataset-json-1.1"

pytestmark = pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the published schemas are not on this machine")

FRAME = pl.DataFrame(
    {
        "USUBJID": ["PL21-01-001", None],
        "AVAL": [1.5e-7, 1e300],
        "ASEQ": [1, 2],
        "ADT": [date(2026, 1, 10), None],
        "DOSE": [Decimal("1.50"), None],
        "LBDTC": ["2026-01", ""],
    }
)
COLUMNS = (
    JsonColumn(oid="IT.ADLB.USUBJID", name="USUBJID", label="", data_type="string", length=20, key=1),
    JsonColumn(oid="IT.ADLB.AVAL", name="AVAL", label="Analysis Value", data_type="float", format="8.2"),
    JsonColumn(oid="IT.ADLB.ASEQ", name="ASEQ", label="序号", data_type="integer", key=2),
    JsonColumn(
        oid="IT.ADLB.ADT", name="ADT", label="Analysis Date", data_type="date", target="integer", format="DATE9."
    ),
    JsonColumn(oid="IT.ADLB.DOSE", name="DOSE", label="Dose", data_type="decimal", target="decimal"),
    JsonColumn(oid="IT.ADLB.LBDTC", name="LBDTC", label="Date", data_type="datetime"),
)
SMALL = JsonHeader(created="2026-01-10T08:30:00Z", oid="IG.ADLB", records=2, name="ADLB", label="", columns=COLUMNS)
FULL = JsonHeader(
    created="2026-01-10T08:30:00Z",
    oid="IG.ADLB",
    records=2,
    name="ADLB",
    label="Laboratory",
    columns=COLUMNS,
    file_oid="F.1",
    modified="2026-01-09T00:00:00Z",
    originator="Example",
    source=("cdisc_aclf", "0.1.0"),
    study_oid="ST.PL21",
    metadata_oid="MDV.PL21.ADAM",
    metadata="define.xml",
)


def validator(name: str, encoding: str) -> jsonschema.Draft201909Validator:
    schema: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding))
    return jsonschema.Draft201909Validator(schema)


@pytest.mark.parametrize("header", [SMALL, FULL])
def test_json_is_valid(header: JsonHeader):
    schema = validator("dataset.schema.json", "utf-8")
    schema.validate(json.loads(b"".join(dataset_json([FRAME], header))))


@pytest.mark.parametrize("header", [SMALL, FULL])
def test_the_first_line_of_ndjson_is_valid(header: JsonHeader):
    schema = validator("dataset-ndjson-schema.json", "utf-16").schema
    # as published, it defines Column and SourceSystem inside of properties and refers to them at the top
    inside = schema["$defs"]["DatasetMetadata"]["properties"]
    schema["$defs"] |= inside["columns"]["items"] | inside["sourceSystem"]
    line = json.loads(next(dataset_ndjson([FRAME], header)))
    jsonschema.Draft201909Validator(schema).validate(line)
    line["columns"][0]["label"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft201909Validator(schema).validate(line)


def test_the_schema_finds_an_attribute_that_it_does_not_know():
    content = json.loads(b"".join(dataset_json([FRAME], SMALL)))
    content["columns"][0]["oid"] = content["columns"][0].pop("itemOID")
    with pytest.raises(jsonschema.ValidationError):
        validator("dataset.schema.json", "utf-8").validate(content)
