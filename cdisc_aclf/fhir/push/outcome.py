"""What becomes of each resource when a package is loaded into a FHIR server."""

from dataclasses import dataclass
from enum import StrEnum


class Withdrawn(StrEnum):
    """What to do with a resource that was loaded with an earlier cut and is not in this one."""

    KEEP = "keep"
    MARK = "mark"
    DELETE = "delete"


class Done(StrEnum):
    """What was done about one resource."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    MARKED = "marked"
    KEPT = "kept"
    REFUSED = "refused"
    HELD_BACK = "held back"
    UNKNOWN = "unknown"
    NOT_SENT = "not sent"

    @property
    def is_open(self) -> bool:
        """Whether the server does not hold, or may not hold, what it should; the next run tries again."""
        return self in {Done.REFUSED, Done.HELD_BACK, Done.UNKNOWN, Done.NOT_SENT}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one resource.

    Args:
        resource: `Type/id`.
        source: the record that it was made from; empty where the package does not say.
        done: what was done.
        status: of HTTP; 0 where the server was not asked, or did not answer.
        text: what the server says, or why nothing was sent.
    """

    resource: str
    source: str
    done: Done
    status: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Loadable:
    """A resource of a package.

    Args:
        reference: `Type/id`.
        text: its JSON, one line, every digit as written.
        source: the record that it was made from, e.g. `lab:17`; empty where the package does not say.
    """

    reference: str
    text: str
    source: str
