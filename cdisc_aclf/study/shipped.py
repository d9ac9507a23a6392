"""Where the study that ships with the program is."""

from pathlib import Path


def first_study() -> Path:
    """The folder with `specs/` and `mappings/`: inside an installed package, or around it in a checkout."""
    package = Path(__file__).parents[1]
    shipped = package / "first_study"
    return shipped if shipped.is_dir() else package.parent
