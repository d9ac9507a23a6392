"""The synthetic study: a clean export, or one with faults whose places are known."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from . import faults_of_conduct as conduct
from . import faults_of_entry as entry
from .casebook import Casebook
from .chance import Chance
from .enrolment import Participant, enrol
from .entry_forms import fill_entry
from .event_forms import fill_events
from .facts import Facts, read_facts
from .planting import Planting, Spot
from .visit_forms import fill_visits

TRUTH = ("fault", "form", "row", "subject", "column", "value", "rule")

DICTIONARIES = ("meddra", "whodrug")
"""Tables of `specs/simulation/` that stand for what a sponsor licenses."""

# Records that come or go are planted first, so that every other fault stays where it was put.
FAULTS: tuple[Callable[[Planting, Chance], Iterator[Spot]], ...] = (
    conduct.ineligible_subject,
    conduct.missed_visit,
    conduct.second_laboratory,
    conduct.unscheduled_visit,
    conduct.missed_dose,
    conduct.wrong_arm_dose,
    conduct.short_infusion,
    conduct.dose_amount,
    conduct.duplicate_sample,
    conduct.date_after_death,
    conduct.consent_after_procedure,
    entry.unmapped_analyte,
    entry.not_a_number,
    entry.censored_result,
    entry.full_width_censored,
    entry.full_width_digits,
    entry.unit_spelling,
    entry.unmapped_term,
    entry.serious_without_criterion,
    entry.ae_term_not_in_dictionary,
    entry.long_chinese_text,
    entry.partial_date,
    entry.impossible_date,
    conduct.alive_after_death,
    entry.history_term_not_in_dictionary,
    entry.treatment_not_in_dictionary,
)


@dataclass(frozen=True, slots=True)
class Simulated:
    """A synthetic study; every column of every frame is text, a blank cell is null.

    Args:
        forms: the export by form, sorted by subject and record; columns as the form's spec has them.
        truth: one row per planted fault: `fault`, `form`, `row` in the form's file with the header as row 1
            (null where no single record is to blame), `subject`, `column`, planted `value`, and the `rule` of
            the Issue that must report it. Empty for a clean study.
        dictionaries: by name, invented terms laid out as a user's own dictionary has to be.
    """

    forms: Mapping[str, pl.DataFrame]
    truth: pl.DataFrame
    dictionaries: Mapping[str, pl.DataFrame]


def simulate(*, subjects: int, seed: int, clean: bool, specs: Mapping[str, pl.DataFrame]) -> Simulated:
    """Invent an export of this protocol's CRF; the same arguments give the same bytes anywhere.

    Args:
        subjects: how many are randomised; screen failures come on top.
        seed: any whole number.
        clean: True for an export without faults.
        specs: tables of text by file stem: `specs/reference/`, `specs/simulation/`, `collected`, and
            `specs/raw/` as `raw/<form>`.

    Raises:
        KeyError: a table, a column or a row of `specs` is missing; it is named.
    """
    facts = read_facts(specs)
    participants = enrol(facts, subjects, seed)
    book = Casebook(facts.forms)
    for participant in participants:
        fill_entry(facts, book, participant)
        fill_visits(facts, book, participant)
        fill_events(facts, book, participant)
    quota = max(1, subjects // 20)
    planted = [] if clean else _plant(facts, book, participants, seed, quota)
    return Simulated(
        forms={form: book.frame(form) for form in facts.forms},
        truth=_truth(facts, book, planted),
        dictionaries={name: specs[name] for name in DICTIONARIES},
    )


def _plant(
    facts: Facts, book: Casebook, participants: list[Participant], seed: int, quota: int
) -> list[tuple[str, Spot]]:
    study = Planting(facts=facts, book=book, participants={one.subject: one for one in participants}, quota=quota)
    return [(fault.__name__, spot) for fault in FAULTS for spot in fault(study, Chance(seed, "fault", fault.__name__))]


def _truth(facts: Facts, book: Casebook, planted: list[tuple[str, Spot]]) -> pl.DataFrame:
    forms = {spot.record.form for _, spot in planted}
    rows = {record: row for form in forms for row, record in enumerate(book.all(form), 2)}
    return pl.DataFrame(
        [
            (
                fault,
                spot.record.form,
                None if spot.whole_subject else str(rows[spot.record]),
                spot.record.subject,
                spot.column,
                spot.record.cells[spot.column],
                facts.rules[fault],
            )
            for fault, spot in planted
        ],
        schema=dict.fromkeys(TRUTH, pl.String),
        orient="row",
    )
