"""Faults in how the study was run: visits, doses, samples, eligibility. Each function is one kind."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from .casebook import Record
from .chance import Chance
from .course import examination_on
from .enrolment import Held, Participant
from .facts import Assay, Facts
from .planting import Planting, Spot
from .scores import ELIGIBLE_BELOW, cossh_aclf_ii, urea_for_score
from .visit_forms import fill_laboratory, infusion, result


def ineligible_subject(study: Planting, _chance: Chance) -> Iterator[Spot]:
    """More urea at screening, hence too high a score; the subjects are those who are nearest to it."""
    facts, book = study.facts, study.book
    randomised = [record for record in book.all("eligibility") if study.participants[record.subject].allocation]
    randomised.sort(key=lambda record: -study.participants[record.subject].person.score)
    for record in study.first_free(randomised):
        person = study.participants[record.subject].person
        [score] = book.of(record.subject, "cossh_aclf")
        visit, analyte = facts.visits[0].collected, study.analyte("UREA")
        [urea] = book.of(record.subject, "lab", visit=visit, analyte=analyte)
        assay = _assay(facts, study.participants[record.subject], urea)
        raised = urea_for_score(person.score, urea=score.cells["urea"], wanted=ELIGIBLE_BELOW + 0.15)
        urea.cells |= result(facts, assay, assay.printed(raised))
        score.cells["urea"] = urea.cells["result"]
        inputs = {name: score.cells[name] for name in ("inr", "neutrophils", "bilirubin", "urea")}
        raised_score = cossh_aclf_ii(west_haven=person.screening.west_haven, age=person.age, **inputs)
        score.cells["score"] = f"{raised_score:.2f}"
        study.taken |= {score, urea}
        record.cells["incl03"] = facts.yes_no(value=False)
        yield Spot(record, "incl03")


def missed_visit(study: Planting, chance: Chance) -> Iterator[Spot]:
    """The first visit without a dose, of a subject who came again later."""
    facts, book = study.facts, study.book
    missable = next(visit for visit in facts.visits[1:] if not visit.dose)
    candidates = [
        record
        for record in book.all("visit")
        if record.cells["visit"] == missable.collected
        and study.participants[record.subject].visits[-1].visit != missable
    ]
    for record in study.choose(chance, candidates):
        record.cells = {
            "visit": missable.collected,
            "status": facts.choice("VISITSTATUS", "N"),
            "reason": chance.pick(facts.terms["missed_visit_reason"]),
        }
        for form in ("lab", "he_ascites", "child_pugh", "symptom_score", "vital_signs"):
            for done in book.of(record.subject, form, visit=missable.collected):
                book.remove(done)
        yield Spot(record, "status")


def second_laboratory(study: Planting, chance: Chance) -> Iterator[Spot]:
    """All results of one visit as another laboratory would have printed them."""
    facts, book = study.facts, study.book
    other = facts.laboratories[1]
    for chosen in study.choose(chance, study.later_results()):
        participant = study.participants[chosen.subject]
        printing = {assay.measure: assay for assay in facts.assays[other, participant.person.sex]}
        sample = book.of(chosen.subject, "lab", sample_id=chosen.cells["sample_id"])
        for record in sample:
            first = _assay(facts, participant, record)
            second = printing[first.measure]
            if value := record.cells.get("result"):
                record.cells |= result(facts, second, second.printed(float(value) * first.factor))
            record.cells |= {"laboratory": other, "analyte": second.analyte}
        study.taken |= set(sample)
        yield Spot(chosen, "laboratory", whole_subject=True)


def unscheduled_visit(study: Planting, chance: Chance) -> Iterator[Spot]:
    """A visit about a week before a visit that was held in person after a long pause."""
    facts, book = study.facts, study.book
    late = {visit.collected for visit in facts.visits if visit.landmark}
    in_person = facts.choice("CNTMODE", "IN PERSON")
    candidates = [
        record for record in book.all("visit") if record.cells["visit"] in late and record.cells["contact"] == in_person
    ]
    for neighbour in study.choose(chance, candidates):
        participant = study.participants[neighbour.subject]
        allocation = participant.allocation
        if allocation is None:
            continue
        when = date.fromisoformat(neighbour.cells["visit_date"]) - timedelta(days=chance.between(6, 9))
        held = Held(replace(facts.visits[-1], collected=f"{facts.unscheduled}1"), when)
        found = examination_on(facts, participant.person, allocation.fate, allocation.day_of(when))
        record = book.add(
            "visit",
            neighbour.subject,
            {
                "visit": held.visit.collected,
                "status": facts.choice("VISITSTATUS", "Y"),
                "visit_date": when.isoformat(),
                "contact": in_person,
                "reason": chance.pick(facts.terms["unscheduled_reason"]),
            },
        )
        fill_laboratory(facts, book, participant, held, found)
        study.taken |= {record, *book.of(neighbour.subject, "lab", visit=held.visit.collected)}
        yield Spot(record, "visit")


def missed_dose(study: Planting, chance: Chance) -> Iterator[Spot]:
    """The third dose, of a subject who got the other three."""
    facts, book = study.facts, study.book
    doses = [visit.collected for visit in facts.visits if visit.dose]
    candidates = [
        record
        for record in book.all("infusion")
        if record.cells["visit"] == doses[2] and len(book.of(record.subject, "infusion")) == len(doses)
    ]
    for record in study.choose(chance, candidates):
        record.cells = {
            "visit": doses[2],
            "given": facts.yes_no(value=False),
            "reason_not_given": chance.pick(facts.terms["missed_dose_reason"]),
        }
        yield Spot(record, "given")


def wrong_arm_dose(study: Planting, chance: Chance) -> Iterator[Spot]:
    """One infusion on Day 1 for a control subject."""
    controls = [record for record in study.book.all("randomisation") if not study.participants[record.subject].doses]
    for record in study.choose(chance, controls):
        participant = study.participants[record.subject]
        cells = infusion(study.facts, participant, participant.visits[1])
        dose = study.book.add("infusion", record.subject, cells)
        study.taken.add(dose)
        yield Spot(dose, "given")


def short_infusion(study: Planting, chance: Chance) -> Iterator[Spot]:
    """An infusion of 70 to 110 minutes; the protocol asks for at least 2 hours."""
    for record in study.choose(chance, _given(study)):
        started = datetime.fromisoformat(f"{record.cells['start_date']}T{record.cells['start_time']}")
        record.cells["end_time"] = f"{started + timedelta(minutes=chance.between(70, 110)):%H:%M}"
        yield Spot(record, "end_time")


def dose_amount(study: Planting, chance: Chance) -> Iterator[Spot]:
    """Fewer particles than planned."""
    for record in study.choose(chance, _given(study)):
        record.cells["particles"] = "1.5"
        yield Spot(record, "particles")


def duplicate_sample(study: Planting, chance: Chance) -> Iterator[Spot]:
    """A second result at the same minute, a little higher, with a sample number of its own."""
    for record in study.choose(chance, study.later_results()):
        assay = _assay(study.facts, study.participants[record.subject], record)
        value = assay.printed(float(record.cells["result"]) * assay.factor * 1.06)
        again = {**record.cells, "sample_id": f"{record.cells['sample_id']}-R", **result(study.facts, assay, value)}
        duplicate = study.book.add("lab", record.subject, again)
        study.taken.add(duplicate)
        yield Spot(duplicate, "sample_id")


def date_after_death(study: Planting, chance: Chance) -> Iterator[Spot]:
    """A sample of a subject who had died, dated a few days later."""
    died = {record.subject: record.cells["death_date"] for record in study.book.all("death")}
    samples = [record for record in study.later_results() if record.subject in died]
    for record in study.choose(chance, samples):
        late = date.fromisoformat(died[record.subject]) + timedelta(days=chance.between(2, 5))
        record.cells["sample_date"] = late.isoformat()
        yield Spot(record, "sample_date")


def alive_after_death(study: Planting, chance: Chance) -> Iterator[Spot]:
    """A last date known alive, a few days after the death."""
    died = {record.subject: record.cells["death_date"] for record in study.book.all("death")}
    contacts = [record for record in study.book.all("survival") if record.subject in died]
    for record in study.choose(chance, contacts):
        late = date.fromisoformat(died[record.subject]) + timedelta(days=chance.between(2, 5))
        record.cells["last_alive_date"] = late.isoformat()
        yield Spot(record, "last_alive_date")


def consent_after_procedure(study: Planting, chance: Chance) -> Iterator[Spot]:
    """A screening sample dated before the consent."""
    screening = study.facts.visits[0].collected
    samples = [record for record in study.book.all("lab") if record.cells["visit"] == screening]
    for record in study.choose(chance, samples):
        early = study.participants[record.subject].consent - timedelta(days=chance.between(1, 3))
        record.cells["sample_date"] = early.isoformat()
        yield Spot(record, "sample_date")


def _given(study: Planting) -> list[Record]:
    yes = study.facts.yes_no(value=True)
    return [record for record in study.book.all("infusion") if record.cells["given"] == yes]


def _assay(facts: Facts, participant: Participant, record: Record) -> Assay:
    assays = facts.assays[record.cells["laboratory"], participant.person.sex]
    return next(assay for assay in assays if assay.analyte == record.cells["analyte"])
