import polars as pl

from cdisc_aclf.derive.coding import add_coding
from cdisc_aclf.model.dictionary import MEDDRA, WHODRUG

DICTIONARY = pl.DataFrame(
    [
        ("Sleepy liver", "101", "Liver drowsiness", "11", "Drowsy organs", "21", "Organ moods", "31", "Moods", "41"),
        ("sleepy LIVER", "102", "Second of one name", "12", "Drowsy organs", "21", "Organ moods", "31", "Moods", "41"),
        ("肝困", "103", "Liver drowsiness", "11", "Drowsy organs", "21", "Organ moods", "31", "Moods", "41"),
    ],
    schema=["llt", "llt_code", "pt", "pt_code", "hlt", "hlt_code", "hlgt", "hlgt_code", "soc", "soc_code"],
    orient="row",
)
"""Invented terms: no dictionary is shipped."""


def coded(*terms: str | None, dictionary: pl.DataFrame = DICTIONARY) -> pl.DataFrame:
    events = pl.DataFrame({"AETERM": terms}, schema={"AETERM": pl.String})
    return add_coding(events, "AE", MEDDRA, dictionary=dictionary)


def test_a_term_is_found_by_its_lowest_level_term_and_takes_every_level_above_it():
    assert coded("Sleepy liver").row(0, named=True) == {
        "AETERM": "Sleepy liver",
        "AELLT": "Sleepy liver",
        "AELLTCD": 101,
        "AEDECOD": "Liver drowsiness",
        "AEPTCD": 11,
        "AEHLT": "Drowsy organs",
        "AEHLTCD": 21,
        "AEHLGT": "Organ moods",
        "AEHLGTCD": 31,
        "AEBODSYS": "Moods",
        "AEBDSYCD": 41,
        "AESOC": "Moods",
        "AESOCCD": 41,
    }


def test_case_and_blanks_around_a_term_do_not_matter_and_the_reported_term_stays_as_reported():
    assert coded(" SLEEPY liver ", "肝困").select("AETERM", "AELLT").rows() == [
        (" SLEEPY liver ", "Sleepy liver"),
        ("肝困", "肝困"),
    ]


def test_a_term_that_the_dictionary_lacks_has_null_levels_and_never_the_reported_term_as_preferred_term():
    levels = coded("Angry liver", None).drop("AETERM")
    assert levels.null_count().row(0) == (2,) * levels.width


def test_codes_are_numbers_even_when_no_term_is_found():
    assert coded("Angry liver", dictionary=DICTIONARY.clear()).schema["AEPTCD"] == pl.Int64


def test_a_lowest_level_term_that_the_dictionary_has_twice_makes_no_second_record():
    assert coded("sleepy liver", "sleepy liver")["AELLTCD"].to_list() == [101, 101]


def test_a_treatment_is_coded_to_its_name_and_class():
    drugs = pl.DataFrame({"drug": ["Veltorin"], "decod": ["VELTOR"], "atc": ["VELTS"], "atc_code": ["X99"]})
    frame = pl.DataFrame({"CMTRT": ["VELTORIN", "Unheard of"]})
    assert add_coding(frame, "CM", WHODRUG, dictionary=drugs).rows() == [
        ("VELTORIN", "VELTOR", "VELTS", "X99"),
        ("Unheard of", None, None, None),
    ]
