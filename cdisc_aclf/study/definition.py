"""The study folder as a whole: specs and mappings, read once and checked against each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import FhirSpec, elements_name
from cdisc_aclf.fhir.read.spec import read_fhir
from cdisc_aclf.model.check import CheckSpec, Explained
from cdisc_aclf.model.dictionary import DICTIONARIES
from cdisc_aclf.model.figure import FigureSpec
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import PROTOCOL
from cdisc_aclf.model.label import ENGLISH
from cdisc_aclf.model.language import TEXTS, Language
from cdisc_aclf.model.outcome import OutcomeSpec
from cdisc_aclf.model.spec import ADAM, SDTM, DatasetSpec, FormSpec, MethodSpec, StandardSpec
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import KnownTerm, Trial
from cdisc_aclf.registry.record import load
from cdisc_aclf.registry.trial import read_trial
from cdisc_aclf.study.figures import read_figures
from cdisc_aclf.study.labels import in_chinese, read_labels
from cdisc_aclf.study.language import read_language
from cdisc_aclf.study.mappings import load_checks, load_mappings
from cdisc_aclf.study.methods import read_methods
from cdisc_aclf.study.outcomes import read_outcomes
from cdisc_aclf.study.plan import Kind, Plan, make_plan
from cdisc_aclf.study.specs import (
    read_checks,
    read_explained,
    read_forms,
    read_known_terms,
    read_references,
    read_standard,
)
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.targets import check_targets
from cdisc_aclf.study.terminology import read_terminology

DICTIONARY = "dict_"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDefinition:
    """A study folder, read once and checked against itself."""

    study: Study
    record: Mapping[str, object]
    trial: Trial
    known_terms: tuple[KnownTerm, ...]
    forms: Mapping[str, FormSpec]
    standard: StandardSpec
    analysis: StandardSpec
    ct: Terminology
    references: Mapping[str, Frame]
    methods: Mapping[str, MethodSpec]
    outcomes: tuple[OutcomeSpec, ...]
    checks: Mapping[str, CheckSpec]
    fhir: FhirSpec
    explained: tuple[Explained, ...]
    figures: tuple[FigureSpec, ...]
    plan: Plan
    back: Plan
    language: Language

    @property
    def datasets(self) -> Mapping[str, DatasetSpec]:
        """Every dataset that this study makes, SDTM before ADaM."""
        return {**self.standard.datasets, **self.analysis.datasets}

    def spec_of(self, name: str) -> DatasetSpec | None:
        """The spec of a dataset, of a part of one, or of the SUPP-- of either; None for any other name."""
        parent = name.removeprefix("SUPP")
        part = next((part for part in self.standard.parts if part.name == parent), None)
        whole = part.dataset if part else parent
        if whole not in self.datasets:
            return None
        spec = self.datasets[whole] if parent == name else self.standard.supplement_of(whole)
        return spec.part(part) if part else spec

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text of the study that documents print in the language of the package, after the file it stands in."""
        found = [("specs/study.toml", text) for one in self.study.decisions.values() for text in (one.choice, one.why)]
        found += [("specs/raw/forms.csv", form.left_out) for form in self.forms.values()]
        found += [(form.file, column.ignored) for form in self.forms.values() for column in form.columns]
        found += [("specs/methods.csv", method.text) for method in self.methods.values()]
        found += [("specs/codelists.csv", each.label) for each in self.ct.codelists.values() if not each.ccode]
        found += [("specs/checks.csv", check.rule.message) for check in self.checks.values()]
        found += [("specs/explained.csv", rule.reason) for rule in self.explained]
        found += [
            ("specs/adam/outcomes.csv", text)
            for each in self.outcomes
            for text in (each.measure, each.title, each.method, each.documentation)
        ]
        found += [("specs/sdtm/supplemental.csv", each.comment) for each in self.standard.qualifiers]
        found += [("specs/sdtm/suppqual.csv", each.comment) for each in self.standard.suppqual]
        for spec in self.datasets.values():
            found += [(f"specs/{spec.standard}/datasets.csv", spec.structure)]
            found += [(spec.file, each.comment) for each in spec.variables]
            found += [(f"specs/{spec.standard}/values.csv", each.comment) for each in spec.values]
            # what records are called of which the value list speaks: LBTEST beside LBTESTCD
            names = {value.where.removesuffix("CD") for value in spec.values if value.where.endswith("CD")}
            called = sorted({codelist for each in spec.variables if each.name in names for codelist in each.codelists})
            found += [("specs/codelists.csv", name) for each in called for name in self.ct.codelists[each].values]
        return ((file, text) for file, text in found if text)

    @property
    def dictionaries(self) -> tuple[str, ...]:
        """Names of the dictionaries that mappings ask for."""
        needs = {need for step in self.plan.steps for need in step.needs}
        return tuple(sorted(need.removeprefix(DICTIONARY) for need in needs if need.startswith(DICTIONARY)))


def open_study(folder: Path, profile: str = "") -> StudyDefinition:
    """Read the specs and load the mappings of a study folder; no data yet.

    Args:
        folder: the study folder.
        profile: the authority, where it is another one than `study.toml` chooses.

    Raises:
        DefinitionError: anything in the folder is missing or contradicts the rest; the message names the file to open.
    """
    study = read_study(folder, profile)
    forms, references = read_forms(folder), read_references(folder)
    standard, analysis = read_standard(folder, SDTM), read_standard(folder, ADAM)
    code = study.profile.language if study.profile else ENGLISH
    language = read_language(folder, code)
    if language.is_chinese:
        labels = read_labels(folder)
        standard, analysis = in_chinese(standard, labels), in_chinese(analysis, labels)
    check_targets(forms, standard)
    tabulations, analyses = (load_mappings(folder / "mappings" / name) for name in (SDTM, ADAM))
    checks = load_checks(folder / "mappings" / "checks")
    resources = load_mappings(folder / "mappings" / "fhir", Kind.RESOURCE)
    given = {
        "study", "trial", "ct",
        *(f"raw_{form}" for form in forms),
        *(f"ref_{table}" for table in references),
        *(f"{DICTIONARY}{name}" for name in DICTIONARIES),
    }  # fmt: skip
    fhir = read_fhir(folder)
    read_back = {elements_name(resource.type) for resource in fhir.resources.values()}
    definition = StudyDefinition(
        study=study,
        record=load(folder / "specs" / study.record).content,
        trial=read_trial(folder / "specs" / study.record),
        known_terms=read_known_terms(folder),
        forms=forms,
        standard=standard,
        analysis=analysis,
        ct=read_terminology(folder),
        references=references,
        methods=read_methods(folder, [standard, analysis]),
        outcomes=read_outcomes(folder, analysis),
        checks=read_checks(folder),
        fhir=fhir,
        explained=read_explained(folder, code),
        figures=read_figures(folder, analysis.datasets),
        plan=make_plan([*tabulations, *analyses, *checks, *resources], given),
        back=make_plan(load_mappings(folder / "mappings" / "from_fhir"), given | read_back),
        language=language,
    )
    for file, text in definition.texts():
        if language.chinese is not None and text not in language.chinese:
            raise DefinitionError(file, f"no row in {TEXTS} has the Chinese of {text!r}")
    for where, rows, nodes in (
        ("specs/sdtm/datasets.csv", {name.lower() for name in standard.datasets}, tabulations),
        ("specs/adam/datasets.csv", {name.lower() for name in analysis.datasets}, analyses),
        ("specs/checks.csv", set(definition.checks), checks),
        ("specs/fhir/resources.csv", set(definition.fhir.resources), resources),
    ):
        if odd := sorted(rows ^ {node.name for node in nodes}):
            raise DefinitionError(str(folder / where), f"{', '.join(odd)}: in the table or in mappings/, not in both")
    for check in definition.checks.values():
        if check.about not in {*definition.datasets, *definition.forms, PROTOCOL}:
            raise DefinitionError(
                str(folder / "specs/checks.csv"), f"{check.rule.name} is about {check.about}: no such thing"
            )
    return definition
