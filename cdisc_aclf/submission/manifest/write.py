"""The manifest of a package, and its checksum."""

import hashlib
import json
from dataclasses import asdict

from cdisc_aclf.files.ownership import MANIFEST
from cdisc_aclf.submission.manifest.model import Manifest


def manifest_json(manifest: Manifest) -> bytes:
    """Render a manifest, names sorted.

    Examples:
        >>> made = Manifest(
        ...     study="PL21",
        ...     profile="fda",
        ...     stamp="1960-01-01T00:00:00Z",
        ...     program="cdisc-aclf 0.1.0",
        ...     packages={},
        ...     lock="",
        ...     inputs={},
        ...     files={"b": "2", "a": "1"},
        ... )
        >>> manifest_json(made).decode().splitlines()[-5:]
        [' "files": {', '  "a": "1",', '  "b": "2"', ' }', '}']
    """
    content = asdict(manifest)
    for part in ("packages", "inputs", "files"):
        content[part] = dict(sorted(content[part].items()))
    return f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode()


def checksum(manifest: bytes) -> bytes:
    r"""Render the hash of a manifest as `sha256sum -c` reads it.

    Examples:
        >>> checksum(b"")[-16:]
        b'  manifest.json\n'
    """
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n".encode()
