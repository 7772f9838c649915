"""The door to Great Expectations' renderers: a kept page as the rows of its Data Docs, in both languages.

Here: Great Expectations' validation page renderer and its view, whose components make every cell. Not here: judging
(`expectations.run`), the site around the rows (`site`). Its own page templates are not used: they pull style sheets
and scripts from the network, tell the hour, and speak English only.
"""

from pathlib import Path
from typing import Any

from expectations.data_docs.kept import SENTENCE_EN, SENTENCE_ZH, Page
from expectations.data_docs.phrases import in_both

VIEWS = Path(__file__).parent / "views"
_SEPARATOR = " / "
_FAILED = "❌"
Cell = Any  # a text, a component of Great Expectations, or a list of both


class Renderer:
    """Renders pages; one object for a whole site, since loading is what costs time."""

    def __init__(self) -> None:
        """Load Great Expectations' renderers (seconds where nothing has judged before)."""
        from great_expectations import __version__
        from great_expectations.core.expectation_validation_result import (
            ExpectationSuiteValidationResult,
            ExpectationValidationResult,
        )
        from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
        from great_expectations.render.renderer import ValidationResultsPageRenderer
        from great_expectations.render.view import DefaultJinjaPageView

        self.version = __version__
        self._of_suite, self._of_one = ExpectationSuiteValidationResult, ExpectationValidationResult
        self._configuration = ExpectationConfiguration
        self._page = ValidationResultsPageRenderer(run_info_at_end=True)
        view = DefaultJinjaPageView(custom_views_directory=str(VIEWS))
        self._templates = view.env
        # its components are HTML already, with every parameter escaped
        self._cell = view.env.from_string("{{ cell | render_content_block | safe }}")

    def html(self, template: str, **values: Any) -> str:
        """One of our templates filled in by Great Expectations' own environment, every value escaped."""
        return str(self._templates.get_template(template).render(**values))

    def rows(self, page: Page) -> list[list[str]]:
        """HTML of the cells (status, expectation, observed value) of every result; those not met come first."""
        sentences: dict[str, tuple[str, str]] = {}
        results = []
        for result in page.results:
            config = result["expectation_config"]
            zh, en = config["meta"][SENTENCE_ZH], config["meta"][SENTENCE_EN]
            sentences[f"{zh}{_SEPARATOR}{en}"] = (zh, en)
            results.append(self._result(result, f"{zh}{_SEPARATOR}{en}"))
        suite = self._of_suite(
            success=page.failed == 0,
            results=results,
            suite_name=page.name,
            statistics={
                "evaluated_expectations": len(results),
                "successful_expectations": len(results) - page.failed,
                "unsuccessful_expectations": page.failed,
                "success_percent": None,
            },
            meta={},
        )
        document = self._page.render(suite).to_json_dict()
        found = [row for row in _result_rows(document) if len(row) == 3]
        if len(found) != len(results):
            raise ValueError(f"{page.name}: {len(results)} results, {len(found)} rows rendered")
        found.sort(key=lambda row: not _is_failed(row[0]))
        return [[self._html(_bilingual(cell, sentences)) for cell in row] for row in found]

    def _result(self, result: dict[str, Any], description: str) -> Any:
        config = result["expectation_config"]
        return self._of_one(
            success=result["success"],
            result=result["result"],
            exception_info=result["exception_info"],
            meta={},
            expectation_config=self._configuration(
                type=config["type"], kwargs=dict(config["kwargs"]), meta={}, description=description
            ),
        )

    def _html(self, cell: Cell) -> str:
        return str(self._cell.render(cell=cell)).strip()


def _result_rows(document: dict[str, Any]) -> list[list[Cell]]:
    return [
        row
        for section in document["sections"]
        for block in section["content_blocks"]
        if block["content_block_type"] == "table" and "Observed Value" in block.get("header_row", [])
        for row in block["table"]
    ]


def _is_failed(status: Cell) -> bool:
    return _FAILED in str(status)


def _bilingual(cell: Cell, sentences: dict[str, tuple[str, str]]) -> Cell:
    """A cell with Chinese before English; both are parameters of Great Expectations' template, which escapes them."""
    if isinstance(cell, list):
        return [_bilingual(part, sentences) for part in cell]
    if isinstance(cell, str):
        both = in_both(cell)
        return _two(*both) if both else _one(cell)
    template = cell["string_template"]
    text = template["template"]
    if text in sentences:
        return _two(*sentences[text])
    both = in_both(text)
    if both is None:
        return cell
    filled = {f"${name}": str(value) for name, value in template.get("params", {}).items()}
    return _two(_filled(both[0], filled), _filled(both[1], filled), ["found"])


def _filled(text: str, values: dict[str, str]) -> str:
    for name in sorted(values, key=len, reverse=True):
        text = text.replace(name, values[name])
    return text


def _one(text: str) -> dict[str, Any]:
    return {
        "content_block_type": "string_template",
        "string_template": {"template": "$text", "params": {"text": text}},
    }


def _two(zh: str, en: str, classes: list[str] | None = None) -> dict[str, Any]:
    return {
        "content_block_type": "string_template",
        "string_template": {
            "template": "$zh $en",
            "params": {"zh": zh, "en": en},
            "styling": {
                **({"classes": classes} if classes else {}),
                "params": {"zh": {"classes": ["zh"]}, "en": {"classes": ["en"]}},
            },
        },
    }
