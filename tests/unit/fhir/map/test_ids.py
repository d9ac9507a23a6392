import re

from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.fhir.map.ids import slug, slugs

ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


@settings(deadline=None)
@given(st.lists(st.text(max_size=90), max_size=6))
def test_ids_of_any_texts_are_valid_and_differ(texts: list[str]):
    ids = slugs(texts)
    assert all(ID.fullmatch(found) for found in ids)
    assert len(set(ids)) == len(texts)


def test_case_and_punctuation_do_not_make_another_id():
    assert slug("Sun Yat-Sen University") == slug("Sun Yat-sen University.") == "sun-yat-sen-university"


def test_accents_are_dropped():
    assert slug("Hôpital Beaujon") == "hopital-beaujon"


def test_names_in_chinese_have_ids_of_their_own():
    assert slug("中山医院") != slug("华山医院")
    assert slug("中山大学 SYSU") != slug("中山医院 SYSU")


def test_long_names_with_one_beginning_have_ids_of_their_own():
    beginning = "a very long name " * 6
    assert slug(f"{beginning} one") != slug(f"{beginning} two")


def test_a_number_does_not_run_into_the_id_of_another_text():
    assert slugs(["arm", "arm", "arm-2"]) == ["arm", "arm-2", "arm-2-2"]
