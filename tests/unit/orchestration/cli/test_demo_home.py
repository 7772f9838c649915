"""A demo begins afresh with another county, and never over real deliveries."""

from datetime import date
from pathlib import Path

import pytest

from orchestration.cli.demo_home import RealDeliveries, begin
from orchestration.home import Home

DAY = date(2026, 11, 23)


def _delivered(home: Home) -> Path:
    file = home.root / "raw" / "education" / "students" / "education.students.20261101.1.ab" / "delivery.json"
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    return file


def test_another_demo_county_begins_afresh(tmp_path: Path) -> None:
    """Prevents a second demo from having all its files refused as second deliveries for the same days."""
    home = Home(tmp_path / "home")
    begin(home, 3000, 1, DAY)
    file = _delivered(home)
    begin(home, 3000, 1, DAY)
    assert file.exists()
    begin(home, 1500, 1, DAY)
    assert not file.exists()
    assert (home.root / "raw").stat().st_mode & 0o777 == 0o700


def test_real_deliveries_are_left_alone(tmp_path: Path) -> None:
    """Prevents `hulian demo` in a county's own folder from wiping or mixing what departments delivered."""
    home = Home(tmp_path / "home")
    home.make()
    file = _delivered(home)
    with pytest.raises(RealDeliveries):
        begin(home, 3000, 1, DAY)
    assert file.exists()
