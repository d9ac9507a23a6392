"""The command line: what it takes, what it prints, and the exit code that scripts rely on."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from io import TextIOWrapper

from cdisc_aclf import __version__
from cdisc_aclf.cli import convert, fhir, package, registry, study
from cdisc_aclf.cli.arguments import EPILOG
from cdisc_aclf.cli.verdict import tell
from cdisc_aclf.errors import AclfError

TRACEBACK = "CDISC_ACLF_TRACEBACK"
COMMANDS = (convert, package, study, fhir, registry)
"""Modules that each add their commands."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every error is one line on stderr."""
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):  # so that a half-written folder is cleared away
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):  # a character that the terminal lacks is escaped, not an error
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        given = _parser().parse_args(arguments)
        return int(given.command(given))
    except AclfError as error:
        return _failed(error, str(error), error.exit_code)
    except KeyboardInterrupt as error:
        return _failed(error, "interrupted", AclfError.exit_code)
    except OSError as error:
        return _failed(error, f"the system refuses: {error}", AclfError.exit_code)
    except Exception as error:  # noqa: BLE001 - the last place where a bug can become one line and exit code 5
        kind = type(error).__name__
        return _failed(error, f"a bug of this program: {kind}: {error} (set {TRACEBACK}=1 to see where)", 5)


def _failed(error: BaseException, line: str, code: int) -> int:
    if os.environ.get(TRACEBACK):
        raise error
    tell(f"cdisc-aclf: {' '.join(line.split())}")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cdisc-aclf",
        description="Turn a registry record and a raw CRF export into SDTM, ADaM and FHIR, and say what is wrong.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cdisc-aclf {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.add_to(commands)
    return parser
