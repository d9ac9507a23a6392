"""TS: the trial, parameter by parameter."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.protocol import OutcomeKind
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.text import split_text
from cdisc_aclf.model.timing import DatePrecision, PartialDate
from cdisc_aclf.model.trial import Trial

Parameter = Mapping[str, str | None]  # a row of ts_parameters.csv

CONTINUED = tuple(f"TSVAL{piece}" for piece in range(1, 6))  # the registry allows texts of 1000 characters
RATIO = re.compile(r"\b\d+(?::\d+)+\b")


def ts(
    dm: Frame,
    ref_ts_parameters: Frame,
    ref_ts_terms: Frame,
    ref_treatment: Frame,
    ref_visits: Frame,
    trial: Trial,
    study: Study,
    ct: Terminology,
) -> Frame:
    """One record per value of a parameter, or its null flavor where nobody says anything (SDTMIG 3.4 section 7.4.2).

    What a person says in `study.toml` stands over what follows from the record, the data and the plan.
    """
    parameters = ref_ts_parameters.to_dicts()
    said: dict[str, Sequence[str]] = {
        **_as_terms(_stated(trial, parameters) | _concluded(trial), parameters, ref_ts_terms, ct),
        **_planned(ref_treatment, ref_visits),
        **_observed(dm, trial),
        "SDTIGVER": [study.standards["sdtmig"]],
        "SDTMVER": [study.standards["sdtm"]],
        **study.facts.get("TSVAL", {}),
    }
    records = [record for row in parameters if _applies(row, said) for record in _records(row, said, study, ct)]
    return pl.DataFrame(records, infer_schema_length=None).with_columns(
        pl.lit(None, pl.String).alias(RAW_RECORD),
        STUDYID=pl.lit(study.id),
        DOMAIN=pl.lit("TS"),
    )


def _stated(trial: Trial, parameters: Iterable[Parameter]) -> dict[str, list[str]]:
    """What stands in the record at the place that the parameter names; a coded list is one value."""
    stated = {}
    for row in parameters:
        value: object = trial
        for name in (row["record"] or "").split("."):
            value = getattr(value, name) if name and value is not None else None
        items = [str(item) for item in value] if isinstance(value, tuple) else [str(value)]
        if value is not None and items:
            stated[str(row["parmcd"])] = [" ".join(items)] if row["codelist"] else items
    return stated


def _concluded(trial: Trial) -> dict[str, list[str]]:
    """What follows from several statements of the record; nothing where they allow two readings.

    A treatment is investigated if experimental arms get it and no others do; the others are the controls.
    """
    design, arms, end = trial.design, _number_of_arms(trial), trial.status.completion
    studied = [given for given in trial.interventions if {arm.type for arm in trial.arms_of(given)} == {"EXPERIMENTAL"}]
    types = [arm.type for arm in trial.arms]
    controls = [kind for kind in types if kind != "EXPERIMENTAL"] if "EXPERIMENTAL" in types else []
    is_alone = design.intervention_model == "SINGLE_GROUP"
    is_one_of_equals = types.count("EXPERIMENTAL") == 1 and _is_allocated_equally(trial)
    return {
        "FCNTRY": _distinct(site.country for site in trial.locations),
        "INTTYPE": _distinct(given.type for given in studied),
        "NARMS": [str(arms)] if arms else [],
        "NCOHORT": [str(len(types))] if types and design.study_type == "OBSERVATIONAL" else [],
        "OUTMSADD": [outcome.measure for outcome in trial.outcomes_of(OutcomeKind.OTHER)],
        "OUTMSPRI": [outcome.measure for outcome in trial.outcomes_of(OutcomeKind.PRIMARY)],
        "OUTMSSEC": [outcome.measure for outcome in trial.outcomes_of(OutcomeKind.SECONDARY)],
        "PLANSUB": [str(design.enrollment_count)] if design.enrollment_type == "ESTIMATED" else [],
        "RANDQT": [f"{1 / arms:.2g}"] if arms and is_one_of_equals else [],
        "SENDTC": [end.text] if end and _is_past_day(end) else [],
        "TCNTRL": ["SINGLE_GROUP"] if is_alone else _distinct(controls),
        "TRT": [given.name for given in studied],
    }


def _number_of_arms(trial: Trial) -> int | None:
    """None where the list cannot be the arms: the groups of a crossover may be treatments or sequences."""
    listed = len(trial.arms)
    match trial.design.intervention_model:
        case "SINGLE_GROUP":
            return listed if listed == 1 else None
        case "PARALLEL" | "FACTORIAL" | "SEQUENTIAL":
            return listed if listed > 1 else None
    return None


def _is_allocated_equally(trial: Trial) -> bool:
    """Whether the prose names one ratio, and in it a 1 for every arm: of 2:1 nobody knows which arm has the 2."""
    prose = (trial.design.intervention_model_description, trial.brief_summary, trial.detailed_description)
    return set(RATIO.findall(" ".join(filter(None, prose)))) == {":".join("1" * len(trial.arms))}


def _as_terms(
    stated: Mapping[str, list[str]], parameters: Iterable[Parameter], ref_ts_terms: Frame, ct: Terminology
) -> dict[str, list[str]]:
    """The registry's words as terms; a word without a term is OTH: the coding system has no such concept."""
    terms = {(name, word): term for name, word, term in ref_ts_terms.select("parmcd", "registry", "term").iter_rows()}
    codelists = {row["parmcd"]: ct.codelists[row["codelist"]].values for row in parameters if row["codelist"]}
    known = dict.fromkeys((name for name, _ in terms), ()) | codelists
    return {
        name: [terms.get((name, word), word if word in known.get(name, words) else "OTH") for word in words]
        for name, words in stated.items()
    }


def _planned(ref_treatment: Frame, ref_visits: Frame) -> dict[str, list[str]]:
    days = ref_visits["visitdy"].drop_nulls().cast(pl.Int64).to_list()
    return {
        "DOSE": ref_treatment["dose"].to_list(),
        "DOSFRM": ref_treatment["dose_form"].to_list(),
        "DOSFRQ": ref_treatment["planned_frequency"].to_list(),
        "DOSU": ref_treatment["dose_unit"].to_list(),
        "LENGTH": [f"P{max(days)}D"] if days else [],
        "ROUTE": ref_treatment["route"].to_list(),
    }


def _observed(dm: Frame, trial: Trial) -> dict[str, list[str]]:
    """Subjects in an arm, and the first consent among them; without data what the record reports of the past."""
    if dm.is_empty():
        design, start = trial.design, trial.status.start
        return {
            "ACTSUB": [str(design.enrollment_count)] if design.enrollment_type == "ACTUAL" else [],
            "SSTDTC": [start.text] if start and _is_past_day(start) else [],
        }
    enrolled = dm.filter(pl.col("ARMCD").is_not_null())
    days = enrolled["RFICDTC"].str.extract(r"^(\d{4}-\d{2}-\d{2})").drop_nulls().to_list()
    return {"ACTSUB": [str(enrolled.height)], "SSTDTC": [min(days)] if days else []}


def _applies(row: Parameter, said: Mapping[str, Sequence[str]]) -> bool:
    name, _, term = (row["when"] or "").partition("=")
    return not name or term in said.get(name, ())


def _records(
    row: Parameter, said: Mapping[str, Sequence[str]], study: Study, ct: Terminology
) -> Iterator[dict[str, str | int | None]]:
    name, dictionary = str(row["parmcd"]), str(row["dictionary"])
    versions = {"CDISC CT": [study.standards["sdtmct"]], **study.facts.get("TSVCDVER", {})}
    silent = [row["silent"]] if row["silent"] else []
    for number, value in enumerate(said.get(name) or silent, start=1):
        is_null = value in ct.codelists["NULLFLAV"].values
        code = None if is_null else _code(row, str(value), number, study, ct)
        has_dictionary = code is not None or (row["code"] == "none" and not is_null)
        first, *rest = [None] if is_null else split_text(" ".join(str(value).split()))
        yield {
            "TSSEQ": number,
            "TSPARMCD": name,
            "TSPARM": ct.names("TSPARMCD", "TSPARM").get(name),
            "TSVAL": first,
            **dict.fromkeys(CONTINUED),
            **{f"TSVAL{piece}": text for piece, text in enumerate(rest, start=1)},
            "TSVALNF": value if is_null else None,
            "TSVALCD": code,
            "TSVCDREF": dictionary if has_dictionary else None,
            "TSVCDVER": next(iter(versions.get(dictionary, ())), None) if has_dictionary else None,
        }


def _code(row: Parameter, value: str, number: int, study: Study, ct: Terminology) -> str | None:
    match row["code"]:
        case "concept":
            terms = ct.codelists[str(row["codelist"])].terms
            return {term.value: term.ccode for term in terms}.get(value) or None
        case "itself":
            return value
        case "given":
            codes = study.facts.get("TSVALCD", {}).get(str(row["parmcd"]), ())
            return dict(enumerate(codes, start=1)).get(number)
    return None


def _is_past_day(date: PartialDate) -> bool:
    return date.type == "ACTUAL" and date.precision is DatePrecision.DAY


def _distinct(values: Iterable[str | None]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]
