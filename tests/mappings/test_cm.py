from collections.abc import Callable

Story = Callable[..., list[tuple[object, ...]]]


def test_standard_care_has_one_category_and_keeps_the_class_that_the_form_names(story: Story):
    assert story("CM", "EXOSOME", "CMTRT", "CMCAT", "CMSCAT", "CMINDC") == [
        ("veltorin", "STANDARD OF CARE", "ANTIVIRAL", "慢性乙型肝炎"),
        ("Unheard of", "STANDARD OF CARE", "HEPATOPROTECTIVE", None),
    ]


def test_a_class_that_nobody_listed_stays_as_typed_and_is_not_called_standard_care(story: Story):
    assert story("CM", "CONTROL", "CMTRT", "CMCAT", "CMSCAT") == [("Herbal tea", None, "中医")]


def test_a_drug_is_coded_whatever_its_case_and_an_unknown_one_has_neither_name_nor_class(story: Story):
    assert story("CM", "EXOSOME", "CMDECOD", "CMCLAS", "CMCLASCD") == [
        ("VELTOR", "VELTS", "X99"),
        (None, None, None),
    ]


def test_a_dose_is_a_number_in_its_unit_and_other_text_is_no_dose(story: Story):
    assert story("CM", "EXOSOME", "CMDOSE", "CMDOSU", "CMDOSFRQ")[0] == (0.5, "mg", "QD")
    assert story("CM", "CONTROL", "CMDOSE", "CMDOSU") == [(None, None)]


def test_a_drug_taken_before_consent_keeps_its_partial_start_and_lies_in_no_epoch(story: Story):
    variables = ("CMSTDTC", "CMSTDY", "EPOCH", "CMENDTC", "CMENRTPT", "CMENTPT")
    assert story("CM", "EXOSOME", *variables)[0] == ("2025-06", None, None, None, "ONGOING", "2026-04-03")


def test_a_drug_that_ended_has_its_dates_and_days_and_no_relation_to_the_end_of_participation(story: Story):
    variables = ("CMSTDTC", "CMENDTC", "CMSTDY", "CMENDY", "EPOCH", "CMENRTPT", "CMENTPT")
    assert story("CM", "EXOSOME", *variables)[1] == ("2026-01-10", "2026-01-20", 1, 11, "TREATMENT", None, None)
    assert story("CM", "CONTROL", *variables) == [("2026-01-09", None, -1, None, "SCREENING", None, None)]


def test_a_screen_failure_without_treatments_has_no_record(story: Story):
    assert story("CM", "SCREENFAIL", "CMTRT") == []
