"""How fast a laboratory dataset becomes a transport file: this package beside pyreadstat, in one run.

Run as `python benchmarks/xpt.py [records]`, 500,000 records unless told.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import polars as pl
import pyreadstat

from cdisc_aclf.formats.sas import read_xpt
from cdisc_aclf.formats.xpt.model import Column
from cdisc_aclf.formats.xpt.write import differences, xpt_bytes

ROUNDS = 3
LB = {"name": "LB", "label": "Laboratory Test Results"}
STAMP = datetime(2026, 1, 10, 8, 30, tzinfo=UTC)


def laboratory(records: int) -> pl.DataFrame:
    """Records like those of LB in 30 variables: 22 texts, 8 numbers, some of each missing."""
    draw = np.random.default_rng(20260110)

    def one_of(*terms: str | None) -> pl.Series:
        return pl.Series(terms, dtype=pl.String).gather(draw.integers(len(terms), size=records))

    number = pl.int_range(records, eager=True)
    result = pl.Series(draw.lognormal(3, 1, records)).round(1).set(number % 20 == 0, None)
    minute = pl.Series(draw.integers(120 * 1440, size=records) * 60_000_000).cast(pl.Datetime)
    columns = {
        "STUDYID": one_of("PL21"),
        "DOMAIN": one_of("LB"),
        "USUBJID": (number // 400).cast(pl.String).str.zfill(4),
        "LBSEQ": number % 400 + 1,
        "LBREFID": number.cast(pl.String).str.zfill(9),
        "LBTESTCD": one_of("ALT", "AST", "BILI", "ALB", "CREAT", "NEUT", "INR"),
        "LBTEST": one_of("Alanine Aminotransferase", "Bilirubin", "Albumin", "Neutrophils"),
        "LBCAT": one_of("CHEMISTRY", "HEMATOLOGY", "COAGULATION"),
        "LBORRES": result.cast(pl.String),
        "LBORRESU": one_of("U/L", "umol/L", "g/L", "10^9/L"),
        "LBORNRLO": one_of("0", "35", "3.5", None),
        "LBORNRHI": one_of("40", "55", "21.0", None),
        "LBSTRESC": result.cast(pl.String),
        "LBSTRESN": result,
        "LBSTRESU": one_of("U/L", "umol/L", "g/L", "10^9/L"),
        "LBSTNRLO": number % 7,
        "LBSTNRHI": number % 7 + 40,
        "LBNRIND": one_of("NORMAL", "HIGH", "LOW", None),
        "LBSTAT": one_of(None, None, None, "NOT DONE"),
        "LBREASND": one_of(None, None, None, "标本溶血"),
        "LBNAM": one_of("中心实验室", "CENTRAL LABORATORY"),
        "LBSPEC": one_of("SERUM", "BLOOD", "PLASMA"),
        "LBMETHOD": one_of("SPECTROPHOTOMETRY", None),
        "LBLOBXFL": one_of("Y", None),
        "VISITNUM": number % 9 + 0.5,
        "VISIT": one_of("SCREENING", "DAY 1", "DAY 28", "UNSCHEDULED 1.01"),
        "VISITDY": number % 84 + 1,
        "EPOCH": one_of("SCREENING", "TREATMENT", "FOLLOW-UP"),
        "LBDTC": minute.dt.to_string("2026-%m-%dT%H:%M"),
        "LBDY": number % 84 - 3,
    }
    return pl.DataFrame(columns).cast({pl.Int64: pl.Float64})


def described(frame: pl.DataFrame) -> list[Column]:
    """Text as wide as the data, numbers of eight bytes."""
    widths = frame.select(pl.col(pl.String).str.len_bytes().max()).row(0, named=True)
    return [
        Column(name, f"Label of {name}", "char" if name in widths else "num", widths.get(name, 8))
        for name in frame.columns
    ]


def seconds(task: Callable[[], object]) -> float:
    """The best of some rounds, so that other work on the machine counts least."""
    taken = []
    for _ in range(ROUNDS):
        start = perf_counter()
        task()
        taken.append(perf_counter() - start)
    return min(taken)


def main(records: int) -> None:
    """Write with both, read ours back, and print the rates."""
    frame = laboratory(records)
    columns = described(frame)
    labels: list[str | None] = [column.label for column in columns]
    with TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "lb.xpt"), Path(folder, "theirs.xpt")

        def write_ours() -> None:
            with ours.open("wb") as file:
                file.writelines(xpt_bytes(frame, **LB, columns=columns, stamp=STAMP))

        def write_theirs() -> None:
            pyreadstat.write_xport(frame, theirs, table_name="LB", column_labels=labels, file_format_version=5)

        def read_back() -> None:
            found = differences(frame, read_xpt(ours), **LB, columns=columns)
            if found:
                raise AssertionError(found)

        taken = {
            "xpt_bytes, refusals and file": seconds(write_ours),
            "pyreadstat.write_xport": seconds(write_theirs),
            "read_xpt and differences": seconds(read_back),
        }
        size = ours.stat().st_size / 1e6
    out = sys.stdout.write
    out(f"{records:,} records of {frame.width} variables, {size:.0f} MB, best of {ROUNDS}, wall clock\n")
    for what, time in taken.items():
        out(f"{what:<30}{time:8.2f} s{records / time:12,.0f} records/s\n")
    out("every value, type, label, width and name read back equal\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000)
