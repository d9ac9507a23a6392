"""A package into a FHIR server: what the server lacks is sent, what it has is left alone, every resource is reported.

The server is read before anything is written to it. A resource is unchanged where the journal says that these very
bytes were accepted and the server still has that version, or where the server's copy says the same digit for digit. All
else is sent by PUT.

Parts are sent in dependency order: what a resource refers to is in the same part, or the server has it. A part that is
refused is halved until the entry at fault stands alone. What refers to a refused resource that the server does not have
is held back, so that no reference on the server leads nowhere.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from cdisc_aclf.errors import InputError
from cdisc_aclf.fhir.push.journal import Accepted, digest_of, note, read_journal
from cdisc_aclf.fhir.push.outcome import Done, Outcome, Withdrawn
from cdisc_aclf.fhir.push.package import read_base, read_package
from cdisc_aclf.fhir.push.server import FhirServer, Resource
from cdisc_aclf.fhir.validate.parts import inner
from cdisc_aclf.fhir.write.resources import Entry, exact_json
from cdisc_aclf.fhir.write.transaction import delete_row, in_order, put_row, references, transaction

Item = TypeVar("Item")

_KEPT_META = ("profile", "security", "tag")  # the rest of meta is the server's
_CRASHES = 3  # resources in a row that a server answers with 500, until it is the server that is at fault


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One entry of a transaction: its JSON, what it leads to, and what the journal is to say of it."""

    reference: str
    row: str
    done: Done
    accepted: str | None  # digest; None for a resource that is deleted
    needs: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Loading:
    server: FhirServer
    journal: Path
    size: int
    is_dry: bool
    known: dict[str, Accepted]
    sources: dict[str, str]
    in_flight: set[str] = field(default_factory=set)
    lacking: set[str] = field(default_factory=set)
    crashes: int = 0

    def put(self, entries: Sequence[Entry]) -> Iterator[Outcome]:
        """Create or replace what the server has not as it is here."""
        for part in _parts(entries, self.size):
            changes, same = [], []
            for (reference, text), theirs in zip(part, self.server.read(name for name, _ in part), strict=True):
                if theirs is not None and self._has(reference, text, theirs):
                    same.append((reference, Accepted(digest_of(text), _version(theirs))))
                    continue
                done = Done.CREATED if theirs is None else Done.UPDATED
                row = put_row(reference, text, base=self.server.url)
                changes.append(
                    _Change(
                        reference=reference, row=row, done=done, accepted=digest_of(text), needs=tuple(references(text))
                    )
                )
            self._note((name, accepted) for name, accepted in same if self.known.get(name) != accepted)
            yield from (self.outcome(name, Done.UNCHANGED) for name, _ in same)
            yield from self._send(changes)

    def remove(self, gone: Sequence[str]) -> Iterator[Outcome]:
        """Delete what is not in this cut, what refers to others first."""
        for part in _parts(gone, self.size):
            found = dict(zip(part, self.server.read(part), strict=True))
            absent = [name for name in part if found[name] is None]
            self._note((name, None) for name in absent)
            yield from (self.outcome(name, Done.DELETED, text="the server did not have it") for name in absent)
            yield from self._send(
                [
                    _Change(reference=name, row=delete_row(name), done=Done.DELETED, accepted=None)
                    for name in part
                    if found[name] is not None
                ]
            )

    def mark(self, gone: Sequence[str], tag: Resource) -> Iterator[Outcome]:
        """Tag the server's own copy of what is not in this cut."""
        for part in _parts(gone, self.size):
            changes = []
            for name, theirs in zip(part, self.server.read(part), strict=True):
                if theirs is None:
                    yield self.outcome(name, Done.UNCHANGED, text="the server does not have it")
                    continue
                meta = _meta(theirs)
                tags = meta.get("tag", [])
                if tag in tags:
                    yield self.outcome(name, Done.UNCHANGED, text="marked before")
                    continue
                marked = exact_json({**theirs, "meta": {**meta, "tag": [*tags, tag]}})
                changes.append(
                    _Change(
                        reference=name, row=put_row(name, marked, base=self.server.url), done=Done.MARKED, accepted=""
                    )
                )
            yield from self._send(changes)

    def _has(self, reference: str, text: str, theirs: Resource) -> bool:
        mine, version = self.known.get(reference), _version(theirs)
        return (version != "" and mine == Accepted(digest_of(text), version)) or _same(text, theirs)

    def _send(self, changes: Sequence[_Change]) -> Iterator[Outcome]:
        if self.is_dry:
            yield from (self.outcome(change.reference, change.done, text="dry run") for change in changes)
            return
        sent = []
        for change in changes:
            if nowhere := next((name for name in change.needs if name in self.lacking), None):
                yield self._failed(change, Done.HELD_BACK, text=f"refers to {nowhere}, which the server does not have")
            else:
                sent.append(change)
        if not sent:
            return
        self.in_flight = {change.reference for change in sent}
        answer, entries = self.server.transact(b"".join(transaction(change.row for change in sent)))
        if answer.is_good and len(entries) != len(sent):
            raise InputError(self.server.url, f"answers {len(entries)} entries to {len(sent)}")
        if not answer.is_good and len(sent) > 1:
            yield from self._send(sent[: len(sent) // 2])
            yield from self._send(sent[len(sent) // 2 :])
            return
        told = list(zip(sent, entries or [answer], strict=True))
        self._note(
            (change.reference, None if change.accepted is None else Accepted(change.accepted, said.version))
            for change, said in told
            if said.is_good
        )
        self.crashes = self.crashes + 1 if answer.status == 500 else 0
        for change, said in told:
            if said.is_good:
                yield self.outcome(change.reference, change.done, said.status, said.words)
            else:
                yield self._failed(change, Done.REFUSED, said.status, said.words)
        if self.crashes == _CRASHES:
            raise InputError(self.server.url, f"answers 500 to {_CRASHES} resources in a row: {answer.words}")

    def _failed(self, change: _Change, done: Done, status: int = 0, text: str = "") -> Outcome:
        if change.done is Done.CREATED:
            self.lacking.add(change.reference)
        return self.outcome(change.reference, done, status, text)

    def outcome(self, reference: str, done: Done, status: int = 0, text: str = "") -> Outcome:
        return Outcome(reference, self.sources.get(reference, ""), done, status, text)

    def _note(self, changes: Iterable[tuple[str, Accepted | None]]) -> None:
        if not self.is_dry:
            note(self.journal, self.server.url, changes)


def load(
    folder: Path, server: FhirServer, *, journal: Path, size: int, withdrawn: Withdrawn, is_dry: bool
) -> Iterator[Outcome]:
    """Load the resources of one FHIR version into a server.

    Args:
        folder: `fhir/r5` or `fhir/r4b` of a package.
        server: where to.
        journal: what servers have accepted so far; added to.
        size: entries of one transaction, at least 1.
        withdrawn: what to do with a resource that the journal knows and the package has no more.
        is_dry: read the server and say what would be done; neither server nor journal change.

    Yields:
        One outcome per resource of the package and per resource that is gone from it, also when the loading stops.

    Raises:
        InputError: the package or the journal cannot be read, or the server is not there: after the outcomes.
    """
    package = read_package(folder)
    sources = {made.reference: made.source for made in package}
    known = read_journal(journal, server.url)
    gone = [name for name in reversed(known) if name not in sources]
    loading = _Loading(server=server, journal=journal, size=size, is_dry=is_dry, known=known, sources=sources)
    steps = [loading.put(list(in_order((made.reference, made.text) for made in package)))]
    match withdrawn:
        case Withdrawn.KEEP:
            steps.append(loading.outcome(name, Done.KEPT, text="not in this package") for name in gone)
        case Withdrawn.MARK:
            tag = {"system": f"{read_base(folder)}/CodeSystem/cut", "code": "withdrawn", "display": "not in this cut"}
            steps.append(loading.mark(gone, tag))
        case Withdrawn.DELETE:
            steps.append(loading.remove(gone))
    pending = dict.fromkeys([*sources, *gone])
    try:
        for step in steps:
            for outcome in step:
                del pending[outcome.resource]
                yield outcome
    except (InputError, KeyboardInterrupt) as stop:
        why = str(stop) or "interrupted"
        for name in pending:
            done = Done.UNKNOWN if name in loading.in_flight else Done.NOT_SENT
            yield loading.outcome(name, done, text=why)
        raise


def _version(resource: Resource) -> str:
    return str(inner(resource, "meta").get("versionId", ""))


def _meta(resource: Resource) -> dict[str, Any]:
    return {name: value for name, value in inner(resource, "meta").items() if name in _KEPT_META}


def _same(text: str, theirs: Resource) -> bool:
    """Whether two resources say the same, digit for digit, whatever the order of their elements."""
    ours = json.loads(text, parse_float=Decimal)
    one, other = ({**resource, "meta": _meta(resource)} for resource in (ours, theirs))
    return json.dumps(one, sort_keys=True, default=str) == json.dumps(other, sort_keys=True, default=str)


def _parts(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
