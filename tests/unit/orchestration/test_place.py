"""Where an installation stands: its province and county choose the values that policies compare with."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import dagster as dg
import pytest

from expectations.documents import HERE as EXPECTATIONS
from expectations.parameters import ANYWHERE, Place, resolve
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


@pytest.mark.parametrize(
    "text", ["county: 青川县", "province: 51", "provice: 四川", "[四川]", "province: [四川"]
)
def test_a_mistake_in_the_file_is_told(home: Home, text: str) -> None:
    """Prevents a mistyped place from silently meaning the defaults."""
    (home.settings / "place.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(HulianError, match=r"settings/place\.yaml"):
        place.load(home)


def test_dagster_waits_as_long_as_the_county_does(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prevents Dagster's pages from calling an extract late by the default when the county gives it more days."""
    text = (EXPECTATIONS / "parameters.yaml").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "registry/persons: 15" in line)
    own = line.replace("province: null", "province: 四川").replace(
        "registry/persons: 15", "registry/persons: 99"
    )
    file = tmp_path / "parameters.yaml"
    file.write_text(text.replace(line, f"{line}\n{own}"), encoding="utf-8")
    monkeypatch.setattr(place, "resolve", partial(resolve, path=file))
    monkeypatch.setenv("HULIAN_HOME", str(home.root))
    (home.settings / "place.yaml").write_text("province: 四川", encoding="utf-8")
    from orchestration.defs.ingest import assets

    found = {
        spec.key.path[-1]: spec.freshness_policy
        for asset in assets.defs().assets or ()
        if isinstance(asset, dg.AssetsDefinition)
        for spec in asset.specs
    }
    (home.settings / "place.yaml").write_text("province: 51", encoding="utf-8")
    assert assets.defs().assets, "a mistake in the file is told by the run and closes no page"
    for name, days in (("raw_registry__persons", 99), ("raw_registry__villages", 40)):
        assert found[name] == dg.FreshnessPolicy.time_window(fail_window=timedelta(days=days))
