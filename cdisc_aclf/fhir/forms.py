"""The forms in which FHIR resources leave: a collection, transactions by PUT and by POST, Bulk Data."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from cdisc_aclf.fhir.write.bulk import manifest
from cdisc_aclf.fhir.write.resources import Entry, bundle
from cdisc_aclf.fhir.write.transaction import closed_parts, post_rows, put_rows, transaction
from cdisc_aclf.model.path import output_path


def save_forms(
    folder: Path,
    entries: Sequence[Entry],
    *,
    base: str,
    synthetic: str | None,
    size: int,
    stamp: datetime,
) -> None:
    """Write the resources of one FHIR version in every form.

    Args:
        folder: does not exist yet.
        entries: every resource as `Type/id` and its JSON.
        base: URL that the ids stand below.
        synthetic: what the export says of data that are not real; None for real data.
        size: entries of a transaction.
        stamp: what the manifest of the bulk files states, with zone.
    """
    folder.mkdir(parents=True)
    with (folder / "bundle.json").open("wb") as file:
        file.writelines(bundle(entries, base=base, synthetic=synthetic))
    for form in ("transaction", "transaction-post"):
        (folder / form).mkdir()
    for number, part in enumerate(closed_parts(entries, size), start=1):
        for form, rows in (("transaction", put_rows), ("transaction-post", post_rows)):
            with (folder / form / f"{number:03}.json").open("wb") as file:
                file.writelines(transaction(rows(part, base=base), synthetic=synthetic))
    counts = _save_bulk(folder / "ndjson", entries)
    (folder / "manifest.json").write_bytes(manifest(counts, base=base, stamp=stamp))


def _save_bulk(folder: Path, entries: Iterable[Entry]) -> Counter[str]:
    folder.mkdir()
    counts: Counter[str] = Counter()
    files: dict[str, BinaryIO] = {}
    with ExitStack() as stack:
        for reference, text in entries:
            name, _, _ = reference.partition("/")
            if name not in files:
                files[name] = stack.enter_context((folder / output_path(f"{name}.ndjson")).open("wb"))
            files[name].write(f"{text}\n".encode())
            counts[name] += 1
    return counts
