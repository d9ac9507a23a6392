"""A package as a whole: listed in its manifest when it is written, verified where it arrives."""

from collections.abc import Iterator, Mapping
from importlib.metadata import requires, version
from pathlib import Path
from re import match

from cdisc_aclf import __version__
from cdisc_aclf.errors import InputError
from cdisc_aclf.model.issue import Issue
from cdisc_aclf.model.study import Study
from cdisc_aclf.submission.manifest.model import CHECKSUM, MANIFEST, Manifest
from cdisc_aclf.submission.manifest.read import hash_of, hashes_below, read_manifest
from cdisc_aclf.submission.manifest.validate import validate_checksum, validate_files
from cdisc_aclf.submission.manifest.write import checksum, manifest_json

PROGRAM = "cdisc-aclf"
LOCK = "requirements.lock"


def add_manifest(folder: Path, study: Study, inputs: Mapping[str, Path], *, stamp: str) -> None:
    """Write the manifest of everything that a folder holds, and the manifest's own hash beside it.

    Args:
        folder: the package, complete but for these two files.
        study: whose specs and mappings count among the inputs.
        inputs: other files that went in, by the name that the manifest gives them.
        stamp: the time that the files state, ISO 8601.

    Raises:
        InputError: an input cannot be opened any more.
    """
    manifest = manifest_json(
        Manifest(
            study=study.id,
            profile=study.profile.name if study.profile else "",
            stamp=stamp,
            program=f"{PROGRAM} {__version__}",
            packages=dict(_packages()),
            lock=_lock(),
            inputs={name: hash_of(path) for name, path in (_of_study(study.folder) | dict(inputs)).items()},
            files=hashes_below(folder),
        )
    )
    (folder / MANIFEST).write_bytes(manifest)
    (folder / CHECKSUM).write_bytes(checksum(manifest))


def verify(folder: Path) -> list[Issue]:
    """Validate a package against its manifest, and the manifest against its checksum; nothing else is needed.

    Returns:
        One Issue per file that was changed, is missing, or is surplus.

    Raises:
        InputError: no manifest of this program, or a file cannot be opened.
    """
    found = hashes_below(folder, beside=(MANIFEST, CHECKSUM))
    here = [name for name in (MANIFEST, CHECKSUM) if (folder / name).exists()]
    if not here:
        raise InputError(f"{folder}", f"holds no {MANIFEST}: it is no package of this program")
    missing = validate_files(dict.fromkeys((MANIFEST, CHECKSUM), ""), dict.fromkeys(here, ""))
    if MANIFEST not in here:
        return missing
    broken = missing or validate_checksum((folder / CHECKSUM).read_bytes(), checksum((folder / MANIFEST).read_bytes()))
    try:
        return broken + validate_files(read_manifest(folder).files, found)
    except InputError:
        if broken:
            return broken  # a manifest that is damaged so far tells nothing of the files
        raise


def profile_of(folder: Path) -> str:
    """The authority that a package says it was built for; empty where it says nothing."""
    try:
        return read_manifest(folder).profile
    except InputError:
        return ""


def _of_study(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for part in ("specs", "mappings")
        for path in sorted((folder / part).rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }


def _packages() -> Iterator[tuple[str, str]]:
    """The packages that every installation needs: what only some Pythons need would differ between machines."""
    for requirement in requires(PROGRAM) or []:
        name, _, marker = requirement.partition(";")
        if not marker and (found := match(r"[\w.-]+", name)):
            yield found[0], version(found[0])


def _lock() -> str:
    here = Path(__file__).parents[2]
    for path in (here / LOCK, here.parent / LOCK):
        if path.exists():
            return hash_of(path)
    return ""
