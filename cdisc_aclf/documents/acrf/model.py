"""An annotated case report form: what is asked, and where each answer goes in SDTM."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Annotation:
    """Where an answer goes: the dataset, and the text as a reviewer reads it; no dataset where it is not submitted.

    Args:
        dataset: e.g. `RS`, or `SUPPLB`; empty where the answer is not submitted.
        text: e.g. `RSORRES when RSTESTCD = CPS0101`.
        variables: the variables that the text names.
    """

    dataset: str
    text: str
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form with its label in both languages, the answers to choose from, and its annotations."""

    label: str
    other_label: str
    answers: tuple[str, ...]
    annotations: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedForm:
    """A form as it is printed.

    Args:
        label: title in the language of the package, Chinese or English.
        other_label: title in the other one.
        visits: planned visits at which it is due; empty where it is filled in as things happen.
        datasets: name and label of every dataset that it feeds, in the order in which the fields name them.
        fields: in the order of the form.
    """

    label: str
    other_label: str
    visits: tuple[str, ...]
    datasets: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]
