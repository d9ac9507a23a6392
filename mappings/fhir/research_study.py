"""ResearchStudy: the registry record, coded by the R5 value sets where they have a code, else in its own words."""

from cdisc_aclf.map.fhir import Codes, Json, codes_of, concept, period, present, reference
from cdisc_aclf.map.fhir_ids import arm_links, eligibility_id, exposure_ids, site_ids, slug
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.protocol import Outcome
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import Organization, Reference, ResponsibleParty, Trial

REGISTRY = "https://clinicaltrials.gov"
REGISTRATION = "http://hl7.org/fhir/StructureDefinition/researchStudy-studyRegistration"
MESH = "https://www.nlm.nih.gov/mesh"


def research_study(trial: Trial, study: Study, ref_fhir_codes: Frame) -> list[Json]:
    """One resource; `status` is that of the publication, the state of the trial is in `progressStatus`."""
    codes = codes_of(ref_fhir_codes)
    nct_id, status, design = trial.identification.nct_id, trial.status, trial.design
    resource = {
        "resourceType": "ResearchStudy",
        "id": nct_id,
        "extension": _registration(trial, codes),
        "url": f"{REGISTRY}/study/{nct_id}",
        "identifier": _identifiers(trial, study, codes),
        "version": trial.version_holder and trial.version_holder.text,
        "name": nct_id,
        "title": trial.identification.brief_title,
        "label": [
            {"type": concept(codes, "title", field), "value": title}
            for field, title in (
                ("officialTitle", trial.identification.official_title),
                ("acronym", trial.identification.acronym),
            )
            if title
        ],
        "relatedArtifact": [
            {"type": "transforms", "document": {"url": f"{REGISTRY}/api/v2/studies/{nct_id}"}},
            *(_related(source) for source in trial.references),
        ],
        "date": status.last_update_submit and status.last_update_submit.text,
        "status": "active",
        "primaryPurposeType": concept(codes, "primaryPurpose", design.primary_purpose),
        "phase": concept(codes, "phases", " ".join(design.phases) or None),
        "studyDesign": [
            concept(codes, "studyType", design.study_type),
            concept(codes, "allocation", design.allocation),
            concept(codes, "interventionModel", design.intervention_model),
            concept(codes, "masking", design.masking),
            *(concept(codes, "whoMasked", who) for who in design.who_masked),
            concept(codes, "observationalModel", design.observational_model),
            concept(codes, "timePerspective", design.time_perspective),
        ],
        "condition": _conditions(trial),
        "keyword": [
            *({"text": keyword} for keyword in trial.keywords),
            *(_mesh(term.id, term.term) for term in trial.condition_mesh.ancestors),
            *(_mesh(term.id, term.term) for term in trial.intervention_mesh.terms + trial.intervention_mesh.ancestors),
        ],
        "region": [
            concept(codes, "country", country) for country in dict.fromkeys(site.country for site in trial.locations)
        ],
        "descriptionSummary": trial.brief_summary,
        "description": trial.detailed_description,
        "period": period(status.start, status.completion),
        "site": [reference("Location", site) for site in site_ids(trial)],
        "note": _notes(trial),
        "classifier": _classifiers(trial, codes),
        "associatedParty": _parties(trial, codes),
        "progressStatus": _progress(trial, codes),
        "whyStopped": {"text": status.why_stopped},
        "recruitment": {
            "targetNumber": design.enrollment_count if design.enrollment_type == "ESTIMATED" else None,
            "actualNumber": design.enrollment_count if design.enrollment_type == "ACTUAL" else None,
            "eligibility": reference("Group", eligibility_id(trial)),
        },
        "comparisonGroup": _arms(trial, codes),
        "objective": [
            {"name": outcome.measure, "type": concept(codes, "outcome", outcome.kind)} for outcome in trial.outcomes
        ],
        "outcomeMeasure": [
            {
                "name": outcome.measure,
                "type": [concept(codes, "outcome", outcome.kind)],
                "description": _described(outcome),
            }
            for outcome in trial.outcomes
        ],
    }
    return [present(resource)]


def _is_actual(date_type: str | None) -> bool | None:
    return None if date_type is None else date_type == "ACTUAL"


def _registration(trial: Trial, codes: Codes) -> list[Json]:
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


def _identifiers(trial: Trial, study: Study, codes: Codes) -> list[Json]:
    names = trial.identification
    registered = {
        "use": "official",
        "type": concept(codes, "identifier", "nctId"),
        "system": "http://clinicaltrials.gov",
        "value": names.nct_id,
    }
    own = names.org_study_id and {
        "use": "secondary",
        "type": names.org_study_id.type and {"text": names.org_study_id.type},
        "system": f"{study.fhir_base}/sid/study",
        "value": names.org_study_id.id,
        "assigner": {"display": names.organization and names.organization.name},
    }
    others = [
        {
            "use": "secondary",
            "type": other.type and {"text": other.type},
            "value": other.id,
            "assigner": {"display": other.domain},
        }
        for other in names.secondary_ids
    ]
    return [part for part in (registered, own, *others) if part]


def _related(source: Reference) -> Json:
    if source.citation is None:
        return {"type": "documentation", "label": source.label, "document": {"url": source.url}}
    return {
        "type": "citation",
        "classifier": [source.type and {"text": source.type}],
        "citation": source.citation,
        "document": {"url": source.pmid and f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"},
    }


def _mesh(identifier: str, term: str) -> Json:
    return {"coding": [{"system": MESH, "code": identifier, "display": term}]}


def _conditions(trial: Trial) -> list[Json]:
    """The conditions in words and those that the registry derived; one of each are the same condition."""
    named = [{"text": condition} for condition in trial.conditions]
    derived = [_mesh(term.id, term.term) for term in trial.condition_mesh.terms]
    return [derived[0] | named[0]] if len(named) == len(derived) == 1 else [*named, *derived]


def _notes(trial: Trial) -> list[Json]:
    ipd, design = trial.ipd_sharing, trial.design
    notes = {
        "interventionModelDescription": design.intervention_model_description,
        "maskingDescription": design.masking_description,
        "studyPopulation": trial.eligibility.study_population,
        "ipdSharing": ipd.sharing,
        "ipdSharing.description": ipd.description,
        "ipdSharing.infoTypes": ", ".join(ipd.info_types),
        "ipdSharing.timeFrame": ipd.time_frame,
        "ipdSharing.accessCriteria": ipd.access_criteria,
        "ipdSharing.url": ipd.url,
    }
    return [{"text": f"{field}: {text}"} for field, text in notes.items() if text]


def _classifiers(trial: Trial, codes: Codes) -> list[Json | None]:
    """Facts of the record that R5 has no element for, and a code for few of them."""
    oversight, design, eligibility = trial.oversight, trial.design, trial.eligibility
    flags = {
        "oversightHasDmc": oversight.has_dmc,
        "isFdaRegulatedDrug": oversight.is_fda_regulated_drug,
        "isFdaRegulatedDevice": oversight.is_fda_regulated_device,
        "isUsExport": oversight.is_us_export,
        "hasExpandedAccess": trial.status.has_expanded_access,
        "hasResults": trial.has_results,
        "patientRegistry": design.patient_registry,
        "healthyVolunteers": eligibility.healthy_volunteers,
    }
    words = {
        "lastKnownStatus": trial.status.last_known,
        "targetDuration": design.target_duration,
        "samplingMethod": eligibility.sampling_method,
        "responsibleParty": (trial.responsible_party or ResponsibleParty()).type,
        "enrollmentInfo.count": None if design.enrollment_type else _digits(design.enrollment_count),
    }
    return [
        *(concept(codes, field, str(flag).lower()) for field, flag in flags.items() if flag is not None),
        *(concept(codes, field, text) for field, text in words.items()),
        *(concept(codes, "stdAges", age) for age in eligibility.std_ages),
    ]


def _digits(count: int | None) -> str | None:
    return None if count is None else str(count)


def _parties(trial: Trial, codes: Codes) -> list[Json]:
    sponsors = [("leadSponsor", trial.lead_sponsor), *(("collaborator", other) for other in trial.collaborators)]
    parties = [_organization(role, sponsor, codes) for role, sponsor in sponsors if sponsor]
    answers = trial.responsible_party or ResponsibleParty()
    if answers.name:
        parties.append(
            _person(
                answers.name, answers.affiliation, concept(codes, "role", answers.type) or {"text": "responsibleParty"}
            )
        )
    if answers.old_name_title:
        organization = answers.old_organization and reference("Organization", slug(answers.old_organization))
        role = {"text": "responsibleParty"}
        parties.append({"name": answers.old_name_title, "role": role, "party": organization})
    for official in trial.officials:
        role = concept(codes, "role", official.role) or {"text": "overallOfficial"}
        parties.append(_person(official.name, official.affiliation, role))
    return parties


def _organization(role: str, organization: Organization, codes: Codes) -> Json:
    return {
        "name": organization.name,
        "role": concept(codes, "role", role),
        "classifier": [concept(codes, "class", organization.type)],
        "party": reference("Organization", slug(organization.name)),
    }


def _person(name: str, affiliation: str | None, role: Json | None) -> Json:
    return {"name": name, "role": role, "party": reference("PractitionerRole", slug(name, affiliation))}


def _progress(trial: Trial, codes: Codes) -> list[Json]:
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


def _arms(trial: Trial, codes: Codes) -> list[Json]:
    exposures = list(zip(exposure_ids(trial), trial.interventions, strict=True))
    return [
        {
            "linkId": link,
            "name": arm.label,
            "type": concept(codes, "armGroupType", arm.type),
            "description": arm.description,
            "intendedExposure": [
                reference("EvidenceVariable", exposure)
                for exposure, given in exposures
                if arm.label in given.arm_labels
            ],
        }
        for link, arm in zip(arm_links(trial), trial.arms, strict=True)
    ]


def _described(outcome: Outcome) -> str | None:
    """R5 has no element for the time frame of an outcome."""
    frame = outcome.time_frame and f"Time frame: {outcome.time_frame}"
    return "\n\n".join(part for part in (outcome.description, frame) if part) or None
