import json
from datetime import UTC, datetime
from pathlib import Path

from cdisc_aclf.fhir.forms import save_forms
from cdisc_aclf.fhir.write.resources import Entry

MADE: list[Entry] = [
    ("Patient/1", '{"resourceType":"Patient","id":"1"}'),
    ("Observation/1", '{"resourceType":"Observation","id":"1","subject":{"reference":"Patient/1"},"value":1.50}'),
    ("Group/1", '{"resourceType":"Group","id":"1","name":"肝"}'),
    ("Observation/2", '{"resourceType":"Observation","id":"2","subject":{"reference":"Patient/1"}}'),
]


def saved(folder: Path, size: int) -> dict[str, str]:
    save_forms(
        folder / "r5",
        MADE,
        base="https://x.org",
        synthetic=None,
        size=size,
        stamp=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    files = (path for path in (folder / "r5").rglob("*") if path.is_file())
    return {str(path.relative_to(folder / "r5")): path.read_text("utf-8") for path in files}


def test_every_form_holds_every_resource(tmp_path: Path):
    files = saved(tmp_path, 100)
    assert sorted(files) == [
        "bundle.json",
        "manifest.json",
        "ndjson/Group.ndjson",
        "ndjson/Observation.ndjson",
        "ndjson/Patient.ndjson",
        "transaction-post/001.json",
        "transaction/001.json",
    ]
    for form in ("bundle", "transaction-post/001", "transaction/001"):
        assert len(json.loads(files[f"{form}.json"])["entry"]) == len(MADE)


def test_a_bulk_file_has_the_resources_of_one_type_a_line_each_as_they_were_rendered(tmp_path: Path):
    files = saved(tmp_path, 100)
    assert files["ndjson/Observation.ndjson"] == f"{MADE[1][1]}\n{MADE[3][1]}\n"
    assert files["ndjson/Group.ndjson"] == f"{MADE[2][1]}\n"


def test_the_manifest_counts_the_lines_of_each_bulk_file_and_states_the_time_that_it_is_given(tmp_path: Path):
    files = saved(tmp_path, 100)
    manifest = json.loads(files["manifest.json"])
    assert manifest["transactionTime"] == "2026-01-02T03:04:05+00:00"
    assert manifest["requiresAccessToken"] is False
    assert {output["url"]: output["count"] for output in manifest["output"]} == {
        f"https://x.org/{name}": text.count("\n") for name, text in files.items() if name.endswith(".ndjson")
    }


def test_transactions_are_split_at_the_size(tmp_path: Path):
    files = saved(tmp_path, 2)
    assert [name for name in sorted(files) if name.startswith("transaction/")] == [
        "transaction/001.json",
        "transaction/002.json",
        "transaction/003.json",
    ]
