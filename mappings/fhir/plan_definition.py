"""PlanDefinition: the schedule of activities."""

from cdisc_aclf.fhir.map.elements import Codes, Json, codes_of, concept, identifier, present, reference
from cdisc_aclf.fhir.map.ids import activity_url, eligibility_id, links_of_arms, plan_id, slug
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import Trial

REGISTRY = "https://clinicaltrials.gov/study"


def plan_definition(
    trial: Trial,
    study: Study,
    ref_visits: Frame,
    ref_schedule: Frame,
    ref_activities: Frame,
    ref_arms: Frame,
    ref_fhir_codes: Frame,
) -> list[Json]:
    """One resource: an action per planned visit, and inside of it one per activity; none where no visit is planned.

    A visit is placed by its days after Day 1; its start rule is the description, with the window where a person gave
    one (TVSTRL of `study.toml`). An activity of the study drug is for the arms that get it.
    """
    visits = ref_visits.filter(ref_visits["visitnum"].is_not_null()).to_dicts()
    if not visits:
        return []
    codes = codes_of(ref_fhir_codes)
    planned = ref_schedule.join(ref_activities, on="activity", how="left", validate="m:1", maintain_order="left")
    links = links_of_arms(trial, ref_arms)
    drug_arms = {links[arm["armcd"]]: arm["arm"] for arm in ref_arms.to_dicts() if arm["study_drug"] == "Y"}
    plan = {
        "resourceType": "PlanDefinition",
        "id": plan_id(study),
        "url": f"{study.fhir_base}/PlanDefinition/{plan_id(study)}",
        "identifier": [identifier(study, "plan", plan_id(study))],
        "title": f"{study.id}: schedule of activities",
        "type": concept(codes, "plan", "protocol"),
        "status": "active",
        "subjectReference": reference("Group", eligibility_id(trial)),
        "relatedArtifact": [{"type": "derived-from", "document": {"url": f"{REGISTRY}/{trial.identification.nct_id}"}}],
        "action": [
            {
                "id": slug(visit["visit"]),
                "title": visit["visit"],
                "description": _start(visit, study),
                "relatedAction": _placed(visit, visits, codes),
                "action": [
                    _activity(visit, activity, study, drug_arms)
                    for activity in planned.filter(planned["visit"] == visit["visit"]).to_dicts()
                ],
            }
            for visit in visits
        ],
    }
    return [present(plan)]


def _start(visit: dict[str, str], study: Study) -> str:
    window = study.facts.get("TVSTRL", {}).get(visit["visit"])
    return f"{visit['tvstrl']}; window: {window[0]}" if window else visit["tvstrl"]


def _placed(visit: dict[str, str], visits: list[dict[str, str]], codes: Codes) -> list[Json]:
    """Before Day 1, or so many days after it; Day 1 itself is what the others are placed by."""
    [first] = [slug(each["visit"]) for each in visits if each["visitdy"] == "1"]
    if visit["visitdy"] is None:
        return [{"targetId": first, "relationship": "before"}]
    days, unit = int(visit["visitdy"]) - 1, codes["time", "day"]
    offset = {"value": days, "unit": unit["display"], "system": unit["system"], "code": unit["code"]}
    return [{"targetId": first, "relationship": "after", "offsetDuration": offset}] if days else []


def _activity(visit: dict[str, str], activity: dict[str, str], study: Study, drug_arms: dict[str, str]) -> Json:
    """An activity at a visit; whether it applies is asked of %arm, the linkId of the subject's comparison group."""
    conditions = [
        {
            "kind": "applicability",
            "expression": {
                "description": f"subjects of {arm}",
                "language": "text/fhirpath",
                "expression": f"%arm = '{link}'",
            },
        }
        for link, arm in drug_arms.items()
        if activity["kind"] == "MedicationRequest"
    ]
    return {
        "id": slug(visit["visit"], activity["activity"]),
        "title": activity["title"],
        "condition": conditions,
        "definitionCanonical": activity_url(study, activity["activity"]),
    }
