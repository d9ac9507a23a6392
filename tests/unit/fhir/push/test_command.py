from pathlib import Path
from typing import Any

import pytest

from cdisc_aclf.cli import main


def test_all_accepted_is_exit_code_0_and_a_refusal_is_exit_code_1_and_a_line_that_names_it(
    fhir: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    bulk = tmp_path / "package" / "fhir" / "r4b" / "ndjson"
    bulk.mkdir(parents=True)
    (bulk / "Patient.ndjson").write_text('{"resourceType":"Patient","id":"1"}\n')
    (bulk.parents[1] / "sources.csv").write_text("resource,source\nPatient/1,demographics:2\n")
    push = ["fhir", "push", "--server", fhir.url, "--package", str(tmp_path / "package"), "--fhir", "r4b"]
    fhir.refuses["Patient/1"] = (422, "no such code")
    assert main(push) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "refused    Patient/1 (demographics:2): 422 error invalid: no such code (Patient.gender)"
    assert said[1] == "1 resources: 1 refused"
    fhir.refuses.clear()
    assert main(push) == 0
    assert "1 created" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["package", "package.push.csv", "package.push.jsonl"]
