"""Who is screened and when, who is randomised to what, and which visits are held."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from .chance import Chance
from .course import BLOCK, Fate, Person, draw_fates, draw_person
from .facts import Arm, Facts, Visit
from .scores import ELIGIBLE_BELOW

SITE = "01"
FIRST_CONSENT = date(2026, 1, 5)
DAYS_BETWEEN_SUBJECTS = 14
DAYS_OF_ENROLMENT = 500
"""A large study is enrolled faster, so that its last visit is still before the registered end, 2027-08-31."""


@dataclass(frozen=True, slots=True)
class Held:
    """A visit that took place."""

    visit: Visit
    date: date
    in_person: bool = True


@dataclass(frozen=True, slots=True)
class Allocation:
    """Randomisation and what came after it; study day 1 is its date."""

    number: str
    arm: Arm
    day1: date
    fate: Fate

    def date_of(self, day: int) -> date:
        """Calendar date of a study day."""
        return self.day1 + timedelta(days=day - 1)

    def day_of(self, when: date) -> int:
        """Study day of a date on or after randomisation."""
        return (when - self.day1).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A screened subject.

    Args:
        subject: number at the site, in the order of consent.
        person: the course behind the forms.
        consent: date of consent and of the screening visit.
        visits: those held, screening first.
        end: last date of participation.
        failed: column of the criterion that was not satisfied; empty for the eligible.
        allocation: None for a screen failure.
    """

    subject: str
    person: Person
    consent: date
    visits: tuple[Held, ...]
    end: date
    failed: str
    allocation: Allocation | None

    @property
    def doses(self) -> tuple[Held, ...]:
        """The visits at which the study drug was given."""
        if self.allocation is None or not self.allocation.arm.study_drug:
            return ()
        return tuple(held for held in self.visits if held.visit.dose and held.in_person)


def enrol(facts: Facts, subjects: int, seed: int) -> list[Participant]:
    """Screen and randomise.

    A subject's course depends on the seed and the place in the order of randomisation, not on how many follow.

    Args:
        facts: the facts of the study.
        subjects: how many are randomised; about 15 %, but at least 2, come on top as screen failures.
        seed: of the study.

    Returns:
        All screened subjects in the order of their numbers, which is that of consent.
    """
    gap = min(DAYS_BETWEEN_SUBJECTS, DAYS_OF_ENROLMENT / subjects)
    screened = [
        *_randomised(facts, subjects, seed, gap),
        *(_failure(facts, seed, place, gap * subjects) for place in range(max(2, round(0.15 * subjects)))),
    ]
    screened.sort(key=lambda one: one.consent)
    width = max(3, len(str(len(screened))))
    return [replace(one, subject=f"{SITE}-{number:0{width}}") for number, one in enumerate(screened, 1)]


def _randomised(facts: Facts, subjects: int, seed: int, gap: float) -> list[Participant]:
    # A typed score of 7.40 would look ineligible, whatever lies behind it.
    people = [
        draw_person(facts, (seed, "randomised", place), lambda score: round(score, 2) < ELIGIBLE_BELOW)
        for place in range(-(-subjects // BLOCK) * BLOCK)
    ]
    fates = [
        fate
        for first in range(0, subjects, BLOCK)
        for fate in draw_fates(facts, seed, first // BLOCK, people[first : first + BLOCK])
    ]
    arms = [
        arm for block in range(-(-subjects // 4)) for arm in Chance(seed, "arms", block).in_random_order(facts.arms * 2)
    ]
    width = max(3, len(str(subjects)))
    participants = []
    for place in range(subjects):
        chance = people[place].chance("calendar")
        day1 = FIRST_CONSENT + timedelta(days=3 + int((place + chance.unit()) * gap))
        consent = day1 - timedelta(days=chance.between(1, 3))
        allocation = Allocation(f"R{place + 1:0{width}}", arms[place], day1, fates[place])
        screening = Held(facts.visits[0], consent)
        visits = (screening, *_visits(facts, allocation, chance))
        end = _end(allocation, visits)
        participants.append(
            Participant(
                subject="",
                person=people[place],
                consent=consent,
                visits=visits,
                end=end,
                failed="",
                allocation=allocation,
            )
        )
    return participants


def _visits(facts: Facts, allocation: Allocation, chance: Chance) -> list[Held]:
    """In person until the fate, afterwards by telephone at the landmarks for those who remain in the study."""
    fate = allocation.fate
    held = []
    for visit in facts.visits:
        if visit.day is None:
            continue
        day = visit.day + chance.between(-visit.window, visit.window)
        if day < fate.day:
            held.append(Held(visit, allocation.date_of(day)))
        elif visit.landmark and _remains(facts, allocation):
            held.append(Held(visit, allocation.date_of(day), in_person=False))
    return held


def _remains(facts: Facts, allocation: Allocation) -> bool:
    """Survival is followed after a transplantation, and after giving up the study drug before its last dose."""
    last_dose = max(visit.day for visit in facts.visits if visit.dose and visit.day is not None)
    fate = allocation.fate
    gave_up_drug = allocation.arm.study_drug and fate.ending == "abandoned" and fate.day <= last_dose
    return fate.ending == "transplanted" or gave_up_drug


def _end(allocation: Allocation, visits: tuple[Held, ...]) -> date:
    """Death or giving up; otherwise the last contact."""
    last = visits[-1]
    if allocation.fate.ending in {"died", "abandoned"} and last.in_person:
        return allocation.date_of(allocation.fate.day)
    return last.date


def _failure(facts: Facts, seed: int, place: int, days: float) -> Participant:
    key = (seed, "failure", place)
    chance = Chance(*key)
    failed = "incl03" if chance.happens(0.5) else chance.pick(_exclusions(facts))
    if failed == "incl03":
        person = draw_person(facts, key, lambda score: ELIGIBLE_BELOW <= round(score, 2) < 9)
    else:
        person = draw_person(facts, key, lambda score: round(score, 2) < ELIGIBLE_BELOW)
    consent = FIRST_CONSENT + timedelta(days=int(chance.unit() * days))
    return Participant(
        subject="",
        person=person,
        consent=consent,
        visits=(Held(facts.visits[0], consent),),
        end=consent + timedelta(days=chance.between(0, 2)),
        failed=failed,
        allocation=None,
    )


def _exclusions(facts: Facts) -> list[str]:
    # Pregnancy is left out: most of these subjects are men.
    return [column for column in facts.forms["eligibility"] if column.startswith("excl") and column != "excl07"]
