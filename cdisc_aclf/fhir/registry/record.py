"""The registry record out of the R5 resources that were made of it, key by key as ClinicalTrials.gov API v2 has it."""

from collections.abc import Iterable, Mapping

from cdisc_aclf.fhir.registry.concepts import Json, Part, R5Record, known, markup, word_of
from cdisc_aclf.fhir.registry.design import arms, design, eligibility, outcomes

_PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"


def read_record(resources: Iterable[Part], codes: Iterable[Mapping[str, str]]) -> Json:
    """Return the record of a study; what R5 does not hold of it is absent.

    Args:
        resources: a ResearchStudy and what it refers to; numbers with a point are Decimal.
        codes: `field`, `value`, `system`, `code`: the table that the concepts were coded with.

    Examples:
        >>> study = {"resourceType": "ResearchStudy", "id": "NCT00000000", "title": "Care",
        ...          "identifier": [{"use": "official", "value": "NCT00000000"}], "phase": {"text": "phases: PHASE5"}}
        >>> read_record([study], [])["protocolSection"]
        {'identificationModule': {'nctId': 'NCT00000000', 'briefTitle': 'Care'}, 'designModule': {'phases': ['PHASE5']}}
    """
    by_reference = {f"{each['resourceType']}/{each['id']}": each for each in resources}
    [study] = [each for each in by_reference.values() if each["resourceType"] == "ResearchStudy"]
    fields = {(row["system"], row["code"], row["value"]): row["field"] for row in codes}
    source = R5Record(study, by_reference, fields)
    keywords = study.get("keyword", [])
    protocol = {
        "identificationModule": _identification(source),
        "statusModule": _status(source),
        "sponsorCollaboratorsModule": _sponsors(source),
        "oversightModule": {
            name: source.flag(name)
            for name in ("oversightHasDmc", "isFdaRegulatedDrug", "isFdaRegulatedDevice", "isUsExport")
        },
        "descriptionModule": {
            "briefSummary": markup(study.get("descriptionSummary")),
            "detailedDescription": markup(study.get("description")),
        },
        "conditionsModule": {
            "conditions": [each["text"] for each in study.get("condition", []) if "text" in each],
            "keywords": [each["text"] for each in keywords if "coding" not in each],
        },
        "designModule": design(source),
        "armsInterventionsModule": arms(source),
        "outcomesModule": outcomes(source),
        "eligibilityModule": eligibility(source),
        "contactsLocationsModule": {"overallOfficials": _officials(source), "locations": _locations(source)},
        "referencesModule": _references(study),
        "ipdSharingStatementModule": _ipd_sharing(source),
    }
    derived = {
        "miscInfoModule": {"versionHolder": study.get("version")},
        "conditionBrowseModule": {
            "meshes": _mesh(study.get("condition", [])),
            "ancestors": _mesh(each for each in keywords if "text" not in each),
        },
        "interventionBrowseModule": {
            "meshes": _mesh(each["concept"] for each in study.get("focus", []) if "concept" in each),
            "ancestors": _mesh(each for each in keywords if "text" in each),
        },
    }
    record = {"protocolSection": protocol, "derivedSection": derived, "hasResults": source.flag("hasResults")}
    return known(record) or {}


def _mesh(concepts: Iterable[Part]) -> list[Json]:
    codings = [coding for concept in concepts for coding in concept.get("coding", [])]
    return [{"id": coding["code"], "term": coding["display"]} for coding in codings]


def _identification(source: R5Record) -> Json:
    study = source.study
    [official] = [each["value"] for each in study["identifier"] if each["use"] == "official"]
    others = [each for each in study["identifier"] if each["use"] != "official"]
    titles = {word_of(each["type"], "title"): each["value"] for each in study.get("label", [])}
    registered = [_sponsor(party) for party in _parties(source) if party["role"]["text"] == "organization"]
    own = [_study_id(study, each, "orgStudyIdInfo") for each in others if "system" in each]
    return {
        "nctId": official,
        "orgStudyIdInfo": own[0] if own else None,
        "secondaryIdInfos": [
            _study_id(study, each, "secondaryIdInfos") | {"domain": each.get("assigner", {}).get("display")}
            for each in others
            if "system" not in each
        ],
        "briefTitle": study.get("title"),
        "officialTitle": titles.get("officialTitle"),
        "acronym": titles.get("acronym"),
        "organization": {"fullName": registered[0]["name"], "class": registered[0]["class"]} if registered else None,
    }


def _study_id(study: Part, identifier: Part, field: str) -> Json:
    links = [
        artifact["document"]["url"]
        for artifact in study.get("relatedArtifact", [])
        if artifact.get("classifier") == [{"text": field}] and artifact.get("label") == identifier["value"]
    ]
    return {
        "id": identifier["value"],
        "type": identifier.get("type", {}).get("text"),
        "link": links[0] if links else None,
    }


def _status(source: R5Record) -> Json:
    study = source.study
    whole = [each for each in study.get("progressStatus", []) if each["state"]["text"] == "overall study"]
    states = [word_of(each["state"], "overallStatus") for each in study.get("progressStatus", []) if each not in whole]
    ends = {
        end: {"date": date, "type": _date_type(each, "actual")}
        for each in whole
        for end, date in each["period"].items()
    }
    status = {
        "overallStatus": states[0] if states else None,
        "lastKnownStatus": source.word("classifier", "lastKnownStatus"),
        "whyStopped": study.get("whyStopped", {}).get("text"),
        "expandedAccessInfo": {"hasExpandedAccess": source.flag("hasExpandedAccess")},
        "startDateStruct": ends.get("start"),
        "completionDateStruct": ends.get("end"),
    }
    for activity in study.get("extension", []):
        parts = {part["url"]: part for part in activity["extension"]}
        name, date = parts["activity"]["valueCodeableConcept"]["text"], parts["period"]["valuePeriod"]["start"]
        if name.endswith(("PostDate", "CompletionDate")):
            status[f"{name}Struct"] = {"date": date, "type": _date_type(parts.get("actual", {}), "valueBoolean")}
        else:
            status[name] = date
    return status


def _date_type(part: Part, element: str) -> str | None:
    return ("ACTUAL" if part[element] else "ESTIMATED") if element in part else None


def _parties(source: R5Record, field: str = "") -> list[Part]:
    parties: list[Part] = source.study.get("associatedParty", [])
    return [party for party in parties if not field or party.get("classifier") == [{"text": field}]]


def _sponsor(party: Part) -> Json:
    classes = party.get("classifier", [])
    return {"name": party["name"], "class": word_of(classes[0], "class") if classes else None}


def _affiliation(party: Part) -> str | None:
    before, _, affiliation = party["party"]["display"].partition(f"{party['name']}, ")
    return affiliation or None if not before else None


def _sponsors(source: R5Record) -> Json:
    by_role = [(word_of(party["role"], "role"), party) for party in _parties(source)]
    answers: Json = {"type": source.word("classifier", "responsibleParty")}
    for party in _parties(source, "responsibleParty"):
        titles = source.to(party["party"]).get("code", [])
        answers["investigatorFullName"] = party["name"]
        answers["investigatorTitle"] = titles[0]["text"] if titles else None
        answers["investigatorAffiliation"] = _affiliation(party)
    for role, party in by_role:
        if role == "responsibleParty" and "classifier" not in party:
            answers |= {
                "oldNameTitle": party.get("name"),
                "oldOrganization": party.get("party", {}).get("display"),
            }
    sponsors = [_sponsor(party) for role, party in by_role if role == "leadSponsor"]
    return {
        "leadSponsor": sponsors[0] if sponsors else None,
        "responsibleParty": answers,
        "collaborators": [_sponsor(party) for role, party in by_role if role == "collaborator"],
    }


def _officials(source: R5Record) -> list[Json]:
    officials = []
    for party in _parties(source, "overallOfficial"):
        role = word_of(party["role"], "role")
        officials.append(
            {
                "name": party["name"],
                "affiliation": _affiliation(party),
                "role": None if role == "overallOfficial" else role,
            }
        )
    return officials


def _locations(source: R5Record) -> list[Json]:
    locations = []
    for reference in source.study.get("site", []):
        site = source.to(reference)
        address, position = site.get("address", {}), site.get("position", {})
        status = site.get("characteristic", [None])[0]
        locations.append(
            {
                "facility": site.get("name"),
                "status": word_of(status, "overallStatus"),
                "city": address.get("city"),
                "state": address.get("state"),
                "zip": address.get("postalCode"),
                "country": address.get("country"),
                "geoPoint": {"lat": position.get("latitude"), "lon": position.get("longitude")},
            }
        )
    return locations


def _references(study: Part) -> Json:
    artifacts = study.get("relatedArtifact", [])
    return {
        "references": [
            {
                "pmid": artifact.get("document", {}).get("url", "").removeprefix(_PUBMED).rstrip("/") or None,
                "type": artifact["classifier"][0]["text"] if "classifier" in artifact else None,
                "citation": artifact.get("citation"),
            }
            for artifact in artifacts
            if artifact["type"] == "citation"
        ],
        "seeAlsoLinks": [
            {"label": artifact.get("label"), "url": artifact.get("document", {}).get("url")}
            for artifact in artifacts
            if artifact["type"] == "documentation" and "classifier" not in artifact
        ],
    }


def _ipd_sharing(source: R5Record) -> Json:
    kinds = source.note("ipdSharing.infoTypes")
    return {
        "ipdSharing": source.note("ipdSharing"),
        "description": markup(source.note("ipdSharing.description")),
        "infoTypes": kinds.split(", ") if kinds else None,
        "timeFrame": markup(source.note("ipdSharing.timeFrame")),
        "accessCriteria": markup(source.note("ipdSharing.accessCriteria")),
        "url": source.note("ipdSharing.url"),
    }
