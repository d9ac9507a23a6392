"""The Chinese of texts: of the study from `specs/text_zh.csv`, of this program from `words_zh.csv` of this package."""

from importlib.resources import files
from pathlib import Path

from cdisc_aclf.files.tables import read_translations
from cdisc_aclf.model.label import CHINESE
from cdisc_aclf.model.language import TEXTS, Language


def read_language(folder: Path, code: str) -> Language:
    """Read the language that a profile asks for.

    A text of the study stands in its spec in English; a sentence that this program writes into every study's documents
    stands in English where it is written. Both are looked up by the English words.

    Args:
        folder: the study folder.
        code: `en` or `zh`.

    Raises:
        DefinitionError: a table is missing, a row has no Chinese, or a text has two rows.
    """
    if code != CHINESE:
        return Language()
    words = read_translations(Path(str(files(__package__) / "words_zh.csv")), "text", "Chinese")
    return Language(words | read_translations(folder / TEXTS, "text", "Chinese", known=words))
