"""Which folders and files an earlier run wrote, so that nothing else is ever replaced.

An output is ours when its manifest lists exactly what is in it. What a user added or changed is the user's, and so is
everything that a run reads.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cdisc_aclf.errors import AclfError, UsageError
from cdisc_aclf.files.hashes import hash_of

MANIFEST = "manifest.json"
CHECKSUM = "manifest.sha256"
"""The hash of the manifest, as `sha256sum -c` reads it; the one file that the manifest cannot list."""

HOW_TO_GO_ON = "nothing was touched; move it away or give another folder"


def refuse_to_replace(out: Path, *, mark: str, inputs: Iterable[Path] = (), replace_changed: bool = False) -> None:
    """See that a folder may be written, before the work that fills it and again before it is put in place.

    Args:
        out: the folder; it may be absent, empty, or an output whose manifest lists exactly what is in it.
        mark: a file that every output of this command lists: those of another command are left alone.
        inputs: files and folders that the run reads.
        replace_changed: also replace an output in which something was added or changed since; never an input.

    Raises:
        UsageError: `out` is a file or holds what no earlier run wrote, an input lies inside it, or it inside an input.
        AclfError: the folder cannot be looked into.
    """
    place = out.resolve()
    for given in inputs:
        _refuse_to_meet(place, given)
    try:
        if not place.exists():
            return
        if not place.is_dir():
            raise UsageError(str(out), f"is there already and is no folder; {HOW_TO_GO_ON}")
        problem = next(_strange(place, mark), "")
    except OSError as error:
        raise AclfError(str(out), f"cannot be written: {error.strerror}") from error
    if not problem:
        return
    can_be_replaced = mark in (_listed(place) or ())
    if not (replace_changed and can_be_replaced):
        advice = f"{HOW_TO_GO_ON}, or --replace-changed" if can_be_replaced else HOW_TO_GO_ON
        raise UsageError(str(out), f"{problem}; {advice}")


def _refuse_to_meet(place: Path, given: Path) -> None:
    real = given.resolve()
    for path in dict.fromkeys((real, given.absolute())):
        if path == place or place in path.parents:
            raise UsageError(str(given), f"is an input and lies inside the output {place}; give another --out")
    if real.is_dir() and real in place.parents:
        raise UsageError(str(place), f"lies inside the input {given}; give another --out")


def _strange(folder: Path, mark: str) -> Iterator[str]:
    """What is in a folder that no manifest of an earlier run lists as it is; cheap reasons first."""
    here = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if _is_content(path)}
    if not here:
        return
    listed = _listed(folder)
    if listed is None:
        yield f"holds {next(iter(here))} and no {MANIFEST} of an earlier run"
        return
    if mark not in listed:
        yield f"holds the output of another command: its {MANIFEST} lists no {mark}"
    for name, path in here.items():
        if path.is_symlink() or (name not in listed and name not in {MANIFEST, CHECKSUM}):
            yield f"holds {name}, which the earlier run did not write"
    for name in listed.keys() & here.keys():
        if hash_of(here[name]) != listed[name]:
            yield f"holds {name}, which was changed since the earlier run"


def _is_content(path: Path) -> bool:
    return path.is_symlink() or not path.is_dir()


def _listed(folder: Path) -> Mapping[str, str] | None:
    """The files of a manifest that its checksum confirms."""
    try:
        manifest = (folder / MANIFEST).read_bytes()
        confirmed = (folder / CHECKSUM).read_text("utf-8").split()
        files = json.loads(manifest)["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if confirmed[:1] != [hashlib.sha256(manifest).hexdigest()] or not isinstance(files, dict):
        return None
    return files


def refuse_to_overwrite(path: Path, *, first_line: str, inputs: Iterable[Path] = ()) -> None:
    """See that a report may be written: nothing is there, or a report of an earlier run.

    Args:
        path: the file.
        first_line: what every such report begins with.
        inputs: files and folders that the run reads.

    Raises:
        UsageError: something else is there, or the file lies inside an input.
    """
    place = path.resolve()
    for given in inputs:
        _refuse_to_meet(place, given)
    if not place.exists():
        return
    try:
        with place.open("rb") as file:
            begin = file.read(len(first_line.encode()))
    except OSError as error:
        raise UsageError(str(path), f"is there already and cannot be read: {error.strerror}") from error
    if not first_line.encode().startswith(begin):
        raise UsageError(str(path), f"is there already and is no report of this program; {HOW_TO_GO_ON}")
