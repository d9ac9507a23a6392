"""The dates of a study and of its record, each with what happened, or is to happen, on it."""

from cdisc_aclf.fhir.map.elements import Codes, Json, concept, period
from cdisc_aclf.model.trial import Trial

REGISTRATION = "http://hl7.org/fhir/StructureDefinition/researchStudy-studyRegistration"


def _is_actual(date_type: str | None) -> bool | None:
    return None if date_type is None else date_type == "ACTUAL"


def registration(trial: Trial, codes: Codes) -> list[Json]:
    """The registration activities, as the extension researchStudy-studyRegistration has them.

    Examples:
        >>> from cdisc_aclf.model.timing import PartialDate
        >>> from cdisc_aclf.model.trial import Identification, Status
        >>> status = Status(first_post=PartialDate("2026-02-13", "ACTUAL"))
        >>> trial = Trial(identification=Identification(nct_id="NCT00000000"), status=status)
        >>> [activity] = registration(trial, {})
        >>> [part["url"] for part in activity["extension"]]
        ['activity', 'actual', 'period']
    """
    status = trial.status
    activities = {
        "statusVerifiedDate": status.verified,
        "primaryCompletionDate": status.primary_completion,
        "studyFirstSubmitDate": status.first_submit,
        "studyFirstSubmitQcDate": status.first_submit_qc,
        "studyFirstPostDate": status.first_post,
        "resultsFirstSubmitDate": status.results_first_submit,
        "resultsFirstSubmitQcDate": status.results_first_submit_qc,
        "resultsFirstPostDate": status.results_first_post,
        "lastUpdateSubmitDate": status.last_update_submit,
        "lastUpdatePostDate": status.last_update_post,
    }
    return [
        {
            "url": REGISTRATION,
            "extension": [
                {"url": "activity", "valueCodeableConcept": concept(codes, "activity", activity)},
                *([] if date.type is None else [{"url": "actual", "valueBoolean": _is_actual(date.type)}]),
                {"url": "period", "valuePeriod": period(date, date)},
            ],
        }
        for activity, date in activities.items()
        if date is not None
    ]


def progress(trial: Trial, codes: Codes) -> list[Json]:
    """The state on the day it was verified, and the whole study: what has happened apart from what is estimated."""
    status = trial.status
    states = [
        {
            "state": concept(codes, "overallStatus", status.overall),
            "actual": True,
            "period": period(status.verified, None),
        }
    ]
    ends = {"start": status.start, "end": status.completion}
    for date_type in dict.fromkeys(date.type for date in ends.values() if date):
        same = {end: date.text for end, date in ends.items() if date and date.type == date_type}
        state = concept(codes, "progress", "overall study")
        states.append({"state": state, "actual": _is_actual(date_type), "period": same})
    return [state for state in states if state["state"]]
