"""The dictionaries that a user brings for coding, by the name that mappings ask for: `dict_meddra`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """How the file of a dictionary is laid out: a row per term that can be reported.

    Args:
        title: its name in CDISC terminology (codelist DICTNAM, C66788).
        topic: the variable that holds the reported term, without the domain.
        term: column of the terms, by which a reported one is found.
        levels: column by the variable that it fills, without the domain.
        numbers: the columns that hold whole numbers.
    """

    title: str
    topic: str
    term: str
    levels: Mapping[str, str]
    numbers: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """What the file has to have."""
        return tuple(dict.fromkeys((self.term, *self.levels.values())))


MEDDRA = Dictionary(
    title="MedDRA",
    topic="TERM",
    term="llt",
    levels={
        "LLT": "llt",
        "LLTCD": "llt_code",
        "DECOD": "pt",
        "PTCD": "pt_code",
        "HLT": "hlt",
        "HLTCD": "hlt_code",
        "HLGT": "hlgt",
        "HLGTCD": "hlgt_code",
        "BODSYS": "soc",
        "BDSYCD": "soc_code",
        "SOC": "soc",
        "SOCCD": "soc_code",
    },
    numbers=("llt_code", "pt_code", "hlt_code", "hlgt_code", "soc_code"),
)
"""A row per lowest level term, with the levels above it (SDTMIG 3.4, AE)."""

WHODRUG = Dictionary(
    title="WHODD",
    topic="TRT",
    term="drug",
    levels={"DECOD": "decod", "CLAS": "atc", "CLASCD": "atc_code"},
)
"""A row per drug name: its standardised name, and the one class that the study codes it to (SDTMIG 3.4, CM)."""

DICTIONARIES: Mapping[str, Dictionary] = {"meddra": MEDDRA, "whodrug": WHODRUG}
