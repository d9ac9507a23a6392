"""The three ways a run can stop; bad data is not among them (that is an Issue)."""


class AclfError(Exception):
    """A run that cannot go on: one clear line, and the exit code that scripts rely on.

    Args:
        where: the file to open, with `:line` where there is one; empty where no file is to blame.
        what: what is wrong, and what was expected.

    Examples:
        >>> str(InputError("raw/lab.csv:17", "7 fields, the header has 16"))
        'raw/lab.csv:17: 7 fields, the header has 16'
    """

    exit_code = 5

    def __init__(self, where: str, what: str) -> None:
        """Keep both parts, so that a report can sort by file."""
        self.where = where
        self.what = what
        super().__init__(f"{where}: {what}" if where else what)


class UsageError(AclfError):
    """The command line asked for something that cannot be."""

    exit_code = 2


class InputError(AclfError):
    """What the user gave cannot be read as what it should be."""

    exit_code = 3


class DefinitionError(AclfError):
    """A spec, a mapping or a file of the study folder is wrong or missing."""

    exit_code = 4
