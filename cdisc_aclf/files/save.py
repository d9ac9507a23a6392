"""A folder, or a file, that appears whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cdisc_aclf.errors import AclfError, UsageError


def refuse_to_overwrite(out: Path, *, mark: str) -> None:
    """See that a folder may be written, before the work that fills it.

    Raises:
        UsageError: `out` is a file, or a folder with content that this program did not write.
        AclfError: the folder cannot be looked into.
    """
    try:
        is_ours = not out.exists() or (out.is_dir() and (not any(out.iterdir()) or (out / mark).exists()))
    except OSError as problem:
        raise AclfError(str(out), f"cannot be written: {problem.strerror}") from problem
    if not is_ours:
        raise UsageError(str(out), f"is there already and has no {mark}; give another folder or remove it")


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that appears whole when the block ends well, and not at all when it does not.

    Args:
        path: where it is to stand; nothing may be there.

    Raises:
        UsageError: something is there already.
        AclfError: the disk refuses.
    """
    if path.exists():
        raise UsageError(str(path), "is there already")
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.rename(path)
    except OSError as problem:
        raise AclfError(str(path), f"cannot be written: {problem.strerror}") from problem
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def replaced(out: Path, *, mark: str) -> Iterator[Path]:
    """A new folder beside `out` that takes its place when the block ends well, and vanishes when it does not.

    Args:
        out: where the folder is to stand.
        mark: the file that an earlier output has; any other folder with content is left alone.

    Raises:
        UsageError: `out` is a file, or a folder with content that this program did not write.
        AclfError: the disk refuses.
    """
    refuse_to_overwrite(out, mark=mark)
    out = out.resolve()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as problem:
        raise AclfError(str(out), f"cannot be written: {problem.strerror}") from problem
    try:
        yield fresh
        fresh.chmod(0o755)
        _swap(fresh, out)
    except OSError as problem:
        raise AclfError(str(out), f"cannot be written: {problem.strerror}") from problem
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, out: Path) -> None:
    """Move a folder into place; the one before it is removed only afterwards."""
    before = Path(f"{fresh}.before")
    if out.exists():
        out.rename(before)
    try:
        fresh.rename(out)
    except OSError:
        if before.exists():
            before.rename(out)
        raise
    shutil.rmtree(before, ignore_errors=True)
