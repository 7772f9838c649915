"""What makes a delivered table fit for use: suites read from `suites/*.yaml`.

Here: their form, their sentences. Not here: running them (`run` is the door to Great Expectations), and the
contract's own rules (a file that breaks those never becomes a table).
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from expectations.documents import HERE, Document, read
from expectations.parameters import Parameters
from expectations.subjects import catalogue


@dataclass(frozen=True)
class Expectation:
    """One thing expected of a table; shares are of its rows, `at_most` only bounds the volume."""

    kind: str
    severity: str
    columns: tuple[str, ...]
    label: str
    values: tuple[str, ...]
    at_least: float
    at_most: float | None


@dataclass(frozen=True)
class Suite:
    """All that is expected of the table of one extract."""

    name: str
    table: str
    extract: str
    title: str
    title_en: str
    owner: str
    expectations: tuple[Expectation, ...]

    def sentence(self, expectation: Expectation, parameters: Parameters, language: str) -> str:
        """What an expectation says, in `zh` or `en`."""
        share = f"{expectation.at_least:.0%}"
        if expectation.at_most is not None:
            share += f"-{expectation.at_most:.0%}"
        text = sentences()[expectation.kind][language]
        days = parameters.stale_after_days(self.extract)
        return text.format(
            label=expectation.label, column=", ".join(expectation.columns), share=share, days=days
        )


@cache
def sentences() -> dict[str, Any]:
    """Sentence templates by kind and language."""
    return dict(read(HERE / "sentences.yaml").content["kinds"])


@cache
def load_suites() -> tuple[Suite, ...]:
    """All suites, ordered by name; DocumentError names file and line of a mistake."""
    return tuple(_suite(read(path, "suite.schema.json")) for path in sorted((HERE / "suites").glob("*.yaml")))


def _suite(document: Document) -> Suite:
    body = document.content
    if body["extract"] not in catalogue().extracts:
        raise document.error(("extract",), f"unknown extract {body['extract']}")
    if document.path.stem != body["suite"]:
        raise document.error(("suite",), f"the file of {body['suite']} must be named {body['suite']}.yaml")
    expectations = tuple(
        Expectation(
            kind=item["expect"],
            severity=item["severity"],
            columns=tuple(item.get("columns", [item["column"]] if "column" in item else [])),
            label=item.get("label", ""),
            values=tuple(item.get("values", ())),
            at_least=item.get("at_least", 1.0),
            at_most=item.get("at_most"),
        )
        for item in body["expectations"]
    )
    return Suite(
        body["suite"],
        body["table"],
        body["extract"],
        body["title"],
        body["title_en"],
        body["owner"],
        expectations,
    )
