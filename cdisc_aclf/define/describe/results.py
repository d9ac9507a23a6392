"""Analysis results metadata: which records and variables answer each outcome measure (ARM 1.0)."""

from collections.abc import Iterable
from dataclasses import replace

from cdisc_aclf.define.model.document import Condition, Define, WhereClause
from cdisc_aclf.define.model.results import AnalysisDataset, AnalysisResult, ResultDisplay
from cdisc_aclf.model.language import Language
from cdisc_aclf.model.oid import dataset_oid, variable_oid
from cdisc_aclf.model.outcome import KINDS, OutcomeSpec


def with_results(define: Define, outcomes: Iterable[OutcomeSpec], say: Language) -> Define:
    """Add the results of each outcome measure, as far as the document describes their datasets.

    Args:
        define: the document of the analysis datasets.
        outcomes: results in the order in which they are shown; those of one measure make one display.
        say: the language of the package.
    """
    described = {variable.oid for variable in define.variables}
    clauses: list[WhereClause] = []
    displays: dict[tuple[str, str], list[AnalysisResult]] = {}
    for outcome in outcomes:
        if variable_oid(outcome.dataset, "PARAMCD") not in described:
            continue
        clause = _clause(outcome, described)
        clauses.append(clause)
        displays.setdefault((KINDS[outcome.kind], outcome.measure), []).append(
            AnalysisResult(
                oid=f"AR.{outcome.name}",
                text=outcome.title,
                text_zh=say.beside(outcome.title),
                reason=outcome.reason,
                purpose=outcome.purpose,
                parameter=variable_oid(outcome.dataset, "PARAMCD"),
                datasets=(
                    AnalysisDataset(
                        dataset_oid(outcome.dataset),
                        clause.oid,
                        tuple(variable_oid(outcome.dataset, name) for name in outcome.variables),
                    ),
                ),
                documentation=f"{outcome.method} {outcome.documentation}.",
                documentation_zh=say.beside("{} {}.").format(
                    say.beside(outcome.method), say.beside(outcome.documentation)
                ),
            )
        )
    return replace(
        define,
        where_clauses=(*define.where_clauses, *clauses),
        displays=tuple(
            ResultDisplay(
                oid=f"RD.{number}",
                name=say("Display {}").format(number),
                text=title.format(measure),
                results=tuple(results),
                text_zh=say.beside(title).format(say.beside(measure)),
            )
            for number, ((title, measure), results) in enumerate(displays.items(), start=1)
        ),
    )


def _clause(outcome: OutcomeSpec, described: Iterable[str]) -> WhereClause:
    """The records of the parameters, of the population, at the visits, with the flag."""
    asked = [
        ("PARAMCD", outcome.parameters),
        (outcome.population, ("Y",)),
        (outcome.flag, ("Y",)),
        ("AVISIT", outcome.visits),
    ]
    return WhereClause(
        f"WC.AR.{outcome.name}",
        tuple(
            Condition(oid, "EQ" if len(values) == 1 else "IN", values)
            for name, values in asked
            if values and (oid := variable_oid(outcome.dataset, name)) in described
        ),
    )
