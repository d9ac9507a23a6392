"""Datasets that went to FHIR and came back, compared with what they were; what may differ is declared."""

from collections.abc import Collection, Iterator, Mapping

import polars as pl

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import UnmappedVariable
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import Issue, Rule, Severity
from cdisc_aclf.model.spec import DatasetSpec
from cdisc_aclf.model.terminology import Terminology

CHANGED = Rule(
    "FHIR-ROUND-TRIP", Severity.ERROR, "comes back from FHIR changed, and no row of unmapped elements says why"
)

_QUANTITY = r"^(?:(?:[<>]=?|≤|≥)\s*)?-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"


def validate_round_trip(
    datasets: Mapping[str, tuple[DatasetSpec, Frame]],
    back: Mapping[str, Frame],
    losses: Collection[UnmappedVariable],
    ct: Terminology,
    *,
    file: str,
) -> list[Issue]:
    """Compare the values of every variable, subject by subject, and then whole records.

    Args:
        datasets: spec and frame of each dataset, as it was.
        back: the same datasets as their resources have them; a variable that is lost has no column.
        losses: what may differ.
        ct: the terms, for losses of what is no term.
        file: table of what is not mapped, for the message.

    Returns:
        One Issue per subject, variable and value that is there more or less often than it was.

    Raises:
        DefinitionError: a variable neither comes back nor is declared as lost, or is declared and comes back whole.
    """
    issues: list[Issue] = []
    for name, frame in back.items():
        spec, original = datasets[name]
        declared = {loss.variable: loss for loss in losses if loss.dataset == name}
        gone = {variable for variable, loss in declared.items() if loss.kept == "nothing"}
        if missing := sorted({*spec.names} - {*frame.columns} - gone):
            raise DefinitionError(file, f"{name}: {', '.join(missing)} do not come back from FHIR and are not declared")
        if stale := sorted(gone & {*frame.columns} | {*declared} - {*spec.names}):
            raise DefinitionError(
                file, f"{name}: {', '.join(stale)} are declared as lost and come back, or do not exist"
            )
        compared = [variable for variable in spec.names if variable not in gone]
        before, after = (
            each.select(_text(each, variable).alias(variable) for variable in compared).with_columns(
                _kept(variable, declared[variable].kept, spec, ct) for variable in compared if variable in declared
            )
            for each in (original, frame)
        )
        found = [issue for variable in compared for issue in _changed(name, variable, before, after)]
        issues += found or list(_torn(name, before, after))
    return issues


def _text(frame: Frame, variable: str) -> pl.Expr:
    """A value as text; a number without the zeros that its type adds."""
    if frame.schema[variable].is_float():
        decimal = pl.col(variable).cast(pl.Decimal(38, 9)).cast(pl.String)
        return decimal.str.strip_chars_end("0").str.strip_chars_end(".")
    return pl.col(variable).cast(pl.String)


def _kept(variable: str, kept: str, spec: DatasetSpec, ct: Terminology) -> pl.Expr:
    """What of a value FHIR keeps."""
    value = pl.col(variable)
    codelists = next(each.codelists for each in spec.variables if each.name == variable)
    terms = [term for name in codelists for term in ct.codelists[name].values]
    number = pl.col(variable.removesuffix("U")).str.contains(_QUANTITY)
    words = {
        "date": _date(value),
        "year": value.str.extract(r"^(\d{4})"),
        "yes": pl.when(value == "Y").then(value),
        "comparator": value.str.replace(r"^(?:≤|<=)\s*", "<=")
        .str.replace(r"^(?:≥|>=)\s*", ">=")
        .str.replace(r"^([<>])\s+", "${1}"),
        "beside a number": pl.when(number).then(value),
        "number": pl.when(number, ~value.str.contains("[<>]")).then(value),
        "term": pl.when(value.is_in(terms)).then(value),
    }
    if kept not in words:
        raise DefinitionError(
            "specs/fhir/round_trip_unmapped.csv", f"{variable} keeps {kept!r}, none of {', '.join(words)}"
        )
    return words[kept].alias(variable)


def _date(value: pl.Expr) -> pl.Expr:
    """As far as the calendar and the clock know it; seconds where they are not zero."""
    day = value.str.extract(r"^(\d{4}-\d{2}-\d{2})")
    is_day = day.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    moment = value.str.extract(r"^(.{10}T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)").str.replace(r"^(.{16}):00$", "${1}")
    month = value.str.extract(r"^(\d{4}-(?:0[1-9]|1[0-2]))")
    year = value.str.extract(r"^(\d{4})")
    return pl.when(is_day).then(pl.coalesce(moment, day)).otherwise(pl.coalesce(month, year))


def _changed(dataset: str, variable: str, before: Frame, after: Frame) -> Iterator[Issue]:
    keys = list(dict.fromkeys(("USUBJID", variable)))
    for one, other, what in ((before, after, "went"), (after, before, "came back")):
        more = _surplus(one, other, keys).select("count", subject="USUBJID", value=variable)
        for count, subject, value in more.iter_rows():
            yield Issue(
                rule=CHANGED.name,
                severity=CHANGED.severity,
                message=f"{CHANGED.message} ({what})",
                dataset=dataset,
                subject=subject or "",
                variable=variable,
                value=value or "",
                count=count,
            )


def _torn(dataset: str, before: Frame, after: Frame) -> Iterator[Issue]:
    """Records whose values all came back, in other company."""
    torn = _surplus(before, after, before.columns)
    for subject, count in torn.group_by("USUBJID", maintain_order=True).agg(pl.sum("count")).iter_rows():
        yield Issue(
            rule=CHANGED.name,
            severity=CHANGED.severity,
            message=f"{CHANGED.message} (values of other records)",
            dataset=dataset,
            subject=subject or "",
            count=count,
        )


def _surplus(one: Frame, other: Frame, keys: list[str]) -> Frame:
    """Rows that are more often in one frame than in the other, and how much more often."""
    counts = [each.group_by(keys, maintain_order=True).agg(count=pl.len().cast(pl.Int64)) for each in (one, other)]
    both = counts[0].join(counts[1], on=keys, how="left", nulls_equal=True, suffix="_other", maintain_order="left")
    more = pl.col("count") - pl.col("count_other").fill_null(0)
    return both.with_columns(count=more).filter(pl.col("count") > 0).drop("count_other")
