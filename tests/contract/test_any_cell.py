"""Whatever stands in a cell of the export, a build ends with issues or says what it cannot read."""

import csv
import os
import random
import shutil
from pathlib import Path

import pytest

from cdisc_aclf.cli import main

STRANGE = (
    *(
        "",
        " ",
        "0",
        "-1",
        "-0",
        "1e400",
        "NaN",
        "inf",
        "9" * 40,
        "<0",
        "> ",
        "< 5",
        "1,5",
        "12 g/L",
        "２．５",
        "0.0000001",
    ),
    *("2026-13-01", "2026-02-30", "0001-01-01", "9999-12-31", "2026", "2026-01", "10.01.2026", "25:61", "24:00"),
    *(
        "是",
        "否",
        "🙂",
        "A\u200bB",
        '"',
        "'; drop",
        "=1+1",
        ".",
        "NA",
        "null",
        "x" * 190,
        "肝" * 60,
        "1",
        "999",
        "01-999",
    ),
)
EXPORTS = int(os.environ.get("STRANGE_EXPORTS", "2"))


@pytest.mark.parametrize("seed", range(EXPORTS))
def test_thirty_strange_cells_make_issues_and_never_a_bug_of_the_program(seed: int, clean: Path, tmp_path: Path):
    export, chance = Path(shutil.copytree(clean, tmp_path / "export")), random.Random(seed)  # noqa: S311 - no secret
    for _ in range(30):
        path = chance.choice(sorted((export / "raw").glob("*.csv")))
        rows = list(csv.reader(path.read_text("utf-8").splitlines()))
        if len(rows) > 1:
            row, column = chance.randrange(1, len(rows)), chance.randrange(1, len(rows[0]))
            rows[row][column] = chance.choice(STRANGE)
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
    given = ["--raw", str(export / "raw"), "--dictionary", str(export / "dictionaries"), "--quiet", "--subject-data"]
    assert main(["build", *given, "--out", str(tmp_path / "package")]) == 1
    assert main(["verify", str(tmp_path / "package")]) == 0


def test_a_visit_that_nobody_knows_has_no_encounter_and_stops_nothing(clean: Path, tmp_path: Path):
    export = Path(shutil.copytree(clean, tmp_path / "export"))
    visits = export / "raw" / "visit.csv"
    text = visits.read_text("utf-8")
    assert ",第28天," in text
    visits.write_text(text.replace(",第28天,", ",第二十八天,", 1), "utf-8")
    given = ["--raw", str(export / "raw"), "--dictionary", str(export / "dictionaries"), "--quiet", "--subject-data"]
    assert main(["build", *given, "--out", str(tmp_path / "package")]) == 1
    fhir = tmp_path / "package" / "fhir"
    made = (fhir / "r5" / "ndjson" / "Encounter.ndjson").read_text("utf-8").splitlines()
    assert len(made) == len(text.splitlines()) - 2  # a header, and the one that nobody knows
    assert "Encounter," not in (fhir / "sources.csv").read_text("utf-8")
    assert "FHIR-REQUIRED" in (tmp_path / "package" / "report" / "issues.csv").read_text("utf-8")
