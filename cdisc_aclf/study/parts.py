"""`specs/sdtm/parts.csv`: how a dataset is divided that is too large for one file."""

from collections.abc import Collection
from pathlib import Path
from re import fullmatch

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.files.tables import read_table
from cdisc_aclf.model.spec import PartSpec


def read_parts(path: Path, datasets: Collection[str]) -> tuple[PartSpec, ...]:
    """Read the parts of each dataset that may have to be divided.

    Args:
        path: the table; a study without one divides nothing.
        datasets: the datasets that the study makes.

    Raises:
        DefinitionError: no such dataset; a name that is not its name and one or two letters or digits more, at most
            four in all (SDTMIG 3.4 section 4.1.7); a value in two parts; or parts by different variables.
    """
    if not path.exists():
        return ()
    rows = read_table(path, ("dataset", "part", "label", "variable", "value"))
    parts: dict[str, PartSpec] = {}
    taken: set[tuple[str, str]] = set()
    for line, row in enumerate(rows, start=2):
        dataset, name = row["dataset"], row["part"]
        if dataset not in datasets:
            raise DefinitionError(f"{path}:{line}", f"{dataset} is no dataset of this study")
        if not fullmatch(f"{dataset}[A-Z0-9]{{1,2}}", name) or len(name) > 4 or name in datasets:
            raise DefinitionError(
                f"{path}:{line}", f"{name} is not {dataset} and up to 4 letters in all, or is a dataset"
            )
        if (dataset, row["value"]) in taken:
            raise DefinitionError(f"{path}:{line}", f"{row['value']} of {dataset} is in two parts")
        taken.add((dataset, row["value"]))
        before = parts.get(
            name, PartSpec(dataset=dataset, name=name, label=row["label"], variable=row["variable"], values=())
        )
        of_dataset = [part.variable for part in parts.values() if part.dataset == dataset]
        if {*of_dataset, before.variable, row["variable"]} != {row["variable"]}:
            raise DefinitionError(f"{path}:{line}", f"{dataset} is divided by two variables")
        values = (*before.values, row["value"])
        parts[name] = PartSpec(dataset=dataset, name=name, label=before.label, variable=before.variable, values=values)
    return tuple(parts.values())
