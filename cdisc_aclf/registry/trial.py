"""The registry record of a trial: ClinicalTrials.gov API v2, as JSON or as a Python literal."""

import re
from dataclasses import replace
from pathlib import Path

from cdisc_aclf.errors import InputError
from cdisc_aclf.model.protocol import Arm, Design, Eligibility, Intervention, Outcome, OutcomeKind
from cdisc_aclf.model.timing import Age, PartialDate, TimeUnit
from cdisc_aclf.model.trial import (
    Identification,
    IpdSharing,
    Location,
    Mesh,
    MeshTerm,
    Official,
    Organization,
    Oversight,
    Reference,
    ResponsibleParty,
    Status,
    StudyId,
    Trial,
)
from cdisc_aclf.registry.eligibility import criteria
from cdisc_aclf.registry.record import Node, load
from cdisc_aclf.registry.time_frame import time_frame

_AGE = re.compile(rf"(\d{{1,4}}) ({'|'.join(TimeUnit)})s?", re.IGNORECASE)


def read_trial(path: Path) -> Trial:
    """Return the trial of a registry record.

    Keys follow the data structure of ClinicalTrials.gov API v2. What is not held is named in `unread`.

    Args:
        path: UTF-8 file with a study as JSON or as a Python literal; text before the first `{` is allowed.

    Raises:
        InputError: the file cannot be read, is not a study, or holds something else than the registry's types.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> record = "Raw JSON {'protocolSection': {'identificationModule': {'nctId': 'NCT00000000'}}}"
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "record.txt")
        ...     _ = path.write_text(record, encoding="utf-8")
        ...     read_trial(path).identification.nct_id
        'NCT00000000'
    """
    record = load(path)
    protocol, derived = record.node("protocolSection"), record.node("derivedSection")
    sponsors = protocol.node("sponsorCollaboratorsModule")
    description = protocol.node("descriptionModule")
    conditions = protocol.node("conditionsModule")
    groups = protocol.node("armsInterventionsModule")
    contacts = protocol.node("contactsLocationsModule")
    references = protocol.node("referencesModule")
    trial = Trial(
        identification=_identification(protocol.node("identificationModule")),
        status=_status(protocol.node("statusModule")),
        lead_sponsor=sponsors.one("leadSponsor", _sponsor),
        collaborators=sponsors.each("collaborators", _sponsor),
        responsible_party=sponsors.one("responsibleParty", _responsible_party),
        oversight=_oversight(protocol.node("oversightModule")),
        brief_summary=description.text("briefSummary"),
        detailed_description=description.text("detailedDescription"),
        conditions=conditions.texts("conditions"),
        keywords=conditions.texts("keywords"),
        condition_mesh=_mesh(derived.node("conditionBrowseModule")),
        intervention_mesh=_mesh(derived.node("interventionBrowseModule")),
        design=_design(protocol.node("designModule")),
        arms=groups.each("armGroups", _arm),
        interventions=groups.each("interventions", _intervention),
        outcomes=_outcomes(protocol.node("outcomesModule")),
        eligibility=_eligibility(protocol.node("eligibilityModule")),
        officials=contacts.each("overallOfficials", _official),
        locations=contacts.each("locations", _location),
        references=references.each("references", _reference) + references.each("seeAlsoLinks", _link),
        ipd_sharing=_ipd_sharing(protocol.node("ipdSharingStatementModule")),
        has_results=record.flag("hasResults"),
        version_holder=_date(derived.node("miscInfoModule"), "versionHolder"),
    )
    return replace(trial, unread=tuple(record.unread()))


def _identification(module: Node) -> Identification:
    return Identification(
        nct_id=module.needed("nctId"),
        org_study_id=module.one("orgStudyIdInfo", _study_id),
        secondary_ids=module.each("secondaryIdInfos", _study_id),
        brief_title=module.text("briefTitle"),
        official_title=module.text("officialTitle"),
        acronym=module.text("acronym"),
        organization=module.one(
            "organization", lambda node: Organization(name=node.needed("fullName"), type=node.text("class"))
        ),
    )


def _study_id(node: Node) -> StudyId:
    return StudyId(id=node.needed("id"), type=node.text("type"), domain=node.text("domain"), link=node.text("link"))


def _sponsor(node: Node) -> Organization:
    return Organization(name=node.needed("name"), type=node.text("class"))


def _responsible_party(node: Node) -> ResponsibleParty:
    return ResponsibleParty(
        type=node.text("type"),
        name=node.text("investigatorFullName"),
        title=node.text("investigatorTitle"),
        affiliation=node.text("investigatorAffiliation"),
        old_name_title=node.text("oldNameTitle"),
        old_organization=node.text("oldOrganization"),
    )


def _status(module: Node) -> Status:
    return Status(
        overall=module.text("overallStatus"),
        last_known=module.text("lastKnownStatus"),
        why_stopped=module.text("whyStopped"),
        has_expanded_access=module.node("expandedAccessInfo").flag("hasExpandedAccess"),
        verified=_date(module, "statusVerifiedDate"),
        start=module.one("startDateStruct", _dated),
        primary_completion=module.one("primaryCompletionDateStruct", _dated),
        completion=module.one("completionDateStruct", _dated),
        first_submit=_date(module, "studyFirstSubmitDate"),
        first_submit_qc=_date(module, "studyFirstSubmitQcDate"),
        first_post=module.one("studyFirstPostDateStruct", _dated),
        results_first_submit=_date(module, "resultsFirstSubmitDate"),
        results_first_submit_qc=_date(module, "resultsFirstSubmitQcDate"),
        results_first_post=module.one("resultsFirstPostDateStruct", _dated),
        last_update_submit=_date(module, "lastUpdateSubmitDate"),
        last_update_post=module.one("lastUpdatePostDateStruct", _dated),
    )


def _date(module: Node, key: str) -> PartialDate | None:
    text = module.iso_date(key)
    return None if text is None else PartialDate(text)


def _dated(node: Node) -> PartialDate | None:
    text = node.iso_date("date")
    return None if text is None else PartialDate(text, node.text("type"))


def _oversight(module: Node) -> Oversight:
    return Oversight(
        has_dmc=module.flag("oversightHasDmc"),
        is_fda_regulated_drug=module.flag("isFdaRegulatedDrug"),
        is_fda_regulated_device=module.flag("isFdaRegulatedDevice"),
        is_us_export=module.flag("isUsExport"),
    )


def _mesh(module: Node) -> Mesh:
    return Mesh(terms=module.each("meshes", _mesh_term), ancestors=module.each("ancestors", _mesh_term))


def _mesh_term(node: Node) -> MeshTerm:
    return MeshTerm(id=node.needed("id"), term=node.needed("term"))


def _design(module: Node) -> Design:
    info = module.node("designInfo")
    masking = info.node("maskingInfo")
    enrollment = module.node("enrollmentInfo")
    return Design(
        study_type=module.text("studyType"),
        phases=module.texts("phases"),
        allocation=info.text("allocation"),
        intervention_model=info.text("interventionModel"),
        intervention_model_description=info.text("interventionModelDescription"),
        primary_purpose=info.text("primaryPurpose"),
        masking=masking.text("masking"),
        masking_description=masking.text("maskingDescription"),
        who_masked=masking.texts("whoMasked"),
        observational_model=info.text("observationalModel"),
        time_perspective=info.text("timePerspective"),
        patient_registry=module.flag("patientRegistry"),
        target_duration=module.text("targetDuration"),
        enrollment_count=enrollment.count("count"),
        enrollment_type=enrollment.text("type"),
    )


def _arm(node: Node) -> Arm:
    return Arm(
        label=node.needed("label"),
        type=node.text("type"),
        description=node.text("description"),
        intervention_names=node.texts("interventionNames"),
    )


def _intervention(node: Node) -> Intervention:
    return Intervention(
        name=node.needed("name"),
        type=node.text("type"),
        description=node.text("description"),
        other_names=node.texts("otherNames"),
        arm_labels=node.texts("armGroupLabels"),
    )


def _outcomes(module: Node) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(
            kind=kind,
            index=index,
            measure=node.needed("measure"),
            description=node.text("description"),
            time_frame=(frame := node.text("timeFrame")),
            time_points=time_frame(frame or ""),
        )
        for kind in OutcomeKind
        for index, node in enumerate(module.nodes(f"{kind}Outcomes"))
    )


def _eligibility(module: Node) -> Eligibility:
    return Eligibility(
        text=module.text("eligibilityCriteria"),
        criteria=criteria(module.markdown("eligibilityCriteria") or ""),
        minimum_age=_age(module, "minimumAge"),
        maximum_age=_age(module, "maximumAge"),
        std_ages=module.texts("stdAges"),
        sex=module.text("sex"),
        healthy_volunteers=module.flag("healthyVolunteers"),
        study_population=module.text("studyPopulation"),
        sampling_method=module.text("samplingMethod"),
    )


def _age(module: Node, key: str) -> Age | None:
    text = module.text(key)
    if text is None:
        return None
    age = _AGE.fullmatch(text)
    if age is None:
        raise InputError(module.file, f"{module.path}.{key} should be an age such as 18 Years, but is {text[:40]!r}")
    return Age(text, int(age[1]), TimeUnit(age[2].lower()))


def _official(node: Node) -> Official:
    return Official(name=node.needed("name"), affiliation=node.text("affiliation"), role=node.text("role"))


def _location(node: Node) -> Location:
    point = node.node("geoPoint")
    return Location(
        facility=node.text("facility"),
        status=node.text("status"),
        city=node.text("city"),
        state=node.text("state"),
        zip=node.text("zip"),
        country=node.text("country"),
        latitude=point.decimal("lat"),
        longitude=point.decimal("lon"),
    )


def _reference(node: Node) -> Reference:
    return Reference(type=node.text("type"), citation=node.text("citation"), pmid=node.text("pmid"))


def _link(node: Node) -> Reference:
    return Reference(label=node.text("label"), url=node.text("url"))


def _ipd_sharing(module: Node) -> IpdSharing:
    return IpdSharing(
        sharing=module.text("ipdSharing"),
        description=module.text("description"),
        info_types=module.texts("infoTypes"),
        time_frame=module.text("timeFrame"),
        access_criteria=module.text("accessCriteria"),
        url=module.text("url"),
    )
