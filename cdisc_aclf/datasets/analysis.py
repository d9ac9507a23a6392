"""Rules across the datasets of ADaM that hold for every study: subjects, copies, sources, baseline, change, events."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polars as pl

from cdisc_aclf.datasets.where import issues_at
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import Issue, Rule, Severity
from cdisc_aclf.model.spec import DatasetSpec

SUBJECTS = "ADSL"
SUBJECT = Rule("AD-SUBJECT", Severity.ERROR, "the subject is not in ADSL, or a subject of ADSL is not in DM")
MISSING = Rule("AD-SUBJECT-MISSING", Severity.ERROR, "the subject is in DM and not in ADSL")
COPY = Rule("AD-COPY", Severity.ERROR, "differs from the variable that it is a copy of")
SOURCE = Rule("AD-SOURCE", Severity.ERROR, "no record of SDTM has this sequence number for the subject")
BASELINE = Rule("AD-BASELINE", Severity.ERROR, "not the only baseline record of the subject and parameter")
BASE = Rule("AD-BASE", Severity.ERROR, "differs from the value of the baseline record")
CHANGE = Rule("AD-CHANGE", Severity.ERROR, "is not the value minus the baseline value")
PERCENT = Rule("AD-PERCENT", Severity.ERROR, "is not the change in percent of a baseline value other than 0")
DAY = Rule("AD-DAY", Severity.ERROR, "is not the day counted from TRTSDT as day 1; there is no day 0")
ONE_TO_ONE = Rule("AD-ONE-TO-ONE", Severity.ERROR, "text and number do not belong together one to one")
EVENT = Rule(
    "AD-EVENT", Severity.ERROR, "an event has a description and no reason of censoring; a censored record has one"
)
DURATION = Rule("AD-DURATION", Severity.ERROR, "is not the number of days from STARTDT to ADT, the first one counted")
ORDER = Rule("AD-ORDER", Severity.ERROR, "the end is before the start")
GRADE = Rule(
    "AD-GRADE", Severity.ERROR, "a toxicity is named for a value that has no grade, or a grade without its toxicity"
)
RULES = (
    SUBJECT, MISSING, COPY, SOURCE, BASELINE, BASE, CHANGE, PERCENT, DAY, ONE_TO_ONE, EVENT, DURATION, ORDER, GRADE,
)  # fmt: skip

_CLOSE = 1e-9  # of the larger number: a difference of doubles is exact to the last bits only


class Broken(NamedTuple):
    """Where a rule is broken: the rule, the variable to name, and an expression that is true on the bad rows."""

    rule: Rule
    variable: str
    rows: pl.Expr


def validate_analysis(
    analysed: Mapping[str, tuple[DatasetSpec, Frame]], tabulated: Mapping[str, tuple[DatasetSpec, Frame]]
) -> list[Issue]:
    """Validate every dataset of ADaM against ADSL, SDTM and itself.

    ADaMIG 1.3 sections 2.3.1 (ADSL has one record per subject of DM), 3.2 (copies), 3.3.3 (ADY), 3.3.4 (AVAL to PCHG),
    3.3.8 (ABLFL), 3.3.9 (SRCDOM, SRCSEQ and --SEQ); BDS-TTE 1.0 section 4 (CNSR, EVNTDESC, CNSDTDSC, STARTDT).

    Args:
        analysed: spec and conformed frame of the ADaM datasets by name.
        tabulated: the same of SDTM; DM is among them.

    Returns:
        One Issue per row and rule that it breaks.
    """
    if SUBJECTS not in analysed:
        return []
    found = _subjects(analysed[SUBJECTS][1], *tabulated["DM"])
    known = {**tabulated, **analysed}
    for name, (spec, frame) in analysed.items():
        parent = tabulated["DM"][1] if name == SUBJECTS else analysed[SUBJECTS][1]
        strange = Broken(SUBJECT, "USUBJID", ~pl.col("USUBJID").is_in(parent["USUBJID"].implode()))
        for rule, variable, rows in (strange, *_within(set(frame.columns))):
            bad = frame.select(rows.fill_null(value=False).arg_true()).to_series()
            found += issues_at(frame, spec, bad, rule, variable)
        found += _copies(spec, frame, known)
        found += _sources(spec, frame, tabulated)
    return found


def _subjects(adsl: Frame, spec: DatasetSpec, dm: Frame) -> list[Issue]:
    absent = dm.select((~pl.col("USUBJID").is_in(adsl["USUBJID"].implode())).arg_true()).to_series()
    return issues_at(dm, spec, absent, MISSING, "USUBJID")


def _copies(spec: DatasetSpec, frame: Frame, known: Mapping[str, tuple[DatasetSpec, Frame]]) -> Iterator[Issue]:
    """Copies of a variable of one record per subject, or of the record that --SEQ names."""
    for variable in spec.variables:
        name, _, original = variable.predecessor.partition(".")
        if name not in known:
            continue
        parent_spec, parent = known[name]
        by = ["USUBJID"] if parent_spec.key == ("USUBJID",) else ["USUBJID", f"{name}SEQ"]
        if not set(by) <= set(frame.columns):
            continue
        held = parent.select(*by, pl.col(original).alias("_original")).unique(by)
        beside = frame.join(held, on=by, how="left", maintain_order="left")
        is_known = pl.all_horizontal(pl.col(by).is_not_null())
        bad = beside.select((is_known & pl.col(variable.name).ne_missing(pl.col("_original"))).arg_true()).to_series()
        yield from issues_at(frame, spec, bad, COPY, variable.name)


def _sources(spec: DatasetSpec, frame: Frame, tabulated: Mapping[str, tuple[DatasetSpec, Frame]]) -> Iterator[Issue]:
    for name, (_, source) in tabulated.items():
        sequence = f"{name}SEQ"
        held = source.select("USUBJID", sequence).unique() if {"USUBJID", sequence} <= set(source.columns) else None
        if held is None:
            continue
        if sequence in frame.columns:
            yield from _without_source(spec, frame, held, sequence, pl.col(sequence).is_not_null())
        if {"SRCDOM", "SRCSEQ"} <= set(frame.columns):
            named = (pl.col("SRCDOM") == name) & pl.col("SRCSEQ").is_not_null()
            yield from _without_source(spec, frame, held.rename({sequence: "SRCSEQ"}), "SRCSEQ", named)


def _without_source(spec: DatasetSpec, frame: Frame, held: Frame, sequence: str, asked: pl.Expr) -> Iterator[Issue]:
    numbered = held.with_columns(pl.col(sequence).cast(pl.Int64), _held=pl.lit(value=True))
    beside = frame.with_columns(pl.col(sequence).cast(pl.Int64)).join(
        numbered, on=["USUBJID", sequence], how="left", maintain_order="left"
    )
    bad = beside.select((asked & pl.col("_held").is_null()).arg_true()).to_series()
    yield from issues_at(frame, spec, bad, SOURCE, sequence)


def _within(names: set[str]) -> Iterator[Broken]:
    """The rules that a dataset can be validated against by itself, as far as it has their variables."""
    record = ["USUBJID", "PARAMCD", *sorted({"BASETYPE"} & names)]
    for needed, broken in (*_of_values(record), *_of_times(), *_of_grades()):
        if set(needed.split()) <= names:
            yield broken


def _of_values(record: list[str]) -> Iterator[tuple[str, Broken]]:
    is_baseline = pl.col("ABLFL") == "Y"
    of_record = pl.col("AVAL").filter(is_baseline).first().over(record)
    no_base = is_baseline & pl.col("BASE").ne_missing(pl.col("AVAL"))
    other_base = pl.col("BASE").is_not_null() & pl.col("BASE").ne_missing(of_record)
    percent = pl.when(pl.col("BASE") != 0).then(100 * pl.col("CHG") / pl.col("BASE"))
    yield "ABLFL PARAMCD", Broken(BASELINE, "ABLFL", is_baseline & (is_baseline.sum().over(record) > 1))
    yield "ABLFL PARAMCD AVAL BASE", Broken(BASE, "BASE", no_base | other_base)
    yield "AVAL BASE CHG", Broken(CHANGE, "CHG", _differs("CHG", pl.col("AVAL") - pl.col("BASE")))
    yield "CHG BASE PCHG", Broken(PERCENT, "PCHG", _differs("PCHG", percent))
    yield "AVAL AVALC PARAMCD", Broken(ONE_TO_ONE, "AVALC", _not_one_to_one("AVALC", "AVAL", ["PARAMCD"]))
    for text, number in (("AVISIT", "AVISITN"), ("TRTP", "TRTPN"), ("TRTA", "TRTAN"), ("TRT01P", "TRT01PN")):
        yield f"{text} {number}", Broken(ONE_TO_ONE, number, _not_one_to_one(text, number, []))


def _of_times() -> Iterator[tuple[str, Broken]]:
    for date, day in (("ADT", "ADY"), ("ASTDT", "ASTDY"), ("AENDT", "AENDY")):
        yield f"{date} {day} TRTSDT", Broken(DAY, day, pl.col(day).ne_missing(_day(date)))
    for start, end in (("ASTDT", "AENDT"), ("STARTDT", "ADT"), ("TRTSDT", "TRTEDT")):
        yield f"{start} {end}", Broken(ORDER, end, pl.col(end) < pl.col(start))
    days = (pl.col("ADT") - pl.col("STARTDT")).dt.total_days() + 1
    yield "ADT STARTDT AVAL CNSR", Broken(DURATION, "AVAL", pl.col("AVAL").ne_missing(days.cast(pl.Float64)))
    is_event, reason = pl.col("CNSR") == 0, pl.col("CNSDTDSC").is_not_null()
    silent = is_event & pl.col("EVNTDESC").is_null()
    yield "CNSR EVNTDESC CNSDTDSC", Broken(EVENT, "CNSR", (is_event == reason) | silent)


def _of_grades() -> Iterator[tuple[str, Broken]]:
    for toxicity, grade in (("ATOXDSCL", "ATOXGRL"), ("ATOXDSCH", "ATOXGRH")):
        is_named, has_grade = pl.col(toxicity).is_not_null(), pl.col(grade).is_not_null()
        without_value = has_grade & pl.col("AVAL").is_null()
        yield f"{toxicity} {grade} AVAL", Broken(GRADE, grade, (is_named != has_grade) | without_value)


def _differs(name: str, expected: pl.Expr) -> pl.Expr:
    given = pl.col(name)
    scale = pl.max_horizontal(given.abs(), expected.abs(), pl.col("BASE").abs())
    return given.is_not_null() & (expected.is_null() | ((given - expected).abs() > _CLOSE * scale))


def _day(date: str) -> pl.Expr:
    days = (pl.col(date) - pl.col("TRTSDT")).dt.total_days()
    return pl.when(days >= 0).then(days + 1).otherwise(days)


def _not_one_to_one(text: str, number: str, within: list[str]) -> pl.Expr:
    """Rows whose text has several numbers, or whose number several texts, where both are filled."""
    both = pl.col(text).is_not_null() & pl.col(number).is_not_null()
    filled = [pl.when(both).then(pl.col(name)) for name in (text, number)]
    several = [
        filled[one].drop_nulls().n_unique().over([*within, other]) > 1 for one, other in ((1, text), (0, number))
    ]
    return both & (several[0] | several[1])
