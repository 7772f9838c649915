"""The secret is made once and kept private; only one run writes."""

import os
from pathlib import Path

import pytest

from orchestration.failures import AnotherRunWrites
from orchestration.home import Home
from orchestration.keyring import Keyring
from orchestration.lock import only_writer


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty installation."""
    home = Home(tmp_path / "home")
    home.make()
    return home


def test_secret_is_made_once_and_private(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents every person from getting another key each morning, and others on the machine from reading it."""
    monkeypatch.delenv("HULIAN_KEY", raising=False)
    first, second = Keyring.open(home), Keyring.open(home)
    assert first.person_hashing == second.person_hashing
    assert (home.root / "secret.key").stat().st_mode & 0o777 == 0o600
    assert first.secret.decode() not in repr(first)


def test_each_purpose_has_its_own_key(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents the warehouse key, which readers of identities get, from opening the person keys."""
    monkeypatch.setenv("HULIAN_KEY", "given")
    keys = Keyring.open(home)
    assert len({keys.row_hashing, keys.person_hashing, bytes.fromhex(keys.restricted_database)}) == 3
    assert not (home.root / "secret.key").exists()


def test_a_second_run_is_told_and_a_dead_one_frees_the_lock(home: Home) -> None:
    """Prevents two runs from writing at once, and a killed run from blocking the next morning."""
    with only_writer(home):
        child = os.fork()
        if child == 0:
            try:
                with only_writer(home):
                    os._exit(1)
            except AnotherRunWrites:
                os._exit(42)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 42
    dead = os.fork()
    if dead == 0:
        with only_writer(home):
            os._exit(9)
    os.waitpid(dead, 0)
    with only_writer(home):
        assert home.run_lock.exists()
