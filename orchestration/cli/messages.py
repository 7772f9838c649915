"""The words that people of the county read, in Chinese and English, from `messages.yaml`.

Words only: what is counted and how belongs to the modules that show it. Names of policies and departments are
not here: they stand in the policy files and in `ingest/contracts/shared.yaml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from orchestration.failures import HulianError

LANGUAGES = ("zh", "en")


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    document: dict[str, dict[str, str]] = yaml.safe_load(
        files("orchestration.cli").joinpath("messages.yaml").read_text(encoding="utf-8")
    )
    return document


@cache
def _departments() -> Mapping[str, Mapping[str, str]]:
    document = yaml.safe_load(files("ingest").joinpath("contracts/shared.yaml").read_text(encoding="utf-8"))
    names: dict[str, dict[str, str]] = document["departments"]
    return names


def _number(value: str) -> Decimal | str:
    """A number that a text can write with separators or as a share; any other value as it is."""
    try:
        return Decimal(value)
    except InvalidOperation:
        return value


@dataclass(frozen=True)
class Messages:
    """The texts in one language; call it with a key and the values of the text's placeholders."""

    language: str

    def __post_init__(self) -> None:
        """Refuse a language that no text is written in (ValueError)."""
        if self.language not in LANGUAGES:
            raise ValueError(f"language {self.language!r} is not one of {', '.join(LANGUAGES)}")

    def __call__(self, key: str, **values: Any) -> str:
        """The text of `key`; KeyError when there is none."""
        return _texts()[key][self.language].format(**values)

    def code(self, group: str, value: str | None) -> str:
        """The word for a code such as severity `C`; the code itself when the group has no word for it."""
        if value is None:
            return ""
        text = _texts().get(f"{group}.{value}")
        return text[self.language] if text else value

    def parameter(self, name: str, value: str) -> str:
        """What a policy's parameter says, with its value; `name=value` as published for one without a text."""
        if f"parameter.{name}" not in _texts():
            return f"{name}={value}"
        return self(f"parameter.{name}", value=_number(value))

    def department(self, code: str | None) -> str:
        """The office's name; the code itself when it is unknown."""
        names = _departments().get(code or "")
        return names[self.language] if names else (code or "")


class WrongUsage(HulianError):
    """The command was asked for something that does not exist (exit code 2); the message is in the user's language."""


class NothingPublished(HulianError):
    """There is no published warehouse to read (exit code 1)."""
