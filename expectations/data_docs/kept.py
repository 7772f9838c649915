"""What Great Expectations said of a suite, kept between the step that judged and the step that makes the pages.

Here: the form of a kept page and its file. Not here: judging (`expectations.run`), HTML (`render`, `site`).
A result holds counts and our own words, never a value of a row.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

GROUPS = ("suites", "policies", "registry_rules")
# Beside a result, in the `meta` of its expectation: what it says in both languages.
SENTENCE_ZH, SENTENCE_EN = "sentence_zh", "sentence_en"


@dataclass(frozen=True)
class Page:
    """One page: a suite, the policies of an area, or the registry rules about one kind of subject.

    `results` are Great Expectations' own, as JSON. `not_asked` holds (Chinese, English, reason) of what was not
    evaluated that day, so that nothing is silently absent.
    """

    group: str
    name: str
    title_zh: str
    title_en: str
    table: str
    owner: str
    results: list[dict[str, Any]]
    not_asked: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def file(self) -> str:
        """Its place in the site."""
        return f"{self.group}/{self.name}.html"

    @property
    def failed(self) -> int:
        """Expectations that were not met."""
        return sum(not result["success"] for result in self.results)


Keep = Callable[[Page], None]


def keeper(folder: Path) -> Keep:
    """A function that keeps a page in `folder`; the same page again replaces it."""

    def keep(page: Page) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{page.group}.{page.name}.json").write_text(
            json.dumps(asdict(page), ensure_ascii=False, sort_keys=True), encoding="utf-8"
        )

    return keep


def kept(folder: Path) -> list[Page]:
    """The pages kept in `folder`, ordered by group and name."""
    pages = []
    for file in folder.glob("*.json"):
        content = json.loads(file.read_text(encoding="utf-8"))
        content["not_asked"] = [tuple(line) for line in content["not_asked"]]
        pages.append(Page(**content))
    return sorted(pages, key=lambda page: (GROUPS.index(page.group), page.name))
