"""A folder, or a file, that appears whole or not at all.

A folder is written beside its place and exchanged with what stands there in one system call, where the system has one
(renameat2 with RENAME_EXCHANGE, Linux 3.15); elsewhere by two renames. A run that is killed leaves a hidden folder,
which the next run for the same place clears away, or moves back where the kill fell between the two renames.
"""

import ctypes
import errno
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cdisc_aclf.errors import AclfError, UsageError
from cdisc_aclf.files.ownership import refuse_to_replace

if sys.platform != "win32":
    import fcntl

_BEFORE = ".before"
_RENAME_EXCHANGE = 2  # linux/fs.h
_HERE = -100  # AT_FDCWD, linux/fcntl.h


@contextmanager
def new_file(path: Path, *, replace: bool = False) -> Iterator[BinaryIO]:
    """A file that appears whole when the block ends well, and not at all when it does not.

    Args:
        path: where it is to stand.
        replace: take the place of a file that is there; without it nothing may be there.

    Raises:
        UsageError: something is there already.
        AclfError: the disk refuses.
    """
    if path.exists() and not replace:
        raise UsageError(str(path), "is there already")
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except OSError as problem:
        raise AclfError(str(path), f"cannot be written: {problem.strerror}") from problem
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def replaced(out: Path, *, mark: str, inputs: Iterable[Path] = (), replace_changed: bool = False) -> Iterator[Path]:
    """A new folder beside `out` that takes its place when the block ends well, and vanishes when it does not.

    Args:
        out: where the folder is to stand.
        mark: a file that every output of this command has.
        inputs: files and folders that the run reads, which must not lie inside `out` nor around it.
        replace_changed: replace an earlier output although something in it was added or changed.

    Raises:
        UsageError: `out` is a file, or holds what no earlier run wrote.
        AclfError: the disk refuses.
    """
    given = tuple(inputs)
    refuse_to_replace(out, mark=mark, inputs=given, replace_changed=replace_changed)
    place = out.resolve()
    clear_leftovers(place)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.parent / f".{place.name}.aclf-{secrets.token_hex(8)}"
        fresh.mkdir()
    except OSError as problem:
        raise AclfError(str(out), f"cannot be written: {problem.strerror}") from problem
    try:
        with _in_use(fresh):
            yield fresh
            refuse_to_replace(out, mark=mark, inputs=given, replace_changed=replace_changed)
            _swap(fresh, place)
    except OSError as problem:
        raise AclfError(str(out), f"cannot be written: {problem.strerror}") from problem
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def clear_leftovers(out: Path) -> list[str]:
    """Clear away what a killed run left beside an output, and move an output back that it had moved aside.

    What another run is writing at this moment is left alone.

    Args:
        out: where the output stands, or is to stand.

    Returns:
        A sentence for each thing that was done.
    """
    place = out.resolve()
    name = re.compile(rf"\.{re.escape(place.name)}\.aclf-[0-9a-f]{{16}}({re.escape(_BEFORE)})?")
    try:
        left = sorted(path for path in place.parent.iterdir() if name.fullmatch(path.name))
    except OSError:
        return []
    done = []
    for path in left:
        if path.name.endswith(_BEFORE) and not place.exists():
            path.rename(place)
            done.append(f"{out}: a run was killed while it replaced this; the earlier output is back")
        elif not _is_in_use(path):
            shutil.rmtree(path, ignore_errors=True)
            done.append(f"{path}: left by a run that was killed; removed")
    return done


@contextmanager
def _in_use(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder, which the system lets go when the process ends in any way."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _is_in_use(folder: Path) -> bool:
    if sys.platform == "win32":
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def _swap(fresh: Path, out: Path) -> None:
    """Put a folder in place; what stood there is removed only afterwards."""
    if not out.exists():
        fresh.rename(out)
        return
    if exchange_folders(fresh, out):
        return
    before = Path(f"{fresh}{_BEFORE}")
    out.rename(before)
    try:
        fresh.rename(out)
    except OSError:
        before.rename(out)
        raise
    shutil.rmtree(before, ignore_errors=True)


def exchange_folders(one: Path, other: Path) -> bool:
    """Exchange two folders in one system call; False where the system, or the file system, has none."""
    if sys.platform != "linux":
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    if renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}:
        return False
    raise OSError(code, os.strerror(code))
