"""The texts of a registry record with the position of each, for the rules that read them."""

from collections.abc import Iterator

from cdisc_aclf.model.trial import Trial

_ARMS = "armsInterventionsModule"


def prose(trial: Trial) -> Iterator[tuple[str, str]]:
    """Yield position and text of everything that is written in sentences.

    Examples:
        >>> from cdisc_aclf.model.trial import Identification
        >>> list(prose(Trial(identification=Identification(nct_id="NCT00000000"), brief_summary="Safe?")))
        [('descriptionModule.briefSummary', 'Safe?')]
    """
    named, limits = trial.identification, trial.eligibility
    yield from _present(
        ("identificationModule.briefTitle", named.brief_title),
        ("identificationModule.officialTitle", named.official_title),
        ("descriptionModule.briefSummary", trial.brief_summary),
        ("descriptionModule.detailedDescription", trial.detailed_description),
        ("designModule.designInfo.interventionModelDescription", trial.design.intervention_model_description),
        ("designModule.designInfo.maskingInfo.maskingDescription", trial.design.masking_description),
    )
    for index, arm in enumerate(trial.arms):
        yield from _present((f"{_ARMS}.armGroups[{index}].description", arm.description))
    for index, given in enumerate(trial.interventions):
        yield from _present((f"{_ARMS}.interventions[{index}].description", given.description))
    for outcome in trial.outcomes:
        yield f"{outcome.position}.measure", outcome.measure
        yield from _present((f"{outcome.position}.description", outcome.description))
    yield from _present(
        ("eligibilityModule.eligibilityCriteria", limits.text),
        ("eligibilityModule.studyPopulation", limits.study_population),
    )


def names(trial: Trial) -> Iterator[tuple[str, str]]:
    """Yield position and text of the names of conditions, keywords, arms and interventions."""
    for index, condition in enumerate(trial.conditions):
        yield f"conditionsModule.conditions[{index}]", condition
    for index, keyword in enumerate(trial.keywords):
        yield f"conditionsModule.keywords[{index}]", keyword
    for index, arm in enumerate(trial.arms):
        yield f"{_ARMS}.armGroups[{index}].label", arm.label
    for index, given in enumerate(trial.interventions):
        yield f"{_ARMS}.interventions[{index}].name", given.name


def organisation_names(trial: Trial) -> Iterator[tuple[str, str]]:
    """Yield position and text of every organisation that is named, the sponsor's before the sites."""
    sponsors, contacts = "sponsorCollaboratorsModule", "contactsLocationsModule"
    if trial.identification.organization:
        yield "identificationModule.organization.fullName", trial.identification.organization.name
    if trial.lead_sponsor:
        yield f"{sponsors}.leadSponsor.name", trial.lead_sponsor.name
    for index, collaborator in enumerate(trial.collaborators):
        yield f"{sponsors}.collaborators[{index}].name", collaborator.name
    if trial.responsible_party:
        yield from _present(
            (f"{sponsors}.responsibleParty.investigatorAffiliation", trial.responsible_party.affiliation),
            (f"{sponsors}.responsibleParty.oldOrganization", trial.responsible_party.old_organization),
        )
    for index, official in enumerate(trial.officials):
        yield from _present((f"{contacts}.overallOfficials[{index}].affiliation", official.affiliation))
    for index, location in enumerate(trial.locations):
        yield from _present((f"{contacts}.locations[{index}].facility", location.facility))


def _present(*places: tuple[str, str | None]) -> Iterator[tuple[str, str]]:
    yield from ((position, text) for position, text in places if text)
