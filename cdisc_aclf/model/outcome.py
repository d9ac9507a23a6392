"""Results that answer the outcome measures of a trial."""

from dataclasses import dataclass

KINDS = {"primary": "Primary outcome: {}", "secondary": "Secondary outcome: {}", "other": "Other outcome: {}"}
"""How a registry record ranks its outcome measures, and how a document calls one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSpec:
    """A result that answers an outcome measure, a row of `specs/adam/outcomes.csv`.

    Args:
        name: identifier of the result.
        kind: primary, secondary or other, as the registry record has the measure.
        measure: the measure, word for word as the record has it.
        title: what the result is.
        dataset: the analysis dataset.
        parameters: values of PARAMCD.
        variables: what is analysed.
        flag: variable that is Y in the records analysed; empty for all.
        population: variable that is Y in the subjects analysed.
        visits: values of AVISIT; empty for all.
        reason: why the analysis is made (ARM 1.0, AnalysisReason).
        purpose: what it is for (ARM 1.0, AnalysisPurpose).
        method: how it is analysed.
        documentation: where to read more.
    """

    name: str
    kind: str
    measure: str
    title: str
    dataset: str
    parameters: tuple[str, ...]
    variables: tuple[str, ...]
    flag: str
    population: str
    visits: tuple[str, ...]
    reason: str
    purpose: str
    method: str
    documentation: str
