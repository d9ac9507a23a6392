import json
import os
import subprocess
import sys

import pytest

from cdisc_aclf.cli.verdict import printable


@pytest.mark.parametrize(
    "text", ["\x1b[31m", "\x07", "\r", "\u202e", "\u200b", "\ufeff", "\ue000", "\x9b2J", "\U000e0001"]
)
def test_what_a_terminal_would_obey_or_not_show_is_escaped(text: str):
    assert text not in printable(f"a{text}b")
    assert json.loads(f'"{printable(text[:1])}"') == text[:1], "escaped as JSON does, so that JSON stays JSON"


@pytest.mark.parametrize("text", ["", "line\nline\tcell", "肝衰竭　2×10", "no\u00a0break", "é ß ≥ µ"])
def test_what_a_terminal_shows_stays(text: str):
    assert printable(text) == text


def command(*arguments: str, encoding: str = "utf-8", reader: str = "") -> subprocess.CompletedProcess[str]:
    run = f"{sys.executable} -m cdisc_aclf {' '.join(arguments)}"
    return subprocess.run(  # the pipe is what is tried
        ["bash", "-c", f"set -o pipefail; {run} {reader}"],  # noqa: S607 - a shell of the system
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_a_reader_that_goes_away_does_not_change_the_exit_code():
    assert command("plan", reader="| head -1").returncode == 0


def test_a_terminal_that_lacks_a_character_does_not_change_the_exit_code():
    shown = command("registry", "/nowhere/肝.json", encoding="ascii")
    assert shown.returncode == 3
    assert r"\u809d.json: cannot be read" in shown.stderr
