"""What a package is made of and from, so that a change of one bit shows."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The content of `manifest.json`; every hash is SHA-256 in hexadecimal digits.

    Args:
        study: STUDYID.
        profile: the authority that the package is for; empty where none was chosen.
        stamp: the time that the files state, ISO 8601.
        program: name and version of the program.
        packages: versions of the Python packages that the program needs, by name.
        lock: hash of `requirements.lock`; empty where the program came without it.
        inputs: hash of every file that went in: `raw/...`, `dictionaries/...`, `specs/...`, `mappings/...`.
        files: hash of every file of the package but the manifest and its checksum, by path.
    """

    study: str
    profile: str
    stamp: str
    program: str
    packages: Mapping[str, str]
    lock: str
    inputs: Mapping[str, str]
    files: Mapping[str, str]
