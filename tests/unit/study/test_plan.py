from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.study.plan import make_plan, run


@dataclass(frozen=True)
class Mapping:
    name: str
    needs: tuple[str, ...] = ()
    function: Callable[..., object] = print

    @property
    def file(self) -> str:
        return f"mappings/{self.name}.py"


DM = Mapping("dm", ("raw_demographics", "study"))
SE = Mapping("se", ("dm", "ref_elements"))
LB = Mapping("lb", ("raw_lab", "dm", "se"))
GIVEN = {"raw_demographics", "raw_lab", "ref_elements", "study"}


def names(*mappings: Mapping) -> list[str]:
    return [step.name for step in make_plan(mappings, GIVEN).steps]


def test_a_mapping_runs_after_those_it_names():
    assert names(LB, SE, DM) == ["dm", "se", "lb"]


def test_the_order_does_not_depend_on_the_order_of_the_files():
    more = (Mapping("ae", ("dm",)), Mapping("ts", ("study",)))
    assert len({tuple(names(*order)) for order in permutations((DM, SE, LB, *more))}) == 1


def test_a_parameter_that_nobody_provides_names_the_file_and_the_nearest_names():
    with pytest.raises(DefinitionError, match=r"mappings/ae.py: nothing provides the parameter raw_labs; .* raw_lab"):
        names(Mapping("ae", ("raw_labs",)))


def test_mappings_that_need_each_other_are_named_with_their_circle():
    with pytest.raises(DefinitionError, match=r"mappings/\w\w.py: mappings need each other: .*ae.*ce.*"):
        names(Mapping("ae", ("ce",)), Mapping("ce", ("ae",)))


def test_a_mapping_that_needs_itself_is_a_circle():
    with pytest.raises(DefinitionError, match=r"mappings/ae.py: mappings need each other: ae -> ae"):
        names(Mapping("ae", ("ae",)))


def test_two_mappings_of_one_name_are_both_named():
    with pytest.raises(DefinitionError, match=r"mappings/dm.py: dm is already defined in mappings/dm.py"):
        names(DM, DM)


def test_what_a_mapping_rests_on_includes_what_its_inputs_rest_on():
    plan = make_plan([DM, SE, LB], GIVEN)
    assert plan.inputs_of("lb") == {"raw_lab", "dm", "se", "raw_demographics", "study", "ref_elements"}
    assert plan.inputs_of("dm") == {"raw_demographics", "study"}
    assert plan.inputs_of("raw_lab") == frozenset()


def test_a_mapping_gets_what_its_signature_names_and_nothing_else():
    step = Mapping("lb", ("dm", "study"), lambda dm, study: (dm, study))
    assert run(step, {"dm": 1, "study": 2, "ct": 3}) == (1, 2)
