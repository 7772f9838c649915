"""Limits of link quality: the project's, and what an operator sets over them."""

from pathlib import Path

import pytest

from linkage.quality import settings
from orchestration import link_limits
from orchestration.failures import HulianError
from orchestration.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty installation."""
    made = Home(tmp_path / "home")
    made.make()
    return made


def test_an_operator_lets_a_changed_county_through(home: Home) -> None:
    """Prevents a county from standing still for ever after a change that is right: one limit is set, the others stay."""
    (home.settings / "link_limits.yaml").write_text("link_rate_drop: 0.1\n")
    expected = {**settings()["limits"], "link_rate_drop": 0.1}
    assert link_limits.load(home) == expected


@pytest.mark.parametrize(
    "text", ["link_rate_dorp: 0.1", "link_rate_drop: much", "[0.1]", "link_rate_drop: true"]
)
def test_a_mistake_in_the_file_is_told(home: Home, text: str) -> None:
    """Prevents a mistyped limit from silently leaving the old one, or none, in force."""
    (home.settings / "link_limits.yaml").write_text(text)
    with pytest.raises(HulianError, match=r"link_limits\.yaml"):
        link_limits.load(home)
