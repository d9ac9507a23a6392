"""Rows of a frame of leaves as Issues, and what only the set of all rows can say: links, units, results, ids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from cdisc_aclf.fhir.model.spec import ElementSpec, ResourceSpec
from cdisc_aclf.fhir.validate.issues import found
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.issue import Issue


@dataclass(frozen=True, slots=True)
class About:
    """Says which resource, and whose, a row is."""

    frame: Frame
    resource: ResourceSpec

    def at(self, index: int, rule: str, path: str, value: str) -> Issue:
        """An Issue about an element of the resource in a row, with the first raw record that it comes from."""
        resource_id = self.frame["id"][index] or ""
        trace = self.frame[RAW_RECORD][index] if RAW_RECORD in self.frame.columns else None
        form, _, record = (trace or "").partition(" ")[0].partition(":")
        issue = replace(found(rule, self.resource.type, resource_id, path, value), form=form, record=record)
        if self.resource.type == "Patient":
            return replace(issue, subject=resource_id)
        subject = self.frame["subject.reference"][index] if "subject.reference" in self.frame.columns else None
        return replace(issue, subject=(subject or "").removeprefix("Patient/"))


def duplicates(ids: pl.Series) -> list[Issue]:
    """One Issue per id that more than one resource has.

    Args:
        ids: `Type/id` of every resource.
    """
    counts = ids.value_counts().filter(pl.col("count") > 1).sort(ids.name)
    issues = []
    for name, count in counts.drop_nulls().iter_rows():
        resource_type, _, resource_id = name.partition("/")
        twice = found("FHIR-DUPLICATE", resource_type, resource_id, "id", resource_id)
        issues.append(replace(twice, count=count))
    return issues


def unresolved(
    text: Frame, links: Sequence[ElementSpec], about: About, ids: pl.Series, *, failed: Frame
) -> Iterator[Issue]:
    """One Issue per target that is not there."""
    missing: dict[str, Issue] = {}
    for element in links:
        name = element.column
        faulty = failed.filter(pl.col("column") == name)["index"].implode()
        lost = (
            text.select(value=pl.col(name), index=pl.int_range(pl.len()))
            .filter(
                pl.col("value").is_not_null(), ~pl.col("value").is_in(ids.implode()), ~pl.col("index").is_in(faulty)
            )
            .group_by("value", maintain_order=True)
            .agg(pl.col("index").first(), count=pl.len())
        )
        for value, index, count in lost.iter_rows():
            known = missing.get(value)
            first = known or about.at(index, "FHIR-REFERENCE", element.path, value)
            missing[value] = replace(first, count=count + (known.count if known else 0))
    yield from missing.values()


def bare_units(text: Frame, resource: ResourceSpec, about: About) -> Iterator[Issue]:
    """One Issue per unit that has no code beside it."""
    columns = {element.path: element for element in resource.elements}
    for path, element in columns.items():
        code = columns.get(f"{path.removesuffix('unit')}code")
        if not path.endswith(".unit") or element.fixed or (code and code.fixed):
            continue
        bare = text.select(unit=pl.col(element.column), index=pl.int_range(pl.len())).filter(
            pl.col("unit").is_not_null(), text[code.column].is_null() if code else True
        )
        for unit, index, count in (
            bare.group_by("unit", maintain_order=True).agg(pl.col("index").first(), count=pl.len()).iter_rows()
        ):
            yield replace(about.at(index, "FHIR-UNIT", path, unit), count=count)


def other_results(frame: Frame, resource: ResourceSpec, results: pl.Series) -> Iterator[Issue]:
    """One Issue per row whose value is not the collected one, digit for digit.

    Args:
        frame: one row per resource.
        resource: what the rows are.
        results: the result of each row as it stands in SDTM (--ORRES).
    """
    about = About(frame, resource)
    comparator, value, words = (
        pl.col(name) if name in frame.columns else pl.lit(None, pl.String)
        for name in ("valueQuantity.comparator", "valueQuantity.value", "valueCodeableConcept.text")
    )
    collected = pl.col("collected").str.replace(r"^([<>≤≥]=?)\s*", "$1").str.replace("≤", "<=").str.replace("≥", ">=")
    number = pl.concat_str(comparator.fill_null(""), value)
    there = pl.coalesce(number, words.fill_null(""))
    wanted = pl.when(number.is_not_null()).then(collected).otherwise("collected").fill_null("")
    wrong = (
        frame.with_columns(collected=results)
        .select(index=pl.int_range(pl.len()), there=there, wanted=wanted, collected="collected")
        .filter(pl.col("there") != pl.col("wanted"))
    )
    for index, text, _, result in wrong.iter_rows():
        issue = about.at(index, "FHIR-RESULT", "value", text)
        yield replace(issue, message=f"{issue.message} (collected: {result})")
