"""VS: what a form of several measurements becomes."""

from collections.abc import Callable, Mapping

from cdisc_aclf.datasets.conform import Dataset

Story = Callable[..., list[tuple[object, ...]]]


def test_every_measurement_is_a_record_with_its_digits_and_the_unit_that_the_crf_prints(story: Story):
    records = story("VS", "EXOSOME", "VSTESTCD", "VSTEST", "VSORRES", "VSORRESU", "VSSTRESC", "VSSTRESN", "VSSTRESU")
    assert records == [
        ("DIABP", "Diastolic Blood Pressure", "75", "mmHg", "75", 75.0, "mmHg"),
        ("HEIGHT", "Height", "170", "cm", "170", 170.0, "cm"),
        ("PULSE", "Pulse Rate", "80", "beats/min", "80", 80.0, "beats/min"),
        ("PULSE", "Pulse Rate", "84", "beats/min", "84", 84.0, "beats/min"),
        ("PULSE", "Pulse Rate", "95", "beats/min", "95", 95.0, "beats/min"),
        ("RESP", "Respiratory Rate", "18", "breaths/min", "18", 18.0, "breaths/min"),
        ("SYSBP", "Systolic Blood Pressure", "120", "mmHg", "120", 120.0, "mmHg"),
        ("TEMP", "Temperature", "未测", "C", "未测", None, "C"),
        ("TEMP", "Temperature", "36.5", "C", "36.5", 36.5, "C"),
        ("TEMP", "Temperature", "36.80", "C", "36.80", 36.8, "C"),
        ("TEMP", "Temperature", "37.1", "C", "37.1", 37.1, "C"),
        ("WEIGHT", "Weight", "62.0", "kg", "62.0", 62.0, "kg"),
    ]


def test_records_of_one_form_share_its_number_its_visit_and_its_moment(story: Story):
    records = story(
        "VS", "EXOSOME", "VSSEQ", "VSSPID", "VSTESTCD", "VISITNUM", "VISIT", "VISITDY", "EPOCH", "VSDTC", "VSDY"
    )
    assert records[:4] == [
        (1, "2", "DIABP", 1.0, "SCREENING", None, "SCREENING", "2026-01-08T10:30", -2),
        (2, "2", "HEIGHT", 1.0, "SCREENING", None, "SCREENING", "2026-01-08T10:30", -2),
        (3, "2", "PULSE", 1.0, "SCREENING", None, "SCREENING", "2026-01-08T10:30", -2),
        (4, "3", "PULSE", 2.0, "DAY 1", 1, "SCREENING", "2026-01-10T09:30", 1),
    ]
    # no time without its day
    assert ("5", "TEMP", 3.0, "2026-01", None) in story(
        "VS", "EXOSOME", "VSSPID", "VSTESTCD", "VISITNUM", "VSDTC", "VSDY"
    )


def test_the_last_measurement_before_the_first_dose_is_flagged_per_test(story: Story):
    flagged = [record[:2] for record in story("VS", "EXOSOME", "VSTESTCD", "VSORRES", "VSLOBXFL") if record[2] == "Y"]
    assert flagged == [
        ("DIABP", "75"), ("HEIGHT", "170"), ("PULSE", "84"), ("RESP", "18"), ("SYSBP", "120"), ("TEMP", "36.80"),
        ("WEIGHT", "62.0"),
    ]  # fmt: skip
    assert story("VS", "CONTROL", "VSTESTCD", "VSLOBXFL") == [("PULSE", None)]


def test_an_unscheduled_visit_has_its_number(story: Story):
    assert story("VS", "UNSCHEDULED", "VSTESTCD", "VISITNUM", "VISIT", "VSDTC") == [
        ("TEMP", 2.01, "UNSCHEDULED 2.01", "2026-01-14")
    ]


def test_a_form_without_any_measurement_has_no_record_and_is_not_said_to_be_not_done(
    story: Story, stories: Mapping[str, Dataset]
):
    assert story("VS", "LOST", "VSTESTCD") == []
    assert "VSSTAT" not in stories["VS"].frame.columns
