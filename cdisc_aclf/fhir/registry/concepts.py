"""What R5 tells of a record: concepts, notes and references, in the words that they were made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cdisc_aclf.registry.record import escaped

Json = dict[str, Any]
Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class R5Record:
    """A study, what it refers to, and the field that each coded word is a value of."""

    study: Part
    resources: Mapping[str, Part]
    fields: Mapping[tuple[str, str, str], str]

    def words(self, element: str, field: str) -> list[str]:
        """The words of a field among the concepts of an element, in their order."""
        source = (self._word(concept) for concept in self.study.get(element, []))
        return [word for name, word in source if name == field]

    def word(self, element: str, field: str) -> str | None:
        """The one word of a field."""
        return next(iter(self.words(element, field)), None)

    def flag(self, field: str) -> bool | None:
        """A classifier that is true or false."""
        word = self.word("classifier", field)
        return None if word is None else word == "true"

    def note(self, field: str) -> str | None:
        """A note that begins with the name of the field."""
        return noted(self.study, field)

    def to(self, reference: Part) -> Part:
        """The resource that is referred to; an empty one where the reference is words alone."""
        return self.resources.get(reference.get("reference", ""), {})

    def _word(self, concept: Part) -> tuple[str, str]:
        text = concept.get("text", "")
        for coding in concept.get("coding", []):
            if field := self.fields.get((coding["system"], coding["code"], text)):
                return field, text
        field, _, word = text.partition(": ")
        return field, word


def known(value: object) -> Any:  # noqa: ANN401 - of the type of the value
    """Without what is absent: None, and dicts and lists that hold nothing."""
    if isinstance(value, dict):
        return {name: kept for name, part in value.items() if (kept := known(part)) is not None} or None
    if isinstance(value, list):
        return [kept for part in value if (kept := known(part)) is not None] or None
    return value


def markup(text: str | None) -> str | None:
    """A text of a markup field, with the escapes of the registry."""
    return None if text is None else escaped(text)


def noted(part: Part, field: str) -> str | None:
    """The note that begins with the name of the field."""
    return next(iter(notes(part, field)), None)


def notes(part: Part, field: str) -> list[str]:
    """Every note that begins with the name of the field."""
    source = (note["text"].partition(": ") for note in part.get("note", []))
    return [text for name, _, text in source if name == field]


def word_of(concept: Part | None, field: str) -> str | None:
    """The word of a concept that only this field has."""
    return None if concept is None else concept["text"].removeprefix(f"{field}: ")
