"""What became of every resource that was to be loaded into a server."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields

from cdisc_aclf.fhir.push.outcome import Done, Outcome
from cdisc_aclf.model.spreadsheet import csv_text


def outcomes_csv(outcomes: Iterable[Outcome]) -> str:
    """Every outcome as CSV (RFC 4180): a header with the names of the fields, then one record each.

    Examples:
        >>> for line in outcomes_csv([Outcome("Patient/1", "PL21-01-001", Done.CREATED, 201)]).splitlines():
        ...     print(line)
        resource,source,done,status,text
        Patient/1,PL21-01-001,created,201,
    """
    names = [field.name for field in fields(Outcome)]
    return csv_text(names, ([getattr(outcome, name) for name in names] for outcome in outcomes))


def counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many resources each thing was done about.

    Examples:
        >>> counts([Outcome("Patient/1", "", Done.CREATED), Outcome("Patient/2", "", Done.REFUSED, 422, "no")])
        {'created': 1, 'refused': 1}
    """
    done = Counter(outcome.done for outcome in outcomes)
    return {str(each): done[each] for each in Done if done[each]}


def line_of_outcome(outcome: Outcome) -> str:
    """One outcome in a line.

    Examples:
        >>> line_of_outcome(Outcome("Patient/2", "PL21-01-002", Done.REFUSED, 422, "error invalid: no such code"))
        'refused    Patient/2 (PL21-01-002): 422 error invalid: no such code'
    """
    about = f"{outcome.resource} ({outcome.source})" if outcome.source else outcome.resource
    said = " ".join(filter(None, (str(outcome.status) if outcome.status else "", outcome.text)))
    return f"{outcome.done:<11}{about}: {said}"
