"""Trial design of other trials: what twelve registry records say, counted from their JSON by this file alone."""

import json
import re
import string
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import conform
from cdisc_aclf.datasets.schema import validate
from cdisc_aclf.registry.trial import read_trial
from cdisc_aclf.study.mappings import load_checks, load_mappings
from cdisc_aclf.study.plan import run
from cdisc_aclf.study.shipped import first_study
from cdisc_aclf.study.specs import read_references, read_standard
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples" / "ctgov"
RECORDS = sorted(SAMPLES.glob("*.json"))

pytestmark = pytest.mark.skipif(not RECORDS, reason="the sample records are not here")
each_record = pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)

# CDISC CG0287, of which CORE has the list for SDTMIG 3.2 and 3.3 only.
OF_EVERY_TRIAL = {
    "ACTSUB", "ADAPT", "ADDON", "AGEMAX", "AGEMIN", "DCUTDESC", "DCUTDTC", "FCNTRY", "HLTSUBJI", "INDIC", "LENGTH",
    "NARMS", "OBJPRIM", "OUTMSPRI", "PLANSUB", "RANDOM", "REGID", "SENDTC", "SEXPOP", "SPONSOR", "SSTDTC", "STOPRULE",
    "STYPE", "TBLIND", "TCNTRL", "TITLE", "TPHASE", "TTYPE",
}  # fmt: skip
OF_INTERVENTIONAL = {"INTMODEL", "INTTYPE", "PCLAS", "TINDTP", "TRT"}
OF_OBSERVATIONAL = {"OBSMODEL", "OBSTIMP", "OBSTPOPD", "OBSTSMM"}
# What the FDA asks for beyond, and what else the record has.
OTHERS = {
    "DMCIND", "EXTTIND", "FDADEIND", "FDADRIND", "NCOHORT", "OBJSEC", "PDPSTIND", "PDSTIND", "PIPIND", "RDIND",
    "SDTIGVER", "SDTMVER", "THERAREA",
}  # fmt: skip

# Read off the records: phase, model, randomised, blinding, number of arms, control, kind of intervention. None is "the
# record does not say": no arm is typed experimental, it lists one arm of a parallel trial, or it is a crossover.
PARALLEL, SINGLE = "PARALLEL", "SINGLE GROUP"
DESIGNS: dict[str, tuple[str | None, ...]] = {
    "NCT00353704": ("PHASE IV TRIAL", PARALLEL, "Y", "DOUBLE BLIND", "2", None, None),
    "NCT00405041": ("PHASE II/III TRIAL", PARALLEL, "Y", "DOUBLE BLIND", None, None, "DIETARY SUPPLEMENT"),
    "NCT00415220": ("PHASE II TRIAL", "CROSS-OVER", "Y", "DOUBLE BLIND", None, None, None),
    "NCT03683472": ("NOT APPLICABLE", PARALLEL, "Y", "SINGLE BLIND", "2", None, None),
    "NCT04061746": ("PHASE I TRIAL", PARALLEL, "Y", "DOUBLE BLIND", "2", "PLACEBO", "BIOLOGIC"),
    "NCT04550923": ("PHASE IV TRIAL", PARALLEL, "Y", "OPEN LABEL", "2", "ACTIVE", "COMBINATION PRODUCT"),
    "NCT05378763": ("PHASE III TRIAL", PARALLEL, "Y", "OPEN LABEL", "2", "ACTIVE", "DRUG"),
    "NCT05480501": ("EARLY PHASE I", SINGLE, "N", "OPEN LABEL", "1", "NONE", "BIOLOGIC"),
    "NCT05897242": ("NOT APPLICABLE", PARALLEL, "Y", "SINGLE BLIND", "2", "ACTIVE", "BEHAVIORAL THERAPY"),
    "NCT06223893": ("NOT APPLICABLE", PARALLEL, "Y", "OPEN LABEL", "2", None, None),
}
STUDY_DAYS = {"NCT06223893": [28, 56, 90], "NCT06761612": [1, 31, 91, 181, 366]}


class Folder:
    """The first study's mappings and checks for another record: no tables of arms, elements, visits and treatment."""

    def __init__(self) -> None:
        folder = first_study()
        self.standard, self.ct = read_standard(folder, "sdtm"), read_terminology(folder)
        self.study = replace(read_study(folder), facts={})
        self.steps = {step.name: step for step in load_mappings(folder / "mappings" / "sdtm")}
        self.checks = {step.name: step for step in load_checks(folder / "mappings" / "checks")}
        tables = {f"ref_{name}": table for name, table in read_references(folder).items()}
        unknown = {f"ref_{name}": tables[f"ref_{name}"].clear() for name in ("arms", "elements", "visits", "treatment")}
        nobody = pl.DataFrame(schema={"ARMCD": pl.String, "RFICDTC": pl.String})
        self.values: dict[str, Any] = tables | unknown | {"study": self.study, "ct": self.ct, "dm": nobody}

    def dataset(self, name: str, path: Path) -> pl.DataFrame:
        """A conformed dataset, of which the schema finds nothing to say."""
        step, spec = self.steps[name], self.standard.datasets[name.upper()]
        dataset = conform(run(step, self.values | {"trial": read_trial(path)}), spec, (), mapping=step.file)
        assert validate(dataset.frame, spec, self.ct) == []
        return dataset.frame

    def found(self, check: str, column: str, path: Path, **datasets: pl.DataFrame) -> list[Any]:
        """One column of what a check returns."""
        return run(self.checks[check], self.values | {"trial": read_trial(path)} | datasets)[column].to_list()


@pytest.fixture(scope="module")
def folder() -> Folder:
    return Folder()


def protocol(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))["protocolSection"]


def criteria(text: str) -> list[str]:
    """A criterion opens with a line that is not indented and no heading; indented lines go on with it."""
    found: list[str] = []
    for line in re.sub(rf"\\([{re.escape(string.punctuation)}])", r"\1", text).split("\n"):
        is_bullet = re.match(r"(\*|\d+\.) ", line)
        if line.startswith(" ") and found:
            found[-1] += f" {line.strip()}"
        elif is_bullet or (line.strip() and not line.endswith(":")):
            found.append(line[is_bullet.end() :] if is_bullet else line)
    return [" ".join(criterion.split()) for criterion in found]


@each_record
def test_every_criterion_has_its_record(folder: Folder, path: Path):
    inclusion, exclusion = re.split(
        r"Exclusion [Cc]riteria:", protocol(path)["eligibilityModule"]["eligibilityCriteria"]
    )
    ti = folder.dataset("ti", path)
    assert Counter(ti["IECAT"]) == {"INCLUSION": len(criteria(inclusion)), "EXCLUSION": len(criteria(exclusion))}
    texts = dict(zip(ti["IETESTCD"], [*criteria(inclusion), *criteria(exclusion)], strict=True))
    long = [code for code, text in texts.items() if len(text.encode()) > 200]
    assert {code: text for code, text in ti.select("IETESTCD", "IETEST").rows() if code not in long} == {
        code: text for code, text in texts.items() if code not in long
    }
    assert all(
        texts[code].startswith(f"{text} ") for code, text in ti.select("IETESTCD", "IETEST").rows() if code in long
    )
    assert folder.found("criterion_shortened", "IETESTCD", path, ti=ti) == long


@each_record
def test_every_parameter_has_as_many_records_as_the_record_has_values(folder: Folder, path: Path):
    record = protocol(path)
    is_interventional = record["designModule"]["studyType"] == "INTERVENTIONAL"
    expected = Counter(OF_EVERY_TRIAL | OTHERS | (OF_INTERVENTIONAL if is_interventional else OF_OBSERVATIONAL))
    outcomes = record["outcomesModule"]
    conditions = len(record["conditionsModule"]["conditions"])
    expected |= {
        "FCNTRY": len({site["country"] for site in record["contactsLocationsModule"]["locations"]}),
        "INDIC": conditions,
        "OUTMSADD": len(outcomes.get("otherOutcomes", [])),
        "OUTMSPRI": len(outcomes["primaryOutcomes"]),
        "OUTMSSEC": len(outcomes.get("secondaryOutcomes", [])),
        "RANDQT": record["designModule"].get("designInfo", {}).get("allocation") == "RANDOMIZED",
        "TDIGRP": 0 if record["eligibilityModule"]["healthyVolunteers"] else conditions,
    }
    counts = Counter(folder.dataset("ts", path)["TSPARMCD"])
    assert counts == +Counter({name: int(count) for name, count in expected.items()})


@pytest.mark.parametrize("name", DESIGNS)
def test_the_design_is_told_as_far_as_the_record_tells_it(folder: Folder, name: str):
    ts = folder.dataset("ts", SAMPLES / f"{name}.json")
    values = dict(ts.select("TSPARMCD", "TSVAL").rows())
    asked = ("TPHASE", "INTMODEL", "RANDOM", "TBLIND", "NARMS", "TCNTRL", "INTTYPE")
    assert tuple(values[parameter] for parameter in asked) == DESIGNS[name]


def test_an_observational_study_has_groups_and_no_arms(folder: Folder):
    ts = folder.dataset("ts", SAMPLES / "NCT06761612.json")
    said = {name: value or flavor for name, value, flavor in ts.select("TSPARMCD", "TSVAL", "TSVALNF").rows()}
    assert [said[name] for name in ("STYPE", "OBSMODEL", "OBSTIMP", "OBSTSMM")] == [
        "OBSERVATIONAL",
        "COHORT",
        "PROSPECTIVE",
        "NON-PROBABILITY SAMPLE",
    ]
    assert [said[name] for name in ("NCOHORT", "NARMS", "RANDOM", "TCNTRL", "TPHASE")] == ["2", *["NA"] * 4]


def test_a_title_of_257_characters_goes_on_in_a_second_variable(folder: Folder):
    path = SAMPLES / "NCT06761612.json"
    ts = folder.dataset("ts", path).filter(pl.col("TSPARMCD") == "TITLE")
    [(first, second, third)] = ts.select("TSVAL", "TSVAL1", "TSVAL2").rows()
    assert f"{first} {second}" == protocol(path)["identificationModule"]["officialTitle"]
    assert third is None


@each_record
def test_arms_elements_and_visits_are_not_guessed_and_the_gap_is_named(folder: Folder, path: Path):
    ta, te, tv = (folder.dataset(name, path) for name in ("ta", "te", "tv"))
    assert ta.is_empty()
    assert te.is_empty()
    assert tv.is_empty()
    groups = [group["label"] for group in protocol(path)["armsInterventionsModule"].get("armGroups", [])]
    assert folder.found("arm_without_path", "arm", path, ta=ta) == (groups or ["the record lists no arm"])
    assert folder.found("study_day_without_visit", "study_day", path, tv=tv) == STUDY_DAYS.get(path.stem, [])
