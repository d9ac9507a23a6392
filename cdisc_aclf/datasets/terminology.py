"""The terms that a study keeps, validated against the package that it pins."""

from collections.abc import Iterator, Mapping

from cdisc_aclf.model.issue import Issue, Rule, Severity
from cdisc_aclf.model.terminology import CodeList

UNKNOWN = Rule("CT-TERM", Severity.ERROR, "the package does not have this term and the codelist cannot be extended")
CODE = Rule("CT-CODE", Severity.ERROR, "the concept code in the package is another one")
EXTENSIBLE = Rule("CT-EXTENSIBLE", Severity.ERROR, "the package says otherwise whether the codelist can be extended")
PUBLISHED = Rule("CT-PUBLISHED", Severity.WARNING, "kept as a term of the sponsor, but the package has it with a code")
OWN = Rule("CT-OWN", Severity.NOTE, "a term or codelist of the sponsor; Define-XML marks it as an extension")


def validate_terminology(kept: Mapping[str, CodeList], package: Mapping[str, CodeList]) -> list[Issue]:
    """Compare codelists and terms with a package of the same standard.

    Args:
        kept: what `specs/codelists.csv` has, by codelist.
        package: what was published, by codelist.

    Returns:
        One Issue per term or codelist that differs, and a note per term of the sponsor.

    Examples:
        >>> from cdisc_aclf.model.terminology import Term
        >>> kept = {
        ...     "NY": CodeList(
        ...         name="NY",
        ...         ccode="C66742",
        ...         label="",
        ...         extensible=False,
        ...         terms=(Term("Y", "C49488"), Term("YES", "")),
        ...     )
        ... }
        >>> package = {
        ...     "NY": CodeList(
        ...         name="NY",
        ...         ccode="C66742",
        ...         label="",
        ...         extensible=False,
        ...         terms=(Term("Y", "C49488"), Term("N", "C49487")),
        ...     )
        ... }
        >>> [(issue.rule, issue.value) for issue in validate_terminology(kept, package)]
        [('CT-TERM', 'YES')]
    """
    return [issue for codelist in kept.values() for issue in _differences(codelist, package.get(codelist.name))]


def _differences(kept: CodeList, published: CodeList | None) -> Iterator[Issue]:
    if published is None:
        yield _issue(CODE if kept.ccode else OWN, kept.name, kept.ccode or kept.name)
        return
    if kept.ccode != published.ccode:
        yield _issue(CODE, kept.name, kept.ccode)
    if kept.extensible != published.extensible:
        yield _issue(EXTENSIBLE, kept.name, "Yes" if kept.extensible else "No")
    codes = {term.value: term.ccode for term in published.terms}
    for term in kept.terms:
        if term.value not in codes:
            yield _issue(OWN if published.extensible and not term.ccode else UNKNOWN, kept.name, term.value)
        elif not term.ccode:
            yield _issue(PUBLISHED, kept.name, term.value)
        elif term.ccode != codes[term.value]:
            yield _issue(CODE, kept.name, f"{term.value} {term.ccode}")


def _issue(rule: Rule, codelist: str, value: str) -> Issue:
    return Issue(
        rule=rule.name,
        severity=rule.severity,
        message=rule.message,
        form="codelists.csv",
        variable=codelist,
        value=value,
    )
