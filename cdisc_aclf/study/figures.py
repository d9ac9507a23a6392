"""Figures of the report: `specs/adam/figures.csv`."""

from collections.abc import Mapping
from pathlib import Path

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.files.tables import read_table
from cdisc_aclf.model.figure import FigureKind, FigureSpec
from cdisc_aclf.model.spec import DatasetSpec

_COLUMNS = ("kind", "title", "dataset", "paramcd", "group", "flag", "grade", "days", "marks")
_NEEDS: Mapping[FigureKind, tuple[str, ...]] = {
    FigureKind.SURVIVAL: ("PARAMCD", "AVAL", "CNSR"),
    FigureKind.COURSE: ("PARAMCD", "PARAM", "AVAL", "ANL01FL", "AWTARGET"),
    FigureKind.SHIFT: ("PARAMCD", "CHG", "ADY"),
    FigureKind.EVENTS: ("TRTEMFL", "AEDECOD", "AETERM"),
}


def read_figures(folder: Path, datasets: Mapping[str, DatasetSpec]) -> tuple[FigureSpec, ...]:
    """Read what the report draws; a study without the table has no figures.

    Args:
        folder: the study folder.
        datasets: ADaM datasets by name.

    Raises:
        DefinitionError: a kind, dataset or variable that does not exist, or days that are no numbers.
    """
    path = folder / "specs" / "adam" / "figures.csv"
    if not path.exists():
        return ()
    return tuple(
        _figure(row, datasets, f"{path}:{line}") for line, row in enumerate(read_table(path, _COLUMNS), start=2)
    )


def _figure(row: dict[str, str], datasets: Mapping[str, DatasetSpec], where: str) -> FigureSpec:
    if row["kind"] not in list(FigureKind):
        raise DefinitionError(where, f"kind {row['kind']!r} is none of {', '.join(FigureKind)}")
    kind = FigureKind(row["kind"])
    if row["dataset"] not in datasets:
        raise DefinitionError(where, f"no dataset {row['dataset']!r} in specs/adam/datasets.csv")
    grades = (row["grade"], f"B{row['grade'][1:]}") if kind is FigureKind.SHIFT else (row["grade"],)
    needed = ["USUBJID", row["group"], *_NEEDS[kind], *(grade for grade in grades if grade)]
    if missing := [name for name in needed if name not in datasets[row["dataset"]].names]:
        raise DefinitionError(where, f"{row['dataset']} has no {', '.join(missing)}")
    try:
        days, marks = tuple(map(int, row["days"].split())), tuple(map(float, row["marks"].split()))
    except ValueError as problem:
        raise DefinitionError(where, f"days and marks are numbers: {problem}") from None
    return FigureSpec(
        kind=kind,
        title=row["title"],
        dataset=row["dataset"],
        paramcd=row["paramcd"],
        group=row["group"],
        flag=row["flag"],
        grade=row["grade"],
        days=days,
        marks=marks,
    )
