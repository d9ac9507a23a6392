"""The parties of a study: organisations and people, by the part that each plays."""

from cdisc_aclf.fhir.map.elements import Codes, Json, concept, reference
from cdisc_aclf.fhir.map.ids import slug
from cdisc_aclf.model.trial import Organization, ResponsibleParty, Trial


def associated_parties(trial: Trial, codes: Codes) -> list[Json]:
    """ResearchStudy.associatedParty, in the order of the record: sponsors, who answers, officials, who registered.

    A person is classified by the field of the record, since the investigator may stand in two of them. The name of a
    party is as this entry spells it; two spellings may be one Organization.

    Examples:
        >>> from cdisc_aclf.model.trial import Identification, Official
        >>> official = Official(name="A B", affiliation="UCL")
        >>> trial = Trial(identification=Identification(nct_id="NCT00000000"), officials=(official,))
        >>> [party] = associated_parties(trial, {})
        >>> party["party"]
        {'reference': 'PractitionerRole/a-b-ucl', 'display': 'A B, UCL'}
    """
    answers, registered = trial.responsible_party or ResponsibleParty(), trial.identification.organization
    parties = [_organization(concept(codes, "role", "leadSponsor"), trial.lead_sponsor, codes)]
    parties += [_organization(concept(codes, "role", "collaborator"), other, codes) for other in trial.collaborators]
    parties.append(_person("responsibleParty", answers.name, answers.affiliation, answers.type, codes))
    if answers.old_name_title or answers.old_organization:
        organization = answers.old_organization
        parties.append(
            {
                "name": answers.old_name_title,
                "role": {"text": "responsibleParty"},
                "party": organization and reference("Organization", slug(organization)) | {"display": organization},
            }
        )
    parties += [
        _person("overallOfficial", official.name, official.affiliation, official.role, codes)
        for official in trial.officials
    ]
    parties.append(_organization({"text": "organization"}, registered, codes))
    return [party for party in parties if party]


def _organization(role: Json | None, organization: Organization | None, codes: Codes) -> Json | None:
    if organization is None:
        return None
    return {
        "name": organization.name,
        "role": role,
        "classifier": [concept(codes, "class", organization.type)],
        "party": reference("Organization", slug(organization.name)),
    }


def _person(field: str, name: str | None, affiliation: str | None, role: str | None, codes: Codes) -> Json | None:
    if not name:
        return None
    place = ", ".join(part for part in (name, affiliation) if part)
    return {
        "name": name,
        "role": concept(codes, "role", role) or {"text": field},
        "classifier": [{"text": field}],
        "party": reference("PractitionerRole", slug(name, affiliation)) | {"display": place},
    }
