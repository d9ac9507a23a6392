"""PractitionerRole: where the people who answer for the study work, and as what."""

from cdisc_aclf.fhir.map.elements import Json, identifier, present, reference
from cdisc_aclf.fhir.map.ids import slug
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import Official, ResponsibleParty, Trial


def practitioner_role(trial: Trial, study: Study) -> list[Json]:
    """One resource per person and affiliation."""
    answers = trial.responsible_party or ResponsibleParty()
    people: list[tuple[Official, str | None]] = [(official, None) for official in trial.officials]
    if answers.name:
        people.append((Official(name=answers.name, affiliation=answers.affiliation), answers.title))
    by_id = {slug(person.name, person.affiliation): _role(study, person, title) for person, title in people}
    return [by_id[key] for key in sorted(by_id)]


def _role(study: Study, person: Official, title: str | None) -> Json:
    role = {
        "resourceType": "PractitionerRole",
        "id": slug(person.name, person.affiliation),
        "identifier": [identifier(study, "practitioner-role", slug(person.name, person.affiliation))],
        "practitioner": reference("Practitioner", slug(person.name)),
        "organization": person.affiliation and reference("Organization", slug(person.affiliation)),
        "code": [{"text": title}],
    }
    return present(role)
