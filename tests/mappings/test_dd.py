from collections.abc import Callable, Mapping

from cdisc_aclf.conform import Dataset

Story = Callable[..., list[tuple[object, ...]]]


def test_cause_and_place_of_a_death_are_its_details_and_their_date_of_collection_is_unknown(story: Story):
    assert story("DD", "DEATH", "DDSEQ", "DDTESTCD", "DDTEST", "DDORRES", "DDSTRESC", "DDDTC", "DDDY") == [
        (1, "LOCDTH", "Location of Death", "医院", "医院", None, None),
        (2, "PRCDTH", "Primary Cause of Death", "肝衰竭", "肝衰竭", None, None),
    ]


def test_only_who_died_has_details_of_a_death(stories: Mapping[str, Dataset]):
    assert stories["DD"].frame["USUBJID"].unique().to_list() == ["PL21-DEATH"]
