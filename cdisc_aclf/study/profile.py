"""`specs/profiles.csv`: what authorities take."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.files.tables import read_table
from cdisc_aclf.model.package import JSON_FORMS
from cdisc_aclf.model.profile import Profile

_COLUMNS = (
    "profile", "authority", "gigabytes", "over", "file_length", "path_length", "ascii_labels", "ascii_values",
    "language", "source",
)  # fmt: skip


def read_profiles(folder: Path) -> dict[str, Profile]:
    """Read the rules of each authority, by name.

    Args:
        folder: the study folder.

    Raises:
        DefinitionError: the table is missing, or a length is no whole number.
    """
    path = folder / "specs" / "profiles.csv"
    profiles = {}
    for line, row in enumerate(read_table(path, _COLUMNS), start=2):
        if not (
            row["file_length"].isdecimal() and row["path_length"].isdecimal() and f"{row['gigabytes']}0".isdecimal()
        ):
            raise DefinitionError(f"{path}:{line}", "gigabytes, file_length and path_length are whole numbers")
        profiles[row["profile"]] = Profile(
            name=row["profile"],
            authority=row["authority"],
            gigabytes=int(row["gigabytes"]) if row["gigabytes"] else None,
            over=row["over"],
            file_length=int(row["file_length"]),
            path_length=int(row["path_length"]),
            ascii_labels=row["ascii_labels"] == "Y",
            ascii_values=row["ascii_values"] == "Y",
            language=row["language"],
            source=row["source"],
        )
    return profiles


def read_submission(chosen: Mapping[str, Any], folder: Path, where: str) -> dict[str, Any]:
    """What `[submission]` of `study.toml` chooses: the authority, and the forms of Dataset-JSON.

    Args:
        chosen: the table; empty where the study has not come so far.
        folder: the study folder.
        where: the file, for the message.

    Returns:
        `profile` and `dataset_json` of a Study.

    Raises:
        DefinitionError: no such profile or form.
    """
    forms = chosen.get("dataset_json", [])
    if odd := [str(form) for form in forms if form not in JSON_FORMS]:
        raise DefinitionError(where, f"dataset_json {', '.join(odd)} is none of {', '.join(JSON_FORMS)}")
    if "profile" not in chosen:
        return {"dataset_json": tuple(forms)}
    profiles = read_profiles(folder)
    if chosen["profile"] not in profiles:
        raise DefinitionError(
            where, f"profile {chosen['profile']!r} is none of {', '.join(profiles)} in specs/profiles.csv"
        )
    return {"profile": profiles[chosen["profile"]], "dataset_json": tuple(forms)}
