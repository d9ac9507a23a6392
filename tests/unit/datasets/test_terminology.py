from cdisc_aclf.datasets.terminology import validate_terminology
from cdisc_aclf.model.terminology import CodeList, Term

NY = CodeList(name="NY", ccode="C66742", label="", extensible=False, terms=(Term("N", "C49487"), Term("Y", "C49488")))
UNIT = CodeList(name="UNIT", ccode="C71620", label="", extensible=True, terms=(Term("umol/L", "C48508"),))
PACKAGE = {"NY": NY, "UNIT": UNIT}


def rules(*kept: CodeList) -> list[tuple[str, str, str]]:
    found = validate_terminology({codelist.name: codelist for codelist in kept}, PACKAGE)
    return [(issue.rule, issue.variable, issue.value) for issue in found]


def test_terms_as_published_give_no_issue():
    assert (
        rules(CodeList(name="NY", ccode="C66742", label="", extensible=False, terms=(Term("Y", "C49488"),)), UNIT) == []
    )


def test_a_term_that_a_closed_codelist_lacks_is_an_error():
    assert rules(CodeList(name="NY", ccode="C66742", label="", extensible=False, terms=(Term("MAYBE", ""),))) == [
        ("CT-TERM", "NY", "MAYBE")
    ]


def test_a_term_of_the_sponsor_in_an_open_codelist_is_noted():
    assert rules(
        CodeList(name="UNIT", ccode="C71620", label="", extensible=True, terms=(Term("10^11 particles", ""),))
    ) == [("CT-OWN", "UNIT", "10^11 particles")]


def test_a_code_for_a_term_that_nobody_published_is_an_error():
    assert rules(CodeList(name="UNIT", ccode="C71620", label="", extensible=True, terms=(Term("furlong", "C1"),))) == [
        ("CT-TERM", "UNIT", "furlong")
    ]


def test_a_term_of_the_sponsor_that_was_published_since_is_a_warning():
    assert rules(CodeList(name="UNIT", ccode="C71620", label="", extensible=True, terms=(Term("umol/L", ""),))) == [
        ("CT-PUBLISHED", "UNIT", "umol/L")
    ]


def test_another_concept_code_is_an_error_for_terms_and_for_codelists():
    assert rules(CodeList(name="NY", ccode="C1", label="", extensible=False, terms=(Term("Y", "C2"),))) == [
        ("CT-CODE", "NY", "C1"),
        ("CT-CODE", "NY", "Y C2"),
    ]


def test_another_word_on_extension_is_an_error():
    assert rules(CodeList(name="NY", ccode="C66742", label="", extensible=True, terms=(Term("Y", "C49488"),))) == [
        ("CT-EXTENSIBLE", "NY", "Yes")
    ]


def test_a_codelist_of_the_sponsor_is_noted_and_one_with_a_code_must_be_published():
    assert rules(CodeList(name="AEREL", ccode="", label="", extensible=False, terms=())) == [
        ("CT-OWN", "AEREL", "AEREL")
    ]
    assert rules(CodeList(name="LOC", ccode="C74456", label="", extensible=True, terms=())) == [
        ("CT-CODE", "LOC", "C74456")
    ]
