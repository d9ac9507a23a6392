"""The page of a define.xml in headless Chromium, offline; needs chromium (apt-get install chromium)."""

import shutil
import subprocess
from pathlib import Path

import pytest

from cdisc_aclf.define.model.document import Define
from cdisc_aclf.define.page.document import define_html
from cdisc_aclf.model.language import Language

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")


def test_the_policy_of_the_page_lets_its_own_script_open_the_search(document: Define, tmp_path: Path):
    page = tmp_path / "define.html"
    page.write_text(define_html(document, synthetic=True, say=Language()), "utf-8")
    arguments = [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()]
    shown = subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=120).stdout
    assert '<form id="filter">' in shown
    assert 'hidden=""' not in shown
