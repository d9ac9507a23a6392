"""The page on architecture says what the imports say."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PACKAGE = ROOT / "cdisc_aclf"


def picture() -> list[set[str]]:
    """The lines of the picture, the highest first."""
    lines = PAGE.split("```")[1].strip().splitlines()
    return [set(line.split()) for line in lines]


def imports() -> Iterator[tuple[str, str, str]]:
    """Every import between two packages: the one that imports, the one imported, and the file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        importer = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for name in re.findall(r"^\s*from cdisc_aclf\.(\w+)[\w.]* import", path.read_text("utf-8"), re.MULTILINE):
            if name != importer:
                yield importer, name, path.name


def test_the_picture_has_every_package_once():
    drawn = [name for line in picture() for name in line]
    there = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} | {"errors"}
    assert sorted(drawn) == sorted(there)


def test_a_package_imports_only_what_stands_on_a_lower_line_of_the_picture():
    level = {name: number for number, line in enumerate(picture()) for name in line}
    upwards = [each for each in imports() if each[0] in level and level[each[0]] >= level[each[1]]]
    assert upwards == []


def test_the_picture_has_no_line_without_need():
    """Each package stands as low as its imports let it: else two packages look dependent that are not."""
    needs = {name: set() for line in picture() for name in line}
    for importer, imported, _ in imports():
        if importer in needs:
            needs[importer].add(imported)
    lines = picture()
    for above, below in pairwise(lines):
        assert any(needs[name] & below for name in above), (above, below)


def test_every_package_of_the_table_is_there():
    rows = re.findall(r"^\| `(\w+)(?:/|\.py)` \|", PAGE, re.MULTILINE)
    there = {path.name for path in ROOT.iterdir()} | {path.name.removesuffix(".py") for path in PACKAGE.iterdir()}
    assert len(rows) > 15
    assert set(rows) <= there
    assert {name for line in picture() for name in line} <= set(rows)


def test_no_folder_has_three_files_that_share_a_prefix():
    for folder in {path.parent for path in PACKAGE.rglob("*.py")}:
        prefixes = [path.stem.partition("_")[0] for path in folder.glob("*_*.py") if not path.stem.startswith("_")]
        repeated = {prefix for prefix in prefixes if prefixes.count(prefix) > 2}
        assert not repeated, f"{folder}: {repeated} is a package that is missing"


def test_a_file_that_a_page_of_the_docs_names_is_there():
    pages = [*ROOT.glob("docs/*.md"), ROOT / "README.md"]
    named = {name for page in pages for name in re.findall(r"`((?:cdisc_aclf|tests|specs|mappings)/[\w/.-]+\.\w+)`", page.read_text("utf-8"))}  # fmt: skip  # noqa: E501
    missing = sorted(name for name in named if not (ROOT / name).exists() and "<" not in name)
    assert not missing


def test_every_promise_about_threats_names_a_test_that_is_there():
    rows = re.findall(
        r"^\| .* \| .* \| (`tests/.*`) \|$", (ROOT / "docs" / "threats.md").read_text("utf-8"), re.MULTILINE
    )
    assert len(rows) > 15
    assert [name for row in rows for name in re.findall(r"`([^`]+)`", row) if not (ROOT / name).exists()] == []
