"""The validate of FHIR against an independent validator, on HL7's own examples and on mistakes planted in them."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fhir_mutants import mutants
from fhir_mutants_of_wholes import bundle_mutants
from hl7_tables import Packages, as_csv, tables, units

from cdisc_aclf.fhir.model.spec import FhirVersion
from cdisc_aclf.fhir.read.spec import read_fhir
from cdisc_aclf.fhir.validate.bundle import validate_bundle
from cdisc_aclf.fhir.validate.resources import Validator
from cdisc_aclf.files.tables import read_table
from cdisc_aclf.model.issue import Issue, Severity

ROOT = Path(__file__).resolve().parents[2]
SPEC = read_fhir(ROOT)
EXAMPLES = ["hl7.fhir.r5.examples@5.0.0", "hl7.fhir.r4b.examples@4.3.0"]
EACH = 8  # mutants of every kind
LARGEST = 60_000  # characters of an example that is mutated

Json = dict[str, Any]


@pytest.fixture(scope="module")
def examples(fhir_tools: Path) -> Path:
    """HL7's own examples, installed once beside the validator."""
    folder = fhir_tools / "examples"
    npm = shutil.which("npm")
    if npm and not (folder / "node_modules").exists():
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)]
        if subprocess.run([npm, "install", *options, *EXAMPLES], check=False, capture_output=True).returncode:
            shutil.rmtree(folder, ignore_errors=True)
            pytest.skip("HL7's examples cannot be installed without a network")
    return folder / "node_modules"


@cache
def resources_of(examples: Path, version: FhirVersion) -> list[Json]:
    validate = Validator(SPEC, version)
    folder = examples / f"hl7.fhir.{version.lower()}.examples"
    resources = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*-*.json"))]
    counts: Counter[str] = Counter()
    kept = []
    for resource in resources:
        counts[name := resource.get("resourceType", "")] += 1
        few = name not in {"CodeSystem", "ConceptMap"} or counts[name] <= 30
        if name != "Bundle" and validate.walker.knows(name) and few:
            kept.append(resource)
    return kept


def errors(resource: Json, validate: Validator, version: FhirVersion) -> list[Issue]:
    exact = json.loads(json.dumps(resource), parse_float=Decimal)
    if resource["resourceType"] == "Bundle":
        issues = validate_bundle(exact, SPEC, version=version, validator=validate)
    else:
        issues, _ = validate.validate(exact)
    return [issue for issue in issues if issue.severity is Severity.ERROR]


def wrong_lines(resources: list[Json], tools: Path, folder: Path, version: FhirVersion, *options: str) -> set[int]:
    """Numbers of the resources in which the independent validator finds an error."""
    path = folder / "resources.ndjson"
    path.write_text("".join(f"{json.dumps(resource)}\n" for resource in resources), "utf-8")
    arguments = ["--fhir", version.lower(), "--json", "--errors-only", "--max", "10000000", *options, str(path)]
    node = shutil.which("node")
    assert node
    run = subprocess.run([node, "fhirv.mjs", *arguments], cwd=tools, check=False, capture_output=True, text=True)
    assert " errors, " in run.stderr, run.stderr
    return {int(found) - 1 for found in re.findall(r'"path":"line (\d+):', run.stdout)}


@pytest.mark.parametrize("version", FhirVersion)
def test_in_the_examples_of_hl7_the_validation_finds_what_the_other_validator_finds_and_nothing_else(
    version: FhirVersion, examples: Path, fhir_tools: Path, tmp_path: Path
):
    resources, validate = resources_of(examples, version), Validator(SPEC, version)
    assert len(resources) > 300
    ours = {number for number, resource in enumerate(resources) if errors(resource, validate, version)}
    assert ours == wrong_lines(resources, fhir_tools, tmp_path, version, "--external")


def transaction() -> Json:
    active = {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}
    resources: list[Json] = [
        {"resourceType": "Patient", "id": "p1", "gender": "male"},
        {"resourceType": "Organization", "id": "g1", "name": "Hospital"},
        {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"},
         "clinicalStatus": {"coding": [active]}},
        {"resourceType": "Observation", "id": "o1", "status": "final", "code": {"text": "x"},
         "subject": {"reference": "Patient/p1"}, "performer": [{"reference": "Organization/g1"}]},
    ]  # fmt: skip
    names = [f"{resource['resourceType']}/{resource['id']}" for resource in resources]
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": f"https://x.org/{name}", "resource": resource, "request": {"method": "PUT", "url": name}}
            for name, resource in zip(names, resources, strict=True)
        ],
    }


@pytest.mark.parametrize("version", FhirVersion)
def test_at_least_98_of_100_planted_mistakes_are_found(
    version: FhirVersion, examples: Path, fhir_tools: Path, tmp_path: Path
):
    validate = Validator(SPEC, version)
    assert errors(transaction(), validate, version) == []
    rows = read_table(ROOT / "specs" / "fhir" / version.lower() / "elements.csv")
    minima = {row["path"]: int(row["min"]) for row in rows}
    good = [r for r in resources_of(examples, version) if not errors(r, validate, version) and len(str(r)) < LARGEST]
    planted = list(mutants(good, SPEC.definitions[version], minima, each=EACH, seed=1))
    planted_in_bundles = list(bundle_mutants(transaction()))
    known = wrong_lines([mutant for _, mutant in planted], fhir_tools, tmp_path, version, "--external")
    known |= {
        len(planted) + number
        for number in wrong_lines([mutant for _, mutant in planted_in_bundles], fhir_tools, tmp_path, version)
    }
    total: Counter[str] = Counter()
    missed: dict[str, list[Json]] = defaultdict(list)
    for number, (kind, mutant) in enumerate([*planted, *planted_in_bundles]):
        if number in known:
            total[kind] += 1
            if not errors(mutant, validate, version):
                missed[kind].append(mutant)
    for kind, count in sorted(total.items()):
        sys.stdout.write(f"{version} {kind:<34}{count - len(missed[kind]):5} of {count}\n")
    assert len(total) >= 70
    assert total.total() > 400
    assert sum(map(len, missed.values())) <= 0.02 * total.total(), dict(missed)


@pytest.mark.parametrize("version", FhirVersion)
@pytest.mark.parametrize("table", ["elements", "value_sets", "systems", "extensions"])
def test_the_tables_say_what_the_packages_of_hl7_say(version: FhirVersion, table: str, fhir_tools: Path):
    shipped = (ROOT / "specs" / "fhir" / version.lower() / f"{table}.csv").read_text("utf-8")
    assert shipped == as_csv(derived(fhir_tools, version)[table])


@cache
def derived(tools: Path, version: FhirVersion) -> dict[str, list[dict[str, str]]]:
    return tables(Packages(tools / "node_modules", version.lower()))


def test_the_table_of_units_says_what_ucum_says(fhir_tools: Path):
    assert (ROOT / "specs/fhir/ucum.csv").read_text("utf-8") == as_csv(units(fhir_tools / "node_modules"))
