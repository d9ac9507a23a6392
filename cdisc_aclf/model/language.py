"""The language of a package: what its documents say in place of each English text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdisc_aclf.errors import DefinitionError

TEXTS = "specs/text_zh.csv"
"""Where the Chinese of the study's texts stands."""


ENCODED = "Text in every file of this package is encoded in UTF-8."
"""What a reviewer is told of the encoding, in define.xml and in the guides."""


@dataclass(frozen=True, slots=True)
class Language:
    """English, in which all is written at first, or Chinese.

    Args:
        chinese: the Chinese of each English text; None where the package is written in English.

    Examples:
        >>> say = Language({"Chapter {}": "第{}章"})
        >>> say("Chapter {}").format(1), Language()("Chapter {}").format(1)
        ('第1章', 'Chapter 1')
        >>> say.beside("Chapter {}"), Language().beside("Chapter {}")
        ('第{}章', '')
    """

    chinese: Mapping[str, str] | None = field(default=None, hash=False)

    def __call__(self, english: str) -> str:
        """The text in the language of the package.

        Raises:
            DefinitionError: the package is written in Chinese and the text has none.
        """
        return english if self.chinese is None else self.beside(english)

    def beside(self, english: str) -> str:
        """The Chinese that stands beside an English text; empty where the package is written in English.

        Raises:
            DefinitionError: the package is written in Chinese and the text has none.
        """
        if self.chinese is None or not english:
            return ""
        if english not in self.chinese:
            raise DefinitionError(TEXTS, f"no Chinese for {english!r}")
        return self.chinese[english]

    def of_issue(self, message: str) -> str:
        """The words of a rule; what it adds of the value at hand, in parentheses or after a semicolon, stays.

        Examples:
            >>> say = Language({"not a term": "不是术语"})
            >>> say.of_issue("not a term (NY; nearest: Y)"), say.of_issue("another spelling of g/L")
            ('不是术语 (NY; nearest: Y)', 'another spelling of g/L')
        """
        for words in (message, message.partition(" (")[0], message.partition("; ")[0]):
            if self.chinese is not None and words in self.chinese:
                return self.chinese[words] + message.removeprefix(words)
        return message

    @property
    def is_chinese(self) -> bool:
        """Whether the package is written in Chinese."""
        return self.chinese is not None

    @property
    def tag(self) -> str:
        """Its tag by BCP 47, as pages and PDFs state it."""
        return "zh-Hans" if self.is_chinese else "en"
