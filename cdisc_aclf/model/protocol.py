"""How a trial is built: design, arms, interventions, outcomes, eligibility."""

from dataclasses import dataclass
from enum import StrEnum

from cdisc_aclf.model.timing import Age, TimePoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How the trial is built."""

    study_type: str | None = None
    phases: tuple[str, ...] = ()
    allocation: str | None = None
    intervention_model: str | None = None
    intervention_model_description: str | None = None
    primary_purpose: str | None = None
    masking: str | None = None
    masking_description: str | None = None
    who_masked: tuple[str, ...] = ()
    observational_model: str | None = None
    time_perspective: str | None = None
    patient_registry: bool | None = None
    target_duration: str | None = None
    enrollment_count: int | None = None
    enrollment_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A group of subjects; `intervention_names` as listed, `Biological: exosome injection`."""

    label: str
    type: str | None = None
    description: str | None = None
    intervention_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """What is given or done; `arm_labels` name the arms that get it."""

    name: str
    type: str | None = None
    description: str | None = None
    other_names: tuple[str, ...] = ()
    arm_labels: tuple[str, ...] = ()

    @property
    def listed_as(self) -> str:
        """How the arms name it.

        Examples:
            >>> Intervention(name="care", type="COMBINATION_PRODUCT").listed_as
            'Combination Product: care'
        """
        return f"{(self.type or '').replace('_', ' ').title()}: {self.name}"


class OutcomeKind(StrEnum):
    """The three classes of outcomes, as the record's keys begin."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the trial measures. `index` counts from 0 within the class, as in the record's lists."""

    kind: OutcomeKind
    index: int
    measure: str
    description: str | None = None
    time_frame: str | None = None
    time_points: tuple[TimePoint, ...] = ()

    @property
    def position(self) -> str:
        """Where the outcome stands in the record."""
        return f"outcomesModule.{self.kind}Outcomes[{self.index}]"


class CriterionKind(StrEnum):
    """The two sides of eligibility."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion, numbered from 1 within its kind.

    Args:
        kind: None where the text stands under no inclusion or exclusion heading.
        number: position within the kind.
        text: the criterion without its bullet; nested points follow as lines with theirs.
        heading: the nearest heading above it as written, e.g. `Inclusion Criteria:`.
    """

    kind: CriterionKind | None
    number: int
    text: str
    heading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Who may take part."""

    text: str | None = None
    criteria: tuple[Criterion, ...] = ()
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    std_ages: tuple[str, ...] = ()
    sex: str | None = None
    healthy_volunteers: bool | None = None
    study_population: str | None = None
    sampling_method: str | None = None

    @property
    def inclusion(self) -> tuple[Criterion, ...]:
        """The inclusion criteria."""
        return tuple(item for item in self.criteria if item.kind is CriterionKind.INCLUSION)

    @property
    def exclusion(self) -> tuple[Criterion, ...]:
        """The exclusion criteria."""
        return tuple(item for item in self.criteria if item.kind is CriterionKind.EXCLUSION)
