"""Why a delivery does not count, said in both languages from `reasons.yaml`.

Here belongs the saying only. Which rule a delivery breaks belongs to the module that judges it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Reason:
    """A rule's stable word, for tools, and its sentence in English and Chinese, for people."""

    rule: str
    en: str
    zh: str


def reason(case: str, **facts: object) -> Reason:
    """The reason `<rule>` or `<rule>.<case>` with what is known of the file; KeyError when there is no such case."""
    texts = _texts()[case]
    return Reason(case.partition(".")[0], texts["en"].format(**facts), texts["zh"].format(**facts))


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    document: dict[str, dict[str, str]] = yaml.safe_load(
        Path(__file__).with_name("reasons.yaml").read_text(encoding="utf-8")
    )
    return document
