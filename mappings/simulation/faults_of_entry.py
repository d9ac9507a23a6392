"""Faults in how a value was typed. Each function is one kind."""

from collections.abc import Iterator
from datetime import date

from .casebook import Record
from .chance import Chance
from .planting import Planting, Spot

FULL_WIDTH = str.maketrans("0123456789.<", "０１２３４５６７８９．＜")
BELOW_LIMIT = "<0.5"


def unmapped_analyte(study: Planting, chance: Chance) -> Iterator[Spot]:
    """A result under a name that no list of analytes holds."""
    term = study.facts.terms["unlisted_analyte"][0]
    for record in study.choose(chance, study.later_results()):
        stray = study.book.add("lab", record.subject, {**record.cells, "analyte": term})
        study.taken.add(stray)
        yield Spot(stray, "analyte")


def not_a_number(study: Planting, chance: Chance) -> Iterator[Spot]:
    """What the laboratory remarked where its result should stand."""
    for record in study.choose(chance, study.later_results()):
        record.cells |= {"result": chance.pick(study.facts.terms["not_a_number"]), "lab_flag": ""}
        yield Spot(record, "result")


def censored_result(study: Planting, chance: Chance) -> Iterator[Spot]:
    """Interleukin 6 below the limit of quantification."""
    for record in study.choose(chance, study.later_results(study.analyte("INTLK6"))):
        record.cells |= {"result": BELOW_LIMIT, "lab_flag": ""}
        yield Spot(record, "result")


def full_width_censored(study: Planting, chance: Chance) -> Iterator[Spot]:
    """The same, typed with a full-width sign."""
    for record in study.choose(chance, study.later_results(study.analyte("INTLK6"))):
        record.cells |= {"result": BELOW_LIMIT.replace("<", "＜"), "lab_flag": ""}
        yield Spot(record, "result")


def full_width_digits(study: Planting, chance: Chance) -> Iterator[Spot]:
    """A right result in the wrong characters."""
    for record in study.choose(chance, study.later_results()):
        record.cells["result"] = record.cells["result"].translate(FULL_WIDTH)
        yield Spot(record, "result")


def unit_spelling(study: Planting, chance: Chance) -> Iterator[Spot]:
    """The right unit, spelled as laboratories do."""
    results = [record for record in study.later_results() if record.cells["unit"] in study.facts.spellings]
    for record in study.choose(chance, results):
        record.cells["unit"] = chance.pick(study.facts.spellings[record.cells["unit"]])
        yield Spot(record, "unit")


def unmapped_term(study: Planting, chance: Chance) -> Iterator[Spot]:
    """A sex that is typed and not chosen."""
    male = study.facts.choice("SEX", "M")
    men = [record for record in study.book.all("demographics") if record.cells["sex"] == male]
    for record in study.choose(chance, men):
        record.cells["sex"] = study.facts.terms["unlisted_male"][0]
        yield Spot(record, "sex")


def serious_without_criterion(study: Planting, chance: Chance) -> Iterator[Spot]:
    """Serious, and no criterion says why."""
    no = study.facts.yes_no(value=False)
    for record in study.choose(chance, [event for event in _events(study) if event.cells["serious"] == no]):
        record.cells["serious"] = study.facts.yes_no(value=True)
        yield Spot(record, "serious")


def ae_term_not_in_dictionary(study: Planting, chance: Chance) -> Iterator[Spot]:
    """An event that the dictionary does not hold."""
    for record in study.choose(chance, _events(study)):
        record.cells["term"] = chance.pick(study.facts.terms["uncoded_event"])
        yield Spot(record, "term")


def history_term_not_in_dictionary(study: Planting, chance: Chance) -> Iterator[Spot]:
    """A disease that the dictionary does not hold."""
    for record in study.choose(chance, study.book.all("medical_history")):
        record.cells["term"] = chance.pick(study.facts.terms["uncoded_history"])
        yield Spot(record, "term")


def treatment_not_in_dictionary(study: Planting, chance: Chance) -> Iterator[Spot]:
    """A drug that the dictionary does not hold."""
    for record in study.choose(chance, study.book.all("concomitant")):
        record.cells["treatment"] = chance.pick(study.facts.terms["uncoded_treatment"])
        yield Spot(record, "treatment")


def long_chinese_text(study: Planting, chance: Chance) -> Iterator[Spot]:
    """More than 200 bytes of UTF-8, and every other one more than 400."""
    sentences = study.facts.terms["chinese_sentence"]
    for place, record in enumerate(study.choose(chance, _events(study))):
        record.cells["description"] = "".join(sentences if place % 2 == 0 else sentences[:3])
        yield Spot(record, "description")


def partial_date(study: Planting, chance: Chance) -> Iterator[Spot]:
    """A start date without its day, or without its month too."""
    for record in study.choose(chance, [*_events(study), *study.book.all("medical_history")]):
        whole = date.fromisoformat(record.cells["start_date"])
        shape = chance.pick(("{0:%Y-%m}", "{0:%Y}-UK-UK", "{0:%Y-%m}-UK"))
        record.cells["start_date"] = shape.format(whole)
        record.cells.pop("start_time", None)
        yield Spot(record, "start_date")


def impossible_date(study: Planting, chance: Chance) -> Iterator[Spot]:
    """A day that its month does not have; it lies within the study, so that no other rule minds it."""
    possible: dict[Record, list[str]] = {}
    for record in [*_events(study), *study.book.all("medical_history")]:
        if end := record.cells.get("end_date"):
            last = study.participants[record.subject].end.isoformat()
            days = [f"{end[:4]}-{day}" for day in ("02-30", "04-31", "06-31", "09-31", "11-31")]
            possible[record] = [day for day in days if record.cells["start_date"] < day < last]
    for record in study.choose(chance, [record for record, days in possible.items() if days]):
        record.cells["end_date"] = chance.pick(possible[record])
        yield Spot(record, "end_date")


def _events(study: Planting) -> list[Record]:
    """Adverse events whose records no other form repeats: all but the fatal ones."""
    return [record for record in study.book.all("adverse_event") if record.cells["ctcae_grade"] != "5"]
