"""The words of the Data Docs, in Chinese and English, from `phrases.yaml`.

Here: titles, headings, and Great Expectations' own phrases in Chinese. Not here: what an expectation says of itself
(suites, policies and rules).
"""

import re
from functools import cache
from typing import Any

from expectations.documents import HERE, read


@cache
def words() -> dict[str, Any]:
    """All of `phrases.yaml`."""
    return dict(read(HERE / "data_docs" / "phrases.yaml").content)


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple(
        (re.compile(entry["pattern"]), entry["zh"], entry.get("en", "")) for entry in words()["phrases"]
    )


def in_both(phrase: str) -> tuple[str, str] | None:
    """A phrase of Great Expectations in Chinese and English; None for one that is not known."""
    for pattern, zh, en in _phrases():
        if pattern.match(phrase):
            return pattern.sub(zh, phrase), en or phrase.strip()
    return None


def page_title(group: str, name: str) -> tuple[str, str]:
    """Title of a page of policies or registry rules in both languages; its name where nobody gave it one."""
    titles = words()["pages"][group].get(name, {"zh": name, "en": name})
    return titles["zh"], titles["en"]
