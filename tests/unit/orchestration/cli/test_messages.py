"""The words for people are complete in both languages and all in use."""

import re
import string
from datetime import date

import pytest
import yaml

from orchestration.cli.messages import LANGUAGES, Messages
from tests.conventions.source_tree import ROOT, modules

TEXTS = yaml.safe_load((ROOT / "orchestration/cli/messages.yaml").read_text(encoding="utf-8"))
# Groups whose last part is a code from the tables.
BY_CODE = (
    "delivery_status",
    "parameter",
    "severity",
    "kind",
    "gap_status",
    "card",
    "match_method",
    "identity_quality",
    "unit",
    "step",
    "review_reason",
    "issue_kind",
    "subject_kind",
    "field",
    "comparison",
    "visit_when",
    "visit_role",
    "sex",
)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_both_languages_say_the_same(key: str) -> None:
    """Prevents a text that is missing in one language, or that forgets a number there."""
    text = TEXTS[key]
    assert set(text) == set(LANGUAGES)
    assert _placeholders(text["zh"]) == _placeholders(text["en"])


def test_texts_and_code_know_each_other() -> None:
    """Prevents a KeyError in front of a person, and texts that nobody shows any more."""
    code = "\n".join(m.text for m in modules("orchestration"))
    used = set(
        re.findall(
            r"""["']((?:summary|status|gaps|visits|scorecard|feedback|rules|issue_kind_note|release|review|bench|link|column|error)\.[a-z0-9_.]+)["']""",
            code,
        )
    )
    assert used <= set(TEXTS), f"without a text: {sorted(used - set(TEXTS))}"
    woven = tuple(
        re.findall(
            r'f"((?:summary|status|gaps|visits|scorecard|feedback|rules|issue_kind_note|release|review|bench|link|column|error)\.(?:[a-z_]+\.)?)\{',
            code,
        )
    )
    idle = [
        key for key in TEXTS
        if key not in used and not key.startswith(woven) and key.rsplit(".", 1)[0] not in BY_CODE
    ]  # fmt: skip
    assert not idle, f"nobody shows: {idle}"


def test_every_value_that_a_policy_is_asked_with_has_words() -> None:
    """Prevents an officer from reading `name=value`, and a number that a text cannot write."""
    from expectations.parameters import resolve, values_told
    from expectations.policy import load_policies

    parameters = resolve(date(2026, 11, 23))
    told = values_told(parameters.told({name for policy in load_policies() for name in policy.parameters}))
    assert told, "policies have parameters"
    for language in LANGUAGES:
        say = Messages(language)
        assert [name for name, value in told.items() if say.parameter(name, value) == f"{name}={value}"] == []
    assert {key.removeprefix("parameter.") for key in TEXTS if key.startswith("parameter.")} == set(told)


def test_an_unknown_code_is_shown_as_it_is() -> None:
    """Prevents a new status or office from breaking the summary."""
    say = Messages("zh")
    assert say.code("gap_status", "brand_new") == "brand_new"
    assert say.code("card", None) == ""
    assert say.parameter("brand_new", "5") == "brand_new=5"
    assert say.department("weather") == "weather"
    assert say.department("education") == "教育局"
    with pytest.raises(ValueError, match="fr"):
        Messages("fr")
