"""Labels in two languages."""

LABEL_BYTES = 40
"""Bytes of a label in XPT version 5."""

CHINESE = "zh"
"""What a profile has as its language for labels in Chinese."""


class Labelled:
    """What has a label in English and, where the package is written in Chinese, one in Chinese too."""

    __slots__ = ()
    label: str
    label_zh: str

    @property
    def submitted_label(self) -> str:
        """The label in the language of the package."""
        return self.label_zh or self.label
