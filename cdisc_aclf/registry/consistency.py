"""What a registry record contradicts in itself, and what those who know the study contradict in it."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from cdisc_aclf.model.issue import PROTOCOL, Issue, Severity
from cdisc_aclf.model.protocol import Outcome
from cdisc_aclf.model.timing import Age, PartialDate, TimePoint, TimeUnit
from cdisc_aclf.model.trial import KnownTerm, Trial
from cdisc_aclf.registry.texts import names, organisation_names, prose

_NOTES = frozenset({"PROTOCOL-AGE-BOUNDARY", "PROTOCOL-LATE-RECORD", "PROTOCOL-NAME", "PROTOCOL-TIME-FRAME"})
_OPEN = frozenset({"NOT_YET_RECRUITING", "RECRUITING", "ENROLLING_BY_INVITATION"})
_OVER = frozenset({"COMPLETED", "TERMINATED"})
_CLOSED = _OVER | {"ACTIVE_NOT_RECRUITING"}
_COMPOUND = re.compile(r"\b(\w+)\s?-\s?\w+\s?-\s?(\w+)")
_WORD = re.compile(r"\w+")
_SEPARATORS = re.compile(r"[,，、;；]")
_ENDS_OPEN = re.compile(r"[,;:]\Z")
_STRAY_SPACE = re.compile(r"\A\s|\s\Z|\s\s|\s-[^\W\d]|\s[,;:]")
_NUMBER = r"\d+(?:\.\d+)?"
_STRATA = re.compile(
    rf"less than (?P<low>{_NUMBER})\b.{{0,300}}?between (?P=low) and (?P<high>{_NUMBER})\b"
    rf".{{0,300}}?(?:greater|more) than (?P=high)\b",
    re.IGNORECASE | re.DOTALL,
)
_SUBJECTS = r"(?:participants|patients|subjects)\b"
_TOTAL = re.compile(
    rf"\btotal (?:of )?(\d[\d,]{{0,9}}) (?:[\w-]+ ){{0,2}}{_SUBJECTS}(?! (?:per|in each|for each))", re.IGNORECASE
)


def contradictions(trial: Trial, known_terms: tuple[KnownTerm, ...] = ()) -> list[Issue]:
    """Return an Issue for each contradiction, in the order of the rules; none is an error.

    Args:
        trial: the record.
        known_terms: what is known of this study's wording and is no rule for others.

    Examples:
        >>> from cdisc_aclf.model.protocol import Eligibility
        >>> from cdisc_aclf.model.trial import Identification
        >>> limits = Eligibility(maximum_age=Age("65 Years", 65, TimeUnit.YEAR), std_ages=("OLDER_ADULT",))
        >>> trial = Trial(identification=Identification(nct_id="NCT00000000"), eligibility=limits)
        >>> [issue.rule for issue in contradictions(trial)]
        ['PROTOCOL-AGE-BANDS', 'PROTOCOL-AGE-BOUNDARY']
    """
    rules = (
        _days_elapsed_and_study_days,
        _age_limits_and_bands,
        _title_and_condition,
        _organisations,
        _status_and_enrolment,
        _status_and_dates,
        _dates_in_order,
        _marks_in_names,
        _strata_without_boundaries,
        _numbers_of_subjects,
        _time_frame_spellings,
        _arms_and_interventions,
    )
    found = [issue for rule in rules for issue in rule(trial)]
    return found + [issue for term in known_terms for issue in _occurrences(trial, term)]


def _days_elapsed_and_study_days(trial: Trial) -> Iterator[Issue]:
    schedule = trial.study_days
    frames: defaultdict[int, list[tuple[Outcome, TimePoint]]] = defaultdict(list)
    for outcome in trial.outcomes:
        for point in outcome.time_points:
            if point.elapsed_days is not None:
                frames[point.elapsed_days].append((outcome, point))
    for days, places in frames.items():
        if days in schedule and days + 1 not in schedule:
            outcome, point = places[0]
            yield _issue(
                "PROTOCOL-DAY-COUNT",
                f"{outcome.position}.timeFrame",
                outcome.time_frame,
                f"{point.text!r} is {days} days after {point.event or 'the start'}, so study day {days + 1} "
                f"if that is Day 1; the schedule has Day {days} and no Day {days + 1}",
                count=len(places),
            )


def _age_limits_and_bands(trial: Trial) -> Iterator[Issue]:
    """The registry's bands: CHILD is up to 17 years, ADULT 18 to 64, OLDER_ADULT 65 and over."""
    limits = trial.eligibility
    if not limits.std_ages or (limits.minimum_age is None and limits.maximum_age is None):
        return
    youngest, oldest = _years(limits.minimum_age, 0), _years(limits.maximum_age, math.inf)
    overlaps = {"CHILD": youngest < 18, "ADULT": youngest < 65 and oldest >= 18, "OLDER_ADULT": oldest >= 65}
    expected = [band for band, overlapping in overlaps.items() if overlapping]
    position, listed = "eligibilityModule.stdAges", ", ".join(limits.std_ages)
    if set(limits.std_ages) != set(expected):
        low = limits.minimum_age.text if limits.minimum_age else "no lower limit"
        high = limits.maximum_age.text if limits.maximum_age else "no upper limit"
        message = f"the age limits ({low} to {high}) take in {', '.join(expected)}; listed are {listed}"
        yield _issue("PROTOCOL-AGE-BANDS", position, listed, message)
    for band, begins in (("ADULT", 18), ("OLDER_ADULT", 65)):
        if band in limits.std_ages and oldest == begins:
            message = f"{band} begins at {begins} years, where the age limit ends: only subjects of {begins} are in it"
            yield _issue("PROTOCOL-AGE-BOUNDARY", position, band, message)


def _years(age: Age | None, without: float) -> float:
    if age is None:
        return without
    return {TimeUnit.YEAR: age.number, TimeUnit.MONTH: age.number / 12}.get(age.unit, 0)  # others: infants


def _title_and_condition(trial: Trial) -> Iterator[Issue]:
    """A compound that the title turns round: "Chronic-to-acute" for "Acute-on-Chronic"."""
    conditions = (*trial.conditions, *trial.keywords, *(term.term for term in trial.condition_mesh.terms))
    turned = {
        (last.casefold(), first.casefold()): condition
        for condition in reversed(conditions)
        for first, last in _COMPOUND.findall(condition)
        if first.casefold() != last.casefold()
    }
    titles = {"briefTitle": trial.identification.brief_title, "officialTitle": trial.identification.official_title}
    for key, title in titles.items():
        for compound in _COMPOUND.finditer(title or ""):
            condition = turned.get((compound[1].casefold(), compound[2].casefold()))
            if condition is not None:
                message = f"the title says {compound[0]!r}, the conditions say {condition!r}"
                yield _issue("PROTOCOL-CONDITION", f"identificationModule.{key}", compound[0], message)


def _organisations(trial: Trial) -> Iterator[Issue]:
    first_seen: dict[str, tuple[str, str]] = {}
    for position, name in organisation_names(trial):
        words = f" {' '.join(_WORD.findall(name.casefold()))} "
        for other_words, (other_position, other) in first_seen.items():
            if other_words in words and other not in name:
                message = f"spells as {name!r} what {other_position} spells as {other!r}"
                yield _issue("PROTOCOL-ORGANISATION", position, name, message)
                break
        else:
            first_seen.setdefault(words, (position, name))


def _status_and_enrolment(trial: Trial) -> Iterator[Issue]:
    design, overall = trial.design, trial.status.overall
    if overall in _CLOSED and design.enrollment_type == "ESTIMATED":
        message = f"recruitment is over ({overall}), but the enrolment of {design.enrollment_count} is ESTIMATED"
        yield _issue("PROTOCOL-ENROLMENT-TYPE", "designModule.enrollmentInfo.type", "ESTIMATED", message)


def _status_and_dates(trial: Trial) -> Iterator[Issue]:
    status, overall = trial.status, trial.status.overall
    for key, day in _milestones(trial):
        planned, done = day.type == "ESTIMATED", day.type == "ACTUAL"
        updated = status.last_update_submit or day
        running = overall in _OPEN or (overall == "ACTIVE_NOT_RECRUITING" and key == "completion")
        for contradicts, how in (
            (planned and day.is_before(updated), f"had passed at the last update, on {updated.text}"),
            (done and updated.is_before(day), f"was still to come at the last update, on {updated.text}"),
            (done and key != "start" and running, f"is past, but the trial is {overall}"),
            (planned and key == "completion" and overall in _OVER, f"is a plan, but the trial is {overall}"),
        ):
            if contradicts:
                position, message = f"statusModule.{key}DateStruct.type", f"{day.text} ({day.type}) {how}"
                yield _issue("PROTOCOL-DATE-TYPE", position, day.type, message)
    start, submitted = status.start, status.first_submit
    if start and submitted and start.type != "ESTIMATED" and start.is_before(submitted):
        message = f"the trial began on {start.text}, its record was first submitted on {submitted.text}"
        yield _issue("PROTOCOL-LATE-RECORD", "statusModule.startDateStruct.date", start.text, message)


def _dates_in_order(trial: Trial) -> Iterator[Issue]:
    for (earlier_key, earlier), (later_key, later) in pairwise(_milestones(trial)):
        if later.is_before(earlier):
            message = f"{later_key} on {later.text} lies before {earlier_key} on {earlier.text}"
            yield _issue("PROTOCOL-DATE-ORDER", f"statusModule.{later_key}DateStruct.date", later.text, message)


def _milestones(trial: Trial) -> list[tuple[str, PartialDate]]:
    status = trial.status
    dates = {
        "start": status.start,
        "primaryCompletion": status.primary_completion,
        "completion": status.completion,
    }
    return [(key, day) for key, day in dates.items() if day is not None]


def _marks_in_names(trial: Trial) -> Iterator[Issue]:
    for position, name in names(trial):
        for mark, what in ((_ENDS_OPEN, "ends as if more came after it"), (_STRAY_SPACE, "holds a stray space")):
            if mark.search(name):
                yield _issue("PROTOCOL-NAME", position, name, f"the name {name!r} {what}")


def _strata_without_boundaries(trial: Trial) -> Iterator[Issue]:
    for position, text in prose(trial):
        for strata in _STRATA.finditer(text):
            low, high = strata["low"], strata["high"]
            groups = f"less than {low}, between {low} and {high}, greater than {high}"
            message = f"the groups ({groups}) leave open where exactly {low} and exactly {high} belong"
            yield _issue("PROTOCOL-BOUNDARY", position, groups, message)


def _numbers_of_subjects(trial: Trial) -> Iterator[Issue]:
    planned = trial.design.enrollment_count
    if planned is None:
        return
    for position, text in prose(trial):
        stated = [(total[0], int(total[1].replace(",", ""))) for total in _TOTAL.finditer(text)]
        sizes = [re.search(rf"{re.escape(arm.label)} \((\d{{1,9}}) {_SUBJECTS}\)", text) for arm in trial.arms]
        counts = [size[1] for size in sizes if size]
        if counts and len(counts) == len(trial.arms):
            stated.append((f"{' + '.join(counts)} in the arms", sum(map(int, counts))))
        for words, number in stated:
            if number != planned:
                message = f"the text says {words!r}, which is not the enrolment of {planned}"
                yield _issue("PROTOCOL-ENROLMENT-COUNT", position, words, message)


def _time_frame_spellings(trial: Trial) -> Iterator[Issue]:
    spellings: defaultdict[object, Counter[str]] = defaultdict(Counter)
    first: dict[str, str] = {}
    for outcome in trial.outcomes:
        if outcome.time_points:
            frame = (outcome.time_frame or "").strip(" .")
            spellings[tuple(replace(point, text="") for point in outcome.time_points)][frame] += 1
            first.setdefault(frame, f"{outcome.position}.timeFrame")
    for frames in spellings.values():
        usual = frames.most_common(1)[0][0]
        for frame, count in frames.items():
            if frame != usual:
                message = f"{frame!r} says the same as {usual!r}"
                yield _issue("PROTOCOL-TIME-FRAME", first[frame], frame, message, count)
            marks = sorted(set(_SEPARATORS.findall(frame)))
            if len(marks) > 1:
                message = f"{frame!r} separates its time points in {len(marks)} ways: {' '.join(marks)}"
                yield _issue("PROTOCOL-TIME-FRAME", first[frame], frame, message, count)


def _arms_and_interventions(trial: Trial) -> Iterator[Issue]:
    rule, module = "PROTOCOL-ARM-LINK", "armsInterventionsModule"
    for index, arm in enumerate(trial.arms):
        listed_for = {given.listed_as for given in trial.interventions if arm.label in given.arm_labels}
        for name in sorted(listed_for ^ set(arm.intervention_names)):
            if name in listed_for:
                message = f"the intervention {name!r} names the arm {arm.label!r}, which does not name it"
            else:
                message = f"the arm {arm.label!r} names the intervention {name!r}, which does not name it"
            yield _issue(rule, f"{module}.armGroups[{index}].interventionNames", name, message)
    labels = {arm.label for arm in trial.arms}
    for index, given in enumerate(trial.interventions):
        for label in given.arm_labels:
            if label not in labels:
                message = f"the intervention {given.name!r} names {label!r}, which is no arm"
                yield _issue(rule, f"{module}.interventions[{index}].armGroupLabels", label, message)


def _occurrences(trial: Trial, term: KnownTerm) -> Iterator[Issue]:
    for position, text in prose(trial):
        if term.text in text:
            yield replace(_issue(term.rule, position, term.text, term.message), severity=term.severity)


def _issue(rule: str, position: str, value: str | None, message: str, count: int = 1) -> Issue:
    return Issue(
        rule=rule,
        severity=Severity.NOTE if rule in _NOTES else Severity.WARNING,
        message=message[0].upper() + message[1:],
        form=PROTOCOL,
        record=position,
        variable=position.rpartition(".")[2].partition("[")[0],
        value=value or "",
        count=count,
    )
