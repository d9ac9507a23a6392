"""Ids of the resources that a registry record gives rise to: readable, and the same for the same record."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import Trial

_ID = 64  # characters of an id (FHIR R5, Data Types)


def slug(*texts: str | None) -> str:
    """A readable id from texts: the same texts, whatever their case and punctuation, have the same id.

    What ASCII cannot say, or 64 characters cannot hold, is told apart by a digest.

    Examples:
        >>> slug("Third Affiliated Hospital, Sun Yat-Sen University")
        'third-affiliated-hospital-sun-yat-sen-university'
        >>> slug("中山医院"), len(slug("long " * 20))
        ('7fa09be9', 63)
    """
    text = unicodedata.normalize("NFKD", " ".join(text for text in texts if text)).casefold()
    text = "".join(character for character in text if not unicodedata.combining(character))
    words = "-".join(re.findall(r"[a-z0-9]+", text))
    letters = "".join(character for character in text if character.isalnum())
    if letters.isascii() and 0 < len(words) <= _ID:
        return words
    digest = hashlib.sha256(letters.encode()).hexdigest()[:8]
    return f"{words[: _ID - 9].strip('-')}-{digest}".strip("-")


def slugs(texts: Iterable[str]) -> list[str]:
    """One id per text, in order; a repeated one is numbered.

    Examples:
        >>> slugs(["Study Group", "Control", "study group"])
        ['study-group', 'control', 'study-group-2']
    """
    found: list[str] = []
    for text in texts:
        base, number = slug(text), 1
        name = base
        while name in found:
            number += 1
            name = f"{base[: _ID - 4]}-{number}"
        found.append(name)
    return found


def arm_links(trial: Trial) -> list[str]:
    """The linkId of every arm, which ResearchSubject names too."""
    return slugs(arm.label for arm in trial.arms)


def links_of_arms(trial: Trial, ref_arms: Frame) -> dict[str, str]:
    """The linkId of every ARMCD.

    Args:
        trial: its arms.
        ref_arms: `armcd`, and `arm` as the record labels it.

    Raises:
        DefinitionError: the record has no arm of that label.

    Examples:
        >>> import polars as pl
        >>> from cdisc_aclf.model.protocol import Arm
        >>> from cdisc_aclf.model.trial import Identification
        >>> trial = Trial(identification=Identification(nct_id="NCT00000000"), arms=(Arm(label="Study Group"),))
        >>> links_of_arms(trial, pl.DataFrame({"armcd": ["EXO"], "arm": ["Study Group"]}))
        {'EXO': 'study-group'}
    """
    links = dict(zip((arm.label for arm in trial.arms), arm_links(trial), strict=True))
    pairs = ref_arms.select("armcd", "arm").rows()
    if unknown := [arm for _, arm in pairs if arm not in links]:
        raise DefinitionError("specs/reference/arms.csv", f"the record has no arm {', '.join(unknown)}")
    return {armcd: links[arm] for armcd, arm in pairs}


def exposure_ids(trial: Trial) -> list[str]:
    """The EvidenceVariable of every intervention."""
    return slugs(f"{trial.identification.nct_id} {given.name}" for given in trial.interventions)


def outcome_ids(trial: Trial) -> list[str]:
    """The EvidenceVariable of every outcome; the word keeps it apart from one of an intervention."""
    return slugs(
        f"{trial.identification.nct_id} outcome {outcome.kind} {outcome.measure}" for outcome in trial.outcomes
    )


def plan_id(study: Study) -> str:
    """The PlanDefinition of the schedule of activities."""
    return slug(study.id, "schedule")


def activity_id(study: Study, activity: str) -> str:
    """The ActivityDefinition of an activity of the schedule."""
    return slug(study.id, activity)


def activity_url(study: Study, activity: str) -> str:
    """The canonical URL by which the schedule names an activity."""
    return f"{study.fhir_base}/ActivityDefinition/{activity_id(study, activity)}"


def site_ids(trial: Trial) -> list[str]:
    """The Location of every site."""
    return slugs(f"{trial.identification.nct_id} {site.facility or ''} {site.city or ''}" for site in trial.locations)


def eligibility_id(trial: Trial) -> str:
    """The Group of those who may take part."""
    return slug(trial.identification.nct_id, "eligibility")


def substance_id(treatment: str) -> str:
    """The Substance of a treatment."""
    return slug("substance", treatment)
