"""The study that is converted: ids, standards and the decisions that a person took."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.language import Language
from cdisc_aclf.model.profile import Profile

SYNTHETIC = "SYNTHETIC"
"""What a simulated export says in `environment`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A choice where the standards leave room: what was chosen, why, and what was rejected.

    Args:
        choice: what was chosen.
        why: the reason.
        rejected: what was not chosen.
        option: name of the choice where experts differ and a mapping offers more than one; empty elsewhere.
        options: every name that may stand in `option`.
    """

    choice: str
    why: str
    rejected: str
    option: str = ""
    options: tuple[str, ...] = ()

    def taken(self, say: Language) -> str:
        """What was chosen, with the option in force where a mapping offers several, in the language of `say`.

        Examples:
            >>> Decision(
            ...     choice="day 28",
            ...     why="the visit",
            ...     rejected="day 29",
            ...     option="study_day",
            ...     options=("study_day", "days_after"),
            ... ).taken(Language())
            'day 28 [option study_day of study_day, days_after]'
        """
        if not self.options:
            return say(self.choice)
        return say("{} [option {} of {}]").format(say(self.choice), self.option, ", ".join(self.options))


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One study folder, as `study.toml` describes it.

    Args:
        id: STUDYID.
        country: ISO 3166-1 alpha-3 code of the sites.
        time_zone: offset of the sites, e.g. `+08:00`; FHIR instants need it.
        real_environment: what the EDC writes into `environment` for real data; anything else is stamped.
        record: the registry record, a path below the specs folder.
        fhir_base: URL that the FHIR ids and the systems of our own identifiers stand below.
        standards: versions by name, e.g. `sdtmig` to `3.4`.
        decisions: by name.
        folder: where `specs/` and `mappings/` are.
        facts: what a person who has the protocol adds to the registry record: values by variable and topic, e.g.
            `facts["TSVAL"]["STOPRULE"]`; `human_facts.csv` lists the topics.
        profile: the authority that the package goes to; None where none was chosen.
        dataset_json: forms of Dataset-JSON that the package holds, among `JSON_FORMS`.
    """

    id: str
    country: str
    time_zone: str
    real_environment: str
    record: str
    fhir_base: str
    standards: Mapping[str, str]
    decisions: Mapping[str, Decision]
    folder: Path
    facts: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    profile: Profile | None = None
    dataset_json: tuple[str, ...] = ()

    def option(self, decision: str) -> str:
        """The option that a decision names.

        Raises:
            DefinitionError: there is no such decision, or it has no options.
        """
        if decision not in self.decisions or not self.decisions[decision].option:
            raise DefinitionError(str(self.folder / "specs" / "study.toml"), f"no option in [decisions.{decision}]")
        return self.decisions[decision].option
