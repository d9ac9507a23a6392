"""What `specs/` says about the CRF and about the invented study, as typed rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A planned visit: `name` as submitted, `collected` as the EDC shows it; screening has no study day."""

    number: int
    name: str
    collected: str
    day: int | None
    dose: bool
    window: int
    landmark: bool


@dataclass(frozen=True, slots=True)
class Arm:
    """A treatment group; only one of them receives the study drug."""

    collected: str
    study_drug: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How a quantity spreads, as logarithms: with severity, between subjects and within one."""

    name: str
    median: float
    severity: float
    between: float
    within: float
    lowest: float
    highest: float
    skippable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assay:
    """How one laboratory prints one measure; `factor` leads from its unit to the standard unit."""

    laboratory: str
    measure: str
    analyte: str
    unit: str
    factor: float
    decimals: int
    low: str
    high: str

    def printed(self, value: float) -> str:
        """A value in standard units as this laboratory prints it."""
        return f"{value / self.factor:.{self.decimals}f}"

    def flag(self, result: str) -> str:
        """The submitted term of the flag beside a printed result; empty within the range."""
        if Decimal(result) < Decimal(self.low):
            return "LOW"
        return "HIGH" if Decimal(result) > Decimal(self.high) else ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A way to end, how often it comes among 20 subjects, from which study day to which."""

    ending: str
    count: tuple[int, int]
    days: tuple[int, int]
    by_risk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All facts that the simulation draws on.

    Args:
        forms: columns of each form, in order.
        visits: the planned visits, in order.
        unscheduled: collected name of a visit that was not planned.
        arms: the treatment groups.
        measures: what is drawn; the other measures follow from these.
        laboratories: names, the one of the clean study first.
        assays: the list of one laboratory for one sex.
        collected: what is typed for a codelist and submitted term.
        spellings: units of the codelist `UNIT` that mean a term and are not it.
        terms: free text by its use.
        treatments: invented concomitant treatments, by category.
        outcomes: the ways to end early.
        disposition: submitted reason and words for each ending.
        rules: which rule must report a fault.
    """

    forms: Mapping[str, tuple[str, ...]]
    visits: tuple[Visit, ...]
    unscheduled: str
    arms: tuple[Arm, ...]
    measures: tuple[Measure, ...]
    laboratories: tuple[str, ...]
    assays: Mapping[tuple[str, str], tuple[Assay, ...]]
    collected: Mapping[tuple[str, str], str]
    spellings: Mapping[str, tuple[str, ...]]
    terms: Mapping[str, tuple[str, ...]]
    treatments: Mapping[str, tuple[Row, ...]]
    outcomes: tuple[Outcome, ...]
    disposition: Mapping[str, tuple[str, str]]
    rules: Mapping[str, str]

    def choice(self, codelist: str, term: str) -> str:
        """What the EDC offers for a submitted term; the first spelling where there are several."""
        return self.collected[codelist, term]

    def yes_no(self, *, value: bool) -> str:
        """What the EDC offers for yes and no."""
        return self.collected["NY", "Y" if value else "N"]


def read_facts(specs: Mapping[str, pl.DataFrame]) -> Facts:
    """Gather the facts from the tables of `specs/`.

    Args:
        specs: tables of text by file stem: those of `specs/reference/` and `specs/simulation/`, `collected`,
            and the forms as `raw/<form>`.

    Raises:
        KeyError: a table, a column or a row that the simulation needs is missing.
    """
    tables = {name: table.fill_null("").to_dicts() for name, table in specs.items()}
    outcomes = tables["outcomes"]
    laboratories = tuple(dict.fromkeys(row["laboratory"] for row in tables["laboratories"]))
    return Facts(
        forms={row["form"]: _column(tables[f"raw/{row['form']}"], "column") for row in tables["raw/forms"]},
        visits=_visits(tables["visits"], tables["schedule"]),
        unscheduled=next(row["collected"] for row in tables["visits"] if not row["visitnum"]),
        arms=tuple(Arm(row["collected"], row["study_drug"] == "Y") for row in tables["arms"]),
        measures=tuple(map(_measure, tables["measures"])),
        laboratories=laboratories,
        assays={
            (laboratory, sex): tuple(
                _assay(row, tables["lb_analytes"], tables["lb_units"])
                for row in tables["laboratories"]
                if row["laboratory"] == laboratory and row["sex"] in ("", sex)
            )
            for laboratory in laboratories
            for sex in ("M", "F")
        },
        collected={(row["codelist"], row["term"]): row["collected"] for row in reversed(tables["collected"])},
        spellings=_grouped(
            [row for row in tables["collected"] if row["codelist"] == "UNIT" and row["collected"] != row["term"]],
            by="term",
            take="collected",
        ),
        terms=_grouped(tables["terms"], by="use", take="term"),
        treatments={
            category: tuple(row for row in tables["treatments"] if row["category"] == category)
            for category in _column(tables["treatments"], "category")
        },
        outcomes=tuple(_outcome(row) for row in outcomes if row["first_day"]),
        disposition={row["ending"]: (row["term"], row["detail"]) for row in outcomes},
        rules={row["fault"]: row["rule"] for row in tables["faults"]},
    )


def _column(rows: list[Row], name: str) -> tuple[str, ...]:
    return tuple(row[name] for row in rows)


def _grouped(rows: list[Row], *, by: str, take: str) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for row in rows:
        groups[row[by]] = (*groups.get(row[by], ()), row[take])
    return groups


def _visits(visits: list[Row], schedule: list[Row]) -> tuple[Visit, ...]:
    planned = {row["visit"]: row for row in schedule}
    return tuple(
        Visit(
            number=int(row["visitnum"]),
            name=row["visit"],
            collected=row["collected"],
            day=int(row["visitdy"]) if row["visitdy"] else None,
            dose=row["dose"] == "Y",
            window=int(planned[row["visit"]]["window"]),
            landmark=planned[row["visit"]]["landmark"] == "Y",
        )
        for row in visits
        if row["visitnum"]
    )


def _measure(row: Row) -> Measure:
    return Measure(
        name=row["measure"],
        median=float(row["median"]),
        severity=float(row["severity"]),
        between=float(row["between"]),
        within=float(row["within"]),
        lowest=float(row["lowest"]),
        highest=float(row["highest"]),
        skippable=row["skippable"] == "Y",
    )


def _assay(row: Row, analytes: list[Row], units: list[Row]) -> Assay:
    testcd = {line["analyte"]: line["testcd"] for line in analytes}[row["analyte"]]
    factor = {(line["testcd"], line["unit"]): float(line["factor"]) for line in units}
    return Assay(
        laboratory=row["laboratory"],
        measure=row["measure"],
        analyte=row["analyte"],
        unit=row["unit"],
        factor=factor[testcd, row["unit"]] if row["unit"] else 1.0,
        decimals=int(row["decimals"]),
        low=row["range_low"],
        high=row["range_high"],
    )


def _outcome(row: Row) -> Outcome:
    return Outcome(
        ending=row["ending"],
        count=(int(row["fewest"]), int(row["most"])),
        days=(int(row["first_day"]), int(row["last_day"])),
        by_risk=row["by_risk"] == "Y",
    )
