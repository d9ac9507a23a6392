"""The study's functions: loaded by path, imported by nobody."""

import importlib.util
import inspect
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.study.plan import Kind


@dataclass(frozen=True, slots=True)
class Mapping:
    """A function of the study folder and the names that its signature asks for."""

    name: str
    needs: tuple[str, ...]
    function: Callable[..., Any]
    file: str
    kind: Kind


def load_mappings(folder: Path, kind: Kind = Kind.DATASET) -> tuple[Mapping, ...]:
    """One mapping per file of `mappings/<standard>/`: the function named as its file.

    Args:
        folder: the files.
        kind: what the mappings of the folder make.

    Raises:
        DefinitionError: a file cannot be imported or has no function of its name.
    """
    return tuple(_named_as_file(path, kind) for path in sorted(folder.glob("*.py")))


def load_checks(folder: Path) -> tuple[Mapping, ...]:
    """Every public function that a file of `mappings/checks/` defines.

    Raises:
        DefinitionError: a file cannot be imported.
    """
    checks = []
    for path in sorted(folder.glob("*.py")):
        module = load_module(path)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                checks.append(_mapping(name, function, path, Kind.CHECK))
    return tuple(checks)


def load_module(path: Path) -> ModuleType:
    """Import one file of the study folder.

    Raises:
        DefinitionError: the file is missing or fails while it is imported.
    """
    return _imported(_module_name(path), path)


def load_from_package(folder: Path, module: str) -> ModuleType:
    """Import a module of a folder whose files import each other relatively.

    Raises:
        DefinitionError: the folder has no `__init__.py`, no such module, or a file that fails while it is imported.
    """
    package = _module_name(folder)
    _imported(package, folder / "__init__.py")
    return _imported(f"{package}.{module}", folder / f"{module}.py")


def _module_name(path: Path) -> str:
    """A name of its own for every place; a full stop in it would ask for a package around it."""
    return "study_" + re.sub(r"\W", lambda found: f"_{ord(found[0]):x}_", str(path.absolute().with_suffix("")))


def _imported(name: str, file: Path) -> ModuleType:
    if not file.is_file():
        raise DefinitionError(str(file), "the study needs this file and it is missing")
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise DefinitionError(str(file), "is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as problem:  # whatever a study's file raises while it is imported is the study's fault
        raise DefinitionError(str(file), f"cannot be imported: {type(problem).__name__}: {problem}") from problem
    return module


def _named_as_file(path: Path, kind: Kind) -> Mapping:
    function = getattr(load_module(path), path.stem, None)
    if not inspect.isfunction(function):
        raise DefinitionError(str(path), f"no function {path.stem}(); a mapping is named as its file")
    return _mapping(path.stem, function, path, kind)


def _mapping(name: str, function: Callable[..., Any], path: Path, kind: Kind) -> Mapping:
    return Mapping(name, tuple(inspect.signature(function).parameters), function, str(path), kind)
