"""The Chinese of texts: of the study from `specs/text_zh.csv`, of this program from `words_zh.csv` of this room."""

from importlib.resources import files
from pathlib import Path

from cdisc_aclf.errors import HouseError
from cdisc_aclf.model.label import CHINESE
from cdisc_aclf.model.language import TEXTS, Language
from cdisc_aclf.read.tables import read_table


def read_language(folder: Path, code: str) -> Language:
    """Read the language that a profile asks for.

    A text of the study stands in its spec in English; a sentence that this program writes into every study's documents
    stands in English where it is written. Both are looked up by the English words.

    Args:
        folder: the study folder.
        code: `en` or `zh`.

    Raises:
        HouseError: a table is missing, a row has no Chinese, or a text has two rows.
    """
    if code != CHINESE:
        return Language()
    chinese: dict[str, str] = {}
    for path in (Path(str(files(__package__) / "words_zh.csv")), folder / TEXTS):
        for line, row in enumerate(read_table(path, ("text", "text_zh")), start=2):
            text, text_zh, where = row["text"], row["text_zh"], f"{path}:{line}"
            if text in chinese:
                raise HouseError(where, f"{text!r} has two rows")
            if not text_zh.strip() or text_zh != text_zh.strip():
                raise HouseError(where, f"{text!r} has no Chinese, or one with a blank at its edge")
            chinese[text] = text_zh
    return Language(chinese)
