"""The manifest of a Bulk Data export."""

import json
from collections.abc import Mapping
from datetime import datetime


def manifest(counts: Mapping[str, int], *, base: str, stamp: datetime) -> bytes:
    """Render the manifest of `ndjson/<Type>.ndjson` (Bulk Data Access IG 2.0.0, response of a finished export).

    Args:
        counts: resources by type.
        base: URL below which the files are thought to be served; the IG wants absolute ones.
        stamp: `transactionTime`, with zone.

    Examples:
        >>> from datetime import UTC
        >>> made = json.loads(manifest({"Patient": 2}, base="https://x.org", stamp=datetime(1960, 1, 1, tzinfo=UTC)))
        >>> made["transactionTime"], made["output"]
        ('1960-01-01T00:00:00+00:00', [{'type': 'Patient', 'url': 'https://x.org/ndjson/Patient.ndjson', 'count': 2}])
    """
    return json.dumps(
        {
            "transactionTime": stamp.isoformat(timespec="seconds"),
            "request": f"{base}/$export",
            "requiresAccessToken": False,
            "output": [
                {"type": name, "url": f"{base}/ndjson/{name}.ndjson", "count": count}
                for name, count in sorted(counts.items())
            ],
            "error": [],
        },
        indent=1,
    ).encode()
