"""What happens between the visits and how the study ends for a subject."""

from datetime import date, timedelta

from .casebook import Casebook
from .chance import Chance
from .enrolment import Allocation, Participant
from .facts import Facts, Row

CRITERIA = (
    "results_in_death",
    "life_threatening",
    "hospitalisation",
    "disability",
    "congenital",
    "medically_important",
)
"""Columns of the criteria of seriousness (ICH E2A)."""


def fill_events(facts: Facts, book: Casebook, participant: Participant) -> None:
    """Fill in events, treatments, procedures, survival, death and disposition."""
    allocation = participant.allocation
    if allocation is None:
        _end_of(facts, book, participant, "STUDY PARTICIPATION", "screen_failure", participant.end)
        return
    _adverse_events(facts, book, participant, allocation)
    _concomitant(facts, book, participant)
    _procedures(facts, book, participant, allocation)
    _survival(facts, book, participant, allocation)
    if allocation.fate.ending == "died":
        _death(facts, book, participant)
    _disposition(facts, book, participant, allocation)


def _adverse_events(facts: Facts, book: Casebook, participant: Participant, allocation: Allocation) -> None:
    chance = participant.person.chance("adverse_events")
    terms = chance.in_random_order(facts.terms["adverse_event"])
    last_day = allocation.day_of(participant.end)
    for _ in range(chance.between(0, 4)):
        start = allocation.date_of(chance.between(1, max(1, last_day - 1)))
        book.add(
            "adverse_event",
            participant.subject,
            {
                "term": next(terms),
                "start_date": start.isoformat(),
                "start_time": chance.clock("13:30", "20:00") if chance.happens(0.4) else "",
                **_course_of_event(facts, chance, start, participant.end),
                **_severity_of_event(facts, chance),
                **_relation(facts, chance, participant, start),
                "treatment_given": facts.yes_no(value=chance.happens(0.3)),
                "description": chance.pick(facts.terms["event_description"]) if chance.happens(0.5) else "",
            },
        )
    if allocation.fate.ending == "died":
        start = participant.end - timedelta(days=chance.between(1, 4))
        book.add(
            "adverse_event",
            participant.subject,
            {
                "term": next(terms),
                "start_date": start.isoformat(),
                "end_date": participant.end.isoformat(),
                "ongoing": facts.yes_no(value=False),
                "ctcae_grade": "5",
                "serious": facts.yes_no(value=True),
                **{column: facts.yes_no(value=column == "results_in_death") for column in CRITERIA},
                **_relation(facts, chance, participant, start),
                "outcome": facts.choice("OUT", "FATAL"),
                "treatment_given": facts.yes_no(value=True),
            },
        )


def _course_of_event(facts: Facts, chance: Chance, start: date, last: date) -> Row:
    end = start + timedelta(days=chance.between(1, 18))
    ongoing = end >= last
    outcome = chance.pick(("RECOVERING/RESOLVING", "NOT RECOVERED/NOT RESOLVED")) if ongoing else "RECOVERED/RESOLVED"
    return {
        "end_date": "" if ongoing else end.isoformat(),
        "ongoing": facts.yes_no(value=ongoing),
        "outcome": facts.choice("OUT", outcome),
    }


def _severity_of_event(facts: Facts, chance: Chance) -> Row:
    grade = chance.weighted((1, 2, 3, 4), (0.45, 0.35, 0.15, 0.05))
    serious = grade == 4 or (grade == 3 and chance.happens(0.4))
    met = ("life_threatening",) if grade == 4 else ("hospitalisation",)
    return {
        "ctcae_grade": str(grade),
        "serious": facts.yes_no(value=serious),
        **{column: facts.yes_no(value=serious and column in met) for column in CRITERIA},
    }


def _relation(facts: Facts, chance: Chance, participant: Participant, start: date) -> Row:
    """Nothing can be done with the exosome for a control, before the first dose or after the last one."""
    doses = participant.doses
    relation, action = "NOT RELATED", "NOT APPLICABLE"
    if doses:
        relation = chance.weighted(
            ("NOT RELATED", "UNLIKELY RELATED", "POSSIBLY RELATED", "RELATED"), (0.4, 0.35, 0.2, 0.05)
        )
        if doses[0].date <= start < doses[-1].date:
            action = "DOSE NOT CHANGED"
    return {"relation": facts.choice("AEREL", relation), "action": facts.choice("ACN", action)}


def _concomitant(facts: Facts, book: Casebook, participant: Participant) -> None:
    chance = participant.person.chance("concomitant")
    for category, treatments in facts.treatments.items():
        chosen = chance.in_random_order(treatments)
        for _ in range(1 if category == "ANTIVIRAL" else chance.between(1, 2)):
            start = participant.consent + timedelta(days=chance.between(0, 1))
            end = start + timedelta(days=chance.between(10, 200))
            ongoing = end >= participant.end
            book.add(
                "concomitant",
                participant.subject,
                {
                    **next(chosen),
                    "category": facts.choice("CMCAT", category),
                    "start_date": start.isoformat(),
                    "end_date": "" if ongoing else end.isoformat(),
                    "ongoing": facts.yes_no(value=ongoing),
                },
            )


def _procedures(facts: Facts, book: Casebook, participant: Participant, allocation: Allocation) -> None:
    chance = participant.person.chance("procedures")
    sessions = chance.between(1, 3) if chance.happens(0.4) else 0
    for session in range(sessions):
        when = allocation.date_of(2 + 3 * session)
        if when < participant.end:
            support = chance.pick(("PLASMA EXCHANGE", "DOUBLE PLASMA MOLECULAR ADSORPTION"))
            _procedure(facts, book, participant, support, when, chance)
    if allocation.fate.ending == "transplanted":
        when = allocation.date_of(allocation.fate.day)
        _procedure(facts, book, participant, "LIVER TRANSPLANTATION", when, chance)


def _procedure(
    facts: Facts, book: Casebook, participant: Participant, procedure: str, when: date, chance: Chance
) -> None:
    book.add(
        "procedure",
        participant.subject,
        {
            "procedure": facts.choice("PROCEDURE", procedure),
            "start_date": when.isoformat(),
            "start_time": chance.clock("13:30", "16:00"),
            "end_date": when.isoformat(),
            "indication": chance.pick(facts.terms["procedure_indication"]),
        },
    )


def _survival(facts: Facts, book: Casebook, participant: Participant, allocation: Allocation) -> None:
    """One row per landmark; a death is dated, and of a subject who is gone only the last contact is known."""
    contacts = {held.visit.number: held.date for held in participant.visits}
    for visit in facts.visits:
        if not visit.landmark:
            continue
        contact = contacts.get(visit.number)
        status = "ALIVE"
        if contact is None and allocation.fate.ending == "died":
            status, contact = "DEAD", participant.end
        elif contact is None:
            status = "UNKNOWN"
        book.add(
            "survival",
            participant.subject,
            {
                "visit": visit.collected,
                "contact_date": contact.isoformat() if contact else "",
                "status": facts.choice("SURVIVAL", status),
                "last_alive_date": (contact or participant.end).isoformat(),
            },
        )


def _death(facts: Facts, book: Casebook, participant: Participant) -> None:
    chance = participant.person.chance("death")
    book.add(
        "death",
        participant.subject,
        {
            "death_date": participant.end.isoformat(),
            "death_time": chance.clock("00:10", "23:50"),
            "cause": chance.pick(facts.terms["death_cause"]),
            "place": chance.pick(facts.terms["death_place"]),
        },
    )


def _disposition(facts: Facts, book: Casebook, participant: Participant, allocation: Allocation) -> None:
    ending = allocation.fate.ending
    doses = participant.doses
    if allocation.arm.study_drug:
        treated = len(doses) == sum(visit.dose for visit in facts.visits)
        last = doses[-1].date if treated else allocation.date_of(allocation.fate.day)
        _end_of(facts, book, participant, "STUDY TREATMENT", "completed" if treated else ending, last)
    stays = participant.visits[-1].visit == facts.visits[-1]
    _end_of(facts, book, participant, "STUDY PARTICIPATION", "completed" if stays else ending, participant.end)


def _end_of(facts: Facts, book: Casebook, participant: Participant, scope: str, ending: str, when: date) -> None:
    reason, detail = facts.disposition[ending]
    book.add(
        "disposition",
        participant.subject,
        {
            "scope": facts.choice("DSSCAT", scope),
            "reason": facts.choice("NCOMPLT", reason),
            "end_date": when.isoformat(),
            "detail": detail,
        },
    )
