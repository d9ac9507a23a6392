"""The study while faults are planted in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .casebook import Casebook, Record
from .chance import Chance
from .enrolment import Participant
from .facts import Facts


class Spot(NamedTuple):
    """Where a fault stands; `whole_subject` where no single record is to blame."""

    record: Record
    column: str
    whole_subject: bool = False


@dataclass(slots=True, kw_only=True)
class Planting:
    """A filled-in study, and which of its records hold a fault already.

    Args:
        facts: the facts of the study.
        book: its records; changed in place.
        participants: by subject number.
        quota: how many subjects get each kind of fault.
        taken: records that no other fault may touch.
    """

    facts: Facts
    book: Casebook
    participants: Mapping[str, Participant]
    quota: int
    taken: set[Record] = field(default_factory=set)

    def choose(self, chance: Chance, records: Iterable[Record]) -> Iterator[Record]:
        """As many free records as the quota says, at random and each of another subject; taken from now on."""
        return self.first_free(chance.in_random_order(list(records)))

    def first_free(self, records: Iterable[Record]) -> Iterator[Record]:
        """The same, in the order given."""
        subjects: set[str] = set()
        for record in records:
            if len(subjects) == self.quota:
                return
            if record not in self.taken and record.subject not in subjects:
                subjects.add(record.subject)
                self.taken.add(record)
                yield record

    def later_results(self, *analytes: str) -> list[Record]:
        """Laboratory results after Day 1, which no score at entry and no baseline needs."""
        early = {visit.collected for visit in self.facts.visits[:2]}
        return [
            record
            for record in self.book.all("lab")
            if record.cells.get("result")
            and record.cells["visit"] not in early
            and (not analytes or record.cells["analyte"] in analytes)
        ]

    def analyte(self, measure: str) -> str:
        """What the first laboratory calls a measure."""
        assays = self.facts.assays[self.facts.laboratories[0], "M"]
        return next(assay.analyte for assay in assays if assay.measure == measure)
