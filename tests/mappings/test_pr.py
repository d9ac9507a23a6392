from collections.abc import Callable

Story = Callable[..., list[tuple[object, ...]]]
PROCEDURE = ("PRTRT", "PRDECOD", "PRCAT", "PRINDC")


def test_artificial_liver_support_is_one_category(story: Story):
    assert story("PR", "CONTROL", *PROCEDURE)[0] == (
        "PLASMA EXCHANGE", "PLASMA EXCHANGE", "ARTIFICIAL LIVER SUPPORT", "支持",
    )  # fmt: skip


def test_a_procedure_that_nobody_listed_keeps_its_name_and_has_no_standard_one(story: Story):
    assert story("PR", "CONTROL", *PROCEDURE)[1] == ("血液透析", None, None, None)


def test_a_transplantation_has_its_time_as_far_as_it_is_known(story: Story):
    timing = ("PRSTDTC", "PRENDTC", "PRSTDY", "PRENDY", "EPOCH")
    assert story("PR", "NEVERDOSED", *PROCEDURE, *timing) == [
        (
            "LIVER TRANSPLANTATION", "LIVER TRANSPLANTATION", "TRANSPLANTATION", "肝衰竭",
            "2026-01-10T14:00", "2026-01-11", 1, 2, "TREATMENT",
        ),
    ]  # fmt: skip
    assert story("PR", "CONTROL", *timing)[1] == ("2026-01-14", None, 5, None, "TREATMENT")
