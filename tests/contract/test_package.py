"""A package from end to end: built, listed in its manifest, verified."""

import csv
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.cli import main
from cdisc_aclf.errors import InputError
from cdisc_aclf.files.hashes import hash_of
from cdisc_aclf.formats.dataset_json.model import JsonHeader
from cdisc_aclf.formats.dataset_json.read import read_dataset_json
from cdisc_aclf.formats.dataset_json.write import dataset_ndjson
from cdisc_aclf.formats.sas import read_xpt
from cdisc_aclf.model.issue import Severity
from cdisc_aclf.study.definition import open_study
from cdisc_aclf.study.profile import read_profiles
from cdisc_aclf.study.shipped import first_study
from cdisc_aclf.submission.audit.package import audit
from cdisc_aclf.submission.manifest.package import verify
from cdisc_aclf.submission.manifest.read import read_manifest


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    assert main(["simulate", "--clean", "--subjects", "4", "--out", str(folder / "export")]) == 0
    given = ["--raw", str(folder / "export/raw"), "--dictionary", str(folder / "export/dictionaries"), "--quiet"]
    assert main(["build", *given, "--out", str(folder / "package"), "--fail-on", "never"]) == 0
    return folder / "package"


@pytest.fixture
def copy(package: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(package, tmp_path / "package"))


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_package_that_nobody_touched_is_verified_without_an_issue(package: Path):
    assert verify(package) == []
    assert main(["verify", str(package)]) == 0


def test_one_bit_in_any_file_is_found(copy: Path):
    files = files_of(copy)
    assert len(files) > 100
    for number, path in enumerate(files):
        content = path.read_bytes()
        at = number * 7919 % len(content)  # another place in each file
        path.write_bytes(content[:at] + bytes([content[at] ^ 1 << number % 8]) + content[at + 1 :])
        found = {issue.value for issue in verify(copy)}
        path.write_bytes(content)
        changed = path.relative_to(copy).as_posix()
        if changed == "manifest.json":
            assert changed in found  # and whatever the changed line was about
        else:
            assert found == {"manifest.json" if changed == "manifest.sha256" else changed}
    assert verify(copy) == []


def test_any_missing_file_is_found(copy: Path):
    for path in files_of(copy):
        content = path.read_bytes()
        path.unlink()
        assert [(issue.rule, issue.value) for issue in verify(copy)] == [
            ("PK-MISSING", path.relative_to(copy).as_posix())
        ]
        path.write_bytes(content)


def test_a_surplus_file_is_found_and_the_exit_code_is_1(copy: Path, capsys: pytest.CaptureFixture[str]):
    (copy / "m5/datasets/pl21/tabulations/sdtm/notes.txt").write_text("for Li", "utf-8")
    assert main(["verify", str(copy), "--json"]) == 1
    (issue,) = json.loads(capsys.readouterr().out)
    assert (issue["rule"], issue["value"]) == ("PK-SURPLUS", "m5/datasets/pl21/tabulations/sdtm/notes.txt")


def test_a_folder_without_a_manifest_is_no_package(tmp_path: Path):
    with pytest.raises(InputError, match=r"holds no manifest\.json"):
        verify(tmp_path)
    assert main(["verify", str(tmp_path / "nowhere")]) == 3


def test_another_program_confirms_the_checksum_and_the_hashes(package: Path):
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("no sha256sum on this machine")
    subprocess.run([program, "--check", "--strict", "manifest.sha256"], cwd=package, check=True)
    lines = "".join(f"{digest}  {path}\n" for path, digest in read_manifest(package).files.items())
    subprocess.run([program, "--check", "--strict", "--quiet"], cwd=package, check=True, input=lines, text=True)


def test_the_manifest_names_what_went_in_and_the_versions(package: Path):
    manifest = read_manifest(package)
    assert manifest.inputs["raw/lab.csv"] == hash_of(package.parent / "export/raw/lab.csv")
    assert manifest.inputs["dictionaries/meddra.csv"] == hash_of(package.parent / "export/dictionaries/meddra.csv")
    assert manifest.inputs["specs/sdtm/lb.csv"] == hash_of(first_study() / "specs/sdtm/lb.csv")
    assert manifest.inputs["mappings/sdtm/lb.py"] == hash_of(first_study() / "mappings/sdtm/lb.py")
    assert manifest.lock == hash_of(first_study() / "requirements.lock")
    assert {"polars", "pandera", "pyreadstat"} <= set(manifest.packages)


def test_nothing_in_the_manifest_says_where_or_on_which_machine_it_was_made(package: Path):
    text = (package / "manifest.json").read_text("utf-8")
    assert str(package.parent) not in text
    assert not any(name.startswith("/") or ".." in name for name in read_manifest(package).inputs)


def test_each_dataset_stands_beside_in_three_forms_with_the_same_records(package: Path):
    transport = sorted((package / "m5").rglob("*.xpt"))
    assert transport
    for path in transport:
        place = package / "dataset-json" / path.relative_to(package)
        datasets = [read_dataset_json(place.with_suffix(suffix)) for suffix in (".json", ".ndjson", ".dsjc")]
        xpt = read_xpt(path)
        for dataset in datasets:
            assert dataset.frame.equals(datasets[0].frame)
            assert dataset.header == datasets[0].header
            assert dataset.header.label == xpt.label
            assert [(column.name, column.label) for column in dataset.header.columns] == [
                (column.name, column.label) for column in xpt.columns
            ]
            assert dataset.header.records == xpt.frame.height


def refused(
    folder: Path, package: Path, capsys: pytest.CaptureFixture[str], raw: Path | None = None
) -> tuple[int, str]:
    export = package.parent / "export"
    given = ["--raw", str(raw or export / "raw"), "--dictionary", str(export / "dictionaries")]
    code = main(["build", *given, "--quiet", "--out", str(folder / "new"), "--fail-on", "never"])
    assert not (folder / "new").exists()
    return code, capsys.readouterr().err


def test_a_dataset_over_the_limit_of_the_profile_stops_the_build_and_is_named(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("cdisc_aclf.model.profile.GIGABYTE", 10_000)
    code, said = refused(tmp_path, package, capsys)
    assert code == 3
    assert "LBCH: " in said  # the first that is too large, even as a part
    assert "more than the 4 gigabytes of nmpa: split it" in said


def test_a_value_of_over_200_bytes_stops_the_build_and_its_subject_is_named(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    raw = Path(shutil.copytree(package.parent / "export/raw", tmp_path / "raw"))
    with (raw / "infusion.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["lot"] = "批" * 67
    with (raw / "infusion.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    code, said = refused(tmp_path, package, capsys, raw)
    assert code == 3
    assert f"EX.EXLOT of PL21-{rows[0]['subject']}: 201 bytes, a transport file holds 200" in said


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        ("cdisc_aclf.submission.publish.read_xpt", "dm.xpt: does not read back: is damaged"),
        ("cdisc_aclf.formats.transport.read_batches", "dm.json: does not read back: is damaged"),
    ],
)
def test_a_file_that_does_not_read_back_stops_the_build_and_is_named(
    reader: str,
    said: str,
    package: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    def refuse(path: Path) -> Callable[[], None]:
        raise InputError(str(path), "is damaged")

    monkeypatch.setattr(reader, refuse)
    code, told = refused(tmp_path, package, capsys)
    assert code == 5
    assert said in told


@pytest.mark.parametrize("spoilt", [lambda lines: lines[:-1], lambda lines: [*lines[:-1], lines[-1].replace("P", "Q")]])
def test_a_record_that_one_form_of_dataset_json_lacks_or_has_otherwise_stops_the_build(
    spoilt: Callable[[list[str]], list[str]],
    package: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    def ndjson(frames: list[pl.DataFrame], header: JsonHeader) -> Iterator[bytes]:
        lines = b"".join(dataset_ndjson(frames, header)).decode().splitlines(keepends=True)
        return iter(["".join(spoilt(lines)).encode()])

    monkeypatch.setattr("cdisc_aclf.formats.transport.dataset_ndjson", ndjson)
    code, told = refused(tmp_path, package, capsys)
    assert code == 5
    assert "dm.ndjson: reads back changed" in told


def test_a_dataset_over_the_limit_leaves_in_parts_that_the_audit_accepts(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    size = (package / "m5/datasets/pl21/tabulations/sdtm/lb.xpt").stat().st_size
    others = (path for path in (package / "m5").rglob("*.xpt") if path.name != "lb.xpt")
    monkeypatch.setattr("cdisc_aclf.model.profile.GIGABYTE", size // 8)  # of which nmpa takes 4
    monkeypatch.setattr("cdisc_aclf.submission.publish._refuse_what_the_authority_does_not_take", lambda _: None)
    assert any(path.stat().st_size < size // 2 for path in others)
    given = ["--raw", str(package.parent / "export/raw"), "--dictionary", str(package.parent / "export/dictionaries")]
    assert main(["build", *given, "--quiet", "--out", str(tmp_path / "new"), "--fail-on", "never"]) == 0
    sdtm = tmp_path / "new/m5/datasets/pl21/tabulations/sdtm"
    parts = [read_xpt(path) for path in sorted(sdtm.glob("lb*.xpt"))]
    assert [part.name for part in parts] == ["LBCH", "LBCO", "LBHE"]
    assert {domain for part in parts for domain in part.frame["DOMAIN"]} == {"LB"}
    whole = read_xpt(package / "m5/datasets/pl21/tabulations/sdtm/lb.xpt")
    assert sum(part.frame.height for part in parts) == whole.frame.height
    monkeypatch.undo()
    found = audit(tmp_path / "new", read_profiles(first_study())["nmpa"], open_study(first_study()))
    assert [issue for issue in found if issue.severity is Severity.ERROR] == []
