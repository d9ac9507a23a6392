"""The latent illness of one subject: how severe it is on a study day, and what can be seen of it."""

import itertools
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .chance import Chance
from .facts import Assay, Facts, Measure
from .scores import cossh_aclf_ii

BLOCK = 20
"""Outcomes are dealt out to this many subjects at a time, so that a study of 20 holds every ending."""

NEVER = 10_000
"""A study day that nobody reaches."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What an examination shows: measures in standard units, grades, and the severity behind them."""

    measures: Mapping[str, float]
    west_haven: int
    ascites: str
    severity: float


@dataclass(frozen=True, slots=True)
class Traits:
    """What stays the same about a subject through the study.

    Args:
        severity: of the illness at screening; 0 in the middle, 0.6 as its spread.
        deviations: from the median of each measure, as logarithms.
        encephalopathy: how much the subject tends to it, added to the severity.
        ascites: how much the subject tends to it, added to the severity.
    """

    severity: float
    deviations: Mapping[str, float]
    encephalopathy: float
    ascites: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A subject as screened.

    Args:
        key: names the subject's streams of chance.
        age: completed years at consent.
        sex: `M` or `F`.
        traits: what the course is made of.
        screening: what screening shows.
        score: COSSH-ACLF II at screening, unrounded.
    """

    key: tuple[object, ...]
    age: int
    sex: str
    traits: Traits
    screening: Examination
    score: float

    def chance(self, purpose: str, *more: object) -> Chance:
        """The subject's own stream for one purpose."""
        return Chance(*self.key, purpose, *more)


@dataclass(frozen=True, slots=True)
class Fate:
    """How a subject ends: `died`, `transplanted`, `abandoned`, `lost` or `completed`, and on which study day."""

    ending: str
    day: int


def draw_person(facts: Facts, key: tuple[object, ...], fits: Callable[[float], bool]) -> Person:
    """Draw subjects until the COSSH-ACLF II score at screening fits."""
    for attempt in itertools.count():
        chance = Chance(*key, "person", attempt)
        sex = "M" if chance.happens(0.8) else "F"
        age = max(18, min(65, round(chance.normal(45, 9))))
        traits = Traits(
            severity=chance.normal(0, 0.6),
            deviations={measure.name: chance.normal(0, measure.between) for measure in facts.measures},
            encephalopathy=chance.normal(0, 0.8),
            ascites=chance.normal(),
        )
        screening = _examined(facts, chance, traits, traits.severity)
        score = _score(facts.assays[facts.laboratories[0], sex], screening, age)
        if fits(score):
            break
    return Person(key=key, age=age, sex=sex, traits=traits, screening=screening, score=score)


def examination_on(facts: Facts, person: Person, fate: Fate, day: int) -> Examination:
    """What an examination on a study day shows."""
    return _examined(facts, person.chance("examination", day), person.traits, _severity_on(person, fate, day))


def _examined(facts: Facts, chance: Chance, traits: Traits, severity: float) -> Examination:
    measures = {
        measure.name: _within(
            measure,
            measure.median
            * math.exp(
                measure.severity * severity + traits.deviations[measure.name] + chance.normal(0, measure.within)
            ),
        )
        for measure in facts.measures
    }
    measures["NEUT"] = measures["WBC"] * measures["NEUTLE"] / 100
    measures["BILDIR"] = measures["BILI"] * 0.74
    # The two ways to print the same coagulation time; the exponents give INR 2.0 about 24 s and 40 %.
    measures["PT"] = 12.6 * measures["INR"] ** 0.95
    measures["PTA"] = min(125.0, 100 / measures["INR"] ** 1.3)
    return Examination(
        measures,
        west_haven=bisect_right([1.1, 1.9, 2.7, 3.5], severity + traits.encephalopathy + chance.normal(0, 0.2)),
        ascites=("absent", "slight", "moderate")[bisect_right([-0.6, 1.0], severity + traits.ascites)],
        severity=severity,
    )


def _within(measure: Measure, value: float) -> float:
    return min(measure.highest, max(measure.lowest, value))


def _severity_on(person: Person, fate: Fate, day: int) -> float:
    """Towards death or transplantation it rises; those who give up or get lost recover less than the others."""
    start = person.traits.severity
    rise = {"died": 2.2, "transplanted": 1.0}.get(fate.ending)
    if rise is not None:
        return start + rise * math.pow(day / fate.day, 1.5)
    depth = (3.6 if fate.ending == "completed" else 1.5) + person.chance("recovery").normal(0, 0.4)
    return start - depth * (1 - math.exp(-(day - 1) / 28))


def draw_fates(facts: Facts, seed: int, block: int, people: Sequence[Person]) -> list[Fate]:
    """Deal the outcomes out to one block of subjects; the sicker are likelier to die or be transplanted."""
    chance = Chance(seed, "fates", block)
    fates = [Fate("completed", NEVER)] * len(people)
    left = list(range(len(people)))
    for outcome in facts.outcomes:
        for _ in range(chance.between(*outcome.count)):
            weights = [math.exp(1.5 * people[place].score) if outcome.by_risk else 1.0 for place in left]
            place = chance.weighted(left, weights)
            left.remove(place)
            first, last = outcome.days
            # Early endings are the more frequent ones.
            fates[place] = Fate(outcome.ending, first + int((last - first + 1) * chance.unit() ** 1.6))
    return fates


def printed(assays: Iterable[Assay], measures: Mapping[str, float]) -> dict[str, str]:
    """The results as the laboratory prints them, by measure."""
    return {assay.measure: assay.printed(measures[assay.measure]) for assay in assays}


def _score(assays: Iterable[Assay], screening: Examination, age: int) -> float:
    results = printed(assays, screening.measures)
    return cossh_aclf_ii(
        inr=results["INR"],
        west_haven=screening.west_haven,
        neutrophils=results["NEUT"],
        bilirubin=results["BILI"],
        urea=results["UREA"],
        age=age,
    )
