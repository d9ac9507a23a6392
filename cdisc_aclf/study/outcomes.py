"""Outcome measures of the registry record, and the results that answer them."""

from pathlib import Path

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.files.tables import read_table
from cdisc_aclf.model.outcome import KINDS, OutcomeSpec
from cdisc_aclf.model.spec import StandardSpec

_COLUMNS = (
    "result", "kind", "measure", "title", "dataset", "paramcd", "variables", "flag", "population", "visits",
    "reason", "purpose", "method", "documentation",
)  # fmt: skip


def read_outcomes(folder: Path, analysis: StandardSpec) -> tuple[OutcomeSpec, ...]:
    """Read `specs/adam/outcomes.csv`; a study without the table has no results yet.

    Args:
        folder: the study folder.
        analysis: the ADaM datasets that results are drawn from.

    Raises:
        DefinitionError: a kind of measure is unknown, or a result names a dataset or a variable that no spec has.
    """
    path = folder / "specs" / "adam" / "outcomes.csv"
    if not path.exists():
        return ()
    outcomes = []
    for line, row in enumerate(read_table(path, _COLUMNS), start=2):
        outcome = OutcomeSpec(
            name=row["result"],
            kind=row["kind"],
            measure=row["measure"],
            title=row["title"],
            dataset=row["dataset"],
            parameters=tuple(row["paramcd"].split()),
            variables=tuple(row["variables"].split()),
            flag=row["flag"],
            population=row["population"],
            visits=tuple(filter(None, row["visits"].split(";"))),
            reason=row["reason"],
            purpose=row["purpose"],
            method=row["method"],
            documentation=row["documentation"],
        )
        if outcome.kind not in KINDS:
            raise DefinitionError(f"{path}:{line}", f"kind {outcome.kind!r} is none of {', '.join(KINDS)}")
        spec = analysis.datasets.get(outcome.dataset)
        if spec is None:
            raise DefinitionError(f"{path}:{line}", f"{outcome.name} is drawn from {outcome.dataset}: no such dataset")
        if odd := [
            name for name in (*outcome.variables, outcome.flag, outcome.population) if name and name not in spec.names
        ]:
            raise DefinitionError(f"{path}:{line}", f"{outcome.dataset} has no variable {', '.join(odd)}")
        outcomes.append(outcome)
    return tuple(outcomes)
