"""Our bundles through a FHIR validator that shares no code with us, and through our own validate."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cdisc_aclf.cli import main
from cdisc_aclf.fhir.forms import save_forms
from cdisc_aclf.fhir.model.spec import FhirVersion
from cdisc_aclf.fhir.read.spec import read_fhir
from cdisc_aclf.fhir.registry.compare import record_values, validate_record
from cdisc_aclf.fhir.resources import entries as written
from cdisc_aclf.fhir.resources import record_of
from cdisc_aclf.fhir.validate.resources import validate_resources
from cdisc_aclf.fhir.write.resources import Entry, bundle
from cdisc_aclf.model.trial import Trial
from cdisc_aclf.pipelines.registry import tables_of
from cdisc_aclf.registry.record import load
from cdisc_aclf.registry.trial import read_trial
from cdisc_aclf.study.mappings import load_mappings
from cdisc_aclf.study.specs import read_references, read_standard
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
RECORDS = sorted((SHARED / "samples" / "ctgov").glob("*.json"))

pytestmark = pytest.mark.skipif(not RECORDS, reason="the sample records are not here")

STUDY, SPEC = read_study(ROOT), read_fhir(ROOT)
MAPPINGS = {mapping.name: mapping for mapping in load_mappings(ROOT / "mappings" / "fhir")}
REFERENCES = read_references(ROOT)
FACTS = {"study": STUDY, "ct": read_terminology(ROOT)}


def entries(trial: Trial, version: FhirVersion = FhirVersion.R5, **datasets: pl.DataFrame) -> Iterator[Entry]:
    """The resources of a study as JSON, and those of its subjects where datasets are given."""
    return written(made(trial, **datasets), SPEC, synthetic="SIMULATED" if datasets else None, version=version)


def made(trial: Trial, **datasets: pl.DataFrame) -> dict[str, Any]:
    tables = tables_of(trial, read_trial(ROOT / "specs" / STUDY.record), REFERENCES)
    values = FACTS | {f"ref_{name}": table for name, table in tables.items()} | datasets | {"trial": trial}
    mappings = [MAPPINGS[name] for name, spec in SPEC.resources.items() if datasets or not spec.is_about_subjects]
    for each in mappings:
        values[each.name] = each.function(**{need: values[need] for need in each.needs})
    return {each.name: values[each.name] for each in mappings}


@pytest.fixture(scope="module")
def validator(fhir_tools: Path) -> Path:
    """The validator that shares no code with us."""
    return fhir_tools


def complaints(validator: Path, *files: Path, version: FhirVersion = FhirVersion.R5) -> list[str]:
    node = shutil.which("node")
    assert node
    command = [node, "fhirv.mjs", "--fhir", version.lower(), "--json", *map(str, files)]
    run = subprocess.run(command, cwd=validator, check=False, capture_output=True, text=True)
    issues = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    assert run.returncode == 0, run.stdout + run.stderr
    return [str(issue) for issue in issues if issue.get("severity") in {"error", "warning"}]


def saved(folder: Path, name: str, made: Iterator[Entry]) -> Path:
    path = folder / f"{name}.json"
    with path.open("wb") as file:
        file.writelines(bundle(made, base=STUDY.fhir_base))
    return path


def test_the_validator_complains_where_there_is_reason(validator: Path, tmp_path: Path):
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"resourceType":"Patient","id":"1","birthDate":"2026-02-30","gender":"banana"}')
    with pytest.raises(AssertionError, match="banana"):
        complaints(validator, wrong)


@pytest.mark.parametrize("version", FhirVersion)
def test_the_bundle_of_this_study_has_neither_errors_nor_warnings(
    validator: Path, tmp_path: Path, version: FhirVersion
):
    trial = read_trial(ROOT / "specs" / STUDY.record)
    assert complaints(validator, saved(tmp_path, "study", entries(trial, version)), version=version) == []


@pytest.mark.parametrize("version", FhirVersion)
def test_the_bundles_of_twelve_other_records_have_neither_errors_nor_warnings(
    validator: Path, tmp_path: Path, version: FhirVersion
):
    bundles = [saved(tmp_path, record.stem, entries(read_trial(record), version)) for record in RECORDS]
    assert len(bundles) == 12
    assert complaints(validator, *bundles, version=version) == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_the_validation_finds_nothing_in_the_bundles_of_other_records(record: Path):
    assert validate_resources((text for _, text in entries(read_trial(record))), SPEC) == []


# Values of each record, and how many of them R5 gives back; the rest is listed in specs/fhir/record_unmapped.csv.
COMES_BACK = {
    "NCT00353704": (404, 155), "NCT00405041": (114, 89), "NCT00415220": (157, 100), "NCT03683472": (147, 103),
    "NCT04061746": (215, 159), "NCT04550923": (396, 269), "NCT05378763": (111, 111), "NCT05480501": (160, 98),
    "NCT05894499": (194, 102), "NCT05897242": (161, 119), "NCT06223893": (329, 226), "NCT06761612": (335, 278),
}  # fmt: skip


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_every_value_of_a_record_comes_back_from_r5_or_is_listed_as_lost(record: Path):
    content = load(record).content
    back = record_of(made(read_trial(record)), SPEC, REFERENCES["fhir_codes"])
    issues, count = validate_record(content, back, SPEC.record_unmapped)
    assert issues == []
    assert (len(list(record_values(content))), count) == COMES_BACK[record.stem]


def test_every_listed_unmapped_element_is_met_in_some_record():
    fields = {re.sub(r"\[\d+\]", "[]", path) for record in RECORDS for path, _ in record_values(load(record).content)}
    unmet = {lost for lost in SPEC.record_unmapped if not any(field.startswith(lost) for field in fields)}
    assert unmet == set()


DM = (
    {"USUBJID": "PL21-01-001", "SUBJID": "01-001", "SEX": "F", "BRTHDTC": "1978-03-04", "RFICDTC": "2026-01-05T09:00",
     "RFSTDTC": "2026-01-08", "ARMCD": "EXO", "ACTARMCD": "EXO"},
    {"USUBJID": "PL21-01-002", "SUBJID": "01-002", "SEX": "M", "BRTHDTC": "1966", "RFICDTC": "2026-01-06",
     "RFSTDTC": "2026-01-09", "ARMCD": "CTRL", "ACTARMCD": "CTRL", "DTHFL": "Y", "DTHDTC": "2026-02-03T04:05"},
    {"USUBJID": "PL21-01-003", "SUBJID": "01-003", "SEX": "男性", "RFICDTC": "2026-01"},
)  # fmt: skip
DS = (
    {"USUBJID": "PL21-01-002", "DSSCAT": "STUDY PARTICIPATION", "DSDECOD": "DEATH", "DSTERM": "肝衰竭",
     "DSSTDTC": "2026-02-03"},
    {"USUBJID": "PL21-01-003", "DSSCAT": "STUDY PARTICIPATION", "DSDECOD": "SCREEN FAILURE", "DSTERM": "score 8.1"},
)  # fmt: skip
RESULTS = (
    {"LBORRES": "101.50", "LBORRESU": "g/L", "LBORNRLO": "115", "LBORNRHI": "150.0", "LBNRIND": "LOW"},
    {"LBORRES": "<0.50", "LBORRESU": "10^9/L", "LBORNRHI": "<5", "LBDTC": "2026---15"},
    {"LBORRES": '溶血 "++"', "LBDTC": "2026-01", "LBNRIND": "ABNORMAL"},
    {"LBSTAT": "NOT DONE", "LBREASND": "clotted", "LBDTC": "2026"},
    {"LBORRES": "3.10", "LBORRESU": "g%", "LBTESTCD": None, "LBTEST": None, "LBLOINC": None},
)  # fmt: skip
HGB = {"LBTESTCD": "HGB", "LBTEST": "Hemoglobin", "LBLOINC": "718-7", "LBCAT": "HEMATOLOGY", "LBNAM": "CENTRAL LAB",
       "LBDTC": "2026-01-10T08:30"}  # fmt: skip


@pytest.fixture
def datasets() -> dict[str, pl.DataFrame]:
    """Three subjects with results of every kind."""
    lb = [
        HGB | {"USUBJID": f"PL21-01-00{subject}", "LBSPID": str(number), "LBSEQ": number} | result
        for subject in (1, 2, 3)
        for number, result in enumerate(RESULTS, start=1)
    ]
    records = {"dm": list(DM), "ds": list(DS), "lb": lb}
    return {
        name.lower(): pl.DataFrame(
            records.get(name.lower(), []),
            schema={variable.name: variable.dtype for variable in spec.variables} | {"raw_record": pl.String},
        )
        for name, spec in read_standard(ROOT, "sdtm").datasets.items()
    }


def test_a_full_bundle_has_neither_errors_nor_warnings(
    validator: Path, tmp_path: Path, datasets: dict[str, pl.DataFrame]
):
    trial = read_trial(ROOT / "specs" / STUDY.record)
    assert complaints(validator, saved(tmp_path, "full", entries(trial, **datasets))) == []


@pytest.mark.parametrize("form", ["transaction", "transaction-post", "ndjson"])
@pytest.mark.parametrize("version", FhirVersion)
def test_every_other_form_of_a_full_package_has_neither_errors_nor_warnings(
    version: FhirVersion, form: str, validator: Path, tmp_path: Path, datasets: dict[str, pl.DataFrame]
):
    trial = read_trial(ROOT / "specs" / STUDY.record)
    save_forms(
        tmp_path / "made",
        [*entries(trial, version, **datasets)],
        base=STUDY.fhir_base,
        synthetic="SIMULATED",
        size=12,
        stamp=datetime(1960, 1, 1, tzinfo=UTC),
    )
    assert any((tmp_path / "made" / form).iterdir())
    assert complaints(validator, tmp_path / "made" / form, version=version) == []


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FHIR of the whole demo, planted faults included, with subject data."""
    folder = tmp_path_factory.mktemp("demo")
    assert main(["simulate", "--out", str(folder / "export")]) == 0
    given = ["--raw", str(folder / "export" / "raw"), "--out", str(folder / "package"), "--fail-on", "never", "--quiet"]
    for dictionary in ("meddra", "whodrug"):
        given += ["--dictionary", f"{dictionary}={folder / 'export' / 'dictionaries' / dictionary}.csv"]
    assert main(["build", *given, "--subject-data"]) == 0
    return folder / "package" / "fhir"


@pytest.mark.parametrize("version", FhirVersion)
def test_the_demo_with_its_subjects_and_planted_faults_has_neither_errors_nor_warnings(
    version: FhirVersion, validator: Path, demo: Path
):
    assert complaints(validator, demo / version.lower() / "bundle.json", version=version) == []


def test_the_validation_finds_in_a_full_bundle_what_no_other_validator_can_know(datasets: dict[str, pl.DataFrame]):
    trial = read_trial(ROOT / "specs" / STUDY.record)
    collected = {
        f"{subject}-LB-{number}": result
        for subject, number, result in datasets["lb"].select("USUBJID", "LBSPID", "LBORRES").iter_rows()
    }
    issues = validate_resources((text for _, text in entries(trial, **datasets)), SPEC, collected=collected)
    assert [(issue.rule, issue.variable, issue.value, issue.count) for issue in issues] == [
        *[("FHIR-REQUIRED", "code.text", "", 1)] * 3,
        ("FHIR-UNIT", "valueQuantity.unit", "g%", 3),
    ]
