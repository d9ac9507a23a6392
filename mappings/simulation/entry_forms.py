"""The forms that are filled in once, before or at randomisation."""

from datetime import date, timedelta

from .casebook import Casebook
from .course import printed
from .enrolment import Allocation, Participant
from .facts import Facts


def fill_entry(facts: Facts, book: Casebook, participant: Participant) -> None:
    """Fill in consent, eligibility, histories, screening score and, for the eligible, randomisation."""
    _demographics(facts, book, participant)
    _eligibility(facts, book, participant)
    _hbv_history(facts, book, participant)
    _cossh_aclf(facts, book, participant)
    if participant.allocation is not None:
        _medical_history(facts, book, participant)
        _randomisation(book, participant, participant.allocation)


def _demographics(facts: Facts, book: Casebook, participant: Participant) -> None:
    person = participant.person
    chance = person.chance("demographics")
    ethnic_groups = facts.terms["ethnic_group"]
    # Far enough from a birthday that no reading of "age at entry" gives another number.
    birth = participant.consent.replace(year=participant.consent.year - person.age)
    birth -= timedelta(days=chance.between(10, 350))
    consented = participant.consent.isoformat()
    book.add(
        "demographics",
        participant.subject,
        {
            "icf_date": consented,
            "icf_time": chance.clock("08:00", "09:30"),
            "collection_date": consented,
            "initials": "".join(chance.pick("ABCDEFGHJKLMNPQRSTWXYZ") for _ in range(3)),
            "birth_date": birth.isoformat(),
            "sex": facts.choice("SEX", person.sex),
            "race": facts.choice("RACE", "ASIAN"),
            "ethnic_group": ethnic_groups[0] if chance.happens(0.9) else chance.pick(ethnic_groups),
        },
    )


def _eligibility(facts: Facts, book: Casebook, participant: Participant) -> None:
    criteria = [column for column in facts.forms["eligibility"] if column.startswith(("incl", "excl"))]
    answers = {
        column: facts.yes_no(value=column.startswith("incl") != (column == participant.failed)) for column in criteria
    }
    book.add(
        "eligibility",
        participant.subject,
        {
            "assessment_date": participant.consent.isoformat(),
            **answers,
            "eligible": facts.yes_no(value=not participant.failed),
        },
    )


def _hbv_history(facts: Facts, book: Casebook, participant: Participant) -> None:
    chance = participant.person.chance("hbv_history")
    results = {value: facts.choice("LBSTRESC", "POSITIVE" if value else "NEGATIVE") for value in (True, False)}
    since = date(chance.between(1998, 2023), chance.between(1, 12), chance.between(1, 28))
    book.add(
        "hbv_history",
        participant.subject,
        {
            "aclf_date": (participant.consent - timedelta(days=chance.between(0, 6))).isoformat(),
            "precipitant": chance.pick(facts.terms["precipitant"]),
            "cirrhosis": facts.yes_no(value=chance.happens(0.6)),
            "hbv_since": since.isoformat(),
            "hbsag": results[True],
            "hbeag": results[chance.happens(0.4)],
            "hbv_dna": str(chance.between(20, 9_000) * 10 ** chance.between(0, 3)),
            "hbv_dna_unit": facts.choice("UNIT", "IU/mL"),
            "sample_date": participant.consent.isoformat(),
            "antiviral_at_entry": facts.yes_no(value=chance.happens(0.7)),
        },
    )


def _cossh_aclf(facts: Facts, book: Casebook, participant: Participant) -> None:
    person = participant.person
    results = printed(facts.assays[facts.laboratories[0], person.sex], person.screening.measures)
    book.add(
        "cossh_aclf",
        participant.subject,
        {
            "visit": participant.visits[0].visit.collected,
            "assessment_date": participant.consent.isoformat(),
            "inr": results["INR"],
            "west_haven": str(person.screening.west_haven),
            "neutrophils": results["NEUT"],
            "bilirubin": results["BILI"],
            "urea": results["UREA"],
            "age": str(person.age),
            "score": f"{person.score:.2f}",
        },
    )


def _medical_history(facts: Facts, book: Casebook, participant: Participant) -> None:
    chance = participant.person.chance("medical_history")
    terms = chance.in_random_order(facts.terms["medical_history"])
    for _ in range(chance.between(0, 3)):
        start = date(chance.between(2005, 2024), chance.between(1, 12), chance.between(1, 28))
        cells = {"term": next(terms), "start_date": start.isoformat()}
        ongoing = chance.happens(0.7)
        if not ongoing:
            cells["end_date"] = (start + timedelta(days=chance.between(3, 300))).isoformat()
        book.add("medical_history", participant.subject, {**cells, "ongoing": facts.yes_no(value=ongoing)})


def _randomisation(book: Casebook, participant: Participant, allocation: Allocation) -> None:
    book.add(
        "randomisation",
        participant.subject,
        {
            "randomisation_date": allocation.day1.isoformat(),
            "randomisation_time": participant.person.chance("randomisation").clock("08:15", "08:55"),
            "randomisation_number": allocation.number,
            "arm": allocation.arm.collected,
        },
    )
