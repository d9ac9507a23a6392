"""The font of whatever is printed or drawn: Noto Sans SC, cut to the characters of GB 2312."""

from importlib.resources import files
from pathlib import Path

FONT_FILE = Path(str(files("cdisc_aclf") / "fonts" / "NotoSansSC-GB2312.ttf"))
