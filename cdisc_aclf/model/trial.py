"""The trial as its registry record tells it: what the record does not say is None or ().

Coded values (`ACTUAL`, `EARLY_PHASE1`, `PARALLEL`) stand as the registry writes them; text has lost the
registry's markdown escapes and nothing else. The groups carry the names of the record's modules.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from cdisc_aclf.model.issue import Severity
from cdisc_aclf.model.protocol import Arm, Design, Eligibility, Intervention, Outcome, OutcomeKind
from cdisc_aclf.model.timing import PartialDate, TimeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """An organisation and its class in the registry (`OTHER`, `INDUSTRY`, `NIH`)."""

    name: str
    type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyId:
    """An identifier that somebody other than the registry gave."""

    id: str
    type: str | None = None
    domain: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """What the trial is called."""

    nct_id: str
    org_study_id: StudyId | None = None
    secondary_ids: tuple[StudyId, ...] = ()
    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None
    organization: Organization | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How far the trial and its record have come."""

    overall: str | None = None
    last_known: str | None = None
    why_stopped: str | None = None
    has_expanded_access: bool | None = None
    verified: PartialDate | None = None
    start: PartialDate | None = None
    primary_completion: PartialDate | None = None
    completion: PartialDate | None = None
    first_submit: PartialDate | None = None
    first_submit_qc: PartialDate | None = None
    first_post: PartialDate | None = None
    results_first_submit: PartialDate | None = None
    results_first_submit_qc: PartialDate | None = None
    results_first_post: PartialDate | None = None
    last_update_submit: PartialDate | None = None
    last_update_post: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibleParty:
    """Who answers for the record; the `old_` values are those of records before 2011."""

    type: str | None = None
    name: str | None = None
    title: str | None = None
    affiliation: str | None = None
    old_name_title: str | None = None
    old_organization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """Who watches over the trial."""

    has_dmc: bool | None = None
    is_fda_regulated_drug: bool | None = None
    is_fda_regulated_device: bool | None = None
    is_us_export: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshTerm:
    """A heading of MeSH and its unique identifier."""

    id: str
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesh:
    """The headings that the registry derived, and those above them in the tree."""

    terms: tuple[MeshTerm, ...] = ()
    ancestors: tuple[MeshTerm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """A person who answers for the trial as a whole."""

    name: str
    affiliation: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A site; latitude and longitude in degrees, digit for digit."""

    facility: str | None = None
    status: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A publication (`citation`) or a link (`url`) that the record names."""

    type: str | None = None
    citation: str | None = None
    pmid: str | None = None
    url: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IpdSharing:
    """Whether and how individual participant data are shared."""

    sharing: str | None = None
    description: str | None = None
    info_types: tuple[str, ...] = ()
    time_frame: str | None = None
    access_criteria: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One registry record.

    Args:
        unread: dotted keys of the record that are not held here, e.g. `resultsSection`.

    Examples:
        >>> saline = Intervention(name="saline", type="DRUG", arm_labels=("Control",))
        >>> control = Arm(label="Control", intervention_names=("Drug: saline",))
        >>> trial = Trial(
        ...     identification=Identification(nct_id="NCT00000000"), arms=(control,), interventions=(saline,)
        ... )
        >>> [given.name for given in trial.interventions_of(control)]
        ['saline']
        >>> [arm.label for arm in trial.arms_of(saline)]
        ['Control']
    """

    identification: Identification
    status: Status = field(default_factory=Status)
    lead_sponsor: Organization | None = None
    collaborators: tuple[Organization, ...] = ()
    responsible_party: ResponsibleParty | None = None
    oversight: Oversight = field(default_factory=Oversight)
    brief_summary: str | None = None
    detailed_description: str | None = None
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    condition_mesh: Mesh = field(default_factory=Mesh)
    intervention_mesh: Mesh = field(default_factory=Mesh)
    design: Design = field(default_factory=Design)
    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    eligibility: Eligibility = field(default_factory=Eligibility)
    officials: tuple[Official, ...] = ()
    locations: tuple[Location, ...] = ()
    references: tuple[Reference, ...] = ()
    ipd_sharing: IpdSharing = field(default_factory=IpdSharing)
    has_results: bool | None = None
    version_holder: PartialDate | None = None
    unread: tuple[str, ...] = ()

    def interventions_of(self, arm: Arm) -> tuple[Intervention, ...]:
        """The interventions that the arm lists, in the record's order."""
        return tuple(given for given in self.interventions if given.listed_as in arm.intervention_names)

    def arms_of(self, intervention: Intervention) -> tuple[Arm, ...]:
        """The arms that the intervention names, in the record's order."""
        return tuple(arm for arm in self.arms if arm.label in intervention.arm_labels)

    def outcomes_of(self, kind: OutcomeKind) -> tuple[Outcome, ...]:
        """The outcomes of one class, in the record's order."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind is kind)

    @property
    def study_days(self) -> tuple[int, ...]:
        """The study days that the time frames name, ascending: the schedule as far as the record tells."""
        points = (point for outcome in self.outcomes for point in outcome.time_points)
        return tuple(sorted({point.number for point in points if point.kind is TimeKind.STUDY_DAY}))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTerm:
    """Something that people who know the study know about its record: one row of `known_terms.csv`.

    Args:
        rule: identifier of the rule.
        severity: note or warning.
        text: words of the record as written; an Issue stands wherever they occur.
        message: what contradicts them, with its source.
    """

    rule: str
    severity: Severity
    text: str
    message: str
