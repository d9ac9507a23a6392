"""The manifest of a package, in."""

import json
from dataclasses import fields
from pathlib import Path

from cdisc_aclf.errors import InputError
from cdisc_aclf.files.ownership import MANIFEST
from cdisc_aclf.submission.manifest.model import Manifest


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a package.

    Raises:
        InputError: there is no manifest, or it is none of this program.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}", f"cannot be opened: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{path}", f"is no JSON: {error}") from error
    if not isinstance(content, dict) or set(content) != {field.name for field in fields(Manifest)}:
        raise InputError(f"{path}", "is no manifest of this program")
    return Manifest(**content)
