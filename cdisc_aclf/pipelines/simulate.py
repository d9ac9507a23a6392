"""A synthetic export of the study's CRF, for trying the program before the first patient is in."""

from pathlib import Path

import polars as pl

from cdisc_aclf.errors import DefinitionError, UsageError
from cdisc_aclf.files.save import replaced
from cdisc_aclf.files.tables import read_table
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.path import output_path
from cdisc_aclf.study.mappings import load_from_package
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.submission.manifest.package import add_manifest, sources_of
from cdisc_aclf.submission.stamp import time_stamp

NOTICE = "SYNTHETIC.txt"
TRUTH = "truth.csv"


def simulate(folder: Path, out: Path, *, subjects: int, seed: int, clean: bool, replace_changed: bool = False) -> None:
    """Write `raw/<form>.csv`, `truth.csv`, `dictionaries/<name>.csv` and a notice that nothing in them is real.

    Args:
        folder: the study folder, whose `mappings/simulation/` knows the protocol.
        out: a new folder, or one that an earlier simulation wrote.
        subjects: how many are randomised; screen failures come on top.
        seed: the same seed gives the same bytes.
        clean: without planted faults.
        replace_changed: replace an earlier simulation although something in it was added or changed.

    Raises:
        UsageError: a number that cannot be, or a folder with other content.
        DefinitionError: the study has no simulation, or its tables lack something.
    """
    if subjects < 1:
        raise UsageError("--subjects", f"{subjects} is less than 1")
    package = folder / "mappings" / "simulation"
    study = load_from_package(package, "study")
    try:
        made = study.simulate(subjects=subjects, seed=seed, clean=clean, specs=_tables(folder))
    except KeyError as missing:
        raise DefinitionError(str(package), f"the simulation finds no {missing} in specs/") from None
    with replaced(out, mark=TRUTH, inputs=sources_of(folder), replace_changed=replace_changed) as fresh:
        (fresh / NOTICE).write_bytes(
            b"Everything in this folder was made by a random generator. No record is about a person.\n"
        )
        (fresh / "raw").mkdir()
        for form, frame in made.forms.items():
            frame.write_csv(fresh / output_path("raw", f"{form}.csv"))
        made.truth.write_csv(fresh / TRUTH)
        (fresh / "dictionaries").mkdir()
        for name, frame in made.dictionaries.items():
            frame.write_csv(fresh / output_path("dictionaries", f"{name}.csv"))
        add_manifest(fresh, study=read_study(folder).id, sources=folder, inputs={}, stamp=time_stamp().isoformat())


def _tables(folder: Path) -> dict[str, Frame]:
    specs = folder / "specs"
    named = {"collected": specs / "collected.csv"}
    for place in ("reference", "simulation"):
        named |= {path.stem: path for path in sorted((specs / place).glob("*.csv"))}
    named |= {f"raw/{path.stem}": path for path in sorted((specs / "raw").glob("*.csv"))}
    return {
        name: pl.DataFrame(read_table(path)).with_columns(pl.all().replace("", None)) for name, path in named.items()
    }
