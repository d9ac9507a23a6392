"""EvidenceVariable: what the arms are exposed to."""

from cdisc_aclf.map.fhir import Json, present
from cdisc_aclf.map.fhir_ids import exposure_ids
from cdisc_aclf.model.trial import Trial


def evidence_variable(trial: Trial) -> list[Json]:
    """One resource per intervention of the record."""
    return [
        present(
            {
                "resourceType": "EvidenceVariable",
                "id": key,
                "title": given.name,
                "status": "active",
                "description": given.description,
                "note": [
                    {"text": f"type: {given.type}"} if given.type else None,
                    *({"text": f"otherNames: {name}"} for name in given.other_names),
                ],
            }
        )
        for key, given in zip(exposure_ids(trial), trial.interventions, strict=True)
    ]
