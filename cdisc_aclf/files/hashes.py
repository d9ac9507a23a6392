"""Hashes of files."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from cdisc_aclf.errors import InputError
from cdisc_aclf.files.bounded import refuse_irregular


def hash_of(path: Path) -> str:
    """The SHA-256 of a file's bytes.

    Raises:
        InputError: the file cannot be opened.
    """
    refuse_irregular(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path}", f"cannot be opened: {error.strerror}") from error


def hashes_below(folder: Path, *, beside: Iterable[str] = ()) -> dict[str, str]:
    """The hash of every file below a folder, by its path from there with slashes.

    Args:
        folder: looked through in full; a link counts as the file that it leads to.
        beside: paths that are left out.

    Raises:
        InputError: no such folder, or a file cannot be opened.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}", "is no folder")
    left_out = set(beside)
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
    return {name: hash_of(path) for name, path in sorted(paths.items()) if name not in left_out}
