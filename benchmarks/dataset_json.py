"""How fast a laboratory dataset becomes NDJSON, and is read again: this package beside orjson, in one run.

orjson is not needed by the package: `pip install orjson`. Run as `python benchmarks/dataset_json.py [records]`, 500,000
records unless told.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import orjson
import polars as pl
from xpt import laboratory

from cdisc_aclf.formats.dataset_json.model import JsonColumn, JsonHeader
from cdisc_aclf.formats.dataset_json.read import read_batches
from cdisc_aclf.formats.dataset_json.write import compressed, dataset_ndjson, header_json

ROUNDS = 3


def described(frame: pl.DataFrame) -> JsonHeader:
    """Text and floats, labelled."""
    columns = tuple(
        JsonColumn(
            oid=f"IT.LB.{name}",
            name=name,
            label=f"Label of {name}",
            data_type="string" if dtype == pl.String else "float",
        )
        for name, dtype in frame.schema.items()
    )
    return JsonHeader(
        created="2026-01-10T08:30:00Z",
        oid="IG.LB",
        records=frame.height,
        name="LB",
        label="Laboratory Test Results",
        columns=columns,
    )


def seconds(task: Callable[[], object]) -> tuple[float, float]:
    """The best wall clock of some rounds, and the processor time of that round."""
    taken = []
    for _ in range(ROUNDS):
        wall, processor = perf_counter(), process_time()
        task()
        taken.append((perf_counter() - wall, process_time() - processor))
    return min(taken)


def main(records: int) -> None:
    """Write and read with both, compare, and print the rates."""
    frame = laboratory(records)
    header = described(frame)
    with TemporaryDirectory() as folder:
        ours, theirs, small = Path(folder, "lb.ndjson"), Path(folder, "theirs.ndjson"), Path(folder, "lb.dsjc")

        def write_ours() -> None:
            with ours.open("wb") as file:
                file.writelines(dataset_ndjson([frame], header))

        def write_theirs() -> None:
            with theirs.open("wb") as file:
                file.write(header_json(header).encode() + b"\n")
                file.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in frame.iter_rows())

        def write_small() -> None:
            with small.open("wb") as file:
                file.writelines(compressed(dataset_ndjson([frame], header)))

        def read_ours() -> None:
            back = pl.concat(read_batches(ours)[1])
            if not back.equals(frame):
                raise AssertionError

        def read_theirs() -> None:
            with theirs.open("rb") as file:
                next(file)
                rows = [orjson.loads(line) for line in file]
            back = pl.DataFrame(rows, schema=frame.schema, orient="row")
            if not back.equals(frame):
                raise AssertionError

        taken = {
            "dataset_ndjson, refusals and file": seconds(write_ours),
            "orjson row by row, and file": seconds(write_theirs),
            "the same as .dsjc": seconds(write_small),
            "read_batches, types checked": seconds(read_ours),
            "orjson line by line, to polars": seconds(read_theirs),
        }
        sizes = [path.stat().st_size / 1e6 for path in (ours, small)]
    out = sys.stdout.write
    out(f"{records:,} records of {frame.width} variables, {sizes[0]:.0f} MB, as .dsjc {sizes[1]:.0f} MB, ")
    out(f"best of {ROUNDS}\n{'':36}wall clock   processor     records/s (wall, processor)\n")
    for what, (wall, processor) in taken.items():
        out(f"{what:<36}{wall:8.2f} s{processor:10.2f} s{records / wall:12,.0f}{records / processor:12,.0f}\n")
    out("every value read back equal\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000)
