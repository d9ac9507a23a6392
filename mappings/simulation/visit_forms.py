"""What is written down at each visit."""

from datetime import datetime, time, timedelta

from .casebook import Casebook
from .chance import Chance
from .course import Examination, examination_on, printed
from .enrolment import Held, Participant
from .facts import Assay, Facts, Row
from .scores import child_pugh

DOSE = "2"
"""Particles of one infusion in 10^11, as the protocol has it."""

DILUENT = "100"
"""Saline of one infusion in mL, as the protocol has it."""


def fill_visits(facts: Facts, book: Casebook, participant: Participant) -> None:
    """Fill in every visit that was held, and the infusions."""
    for held in participant.visits:
        _visit(facts, book, participant, held)
        if held.in_person:
            found = _found(facts, participant, held)
            fill_laboratory(facts, book, participant, held, found)
            if participant.allocation is not None:
                _child_pugh(facts, book, participant, held, found)
                _symptoms(book, participant, held, found)
                _vital_signs(book, participant, held, found)
            _encephalopathy_and_ascites(facts, book, participant, held, found)
    for held in participant.doses:
        book.add("infusion", participant.subject, infusion(facts, participant, held))


def fill_laboratory(facts: Facts, book: Casebook, participant: Participant, held: Held, found: Examination) -> None:
    """Write one sample analysed by the first laboratory: before the infusion, after the consent."""
    chance = participant.person.chance("sample", held.visit.collected)
    screening = held.visit.day is None
    sample = {
        "visit": held.visit.collected,
        "sample_id": f"{participant.subject}-{held.date:%m%d}",
        "sample_date": held.date.isoformat(),
        "sample_time": chance.clock("10:00", "11:30") if screening else chance.clock("06:30", "08:00"),
    }
    skippable = {measure.name for measure in facts.measures if measure.skippable}
    for assay in facts.assays[facts.laboratories[0], participant.person.sex]:
        skipped = assay.measure in skippable and not screening and chance.happens(0.02)
        results = {} if skipped else result(facts, assay, assay.printed(found.measures[assay.measure]))
        if skipped:
            results["not_done_reason"] = chance.pick(facts.terms["not_done_reason"])
        book.add(
            "lab",
            participant.subject,
            {
                **sample,
                "laboratory": assay.laboratory,
                "analyte": assay.analyte,
                "not_done": facts.yes_no(value=skipped),
                **results,
            },
        )


def result(facts: Facts, assay: Assay, value: str) -> Row:
    """The cells of a printed result: the number, its unit, range and flag."""
    flag = assay.flag(value)
    return {
        "result": value,
        "unit": assay.unit,
        "range_low": assay.low,
        "range_high": assay.high,
        "lab_flag": facts.choice("NRIND", flag) if flag else "",
    }


def infusion(facts: Facts, participant: Participant, held: Held) -> Row:
    """The cells of an infusion as planned: one full dose over at least 2 hours."""
    chance = participant.person.chance("infusion", held.visit.number)
    start = datetime.combine(held.date, time.fromisoformat(chance.clock("09:00", "10:30")))
    end = start + timedelta(minutes=chance.between(125, 180))
    interrupted = chance.happens(0.05)
    return {
        "visit": held.visit.collected,
        "given": facts.yes_no(value=True),
        "start_date": start.date().isoformat(),
        "start_time": f"{start:%H:%M}",
        "end_date": end.date().isoformat(),
        "end_time": f"{end:%H:%M}",
        "particles": DOSE,
        "volume": DILUENT,
        "lot": chance.pick(facts.terms["lot"]),
        "interrupted": facts.yes_no(value=interrupted),
        "interruption_reason": chance.pick(facts.terms["infusion_interruption"]) if interrupted else "",
    }


def _found(facts: Facts, participant: Participant, held: Held) -> Examination:
    allocation = participant.allocation
    if allocation is None or held.visit.day is None:
        return participant.person.screening
    return examination_on(facts, participant.person, allocation.fate, allocation.day_of(held.date))


def _visit(facts: Facts, book: Casebook, participant: Participant, held: Held) -> None:
    book.add(
        "visit",
        participant.subject,
        {
            "visit": held.visit.collected,
            "status": facts.choice("VISITSTATUS", "Y"),
            "visit_date": held.date.isoformat(),
            "contact": facts.choice("CNTMODE", "IN PERSON" if held.in_person else "TELEPHONE CALL"),
        },
    )


def _encephalopathy_and_ascites(
    facts: Facts, book: Casebook, participant: Participant, held: Held, found: Examination
) -> None:
    book.add(
        "he_ascites",
        participant.subject,
        {
            "visit": held.visit.collected,
            "assessment_date": held.date.isoformat(),
            "west_haven": str(found.west_haven),
            "ascites": facts.choice("ASCITES", found.ascites),
        },
    )


def _child_pugh(facts: Facts, book: Casebook, participant: Participant, held: Held, found: Examination) -> None:
    results = printed(facts.assays[facts.laboratories[0], participant.person.sex], found.measures)
    points = child_pugh(
        west_haven=found.west_haven,
        ascites=found.ascites,
        bilirubin=results["BILI"],
        albumin=results["ALB"],
        inr=results["INR"],
    )
    book.add(
        "child_pugh",
        participant.subject,
        {
            "visit": held.visit.collected,
            "assessment_date": held.date.isoformat(),
            **{item: str(value) for item, value in points._asdict().items()},
        },
    )


def _symptoms(book: Casebook, participant: Participant, held: Held, found: Examination) -> None:
    chance = participant.person.chance("symptoms", held.visit.number)
    bilirubin = found.measures["BILI"]
    items = {
        "fatigue": _graded(found.severity * 0.7 + 2.0, chance),
        "anorexia": _graded(found.severity * 0.7 + 1.8, chance),
        "nausea": _graded(found.severity * 0.6 + 1.3, chance),
        "jaundice": (bilirubin >= 34.2) + (bilirubin >= 171) + (bilirubin >= 342),
        "consciousness": min(3, found.west_haven),
    }
    book.add(
        "symptom_score",
        participant.subject,
        {
            "visit": held.visit.collected,
            "assessment_date": held.date.isoformat(),
            **{item: str(value) for item, value in items.items()},
            "total": str(sum(items.values())),
        },
    )


def _graded(level: float, chance: Chance) -> int:
    return max(0, min(3, round(level + chance.normal(0, 0.5))))


def _vital_signs(book: Casebook, participant: Participant, held: Held, found: Examination) -> None:
    body = participant.person.chance("body")
    height = body.normal(170 if participant.person.sex == "M" else 159, 6)
    weight = body.normal(23.5, 2.5) * (height / 100) ** 2
    systolic = body.normal(118, 8)
    chance = participant.person.chance("vital_signs", held.visit.number)
    systolic += chance.normal(0, 5)
    cells = {
        "visit": held.visit.collected,
        "measurement_date": held.date.isoformat(),
        "measurement_time": chance.clock("10:00", "11:00")
        if held.visit.day is None
        else chance.clock("07:00", "08:10"),
        "temperature": f"{chance.normal(36.6, 0.25):.1f}",
        "pulse": str(round(79 + 4 * found.severity + chance.normal(0, 5))),
        "respiration": str(round(18 + 0.5 * found.severity + chance.normal())),
        "systolic": str(round(systolic)),
        "diastolic": str(round(systolic * 0.63)),
        "weight": f"{weight + chance.normal(0, 0.6):.1f}",
    }
    if held.visit.day is None:
        cells["height"] = f"{height:.0f}"
    book.add("vital_signs", participant.subject, cells)
