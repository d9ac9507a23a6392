"""Methods: every one described, every one used."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.files.tables import read_table
from cdisc_aclf.model.spec import MethodSpec, StandardSpec


def read_methods(folder: Path, standards: Iterable[StandardSpec]) -> Mapping[str, MethodSpec]:
    """Read `methods.csv` and validate it against the specs that name methods.

    Args:
        folder: the study folder.
        standards: SDTM and ADaM.

    Raises:
        DefinitionError: the table is missing, a method is used and not described, or described and not used.
    """
    path = folder / "specs" / "methods.csv"
    rows = read_table(path, ("method", "type", "description"))
    methods = {row["method"]: MethodSpec(row["method"], row["type"], row["description"]) for row in rows}
    uses = [use for standard in standards for use in _uses(standard)]
    for method, file in uses:
        if method not in methods:
            raise DefinitionError(str(path), f"no method {method}, which {file} names")
    for line, method in enumerate(methods, start=2):
        if method not in {used for used, _ in uses}:
            raise DefinitionError(f"{path}:{line}", f"nothing is computed by the method {method}")
    return methods


def _uses(standard: StandardSpec) -> Iterable[tuple[str, str]]:
    for dataset in standard.datasets.values():
        yield from ((each.method, dataset.file) for each in dataset.variables if each.method)
        yield from ((each.method, f"values.csv of {dataset.name}") for each in dataset.values if each.method)
    yield from ((each.method, "supplemental.csv") for each in standard.qualifiers if each.method)
    yield from ((each.method, "suppqual.csv") for each in standard.suppqual if each.method)
