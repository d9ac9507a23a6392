"""Organization: sponsors, collaborators and those that people of the study belong to."""

from cdisc_aclf.fhir.map.elements import Json, identifier
from cdisc_aclf.fhir.map.ids import slug
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import ResponsibleParty, Trial


def organization(trial: Trial, study: Study) -> list[Json]:
    """One resource per organisation; spellings that differ in case or punctuation are one, named by the first."""
    answers = trial.responsible_party or ResponsibleParty()
    owners = [trial.lead_sponsor, *trial.collaborators, trial.identification.organization]
    names = [
        *(owner.name for owner in owners if owner),
        answers.affiliation,
        answers.old_organization,
        *(official.affiliation for official in trial.officials),
    ]
    by_id = {slug(name): name for name in reversed(names) if name}
    return [
        {
            "resourceType": "Organization",
            "id": key,
            "identifier": [identifier(study, "organization", key)],
            "name": name,
        }
        for key, name in sorted(by_id.items())
    ]
