"""What each server has accepted, kept between runs: one JSON object per line, the last word on a resource holds.

Lines are only ever added, so that a crash costs the last line at most; the next run finds that resource on the server.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

from cdisc_aclf.errors import InputError


@dataclass(frozen=True, slots=True)
class Accepted:
    """A resource that a server has accepted.

    Args:
        digest: SHA-256 of the text that was sent; empty for a resource that was marked as withdrawn since.
        version: the version that the server gave it; empty where it did not say.
    """

    digest: str
    version: str


def digest_of(text: str) -> str:
    """SHA-256 of a resource as it is sent: the same digest, the same digits.

    Examples:
        >>> digest_of('{"value":1.50}') == digest_of('{"value":1.5}')
        False
    """
    return hashlib.sha256(text.encode()).hexdigest()


def read_journal(path: Path, server: str) -> dict[str, Accepted]:
    """What a server has accepted and not been told to delete, by `Type/id`, in the order of first acceptance.

    Args:
        path: the journal; where there is none, nothing was accepted yet.
        server: base URL.

    Raises:
        InputError: the file is no journal.
    """
    accepted: dict[str, Accepted] = {}
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        try:
            said = json.loads(line)
            if said["server"] != server:
                continue
            if said["deleted"]:
                accepted.pop(said["resource"], None)
            else:
                accepted[said["resource"]] = Accepted(said["sha256"], said["version"])
        except (ValueError, KeyError, TypeError):
            if number == len(lines):  # the line that a crash cut off
                break
            raise InputError(f"{path}:{number}", "is no line of a push journal") from None
    return accepted


def note(path: Path, server: str, changes: Iterable[tuple[str, Accepted | None]]) -> None:
    """Add what a server has done, and see it on the disk.

    Args:
        path: the journal.
        server: base URL.
        changes: `Type/id` and what is accepted; None where it is deleted.
    """
    lines = [
        json.dumps(
            {
                "server": server,
                "resource": resource,
                "sha256": accepted.digest if accepted else "",
                "version": accepted.version if accepted else "",
                "deleted": accepted is None,
            }
        )
        for resource, accepted in changes
    ]
    if not lines:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        _drop_half_a_line(file)
        file.write("".join(f"{line}\n" for line in lines).encode())


def _drop_half_a_line(file: BinaryIO) -> None:
    if not file.tell():
        return
    file.seek(-1, SEEK_END)
    if file.read(1) != b"\n":
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)
