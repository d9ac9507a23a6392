"""The study's functions: loaded by path, imported by nobody."""

import importlib.util
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from cdisc_aclf.errors import HouseError


@dataclass(frozen=True, slots=True)
class Mapping:
    """A function of the study folder and the names that its signature asks for."""

    name: str
    needs: tuple[str, ...]
    function: Callable[..., Any]
    file: str


def load_mappings(folder: Path) -> tuple[Mapping, ...]:
    """One mapping per file of `mappings/<standard>/`: the function named as its file.

    Raises:
        HouseError: a file cannot be imported or has no function of its name.
    """
    return tuple(_named_as_file(path) for path in sorted(folder.glob("*.py")))


def load_checks(folder: Path) -> tuple[Mapping, ...]:
    """Every public function that a file of `mappings/checks/` defines.

    Raises:
        HouseError: a file cannot be imported.
    """
    checks = []
    for path in sorted(folder.glob("*.py")):
        module = load_module(path)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                checks.append(_mapping(name, function, path))
    return tuple(checks)


def load_module(path: Path) -> ModuleType:
    """Import a file of the study folder; a folder with `__init__.py` is imported as a package.

    Raises:
        HouseError: the file is missing or fails while it is imported.
    """
    name = "study_" + "_".join(path.with_suffix("").parts[-3:])
    file = path / "__init__.py" if path.is_dir() else path
    spec = importlib.util.spec_from_file_location(
        name, file, submodule_search_locations=[str(path)] if path.is_dir() else None
    )
    if spec is None or spec.loader is None or not file.exists():
        raise HouseError(str(file), "the study needs this file and it is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as problem:  # whatever a study's file raises while it is imported is the study's fault
        raise HouseError(str(file), f"cannot be imported: {type(problem).__name__}: {problem}") from problem
    return module


def _named_as_file(path: Path) -> Mapping:
    function = getattr(load_module(path), path.stem, None)
    if not inspect.isfunction(function):
        raise HouseError(str(path), f"no function {path.stem}(); a mapping is named as its file")
    return _mapping(path.stem, function, path)


def _mapping(name: str, function: Callable[..., Any], path: Path) -> Mapping:
    return Mapping(name, tuple(inspect.signature(function).parameters), function, str(path))
