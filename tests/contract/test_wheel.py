"""The program as it is installed: from the wheel alone, in an empty environment, away from the checkout."""

import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def run(*arguments: str | Path, cwd: Path) -> str:
    kept = {name: os.environ[name] for name in os.environ if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(arguments, cwd=cwd, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_alone_runs_the_demo_of_the_first_study(tmp_path: Path):
    build = ("-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist", CHECKOUT)
    run(sys.executable, *build, cwd=tmp_path)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "empty", cwd=tmp_path)
    python = tmp_path / "empty" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    away = tmp_path / "away"
    away.mkdir()
    said = run(tmp_path / "empty" / "bin" / "cdisc-aclf", "demo", "--subjects", "4", "--quiet", cwd=away)
    assert "build/demo/package/report/index.html" in said
    written = {path.name for path in (away / "build" / "demo" / "package").rglob("*") if path.is_file()}
    assert {"dm.xpt", "lb.xpt", "bundle.json", "index.html", "issues.csv"} <= written
    where = run(python, "-c", "import cdisc_aclf; print(cdisc_aclf.__file__)", cwd=away)
    assert str(CHECKOUT) not in where
