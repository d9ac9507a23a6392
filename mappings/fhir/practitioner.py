"""Practitioner: the people who answer for the study."""

from cdisc_aclf.fhir.map.elements import Json, identifier
from cdisc_aclf.fhir.map.ids import slug
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import ResponsibleParty, Trial


def practitioner(trial: Trial, study: Study) -> list[Json]:
    """One resource per name; the registry does not tell two people of one name apart."""
    answers = trial.responsible_party or ResponsibleParty()
    names = [answers.name, *(official.name for official in trial.officials)]
    by_id = {slug(name): name for name in reversed(names) if name}
    return [
        {
            "resourceType": "Practitioner",
            "id": key,
            "identifier": [identifier(study, "practitioner", key)],
            "name": [{"text": name}],
        }
        for key, name in sorted(by_id.items())
    ]
