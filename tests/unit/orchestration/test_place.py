"""Where an installation stands: its province and county choose the values that policies compare with."""

from datetime import date
from pathlib import Path

import pytest

from expectations.parameters import ANYWHERE, Place
from orchestration import place
from orchestration.failures import HulianError
from orchestration.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty installation."""
    made = Home(tmp_path / "home")
    made.make()
    return made


def test_the_settings_say_where_it_stands(home: Home) -> None:
    """Prevents a county from being judged by the defaults although the file has its own values."""
    assert place.load(home) == ANYWHERE
    (home.settings / "place.yaml").write_text("province: 四川\ncounty: 青川县\n", encoding="utf-8")
    assert place.load(home) == Place("四川", "青川县")
    assert place.parameters_on(home, date(2026, 11, 23)).place == Place("四川", "青川县")


@pytest.mark.parametrize("text", ["county: 青川县", "province: 51", "provice: 四川", "[四川]"])
def test_a_mistake_in_the_file_is_told(home: Home, text: str) -> None:
    """Prevents a mistyped place from silently meaning the defaults."""
    (home.settings / "place.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(HulianError, match=r"settings/place\.yaml"):
        place.load(home)
