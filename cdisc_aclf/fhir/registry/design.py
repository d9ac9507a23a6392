"""How a trial is built, out of its R5 resources: design, arms, interventions, outcomes, eligibility."""

from cdisc_aclf.fhir.registry.concepts import Json, Part, R5Record, markup, noted, notes, word_of


def design(source: R5Record) -> Json:
    """The designModule of the record."""
    study, numbers = source.study, source.study.get("recruitment", {})
    count = source.word("classifier", "enrollmentInfo.count")
    enrollment: Json = {"count": None if count is None else int(count)}
    for element, date_type in (("targetNumber", "ESTIMATED"), ("actualNumber", "ACTUAL")):
        if element in numbers:
            enrollment = {"count": numbers[element], "type": date_type}
    phases = word_of(study.get("phase"), "phases")
    return {
        "studyType": source.word("studyDesign", "studyType"),
        "phases": phases.split() if phases else None,
        "designInfo": {
            "allocation": source.word("studyDesign", "allocation"),
            "interventionModel": source.word("studyDesign", "interventionModel"),
            "interventionModelDescription": markup(source.note("interventionModelDescription")),
            "primaryPurpose": word_of(study.get("primaryPurposeType"), "primaryPurpose"),
            "observationalModel": source.word("studyDesign", "observationalModel"),
            "timePerspective": source.word("studyDesign", "timePerspective"),
            "maskingInfo": {
                "masking": source.word("studyDesign", "masking"),
                "maskingDescription": markup(source.note("maskingDescription")),
                "whoMasked": source.words("studyDesign", "whoMasked"),
            },
        },
        "enrollmentInfo": enrollment,
        "patientRegistry": source.flag("patientRegistry"),
        "targetDuration": source.word("classifier", "targetDuration"),
    }


def arms(source: R5Record) -> Json:
    """The armsInterventionsModule of the record: a reference says what names the arm, its words what the arm lists."""
    groups: list[Part] = source.study.get("comparisonGroup", [])
    exposures = [group.get("intendedExposure", []) for group in groups]
    measured = {outcome["reference"]["reference"] for outcome in source.study.get("outcomeMeasure", [])}
    return {
        "armGroups": [
            {
                "label": group["name"],
                "type": word_of(group.get("type"), "armGroupType"),
                "description": markup(group.get("description")),
                "interventionNames": [each["display"] for each in given if "display" in each],
            }
            for group, given in zip(groups, exposures, strict=True)
        ],
        "interventions": [
            {
                "type": noted(variable, "type"),
                "name": variable["title"],
                "description": markup(variable.get("description")),
                "armGroupLabels": notes(variable, "armGroupLabels")
                or [
                    group["name"]
                    for group, given in zip(groups, exposures, strict=True)
                    if name in {each.get("reference") for each in given}
                ],
                "otherNames": notes(variable, "otherNames"),
            }
            for name, variable in source.resources.items()
            if variable["resourceType"] == "EvidenceVariable" and name not in measured
        ],
    }


def outcomes(source: R5Record) -> Json:
    """The outcomesModule of the record."""
    lists: dict[str, list[Json]] = {}
    for outcome in source.study.get("outcomeMeasure", []):
        variable = source.to(outcome["reference"])
        lists.setdefault(f"{word_of(outcome['type'][0], 'outcome')}Outcomes", []).append(
            {
                "measure": outcome["name"],
                "description": markup(variable.get("description")),
                "timeFrame": noted(variable, "timeFrame"),
            }
        )
    return lists


def eligibility(source: R5Record) -> Json:
    """The eligibilityModule of the record."""
    group = source.to(source.study.get("recruitment", {}).get("eligibility", {}))
    by_code = {each["code"]["text"]: each for each in group.get("characteristic", [])}
    ages = by_code.get("age", {}).get("valueRange", {})
    limits = {end: f"{limit['value']} {limit['unit']}" for end, limit in ages.items()}
    sex = by_code.get("sex", {}).get("valueCodeableConcept")
    return {
        "eligibilityCriteria": markup(group.get("description")),
        "minimumAge": limits.get("low"),
        "maximumAge": limits.get("high"),
        "sex": word_of(sex, "sex") or source.word("classifier", "sex"),
        "healthyVolunteers": source.flag("healthyVolunteers"),
        "stdAges": source.words("classifier", "stdAges"),
        "studyPopulation": markup(source.note("studyPopulation")),
        "samplingMethod": source.word("classifier", "samplingMethod"),
    }
