"""What scripts rely on: exit codes, one clear line, and outputs that appear whole or not at all."""

import errno
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cdisc_aclf.cli import main
from cdisc_aclf.study.shipped import first_study

GB18030 = "gb18030"


@pytest.fixture
def export(clean: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(clean, tmp_path / "export"))


def build(export: Path, out: Path, *more: str) -> int:
    dictionaries = export / "dictionaries"
    return main(
        ["build", "--raw", str(export / "raw"), "--dictionary", str(dictionaries), "--out", str(out), "--quiet", *more]
    )


def edit(path: Path, old: str, new: str, encoding: str = "utf-8") -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode(encoding))


def copy_row(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[-1]]) + "\n", "utf-8")


def mixed(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], lines[3].decode().encode(GB18030), *lines[4:]]))


SDTM = "m5/datasets/pl21/tabulations/sdtm"
BAD_INPUT = {
    "a missing folder": (shutil.rmtree, "raw"),
    "a missing form": (lambda raw: (raw / "lab.csv").unlink(), "lab"),
    "an empty file": (lambda raw: (raw / "lab.csv").write_bytes(b""), "lab.csv"),
    "an unknown column": (lambda raw: edit(raw / "lab.csv", "sample_id", "sampel_id"), "sample_id"),
    "a missing column": (lambda raw: edit(raw / "death.csv", ",place", ""), "place"),
    "a row that is too short": (lambda raw: edit(raw / "death.csv", "\n", "\nSYNTHETIC,01\n"), "death.csv:2"),
    "a file in two encodings": (lambda raw: mixed(raw / "demographics.csv"), "demographics.csv"),
    "a file that is no text": (lambda raw: (raw / "lab.csv").write_bytes(b"\xff\xfe\x00\x81" * 9), "lab.csv"),
    "two subjects with one id": (lambda raw: copy_row(raw / "demographics.csv"), "demographics.csv:"),
    "an unknown form": (lambda raw: (raw / "laboratory.csv").write_text("a\n1\n"), "laboratory"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_gives_one_line_that_names_the_place_and_exit_code_3_and_no_output(
    case: str, export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    spoil, named = BAD_INPUT[case]
    spoil(export / "raw")
    assert build(export, tmp_path / "package") == 3
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert named in said[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export"]


@pytest.mark.parametrize(
    ("text", "named"), [("{}", "nctId"), ("[1, 2", "NCT07409259.txt"), ("not a record", "NCT07409259.txt")]
)
def test_a_record_that_is_not_a_study_is_named_with_exit_code_3(
    text: str, named: str, export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    study = tmp_path / "study"
    for part in ("specs", "mappings"):
        shutil.copytree(first_study() / part, study / part)
    (study / "specs" / "protocol" / "NCT07409259.txt").write_text(text)
    assert build(export, tmp_path / "package", "--study", str(study)) == 3
    (said,) = capsys.readouterr().err.splitlines()
    assert named in said
    assert not (tmp_path / "package").exists()


def test_an_export_in_gb18030_is_read_as_the_same_export(export: Path, tmp_path: Path):
    assert build(export, tmp_path / "one") == 0
    for form in (export / "raw").glob("*.csv"):
        form.write_bytes(form.read_text("utf-8").encode(GB18030))
    assert build(export, tmp_path / "two") == 0
    for file in (tmp_path / "one" / SDTM).glob("*.xpt"):
        assert file.read_bytes() == (tmp_path / "two" / SDTM / file.name).read_bytes()


def test_a_byte_order_mark_is_no_part_of_the_first_column(export: Path, tmp_path: Path):
    lab = export / "raw" / "lab.csv"
    lab.write_bytes(b"\xef\xbb\xbf" + lab.read_bytes())
    assert build(export, tmp_path / "package") == 0


def test_an_issue_at_the_level_asked_for_is_exit_code_1(export: Path, tmp_path: Path):
    edit(export / "raw" / "demographics.csv", ",男,", ",男性,")
    assert build(export, tmp_path / "package") == 1
    assert build(export, tmp_path / "package", "--fail-on", "never") == 0


def test_a_clean_export_is_exit_code_0_and_notes_count_only_when_asked_for(export: Path, tmp_path: Path):
    assert build(export, tmp_path / "package") == 0
    edit(export / "raw" / "lab.csv", ",g/L,", ",g/l,")
    assert build(export, tmp_path / "package") == 0
    assert build(export, tmp_path / "package", "--fail-on", "note") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--raw", "raw"],
        ["nonsense"],
        ["simulate", "--subjects", "0", "--out", "x"],
        ["simulate", "--subjects", "many", "--out", "x"],
        ["check", "--raw", "raw", "--dictionary", "snomed=x.csv"],
    ],
)
def test_a_command_that_cannot_be_is_exit_code_2(arguments: list[str], tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "cdisc_aclf", *arguments], cwd=tmp_path, check=False, capture_output=True
    )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_missing_dictionary_stops_the_build_unless_it_is_a_draft(export: Path, tmp_path: Path):
    shutil.rmtree(export / "dictionaries")
    arguments = ["build", "--raw", str(export / "raw"), "--out", str(tmp_path / "package"), "--quiet"]
    assert main(arguments) == 2
    assert not (tmp_path / "package").exists()
    assert main([*arguments, "--draft"]) == 1
    issues = (tmp_path / "package" / "report" / "issues.csv").read_text("utf-8")
    assert "DICTIONARY-MISSING" in issues


def test_a_study_folder_that_contradicts_itself_is_exit_code_4_and_names_the_file(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    study = tmp_path / "study"
    for part in ("specs", "mappings"):
        shutil.copytree(first_study() / part, study / part)
    edit(study / "specs" / "sdtm" / "lb.csv", "LBNRIND,", "LBNRINDX,")
    assert build(export, tmp_path / "package", "--study", str(study)) == 4
    (said,) = capsys.readouterr().err.splitlines()
    assert "lb.py" in said
    assert "LBNRIND" in said


def test_a_full_disk_leaves_the_package_before_it_as_it_was(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    package = tmp_path / "package"
    assert build(export, package) == 0
    before = {path: path.read_bytes() for path in package.rglob("*") if path.is_file()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cdisc_aclf.submission.publish.report_html", full)
    assert build(export, package) == 5
    assert "No space left on device" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in package.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export", "package"]


def test_a_folder_that_this_program_did_not_write_is_left_alone(export: Path, tmp_path: Path):
    precious = tmp_path / "package" / "thesis.txt"
    precious.parent.mkdir()
    precious.write_text("mine")
    assert build(export, precious.parent) == 2
    assert precious.read_text() == "mine"


def test_check_says_the_same_as_build_and_writes_nothing(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    given = ["--raw", str(export / "raw"), "--dictionary", str(export / "dictionaries"), "--quiet", "--json"]
    assert main(["check", *given]) == 0
    checked = json.loads(capsys.readouterr().out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export"]
    assert main(["build", *given, "--out", str(tmp_path / "package")]) == 0
    built = json.loads(capsys.readouterr().out)
    assert checked["issues"] == built["issues"]
    assert checked["datasets"] == built["datasets"]


def test_plan_names_every_dataset_after_what_it_needs(capsys: pytest.CaptureFixture[str]):
    assert main(["plan", "--json"]) == 0
    steps = json.loads(capsys.readouterr().out)
    seen: set[str] = set()
    names = {step["name"] for step in steps}
    for step in steps:
        assert {need for need in step["needs"] if need in names} <= seen
        seen.add(step["name"])
    assert {"dm", "lb", "ae", "ex", "ds"} <= names


def test_help_shows_examples_and_exit_codes_without_the_heavy_imports():
    code = "import sys; sys.argv = ['cdisc-aclf', '--help']\nfrom cdisc_aclf.cli import main\n"
    code += "try:\n    main()\nexcept SystemExit:\n    print(sorted({'polars', 'pandera', 'fhir'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "examples:" in done.stdout
    assert "exit codes:" in done.stdout
    assert done.stdout.endswith("[]\n")


@pytest.mark.parametrize("form", [path.stem for path in sorted((first_study() / "specs" / "raw").glob("*.csv"))])
def test_a_form_without_records_never_stops_a_build(form: str, export: Path, tmp_path: Path):
    if form == "forms":
        return
    file = export / "raw" / f"{form}.csv"
    file.write_text(file.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    assert build(export, tmp_path / "package", "--subject-data") in (0, 1)


def test_blanks_at_the_end_of_a_cell_are_reported_and_never_stop_a_build(export: Path, tmp_path: Path):
    edit(export / "raw" / "lab.csv", ",CENTRAL LAB,", ",CENTRAL LAB  ,")
    assert build(export, tmp_path / "package", "--fail-on", "warning") == 1
    assert "RAW-BLANK" in (tmp_path / "package" / "report" / "issues.csv").read_text("utf-8")


def test_only_an_export_that_is_synthetic_throughout_is_stamped_as_such(export: Path, tmp_path: Path):
    lab = export / "raw" / "lab.csv"
    edit(lab, "\nSYNTHETIC,", "\nPRODUCTION,")
    assert build(export, tmp_path / "package") == 1
    assert not (tmp_path / "package" / "SYNTHETIC.txt").exists()
    assert "RAW-ENVIRONMENT" in (tmp_path / "package" / "report" / "issues.csv").read_text("utf-8")


def test_check_names_the_place_of_every_error(export: Path, capsys: pytest.CaptureFixture[str]):
    edit(export / "raw" / "demographics.csv", ",男,", ",男性,")
    given = ["check", "--raw", str(export / "raw"), "--dictionary", str(export / "dictionaries"), "--quiet"]
    assert main(given) == 1
    assert any("demographics:" in line and "男性" in line for line in capsys.readouterr().out.splitlines())


def test_a_mapping_that_raises_is_a_fault_of_the_study_definition_and_is_named(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    study = tmp_path / "study"
    for part in ("specs", "mappings"):
        shutil.copytree(first_study() / part, study / part)
    (study / "mappings" / "sdtm" / "pr.py").write_text(
        'def pr(raw_procedure):\n    return raw_procedure.select("nope")\n'
    )
    assert build(export, tmp_path / "package", "--study", str(study)) == 4
    assert "pr.py: pr() raises ColumnNotFoundError" in capsys.readouterr().err


def test_a_simulation_never_replaces_a_package(export: Path, tmp_path: Path):
    assert build(export, tmp_path / "package") == 0
    assert main(["simulate", "--subjects", "1", "--out", str(tmp_path / "package")]) == 2
    assert (tmp_path / "package" / SDTM / "dm.xpt").exists()
