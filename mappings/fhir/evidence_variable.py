"""EvidenceVariable: what the arms are exposed to, and what is measured when."""

from cdisc_aclf.fhir.map.elements import Codes, Json, codes_of, identifier, present
from cdisc_aclf.fhir.map.ids import exposure_ids, outcome_ids
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.protocol import Intervention, Outcome
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.timing import TimeKind, TimePoint
from cdisc_aclf.model.trial import Trial


def evidence_variable(trial: Trial, study: Study, ref_fhir_codes: Frame) -> list[Json]:
    """One resource per intervention and per outcome of the record."""
    codes = codes_of(ref_fhir_codes)
    exposures = [
        {
            "resourceType": "EvidenceVariable",
            "id": key,
            "identifier": [identifier(study, "variable", key)],
            "title": given.name,
            "status": "active",
            "description": given.description,
            "note": [
                {"text": f"type: {given.type}"} if given.type else None,
                *({"text": f"otherNames: {name}"} for name in given.other_names),
                *({"text": f"armGroupLabels: {label}"} for label in _labels_of_its_own(given, trial)),
            ],
        }
        for key, given in zip(exposure_ids(trial), trial.interventions, strict=True)
    ]
    outcomes = [
        {
            "resourceType": "EvidenceVariable",
            "id": key,
            "identifier": [identifier(study, "variable", key)],
            "title": outcome.measure,
            "status": "active",
            "description": outcome.description,
            "note": [{"text": f"timeFrame: {outcome.time_frame}"} if outcome.time_frame else None],
            "characteristic": [
                {"definitionCodeableConcept": {"text": outcome.measure}, "timeFromEvent": [moment]}
                for moment in _moments(outcome, codes)
            ],
        }
        for key, outcome in zip(outcome_ids(trial), trial.outcomes, strict=True)
    ]
    return [present(each) for each in exposures + outcomes]


def _labels_of_its_own(given: Intervention, trial: Trial) -> tuple[str, ...]:
    """The labels where they name other arms, or the arms in another order, than those that refer to it."""
    arms = tuple(arm.label for arm in trial.arms if arm.label in given.arm_labels)
    return () if arms == given.arm_labels else given.arm_labels


def _moments(outcome: Outcome, codes: Codes) -> list[Json]:
    """The points in time; the frame in words where it names none that can be counted."""
    points = [_moment(point, codes) for point in outcome.time_points]
    return points or ([{"description": outcome.time_frame}] if outcome.time_frame else [])


def _moment(point: TimePoint, codes: Codes) -> Json:
    """A study day as the record counts it, Day 1 being the day of the start; elapsed time in days where it has some."""
    days = point.number if point.kind is TimeKind.STUDY_DAY else point.elapsed_days
    unit = codes["time", point.unit if days is None else "day"]
    start = {"coding": [dict(codes["event", "study start"])], "text": point.kind.value}
    return {
        "description": point.text,
        "eventCodeableConcept": {"text": point.event} if point.event else start,
        "quantity": {
            "value": point.number if days is None else days,
            "unit": unit["display"],
            "system": unit["system"],
            "code": unit["code"],
        },
    }
