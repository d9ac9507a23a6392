"""A package as a whole: listed in its manifest when it is written, verified where it arrives."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import requires, version
from pathlib import Path
from re import match

from cdisc_aclf import __version__
from cdisc_aclf.errors import DefinitionError, InputError
from cdisc_aclf.files.hashes import hash_of, hashes_below
from cdisc_aclf.files.ownership import CHECKSUM, MANIFEST
from cdisc_aclf.model.issue import Issue
from cdisc_aclf.submission.manifest.model import Manifest
from cdisc_aclf.submission.manifest.read import read_manifest
from cdisc_aclf.submission.manifest.validate import validate_checksum, validate_files
from cdisc_aclf.submission.manifest.write import checksum, manifest_json

PROGRAM = "cdisc-aclf"
LOCK = "requirements.lock"
SOURCES = ("specs", "mappings")


def add_manifest(
    folder: Path, *, study: str, profile: str = "", sources: Path, inputs: Mapping[str, Path], stamp: str
) -> None:
    """Write the manifest of everything that a folder holds, and the manifest's own checksum beside it.

    Args:
        folder: the output, complete but for these two files.
        study: STUDYID, or the id of the registry record where there is no study.
        profile: the authority that the output is for.
        sources: the study folder, whose specs and mappings count among the inputs.
        inputs: other files that went in, by the name that the manifest gives them.
        stamp: the time that the files state, ISO 8601.

    Raises:
        InputError: an input cannot be opened any more.
        DefinitionError: two files differ by case alone, which not every system can hold.
    """
    files = hashes_below(folder)
    _refuse_names_that_differ_by_case(files)
    manifest = manifest_json(
        Manifest(
            study=study,
            profile=profile,
            stamp=stamp,
            program=f"{PROGRAM} {__version__}",
            packages=dict(_packages()),
            lock=_lock(),
            inputs={name: hash_of(path) for name, path in (_of_study(sources) | dict(inputs)).items()},
            files=files,
        )
    )
    (folder / MANIFEST).write_bytes(manifest)
    (folder / CHECKSUM).write_bytes(checksum(manifest))


def _refuse_names_that_differ_by_case(names: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        if (other := seen.setdefault(name.casefold(), name)) != name:
            raise DefinitionError("specs", f"{other} and {name} differ by case alone, which not every system can hold")


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


def sources_of(folder: Path) -> tuple[Path, ...]:
    """The parts of a study folder that a run reads, as far as they are there."""
    return tuple(folder / part for part in SOURCES if (folder / part).exists())


def _of_study(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for part in SOURCES
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
