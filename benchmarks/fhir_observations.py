"""How fast laboratory results become validated FHIR Observations: this package, plain dicts, and fhir.resources.

Run as `python benchmarks/fhir_observations.py [resources]`, a million unless told. All begin with the same frame of
elements and end with the JSON of each resource, except that `plain` is given dicts that are there already: it only
writes them with orjson (`pip install orjson`), validates nothing, and passes digits through a float. `fhir.resources`
validates such a dict and writes the model. `ours` validates every row (pandera, structures, references) and writes it.
Figures are per second of CPU, all threads. Memory is measured in a process of its own, in parts, as a study of any
size would be.
"""

import itertools
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import orjson
import polars as pl
from fhir.resources.observation import Observation

from cdisc_aclf.fhir.model.spec import ResourceSpec
from cdisc_aclf.fhir.validate.frame import validate_frame
from cdisc_aclf.fhir.validate.resources import Validator
from cdisc_aclf.fhir.write.resources import frame_entries
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.issue import Issue
from cdisc_aclf.pipelines.convert import convert
from cdisc_aclf.pipelines.simulate import simulate
from cdisc_aclf.study.definition import StudyDefinition, open_study
from cdisc_aclf.study.shipped import first_study

MILLION = 1_000_000
BY_OBJECT = 2_000  # fhir.resources is so slow that fewer do
PLAIN = 100_000
PART = 100_000
SIZES = (100_000, 300_000, MILLION)
WRONG = {
    "id": "a_b", "code": " x", "uri": "a b", "string": "\a", "markdown": "", "decimal": "1,5", "integer": "1.5",
    "dateTime": "2026-02-30", "date": "2026-02-30", "reference": "Patient/nobody", "boolean": "yes",
}  # fmt: skip


def laboratory(definition: StudyDefinition) -> Frame:
    """The elements of the laboratory results of a simulated study, as its mapping gives them."""
    with TemporaryDirectory() as folder:
        simulate(first_study(), Path(folder), subjects=20, seed=1, clean=True)
        dictionaries = {path.stem: path for path in Path(folder, "dictionaries").iterdir()}
        run = convert(
            definition, Path(folder, "raw"), dictionaries=dictionaries, subject_data=True, progress=lambda _: None
        )
    made = run.made["observation"]
    if not isinstance(made, Frame):
        raise TypeError(made)
    return made.drop(RAW_RECORD, strict=False)


def repeated(frame: Frame, resources: int) -> Frame:
    """The frame until there are so many resources, each with an id and digits of its own."""
    number = pl.int_range(resources, dtype=pl.Int64)
    place = (number % frame.height).alias("place")
    digits = pl.format("{}{}", "valueQuantity.value", number % 9 + 1)
    exact = pl.when(pl.col("valueQuantity.value").str.contains(r"\.")).then(digits).otherwise("valueQuantity.value")
    return (
        frame[pl.select(place).to_series()]
        .with_columns(id=pl.format("{}-{}", pl.lit("o"), number), **{"valueQuantity.value": exact})
        .rechunk()
    )


def seconds(task: Callable[[], object]) -> float:
    """CPU time of a task, all threads."""
    start = process_time()
    task()
    return process_time() - start


def validated(
    frame: Frame, spec: ResourceSpec, definition: StudyDefinition, ids: pl.Series, validator: Validator | None = None
) -> list[Issue]:
    """Our rule of every row."""

    def render(rows: Frame) -> Iterator[str]:
        return (text for _, text in frame_entries(rows, spec))

    return validate_frame(frame, spec, definition.fhir, validator or Validator(definition.fhir), ids=ids, render=render)


def targets(frame: Frame) -> pl.Series:
    """Everything that the references lead to."""
    links = [column for column in frame.columns if column.endswith("reference")]
    return pl.concat([frame[column].drop_nulls().unique().rename("id") for column in links])


def written(frame: Frame, spec: ResourceSpec) -> int:
    """Characters of all resources, each written and let go."""
    return sum(len(text) for _, text in frame_entries(frame, spec))


Fault = tuple[int, str, str]
"""Row, path of the element or rule, and value."""


def planted(frame: Frame, spec: ResourceSpec) -> tuple[Frame, list[Fault], list[int]]:
    """One wrong value in every element, in five rows each, and fifty rows of a wrong structure."""
    draw = random.Random(1)  # noqa: S311 the same rows each time, no secret
    elements = [element for element in spec.elements if not element.fixed]
    drawn = iter(draw.sample(range(frame.height), frame.height))
    faults = [(next(drawn), element.column, WRONG[element.type]) for element in elements for _ in range(5)]
    has_number = frame["valueQuantity.value"].is_not_null()
    of_shape = [row for row in itertools.islice(drawn, 200) if has_number[row]][:50]
    added = ("dataAbsentReason.coding[0].code", "not-performed"), ("valueCodeableConcept.text", "hemolysed")
    shaped = [(row, *added[number % 2]) for number, row in enumerate(of_shape)]
    columns = {}
    for name in frame.columns:
        own = [(row, value) for row, column, value in [*faults, *shaped] if column == name]
        columns[name] = frame[name].scatter([row for row, _ in own], [value for _, value in own])
    return pl.DataFrame(columns), faults, of_shape


def missed(frame: Frame, faults: list[Fault], of_shape: list[int], issues: list[Issue]) -> int:
    """How many planted faults no Issue names; a reference that leads nowhere is named once for all rows."""
    found = {(issue.key, issue.variable) for issue in issues}
    keys, values = {issue.key for issue in issues}, {issue.value for issue in issues}
    lost = sum(frame["id"][row] not in keys for row in of_shape)
    for row, column, value in faults:
        lost += (frame["id"][row], column) not in found and not (value == WRONG["reference"] and value in values)
    return lost


def main(resources: int) -> None:
    """Print the three rates, the faults found, and the peak of memory at growing sizes."""
    out = sys.stdout.write
    definition = open_study(first_study())
    spec = definition.fhir.resources["observation"]
    small = laboratory(definition)
    frame = repeated(small, resources)
    ids = targets(small)
    ready = [json.loads(text) for _, text in frame_entries(frame.head(PLAIN), spec)]
    out(f"{resources:,} Observations of about {len(orjson.dumps(ready[0])):,} bytes\n")

    plain = seconds(lambda: [orjson.dumps(each) for each in ready])
    by_object = seconds(lambda: [Observation.model_validate(each).model_dump_json() for each in ready[:BY_OBJECT]])
    issues: list[Issue] = []
    validating = seconds(lambda: issues.extend(validated(frame, spec, definition, ids)))
    writing = seconds(lambda: written(frame, spec))
    rates = {
        "plain: orjson.dumps of ready dicts": PLAIN / plain,
        "fhir.resources: validate and write": BY_OBJECT / by_object,
        "ours: validator": resources / validating,
        "ours: write": resources / writing,
        "ours: validator and write": resources / (validating + writing),
    }
    for what, rate in rates.items():
        out(f"{what:<40}{rate:12,.0f} per CPU second\n")
    of_plain, of_objects, ours = (rates[what] for what in list(rates)[:2] + list(rates)[-1:])
    out(f"plain is {of_plain / ours:.2f} times ours; ours is {ours / of_objects:.0f} times fhir.resources\n")
    out(f"issues in good data: {len(issues)}\n")
    broken, faults, of_shape = planted(frame, spec)
    lost = missed(broken, faults, of_shape, validated(broken, spec, definition, ids))
    out(f"planted faults missed: {lost} of {len(faults)} in elements and {len(of_shape)} in shapes\n")
    with TemporaryDirectory() as folder:
        path = Path(folder, "laboratory.parquet")
        small.write_parquet(path)
        for size in SIZES:
            if size <= resources:
                command = [sys.executable, __file__, "peak", str(size), str(path)]
                child = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 this very file
                out(child.stdout)


def peak(size: int, path: Path) -> None:
    """Validator and write so many, a part at a time, and print the most memory that was in use."""
    definition = open_study(first_study())
    spec, small = definition.fhir.resources["observation"], pl.read_parquet(path)
    validator, ids = Validator(definition.fhir), targets(small)
    before, characters = memory(), 0
    for start in range(0, size, PART):
        frame = repeated(small, min(PART, size - start))
        if issues := validated(frame, spec, definition, ids, validator):
            raise AssertionError(issues)
        characters += written(frame, spec)
    out = sys.stdout.write
    out(f"{size:>10,} in parts of {PART:,}: {characters / 1e9:.2f} GB written, ")
    out(f"{before:,.0f} MiB before, {memory():,.0f} MiB at most\n")


def memory() -> float:
    """The most memory that this process had in use, in MiB (Linux; that of its parent before a fork does not count)."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["peak"]:
        peak(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else MILLION)
