"""The levels of a medical dictionary that a user brings."""

LEVELS = {
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
}
"""Column of the dictionary file by the variable that it fills, without the domain (SDTMIG 3.4, AE)."""

COLUMNS = tuple(dict.fromkeys(LEVELS.values()))
"""What a dictionary file has to have."""
