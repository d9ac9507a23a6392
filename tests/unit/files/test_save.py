import hashlib
import json
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cdisc_aclf.errors import AclfError, DefinitionError, UsageError
from cdisc_aclf.files import save
from cdisc_aclf.files.hashes import hashes_below
from cdisc_aclf.files.ownership import CHECKSUM, MANIFEST
from cdisc_aclf.files.save import clear_leftovers, replaced

MARK = "run.json"


def fill(folder: Path, text: str) -> None:
    """An output as small as can be, with its manifest."""
    (folder / MARK).write_text(text)
    manifest = json.dumps({"files": hashes_below(folder)}).encode()
    (folder / MANIFEST).write_bytes(manifest)
    (folder / CHECKSUM).write_text(hashlib.sha256(manifest).hexdigest())


def write(out: Path, text: str) -> None:
    with replaced(out, mark=MARK) as folder:
        fill(folder, text)


def test_the_folder_appears_when_the_block_ends_well(tmp_path: Path):
    out = tmp_path / "deep" / "out"
    with replaced(out, mark=MARK) as folder:
        fill(folder, "1")
        assert not out.exists()
    assert (out / MARK).read_text() == "1"
    assert [path.name for path in out.parent.iterdir()] == ["out"]


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o755), (0o077, 0o700), (0o027, 0o750)])
def test_who_may_read_the_folder_is_for_the_umask_to_say(tmp_path: Path, mask: int, mode: int):
    before = os.umask(mask)
    try:
        write(tmp_path / "out", "1")
    finally:
        os.umask(before)
    assert (tmp_path / "out").stat().st_mode & 0o777 == mode


def test_an_earlier_output_is_replaced_whole(tmp_path: Path):
    out = tmp_path / "out"
    write(out, "1")
    write(out, "2")
    assert sorted(path.name for path in out.iterdir()) == [MANIFEST, CHECKSUM, MARK]
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


def test_a_folder_that_someone_else_filled_is_left_alone(tmp_path: Path):
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter1.txt").write_text("years of work")
    with pytest.raises(UsageError, match=r"holds chapter1.txt and no manifest.json"):
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


def killed_at(out: Path, text: str, *, call: int, exchanges: bool) -> bool:
    """Write an output in a child process that dies at the n-th call of the swap; whether it died."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 warns of threads, none of which the child needs
        child = os.fork()
    if child == 0:  # pragma: no cover - the child's lines are not seen
        calls = iter(range(100))

        def dying(real: Callable[..., Any]) -> Callable[..., Any]:
            def wrapped(*given: object, **named: object) -> object:
                if next(calls) == call:
                    os._exit(9)
                return real(*given, **named)

            return wrapped

        exchange = save.exchange_folders if exchanges else lambda *_: False
        with replaced(out, mark=MARK) as folder:
            fill(folder, text)
            save.exchange_folders = dying(exchange)
            Path.rename = dying(Path.rename)
            save.shutil.rmtree = dying(save.shutil.rmtree)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 9


@pytest.mark.parametrize("exchanges", [True, False])
def test_a_run_killed_between_any_two_calls_of_the_swap_leaves_the_old_output_or_the_new_one(
    tmp_path: Path, *, exchanges: bool
):
    deaths = 0
    for call in range(8):
        out = tmp_path / f"{call}" / "out"
        write(out, "old")
        deaths += killed_at(out, "new", call=call, exchanges=exchanges)
        clear_leftovers(out)  # what the next run does first
        assert (out / MARK).read_text() in {"old", "new"}
        assert sorted(path.name for path in out.iterdir()) == [MANIFEST, CHECKSUM, MARK]
        assert [path.name for path in out.parent.iterdir()] == ["out"], "nothing is left beside it"
    assert deaths >= (2 if exchanges else 4), "the calls of the swap were met"


def test_what_a_killed_run_left_is_cleared_by_the_next_run_and_said(tmp_path: Path):
    out = tmp_path / "out"
    left = tmp_path / f".out.aclf-{'0' * 16}"
    left.mkdir()
    (left / "dm.xpt").touch()
    [said] = clear_leftovers(out)
    assert said == f"{left}: left by a run that was killed; removed"
    assert not left.exists()


def test_an_output_that_a_killed_run_had_moved_aside_comes_back_and_that_is_said(tmp_path: Path):
    out = tmp_path / "out"
    write(out, "1")
    out.rename(tmp_path / f".out.aclf-{'0' * 16}.before")
    assert clear_leftovers(out) == [f"{out}: a run was killed while it replaced this; the earlier output is back"]
    assert (out / MARK).read_text() == "1"


def test_what_another_run_is_writing_and_what_is_of_others_is_left_alone(tmp_path: Path):
    out = tmp_path / "out"
    (tmp_path / ".out.backup").mkdir()
    (tmp_path / ".other.aclf-0000000000000000").mkdir()
    with replaced(out, mark=MARK) as folder:
        assert clear_leftovers(out) == []
        assert folder.exists()
        fill(folder, "1")
    assert {path.name for path in tmp_path.iterdir()} == {"out", ".out.backup", ".other.aclf-0000000000000000"}


def test_where_the_system_cannot_exchange_the_output_is_replaced_by_two_renames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(save, "exchange_folders", lambda *_: False)
    write(tmp_path / "out", "1")
    write(tmp_path / "out", "2")
    assert (tmp_path / "out" / MARK).read_text() == "2"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_put_into_the_output_while_the_run_works_keeps_it_from_being_replaced(tmp_path: Path):
    out = tmp_path / "out"
    write(out, "1")

    def work() -> None:
        with replaced(out, mark=MARK) as folder:
            fill(folder, "2")
            (out / "note.txt").write_text("mine")

    with pytest.raises(UsageError, match=r"note.txt"):
        work()
    assert (out / "note.txt").read_text() == "mine"
    assert (out / MARK).read_text() == "1"
