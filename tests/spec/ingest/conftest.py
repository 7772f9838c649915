"""Fixtures of the ingest specs: the contracts, and a landing folder with a home of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.contract import Contract, load_contracts
from tests.spec.ingest.delivered import Box


@pytest.fixture(scope="session")
def contracts() -> dict[str, Contract]:
    return load_contracts()


@pytest.fixture
def box(tmp_path: Path, contracts: dict[str, Contract]) -> Box:
    (tmp_path / "landing").mkdir()
    return Box(tmp_path / "landing", tmp_path / "home", contracts)
