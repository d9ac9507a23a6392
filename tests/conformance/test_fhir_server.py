"""Packages into a validating FHIR server that shares no code with us: loaded, read back, loaded again, changed."""

import csv
import json
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cdisc_aclf.cli import main

GONE, CHANGED = "01-002", "01-001"


@pytest.fixture(scope="module")
def cuts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two packages of one study: in the second one subject is gone, and one laboratory result is another."""
    folder = tmp_path_factory.mktemp("cuts")
    assert main(["simulate", "--clean", "--subjects", "3", "--out", str(folder / "export")]) == 0
    built(folder / "export", folder / "first")
    for form in (folder / "export" / "raw").glob("*.csv"):
        with form.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.reader(file) if GONE not in row]
        if form.stem == "lab":
            result = rows[0].index("result")
            row = next(row for row in rows if CHANGED in row and row[result].isdecimal())
            row[result] = str(int(row[result]) + 1)
        with form.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    built(folder / "export", folder / "second")
    return folder / "first", folder / "second"


def built(export: Path, out: Path) -> None:
    given = ["--raw", str(export / "raw"), "--dictionary", str(export / "dictionaries"), "--quiet"]
    assert main(["build", *given, "--subject-data", "--fail-on", "never", "--out", str(out)]) == 0


@pytest.fixture(params=["r5", "r4b"])
def endpoint(request: pytest.FixtureRequest, fhir_tools: Path) -> Iterator[tuple[str, str]]:
    """A fresh server: its FHIR version and base URL."""
    node = shutil.which("node")
    assert node
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [node, "medplum-server.mjs", str(port), f"--{request.param}"]
    with subprocess.Popen(command, cwd=fhir_tools, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            assert "listening" in server.stdout.readline()
            yield request.param, f"http://127.0.0.1:{port}/fhir/{request.param.upper()}"
        finally:
            server.terminate()


def resources(package: Path, version: str) -> dict[str, Any]:
    bundle = json.loads((package / "fhir" / version / "bundle.json").read_text("utf-8"))
    made = [entry["resource"] for entry in bundle["entry"]]
    return {f"{resource['resourceType']}/{resource['id']}": resource for resource in made}


def pushed(package: Path, endpoint: tuple[str, str], journal: Path, *more: str) -> dict[str, set[str]]:
    """Push, and what was done about which resources."""
    version, url = endpoint
    report = journal.with_suffix(".csv")
    given = ["--server", url, "--package", str(package), "--fhir", version]
    assert main(["fhir", "push", *given, "--state", str(journal), "--report", str(report), *more]) == 0
    done: dict[str, set[str]] = {}
    with report.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            done.setdefault(row["done"], set()).add(row["resource"])
    return done


def held(url: str, references: set[str]) -> dict[str, tuple[str, Any]]:
    """What the server has: the version that it gave, and the resource without the server's own part of `meta`."""
    found = {}
    for reference in references:
        try:
            with urllib.request.urlopen(f"{url}/{reference}") as answer:  # noqa: S310 - http on loopback
                resource = json.load(answer)
        except urllib.error.HTTPError as problem:
            problem.close()
            continue
        version = resource["meta"].pop("versionId")
        del resource["meta"]["lastUpdated"]
        found[reference] = version, resource
    return found


def test_all_is_accepted_reads_back_equal_and_a_second_push_changes_nothing(
    cuts: tuple[Path, Path], endpoint: tuple[str, str], tmp_path: Path
):
    version, url = endpoint
    made = resources(cuts[0], version)
    assert pushed(cuts[0], endpoint, tmp_path / "push.jsonl") == {"created": set(made)}
    before = held(url, set(made))
    assert {name: resource for name, (_, resource) in before.items()} == made
    assert pushed(cuts[0], endpoint, tmp_path / "push.jsonl") == {"unchanged": set(made)}
    assert held(url, set(made)) == before


def test_the_next_cut_changes_what_changed_and_removes_who_is_gone_and_nothing_else(
    cuts: tuple[Path, Path], endpoint: tuple[str, str], tmp_path: Path
):
    version, url = endpoint
    first, second = (resources(cut, version) for cut in cuts)
    pushed(cuts[0], endpoint, tmp_path / "push.jsonl")
    before = held(url, set(first))
    changed = {name for name in first.keys() & second.keys() if first[name] != second[name]}
    expected = {"unchanged": first.keys() & second.keys() - changed, "updated": changed}
    expected |= {"deleted": first.keys() - second.keys(), "created": second.keys() - first.keys()}
    done = pushed(cuts[1], endpoint, tmp_path / "push.jsonl", "--withdrawn", "delete")
    assert done == {name: what for name, what in expected.items() if what}
    after = held(url, first.keys() | second.keys())
    assert {name: resource for name, (_, resource) in after.items()} == second
    assert {name for name, kept in after.items() if before.get(name) == kept} == expected["unchanged"]


def test_a_resource_that_the_server_finds_invalid_is_refused_with_its_words_and_the_rest_is_loaded(
    cuts: tuple[Path, Path], endpoint: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    version, url = endpoint
    package = Path(shutil.copytree(cuts[0], tmp_path / "package"))
    places = package / "fhir" / version / "ndjson" / "Location.ndjson"
    places.write_text(places.read_text("utf-8").replace('"name":', '"nom":'), "utf-8")
    assert main(["fhir", "push", "--server", url, "--package", str(package), "--fhir", version]) == 1
    said = capsys.readouterr().out
    assert 'Invalid additional property "nom"' in said
    assert "refers to Location/" in said
    shutil.rmtree(package)
    shutil.copytree(cuts[0], package)
    assert main(["fhir", "push", "--server", url, "--package", str(package), "--fhir", version]) == 0
    assert {name: resource for name, (_, resource) in held(url, set(resources(package, version))).items()} == resources(
        package, version
    )
