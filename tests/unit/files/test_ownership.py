import hashlib
import json
from pathlib import Path

import pytest

from cdisc_aclf.errors import UsageError
from cdisc_aclf.files.hashes import hashes_below
from cdisc_aclf.files.ownership import CHECKSUM, MANIFEST, refuse_to_overwrite, refuse_to_replace


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An output as a run leaves it: every file listed, the manifest confirmed by its checksum."""
    out = tmp_path / "out"
    (out / "raw").mkdir(parents=True)
    (out / "raw" / "lab.csv").write_text("subject\n01\n")
    (out / "record.json").write_text("{}")
    manifest = json.dumps({"files": hashes_below(out)}).encode()
    (out / MANIFEST).write_bytes(manifest)
    (out / CHECKSUM).write_text(f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n")
    return out


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_an_output_that_is_as_its_manifest_says_may_be_replaced(output: Path):
    refuse_to_replace(output, mark="record.json")


def test_a_place_where_nothing_is_or_an_empty_folder_may_be_written(tmp_path: Path):
    refuse_to_replace(tmp_path / "absent", mark="record.json")
    (tmp_path / "empty").mkdir()
    refuse_to_replace(tmp_path / "empty", mark="record.json")


@pytest.mark.parametrize("name", ["note.txt", "raw/analysis.R", ".hidden", "report/record.json"])
def test_a_file_that_somebody_put_in_keeps_the_output_from_being_replaced(output: Path, name: str):
    (output / name).parent.mkdir(exist_ok=True)
    (output / name).write_text("mine")
    before = contents(output)
    with pytest.raises(UsageError, match=f"holds {name}, which the earlier run did not write.*--replace-changed"):
        refuse_to_replace(output, mark="record.json")
    assert contents(output) == before


def test_a_file_that_was_changed_keeps_the_output_from_being_replaced(output: Path):
    (output / "raw" / "lab.csv").write_text("subject\n02\n")
    with pytest.raises(UsageError, match=r"holds raw/lab.csv, which was changed since"):
        refuse_to_replace(output, mark="record.json")


def test_a_link_in_an_output_is_something_that_somebody_put_in(output: Path, tmp_path: Path):
    (output / "data").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="holds data, which the earlier run did not write"):
        refuse_to_replace(output, mark="record.json")


def test_a_manifest_that_its_checksum_does_not_confirm_lists_nothing(output: Path):
    (output / "mine.txt").write_text("mine")
    (output / MANIFEST).write_text(json.dumps({"files": hashes_below(output)}))
    with pytest.raises(UsageError, match=r"no manifest.json of an earlier run"):
        refuse_to_replace(output, mark="record.json")


def test_a_folder_without_a_manifest_is_left_alone_whatever_else_it_holds(tmp_path: Path):
    own = tmp_path / "own"
    own.mkdir()
    for name in ("record.json", "run.json", "truth.csv"):
        (own / name).write_text("{}")
    for flag in (False, True):
        with pytest.raises(UsageError, match=r"holds record.json and no manifest.json of an earlier run"):
            refuse_to_replace(own, replace_changed=flag, mark="record.json")


def test_the_output_of_another_command_is_left_alone(output: Path):
    for flag in (False, True):
        with pytest.raises(UsageError, match=r"output of another command: its manifest.json lists no run"):
            refuse_to_replace(output, mark="run.json", replace_changed=flag)


def test_who_means_it_may_replace_a_changed_output_but_never_an_input(output: Path):
    (output / "note.txt").write_text("mine")
    refuse_to_replace(output, replace_changed=True, mark="record.json")
    with pytest.raises(UsageError, match="is an input and lies inside the output"):
        refuse_to_replace(output, inputs=[output / "raw"], replace_changed=True, mark="record.json")


def test_an_input_inside_the_output_is_refused_also_through_a_link(output: Path, tmp_path: Path):
    for given in (output, output / "raw", output / "record.json"):
        with pytest.raises(UsageError, match="is an input and lies inside the output"):
            refuse_to_replace(output, inputs=[given], mark="record.json")
    link = tmp_path / "link"
    link.symlink_to(output / "raw")
    with pytest.raises(UsageError, match="is an input and lies inside the output"):
        refuse_to_replace(output, inputs=[link], mark="record.json")


def test_an_output_inside_an_input_is_refused(tmp_path: Path):
    (tmp_path / "raw").mkdir()
    with pytest.raises(UsageError, match="lies inside the input"):
        refuse_to_replace(tmp_path / "raw" / "package", inputs=[tmp_path / "raw"], mark="record.json")


def test_an_output_beside_its_inputs_is_written(tmp_path: Path):
    (tmp_path / "raw").mkdir()
    refuse_to_replace(tmp_path / "package", inputs=[tmp_path / "raw"], mark="record.json")


def test_a_report_takes_the_place_of_an_earlier_report_alone(tmp_path: Path):
    report = tmp_path / "push.csv"
    refuse_to_overwrite(report, first_line="resource,source\r\n")
    report.write_bytes(b"resource,source\r\nPatient/1,a\r\n")
    refuse_to_overwrite(report, first_line="resource,source\r\n")
    report.write_text("subject,site\n01,1\n")
    with pytest.raises(UsageError, match="is no report of this program"):
        refuse_to_overwrite(report, first_line="resource,source\r\n")
    assert report.read_text() == "subject,site\n01,1\n"


def test_a_report_inside_the_package_it_speaks_of_is_refused(tmp_path: Path):
    (tmp_path / "package").mkdir()
    with pytest.raises(UsageError, match="lies inside the input"):
        refuse_to_overwrite(tmp_path / "package" / "push.csv", first_line="resource", inputs=[tmp_path / "package"])
