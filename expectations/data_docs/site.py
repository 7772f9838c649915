"""The Data Docs as a folder of pages: an index, one page per suite, per area of policies, per kind of registry rules.

Here: which pages there are and what stands around Great Expectations' rows. Not here: the rows (`render`).
The same results give the same bytes: no page tells an hour. No page loads anything: its style is inside, it has no
script, and a policy in its head forbids the browser every request.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from expectations.data_docs.kept import GROUPS, Page
from expectations.data_docs.phrases import words
from expectations.data_docs.render import VIEWS, Renderer


def build(pages: list[Page], run_date: date, owners: Mapping[str, Mapping[str, str]], folder: Path) -> int:
    """Write the site of `pages` into `folder`; returns the number of pages, the index included.

    `owners` names each office by its code and language (`zh`, `en`).

    Raises ValueError when Great Expectations renders fewer rows than there are results.
    """
    renderer = Renderer()
    shared: dict[str, Any] = {
        "words": words()["words"],
        "groups": words()["groups"],
        "owners": owners,
        "run_date": run_date.isoformat(),
        "version": renderer.version,
        "style": (VIEWS / "data_docs.css").read_text(encoding="utf-8"),
    }
    grouped = {group: [page for page in pages if page.group == group] for group in GROUPS}
    index = renderer.html("index.html", **shared, grouped=grouped)
    _write(folder / "index.html", index)
    for page in pages:
        html = renderer.html("page.html", **shared, page=page, rows=renderer.rows(page))
        _write(folder / page.file, html)
    return len(pages) + 1


def _write(file: Path, html: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(html, encoding="utf-8")
