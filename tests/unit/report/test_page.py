import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

from cdisc_aclf.model.run import Run
from cdisc_aclf.report.page import report_html

Parse = Callable[[str], SimpleNamespace]


def all_of(page: SimpleNamespace, name: str) -> list[dict[str, str]]:
    return [attributes for element, attributes in page.elements if element == name]


def test_the_header_names_study_trial_versions_and_dictionaries(page: SimpleNamespace):
    for text in ("PL21", "NCT07409259", "Exosomes <2×10^11> in ACLF", "sdtmig 3.4", "ctcae 5.0", "MedDRA 28.0"):
        assert text in page.text


def test_the_verdict_counts_issues_about_the_data_and_not_about_the_record(page: SimpleNamespace):
    assert "2 errors, 1 warning, 1 note: look at the errors before you submit." in page.text


def test_synthetic_data_are_stamped_with_the_environment(page: SimpleNamespace):
    assert "SYNTHETIC DATA - not from patients The environment of the export is SIMULATION <v1>." in page.text
    assert all_of(page, "body") == [{"class": "synthetic"}]


def test_real_data_bear_no_stamp(run: Run, parse: Parse):
    real = parse(report_html(replace(run, synthetic=None)))
    assert "SYNTHETIC" not in real.text
    assert all_of(real, "body") == [{"class": "real"}]


def test_every_dataset_has_its_sizes_file_and_issues(page: SimpleNamespace):
    assert page.tables["Datasets as they are written"] == [
        ["Dataset", "Label", "Structure", "Records", "Subjects", "Variables", "File", "Errors", "Warnings", "Notes"],
        [
            "DM",
            "Demographics",
            "One record per subject",
            "7",
            "7",
            "6",
            "m5/datasets/pl21/tabulations/sdtm/dm.xpt",
            "1",
            "0",
            "0",
        ],
        [
            "LB",
            "Laboratory Test Results",
            "One record per lab test",
            "4",
            "2",
            "2",
            "m5/datasets/pl21/tabulations/sdtm/lb.xpt",
            "1",
            "0",
            "1",
        ],
        [
            "DS",
            "Disposition",
            "One record per event",
            "7",
            "5",
            "4",
            "m5/datasets/pl21/tabulations/sdtm/ds.xpt",
            "0",
            "0",
            "0",
        ],
        [
            "TS",
            "Trial Summary",
            "One record per parameter",
            "1",
            "-",
            "1",
            "m5/datasets/pl21/tabulations/sdtm/ts.xpt",
            "0",
            "0",
            "0",
        ],
    ]


def test_the_number_of_issues_of_a_dataset_links_to_them(page: SimpleNamespace):
    wanted = {"href": "#issues-list", "data-place": "dataset:DM", "data-severity": "error"}
    assert wanted in all_of(page, "a")


def test_fhir_resources_are_counted_by_type(page: SimpleNamespace):
    assert page.tables["Resources by type"] == [
        ["Resource", "Number"],
        ["Observation", "1,500"],
        ["ResearchStudy", "1"],
    ]


def test_decisions_are_listed_with_what_was_rejected(page: SimpleNamespace):
    assert page.tables["Where the standards leave room"][1:] == [
        ["age", "completed years at consent", "limits apply then", "age at randomisation"]
    ]


def test_raw_values_cannot_become_elements(page: SimpleNamespace):
    assert len(all_of(page, "script")) == 1
    assert "<script>alert('x')</script> & \"毫克\"" in page.text


def test_nothing_is_fetched(run: Run):
    html = report_html(run)
    assert not re.search(r"https?:|//[a-z]|@import|url\(|\bsrc=|<link|<iframe|<img", html)


def test_the_policy_allows_the_style_the_script_and_the_pictures_of_the_page_alone(run: Run, page: SimpleNamespace):
    html = report_html(run)
    digests = [
        base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        for content in re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", html, re.DOTALL)
    ]
    policy = next(meta["content"] for meta in all_of(page, "meta") if "http-equiv" in meta)
    style, script = digests
    allowed = f"style-src 'sha256-{style}'; script-src 'sha256-{script}'; img-src data:"
    assert policy == f"default-src 'none'; {allowed}; base-uri 'none'"


def test_no_element_needs_an_inline_style_or_handler_that_the_policy_forbids(page: SimpleNamespace):
    names = {name for _, attributes in page.elements for name in attributes}
    assert not [name for name in names if name == "style" or name.startswith("on")]


def test_every_table_has_a_caption_and_headings_with_scope(page: SimpleNamespace):
    assert "" not in page.tables
    assert {heading["scope"] for heading in all_of(page, "th")} == {"col", "row"}


def test_a_severity_without_issues_is_no_link(run: Run, parse: Parse):
    none = parse(report_html(replace(run, issues=())))
    assert "0 errors, 0 warnings, 0 notes: no rule found anything to say." in none.text
    assert "#issues-list" not in {link["href"] for link in all_of(none, "a")}


def test_printed_pages_bear_the_words_of_the_stamp(run: Run):
    assert '@bottom-center { content: "SYNTHETIC DATA - not from patients"' in report_html(run)


def test_every_link_leads_to_a_place_on_the_page_and_no_place_is_there_twice(page: SimpleNamespace):
    places = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(places) == len(set(places))
    assert {link["href"] for link in all_of(page, "a")} <= {f"#{place}" for place in places}


def test_an_empty_run_has_a_page(run: Run, parse: Parse):
    empty = replace(
        run, forms={}, reconciliation=(), datasets={}, resources={}, issues=(), dictionaries=(), synthetic=None
    )
    page = parse(report_html(empty))
    for text in (
        "no rule found anything to say",
        "This run has no DM",
        "This run made no dataset.",
        "This run made no FHIR resource.",
        "The rules found no contradiction in the registry record.",
        "none given",
    ):
        assert text in page.text


def test_the_same_run_gives_the_same_page(run: Run):
    reordered = replace(run, resources=dict(reversed(run.resources.items())))
    assert report_html(run) == report_html(reordered)
