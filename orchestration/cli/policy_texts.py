"""The sentences of the policy files that people read: a policy's name, what to check at the door, which papers to see.

Reads words only; what a policy asks is compiled by `expectations`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml


@dataclass(frozen=True)
class PolicyText:
    """One policy's words."""

    policy_id: str
    name_zh: str
    name_en: str
    at_the_door: str
    documents: str

    def name(self, language: str) -> str:
        """Its name in one language (`zh` or `en`)."""
        return self.name_zh if language == "zh" else self.name_en


@cache
def policy_texts() -> Mapping[str, PolicyText]:
    """Words of all policies by policy id, in order of id."""
    found = []
    for path in sorted(Path(str(files("expectations").joinpath("policies"))).glob("*/*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        found.append(
            PolicyText(
                document["id"],
                document["name"]["zh"],
                document["name"]["en"],
                document["at_the_door"],
                "、".join(document.get("documents", ())),
            )
        )
    return {text.policy_id: text for text in sorted(found, key=lambda text: text.policy_id)}


def policy_names(language: str) -> Mapping[str, str]:
    """Names of all policies in one language (`zh` or `en`)."""
    return {text.policy_id: text.name(language) for text in policy_texts().values()}
