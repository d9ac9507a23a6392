"""How a trial is built, out of its R5 resources: design, arms, interventions, outcomes, eligibility."""

from cdisc_aclf.fhir.registry.concepts import Json, Part, Told, markup, noted, notes, word_of


def design(told: Told) -> Json:
    """The designModule of the record."""
    study, numbers = told.study, told.study.get("recruitment", {})
    count = told.word("classifier", "enrollmentInfo.count")
    enrollment: Json = {"count": None if count is None else int(count)}
    for element, date_type in (("targetNumber", "ESTIMATED"), ("actualNumber", "ACTUAL")):
        if element in numbers:
            enrollment = {"count": numbers[element], "type": date_type}
    phases = word_of(study.get("phase"), "phases")
    return {
        "studyType": told.word("studyDesign", "studyType"),
        "phases": phases.split() if phases else None,
        "designInfo": {
            "allocation": told.word("studyDesign", "allocation"),
            "interventionModel": told.word("studyDesign", "interventionModel"),
            "interventionModelDescription": markup(told.note("interventionModelDescription")),
            "primaryPurpose": word_of(study.get("primaryPurposeType"), "primaryPurpose"),
            "observationalModel": told.word("studyDesign", "observationalModel"),
            "timePerspective": told.word("studyDesign", "timePerspective"),
            "maskingInfo": {
                "masking": told.word("studyDesign", "masking"),
                "maskingDescription": markup(told.note("maskingDescription")),
                "whoMasked": told.words("studyDesign", "whoMasked"),
            },
        },
        "enrollmentInfo": enrollment,
        "patientRegistry": told.flag("patientRegistry"),
        "targetDuration": told.word("classifier", "targetDuration"),
    }


def arms(told: Told) -> Json:
    """The armsInterventionsModule of the record: a reference says what names the arm, its words what the arm lists."""
    groups: list[Part] = told.study.get("comparisonGroup", [])
    exposures = [group.get("intendedExposure", []) for group in groups]
    measured = {outcome["reference"]["reference"] for outcome in told.study.get("outcomeMeasure", [])}
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
            for name, variable in told.resources.items()
            if variable["resourceType"] == "EvidenceVariable" and name not in measured
        ],
    }


def outcomes(told: Told) -> Json:
    """The outcomesModule of the record."""
    lists: dict[str, list[Json]] = {}
    for outcome in told.study.get("outcomeMeasure", []):
        variable = told.to(outcome["reference"])
        lists.setdefault(f"{word_of(outcome['type'][0], 'outcome')}Outcomes", []).append(
            {
                "measure": outcome["name"],
                "description": markup(variable.get("description")),
                "timeFrame": noted(variable, "timeFrame"),
            }
        )
    return lists


def eligibility(told: Told) -> Json:
    """The eligibilityModule of the record."""
    group = told.to(told.study.get("recruitment", {}).get("eligibility", {}))
    by_code = {each["code"]["text"]: each for each in group.get("characteristic", [])}
    ages = by_code.get("age", {}).get("valueRange", {})
    limits = {end: f"{limit['value']} {limit['unit']}" for end, limit in ages.items()}
    sex = by_code.get("sex", {}).get("valueCodeableConcept")
    return {
        "eligibilityCriteria": markup(group.get("description")),
        "minimumAge": limits.get("low"),
        "maximumAge": limits.get("high"),
        "sex": word_of(sex, "sex") or told.word("classifier", "sex"),
        "healthyVolunteers": told.flag("healthyVolunteers"),
        "stdAges": told.words("classifier", "stdAges"),
        "studyPopulation": markup(told.note("studyPopulation")),
        "samplingMethod": told.word("classifier", "samplingMethod"),
    }
