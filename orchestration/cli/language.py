"""The language of what people read."""

import locale
import os
from enum import StrEnum


class Language(StrEnum):
    """Chinese where people of the county read, English elsewhere."""

    ZH = "zh"
    EN = "en"

    @classmethod
    def from_locale(cls) -> "Language":
        """Chinese under a Chinese locale, else English."""
        named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
        named = named or locale.getlocale()[0] or ""
        return cls.ZH if named.lower().startswith("zh") else cls.EN
