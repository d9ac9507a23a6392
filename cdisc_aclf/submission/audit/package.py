"""Any package, whoever built it, checked against itself: data, Define-XML, Dataset-JSON, names, limits and manifest."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from cdisc_aclf.define.model.document import Define
from cdisc_aclf.define.read import read_define
from cdisc_aclf.define.validate.data import validate_described
from cdisc_aclf.define.validate.facts import validate_facts
from cdisc_aclf.define.validate.links import validate_links
from cdisc_aclf.errors import AclfError, InputError
from cdisc_aclf.files.ownership import CHECKSUM, MANIFEST
from cdisc_aclf.formats.dataset_json.read import is_dataset_json, read_dataset_json
from cdisc_aclf.formats.dataset_json.write import dataset_ndjson
from cdisc_aclf.formats.exchange import from_sas, header_of_sas, to_sas
from cdisc_aclf.formats.sas import read_xpt
from cdisc_aclf.formats.xpt.model import SasDataset
from cdisc_aclf.formats.xpt.write import XptError, differences, xpt_bytes
from cdisc_aclf.model.issue import Issue, Rule, Severity
from cdisc_aclf.model.profile import Profile
from cdisc_aclf.study.definition import StudyDefinition
from cdisc_aclf.submission.audit.exchanged import validate_exchanged, validate_oids, validate_pairs
from cdisc_aclf.submission.audit.specified import validate_specified
from cdisc_aclf.submission.audit.submitted import validate_file, validate_folder, validate_place
from cdisc_aclf.submission.manifest.package import verify

UNREADABLE = Rule("AU-UNREADABLE", Severity.ERROR, "cannot be read as what it should be")
LIMIT = Rule("AU-LIMIT", Severity.ERROR, "is beyond what SDTM allows in a transport file of version 5")
ROUND_TRIP = Rule("AU-ROUNDTRIP", Severity.ERROR, "does not come back as it is, once written again")
NO_DEFINE = Rule("AU-DEFINE", Severity.WARNING, "no define.xml stands beside the datasets")

_STAMP = datetime(1960, 1, 1, tzinfo=UTC)
Files = Mapping[PurePosixPath, SasDataset]


def audit(folder: Path, profile: Profile, definition: StudyDefinition | None = None) -> list[Issue]:
    """Read everything that a package holds and report where two parts of it differ.

    Args:
        folder: the package, or a folder of transport files, or of Dataset-JSON alone.
        profile: of the authority that it is for.
        definition: the study whose specs describe the datasets; None where none are at hand.

    Returns:
        Issues, each with the file it is about in `form`.

    Raises:
        InputError: no such folder, or no dataset in it.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}", "is no folder")
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    datasets = [path for path in paths if path.suffix.lower() == ".xpt"] or _one_of_each(paths)
    if not datasets:
        raise InputError(f"{folder}", "holds no dataset (.xpt or Dataset-JSON)")
    found: list[Issue] = []
    files: dict[PurePosixPath, SasDataset] = {}
    for path in datasets:
        place = PurePosixPath(path.relative_to(folder))
        try:
            files[place] = _content(path)
        except InputError as problem:
            found.append(UNREADABLE.found(form=str(place), value=problem.what))
            continue
        found += validate_file(place, files[place], path.stat().st_size, profile)
        if not is_dataset_json(path):
            found += _limits(place, files[place])
        if definition:
            found += validate_specified(place, files[place], definition.spec_of(files[place].name), definition.ct)
    beside = {path.parent for path in datasets}
    submitted = (path for path in paths if path.parent in beside or "m5" in path.relative_to(folder).parts[:-1])
    for path in submitted:
        found += validate_place(_from_m5(path.relative_to(folder)), profile, is_data=is_dataset_json(path))
    defines = []
    for parent in sorted(beside):
        here = {place: dataset for place, dataset in files.items() if folder / place.parent == parent}
        found += validate_folder(here)
        define, issues = _described(folder, parent, here)
        defines += [define] if define else []
        found += issues
    found += _exchanged(folder, paths, files, defines)
    if (folder / MANIFEST).exists() or (folder / CHECKSUM).exists():
        found += _manifested(folder)
    return found


def _one_of_each(paths: list[Path]) -> list[Path]:
    """One Dataset-JSON file of each dataset; those in another form are validated against it."""
    return [*{path.with_suffix(""): path for path in reversed(paths) if is_dataset_json(path)}.values()]


def _content(path: Path) -> SasDataset:
    if not is_dataset_json(path):
        return read_xpt(path)
    dataset = read_dataset_json(path)
    frame, columns = to_sas(dataset)
    no_width = tuple(replace(column, width=0) for column in columns)  # only a transport file stores blanks
    return SasDataset(dataset.header.name, dataset.header.label, no_width, frame)


def _from_m5(path: Path) -> PurePosixPath:
    parts = path.parts
    return PurePosixPath(*parts[parts.index("m5") if "m5" in parts[:-1] else 0 :])


def _limits(place: PurePosixPath, dataset: SasDataset) -> Iterator[Issue]:
    """Write a dataset again, as a transport file and as Dataset-JSON, and read both."""
    name, label, columns = dataset.name, dataset.label, dataset.columns
    try:
        pieces = xpt_bytes(dataset.frame, name=name, label=label, columns=columns, stamp=_STAMP)
    except XptError as error:
        for problem in error.problems:
            yield LIMIT.found(form=str(place), dataset=dataset.name, value=problem)
        return
    with TemporaryDirectory() as folder:
        path = Path(folder, place.name)
        try:
            path.write_bytes(b"".join(pieces))
            changed = differences(dataset.frame, read_xpt(path), name=name, label=label, columns=columns)
            typed = from_sas(dataset, header_of_sas(dataset, created="1960-01-01T00:00:00Z"))
            path.write_bytes(b"".join(dataset_ndjson([typed.frame], typed.header)))
            stored, described = to_sas(read_dataset_json(path))
            if not stored.equals(dataset.frame) or described != columns:
                changed.append("Dataset-JSON gives another dataset back")
        except AclfError as problem:
            changed = [problem.what]
    for what in changed:
        yield ROUND_TRIP.found(form=str(place), dataset=dataset.name, value=what)


def _described(folder: Path, parent: Path, files: Files) -> tuple[Define | None, list[Issue]]:
    """The define.xml of a folder, checked against itself and against the files beside it."""
    path = parent / "define.xml"
    place = path.relative_to(folder).as_posix()
    if not path.exists():
        return None, [NO_DEFINE.found(form=place)]
    try:
        define = read_define(path)
    except InputError as problem:
        return None, [UNREADABLE.found(form=place, value=problem.what)]
    beside = [each.relative_to(parent).as_posix() for each in parent.rglob("*") if each.is_file()]
    issues = validate_links(define, files=beside) + validate_facts(define)
    issues += validate_described(define, {dataset.name: dataset for dataset in files.values()})
    return define, [replace(issue, form=place) for issue in issues]


def _exchanged(folder: Path, paths: list[Path], files: Files, defines: list[Define]) -> Iterator[Issue]:
    datasets = {dataset.name: dataset for dataset in files.values()}
    names: dict[str, set[str]] = {}
    for path in paths:
        if not is_dataset_json(path):
            continue
        place = PurePosixPath(path.relative_to(folder))
        try:
            dataset = read_dataset_json(path)
            stored = to_sas(dataset)
        except InputError as problem:
            yield UNREADABLE.found(form=str(place), value=problem.what)
            continue
        for define in defines:
            yield from validate_oids(place, dataset.header, define)
        names.setdefault(path.suffix, set()).add(dataset.header.name)
        if dataset.header.name in datasets:
            yield from validate_exchanged(place, dataset.header, stored, datasets[dataset.header.name])
    for exchanged in names.values():
        yield from validate_pairs(set(datasets), exchanged)


def _manifested(folder: Path) -> list[Issue]:
    try:
        return verify(folder)
    except InputError as problem:
        return [UNREADABLE.found(form=MANIFEST, value=problem.what)]
