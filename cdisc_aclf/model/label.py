"""Labels and sentences in two languages."""

LABEL_BYTES = 40
"""Bytes of a label in XPT version 5."""

ENGLISH, CHINESE = "en", "zh"
"""What a profile has as its language."""


class Labelled:
    """What has a label in English and, where the package is written in Chinese, one in Chinese too."""

    __slots__ = ()
    label: str
    label_zh: str

    @property
    def submitted_label(self) -> str:
        """The label in the language of the package."""
        return self.label_zh or self.label


class Translated:
    """What is told in a sentence in English and, where the package is written in Chinese, in Chinese too."""

    __slots__ = ()
    text: str
    text_zh: str

    @property
    def submitted_text(self) -> str:
        """The sentence in the language of the package."""
        return self.text_zh or self.text
