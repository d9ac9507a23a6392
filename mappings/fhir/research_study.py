"""ResearchStudy: the registry record, coded by the R5 value sets where they have a code, else in its own words."""

from cdisc_aclf.fhir.map.elements import Codes, Json, codes_of, concept, period, present, reference
from cdisc_aclf.fhir.map.ids import arm_links, eligibility_id, exposure_ids, outcome_ids, plan_id, site_ids
from cdisc_aclf.fhir.map.parties import associated_parties
from cdisc_aclf.fhir.map.registration import progress, registration
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.protocol import Arm, Outcome
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import MeshTerm, Reference, ResponsibleParty, Trial

REGISTRY = "https://clinicaltrials.gov"
MESH = "https://www.nlm.nih.gov/mesh"


def research_study(trial: Trial, study: Study, ref_fhir_codes: Frame, ref_visits: Frame) -> list[Json]:
    """One resource; `status` is that of the publication, the state of the trial is in `progressStatus`.

    The protocol is the schedule of activities, where visits are planned.
    """
    codes = codes_of(ref_fhir_codes)
    nct_id, status, design = trial.identification.nct_id, trial.status, trial.design
    resource = {
        "resourceType": "ResearchStudy",
        "id": nct_id,
        "extension": registration(trial, codes),
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
        "protocol": [reference("PlanDefinition", plan_id(study))] if ref_visits.height else [],
        "relatedArtifact": [
            {"type": "transforms", "document": {"url": f"{REGISTRY}/api/v2/studies/{nct_id}"}},
            *(_related(source) for source in trial.references),
            *_links(trial),
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
        "focus": _focus(trial),
        "keyword": [
            *({"text": keyword} for keyword in trial.keywords),
            *(_mesh(term) for term in trial.condition_mesh.ancestors),
            *(_mesh(term) | {"text": f"intervention: {term.term}"} for term in trial.intervention_mesh.ancestors),
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
        "associatedParty": associated_parties(trial, codes),
        "progressStatus": progress(trial, codes),
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
                "reference": reference("EvidenceVariable", variable),
            }
            for variable, outcome in zip(outcome_ids(trial), trial.outcomes, strict=True)
        ],
    }
    return [present(resource)]


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
    if source.url or source.label:
        return {"type": "documentation", "label": source.label, "document": {"url": source.url}}
    return {
        "type": "citation",
        "classifier": [source.type and {"text": source.type}],
        "citation": source.citation,
        "document": {"url": source.pmid and f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"},
    }


def _links(trial: Trial) -> list[Json]:
    """Where the identifiers that others gave are explained."""
    names = trial.identification
    own = [("orgStudyIdInfo", names.org_study_id)] if names.org_study_id else []
    return [
        {"type": "documentation", "classifier": [{"text": field}], "label": other.id, "document": {"url": other.link}}
        for field, other in (*own, *(("secondaryIdInfos", other) for other in names.secondary_ids))
        if other.link
    ]


def _mesh(term: MeshTerm) -> Json:
    return {"coding": [{"system": MESH, "code": term.id, "display": term.term}]}


def _focus(trial: Trial) -> list[Json]:
    """What is under study: the interventions of experimental arms alone, and the headings of all interventions."""
    others = {name for arm in trial.arms if arm.type != "EXPERIMENTAL" for name in arm.intervention_names}
    tried = {name for arm in trial.arms for name in arm.intervention_names} - others
    exposures = zip(exposure_ids(trial), trial.interventions, strict=True)
    return [
        *(
            {"reference": reference("EvidenceVariable", exposure) | {"display": given.name}}
            for exposure, given in exposures
            if given.listed_as in tried
        ),
        *({"concept": _mesh(term)} for term in trial.intervention_mesh.terms),
    ]


def _conditions(trial: Trial) -> list[Json]:
    """The conditions in words and those that the registry derived; one of each are the same condition."""
    named = [{"text": condition} for condition in trial.conditions]
    derived = [_mesh(term) for term in trial.condition_mesh.terms]
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
        "sex": eligibility.sex if eligibility.sex == "ALL" else None,
        "samplingMethod": eligibility.sampling_method,
        "responsibleParty": (trial.responsible_party or ResponsibleParty()).type,
        "enrollmentInfo.count": None if design.enrollment_type else _digits(design.enrollment_count),
    }
    return [
        *(_flag(codes, field, str(flag).lower()) for field, flag in flags.items() if flag is not None),
        *(concept(codes, field, text) for field, text in words.items()),
        *(concept(codes, "stdAges", age) for age in eligibility.std_ages),
    ]


def _flag(codes: Codes, field: str, flag: str) -> Json:
    """The code, where true has one, and the words of the record: the flag alone would not say of what."""
    return (concept(codes, field, flag) or {}) | {"text": f"{field}: {flag}"}


def _digits(count: int | None) -> str | None:
    return None if count is None else str(count)


def _arms(trial: Trial, codes: Codes) -> list[Json]:
    return [
        {
            "linkId": link,
            "name": arm.label,
            "type": concept(codes, "armGroupType", arm.type),
            "description": arm.description,
            "intendedExposure": _exposures(trial, arm),
        }
        for link, arm in zip(arm_links(trial), trial.arms, strict=True)
    ]


def _exposures(trial: Trial, arm: Arm) -> list[Json]:
    """What the arm lists, in its words, and what names the arm without being listed; a reference where both agree."""
    given = [
        (each.listed_as, reference("EvidenceVariable", exposure))
        for exposure, each in zip(exposure_ids(trial), trial.interventions, strict=True)
        if arm.label in each.arm_labels
    ]
    named = dict(given)
    return [
        *(named.get(name, {}) | {"display": name} for name in arm.intervention_names),
        *(exposure for name, exposure in given if name not in arm.intervention_names),
    ]


def _described(outcome: Outcome) -> str | None:
    """R5 has no element for the time frame here; EvidenceVariable has one for each point in time."""
    frame = outcome.time_frame and f"Time frame: {outcome.time_frame}"
    return "\n\n".join(part for part in (outcome.description, frame) if part) or None
