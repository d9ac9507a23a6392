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
    JsonColumn("IT.ADLB.USUBJID", "USUBJID", "", "string", length=20, key=1),
    JsonColumn("IT.ADLB.AVAL", "AVAL", "Analysis Value", "float", format="8.2"),
    JsonColumn("IT.ADLB.ASEQ", "ASEQ", "序号", "integer", key=2),
    JsonColumn("IT.ADLB.ADT", "ADT", "Analysis Date", "date", "integer", format="DATE9."),
    JsonColumn("IT.ADLB.DOSE", "DOSE", "Dose", "decimal", "decimal"),
    JsonColumn("IT.ADLB.LBDTC", "LBDTC", "Date", "datetime"),
)
SMALL = JsonHeader("2026-01-10T08:30:00Z", "IG.ADLB", 2, "ADLB", "", COLUMNS)
FULL = JsonHeader(
    "2026-01-10T08:30:00Z", "IG.ADLB", 2, "ADLB", "Laboratory", COLUMNS,
    "F.1", "2026-01-09T00:00:00Z", "Example", ("cdisc_aclf", "0.1.0"), "ST.PL21", "MDV.PL21.ADAM", "define.xml",
)  # fmt: skip


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
