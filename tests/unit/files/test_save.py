import os
from pathlib import Path

import pytest

from cdisc_aclf.errors import AclfError, DefinitionError, UsageError
from cdisc_aclf.files.save import replaced

MARK = "run.json"


def write(out: Path, text: str) -> None:
    with replaced(out, mark=MARK) as folder:
        (folder / MARK).write_text(text)


def test_the_folder_appears_when_the_block_ends_well(tmp_path: Path):
    out = tmp_path / "deep" / "out"
    with replaced(out, mark=MARK) as folder:
        (folder / MARK).write_text("1")
        assert not out.exists()
    assert (out / MARK).read_text() == "1"
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_others_may_read_the_folder(tmp_path: Path):
    write(tmp_path / "out", "1")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755


def test_an_earlier_output_is_replaced_whole(tmp_path: Path):
    out = tmp_path / "out"
    write(out, "1")
    (out / "old.xpt").touch()
    write(out, "2")
    assert [path.name for path in out.iterdir()] == [MARK]
    assert (out / MARK).read_text() == "2"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_when_the_block_fails_the_earlier_output_stays_and_nothing_is_left_beside_it(tmp_path: Path):
    out = tmp_path / "out"
    write(out, "1")

    def fail() -> None:
        with replaced(out, mark=MARK) as folder:
            (folder / MARK).write_text("2")
            raise DefinitionError("specs/sdtm/lb.csv", "wrong")

    with pytest.raises(DefinitionError):
        fail()
    assert (out / MARK).read_text() == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_when_the_first_output_fails_there_is_no_output(tmp_path: Path):
    def fail() -> None:
        with replaced(tmp_path / "out", mark=MARK) as folder:
            (folder / MARK).write_text("2")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_clear_line_and_leaves_the_earlier_output(tmp_path: Path):
    out = tmp_path / "out"
    write(out, "1")

    def fail() -> None:
        with replaced(out, mark=MARK):
            raise OSError(28, os.strerror(28))

    with pytest.raises(AclfError, match=r"out: cannot be written: No space left on device") as refusal:
        fail()
    assert refusal.value.exit_code == 5
    assert (out / MARK).read_text() == "1"


def test_a_folder_that_cannot_be_moved_into_place_leaves_the_earlier_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    out = tmp_path / "out"
    write(out, "1")
    rename = Path.rename

    def refuse_the_new_one(path: Path, target: Path) -> Path:
        if path.name.startswith(".out.") and not path.name.endswith(".before"):
            raise OSError(13, os.strerror(13))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse_the_new_one)
    with pytest.raises(AclfError, match="cannot be written"):
        write(out, "2")
    assert (out / MARK).read_text() == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_someone_else_filled_is_left_alone(tmp_path: Path):
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter1.txt").write_text("years of work")
    with pytest.raises(UsageError, match=r"is there already and has no run.json"):
        write(out, "1")
    assert [path.name for path in out.iterdir()] == ["chapter1.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path):
    out = tmp_path / "out"
    out.mkdir()
    write(out, "1")
    assert (out / MARK).read_text() == "1"


def test_a_file_is_left_alone(tmp_path: Path):
    out = tmp_path / "out"
    out.write_text("a file")
    with pytest.raises(UsageError):
        write(out, "1")
    assert out.read_text() == "a file"


def test_a_place_below_a_file_is_one_clear_line(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(AclfError, match="cannot be written"):
        write(tmp_path / "file" / "out", "1")
