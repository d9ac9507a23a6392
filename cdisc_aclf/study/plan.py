"""The order in which mappings run, read off their signatures."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import Any, Protocol

from cdisc_aclf.errors import DefinitionError


class Kind(StrEnum):
    """What a mapping makes."""

    DATASET = "dataset"
    CHECK = "check"
    RESOURCE = "resource"


class Node(Protocol):
    """What the plan needs to know of a mapping."""

    @property
    def name(self) -> str:
        """The name that other signatures use."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The names of its parameters."""

    @property
    def function(self) -> Callable[..., Any]:
        """The function itself."""

    @property
    def file(self) -> str:
        """Where to look it up."""

    @property
    def kind(self) -> Kind:
        """What it makes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Mappings in an order in which each finds what it needs."""

    steps: tuple[Node, ...]

    def inputs_of(self, name: str) -> frozenset[str]:
        """Everything that a mapping rests on, directly or through other mappings."""
        needs = {step.name: step.needs for step in self.steps}
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for need in needs.get(waiting.pop(), ()):
                if need not in found:
                    found.add(need)
                    waiting.append(need)
        return frozenset(found)


def make_plan(mappings: Iterable[Node], given: Collection[str]) -> Plan:
    """Order mappings so that each runs after those it names.

    Args:
        mappings: each with a name and the names that its signature asks for.
        given: names that are there before any mapping runs: `raw_lab`, `ref_visits`, `study`.

    Raises:
        DefinitionError: a parameter that nobody provides, two mappings of one name, or a circle.

    Examples:
        >>> from types import SimpleNamespace
        >>> lb = SimpleNamespace(name="lb", needs=("raw_lab", "dm"), function=print, file="lb.py")
        >>> dm = SimpleNamespace(name="dm", needs=("raw_dm",), function=print, file="dm.py")
        >>> [step.name for step in make_plan([lb, dm], {"raw_lab", "raw_dm"}).steps]
        ['dm', 'lb']
    """
    nodes: dict[str, Node] = {}
    for node in mappings:
        if node.name in nodes:
            raise DefinitionError(node.file, f"{node.name} is already defined in {nodes[node.name].file}")
        nodes[node.name] = node
    known = {*nodes, *given}
    for node in nodes.values():
        for need in node.needs:
            if need not in known:
                near = ", ".join(get_close_matches(need, known)) or "none"
                raise DefinitionError(node.file, f"nothing provides the parameter {need}; nearest names: {near}")
    sorter = TopologicalSorter({name: sorted(set(node.needs) & nodes.keys()) for name, node in sorted(nodes.items())})
    try:
        order = tuple(sorter.static_order())
    except CycleError as problem:
        circle = " -> ".join(problem.args[1])
        raise DefinitionError(nodes[problem.args[1][0]].file, f"mappings need each other: {circle}") from None
    return Plan(tuple(nodes[name] for name in order))


def run(step: Node, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a frame, resources, or rows that break a check
    """Call one mapping with what its signature names.

    Raises:
        DefinitionError: the mapping raises, whatever it is: no value of the data may make it.
    """
    try:
        return step.function(**{need: values[need] for need in step.needs})
    except Exception as problem:
        said = " ".join(str(problem).split())
        raise DefinitionError(step.file, f"{step.name}() raises {type(problem).__name__}: {said}") from problem
