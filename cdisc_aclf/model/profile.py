"""What an authority takes: sizes, names and characters of a submission."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from re import fullmatch

GIGABYTE = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The rules of one authority, a row of `specs/profiles.csv`.

    Args:
        name: as `study.toml` chooses it.
        authority: its full name.
        gigabytes: largest size of one dataset file; None where no limit is known.
        over: what is to be done with a larger one.
        file_length: most characters of a file name, extension included.
        path_length: most characters of a path from `m5` on.
        ascii_labels: whether labels have to be ASCII.
        ascii_values: whether values ought to be ASCII.
        language: language of labels and documents, `en` or `zh`.
        source: where the rules stand.
    """

    name: str
    authority: str
    gigabytes: int | None
    over: str
    file_length: int
    path_length: int
    ascii_labels: bool
    ascii_values: bool
    language: str
    source: str

    def path_problems(self, path: PurePosixPath) -> Iterator[str]:
        """What is wrong with the name of a file in a submission, a sentence each.

        Source: ICH M8, eCTD Specification 3.2.2, appendix 2: lower case letters, digits and hyphens; authorities take
        underscores in the names of datasets.

        Args:
            path: from `m5` on.

        Examples:
            >>> profile = Profile(
            ...     name="fda",
            ...     authority="",
            ...     gigabytes=5,
            ...     over="",
            ...     file_length=64,
            ...     path_length=180,
            ...     ascii_labels=True,
            ...     ascii_values=True,
            ...     language="en",
            ...     source="",
            ... )
            >>> list(profile.path_problems(PurePosixPath("m5/datasets/pl21/tabulations/sdtm/LB final.xpt")))
            ["'LB final.xpt' has other characters than a-z, 0-9, hyphen and underscore"]
        """
        for part in path.parts[:-1]:
            if not fullmatch(r"[a-z0-9_-]+", part):
                yield f"folder {part!r} has other characters than a-z, 0-9, hyphen and underscore"
        if not fullmatch(r"[a-z0-9_-]+\.[a-z0-9]+", path.name):
            yield f"{path.name!r} has other characters than a-z, 0-9, hyphen and underscore"
        if len(path.name) > self.file_length:
            yield f"{path.name!r} has {len(path.name)} characters, more than {self.file_length}"
        if len(str(path)) > self.path_length:
            yield f"the path has {len(str(path))} characters, more than {self.path_length}"

    def size_problem(self, size: int) -> str:
        """What is wrong with the size of a dataset in bytes; empty where nothing is.

        Examples:
            >>> Profile(
            ...     name="fda",
            ...     authority="",
            ...     gigabytes=5,
            ...     over="split it",
            ...     file_length=64,
            ...     path_length=180,
            ...     ascii_labels=True,
            ...     ascii_values=True,
            ...     language="en",
            ...     source="",
            ... ).size_problem(6 * 2**30)
            '6442450944 bytes are more than the 5 gigabytes of fda: split it'
        """
        if self.gigabytes is None or size <= self.gigabytes * GIGABYTE:
            return ""
        return f"{size} bytes are more than the {self.gigabytes} gigabytes of {self.name}: {self.over}"
