"""Failures told without personal data, and what is tried again."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.failures import BlockedByCheck, MayPass, StepFailed, told_clearly
from orchestration.resources import Day


def test_the_value_stays_in_the_restricted_file(tmp_path: Path) -> None:
    """Prevents a name quoted by a library from reaching Dagster's event log."""
    with pytest.raises(StepFailed) as caught, told_clearly("read", tmp_path):
        raise ValueError("Could not convert string '王建国' to INT32")
    assert "王建国" not in str(caught.value)
    assert caught.value.__cause__ is None
    log = tmp_path / "failure.log"
    assert "王建国" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_our_own_sentence_passes(tmp_path: Path) -> None:
    """Prevents a clear reason from being hidden behind another one."""
    with pytest.raises(BlockedByCheck, match="tests failed"), told_clearly("dbt", tmp_path):
        raise BlockedByCheck("tests failed: unique_x")
    assert not (tmp_path / "failure.log").exists()


def test_a_failing_disk_is_tried_again_with_growing_patience(tmp_path: Path) -> None:
    """Prevents a passing fault of the machine from costing the day, and a lasting one from being hammered."""
    day = Day(home_folder=str(tmp_path), landing_folder=str(tmp_path))
    (tmp_path / "work").mkdir()
    waits = []
    for _ in range(3):
        with pytest.raises(dg.RetryRequested) as caught, day.step("publish"):
            raise OSError(28, "No space left on device")
        waits.append(caught.value.seconds_to_wait)
    assert waits == [5, 10, 20]
    assert caught.value.max_retries == 2


def test_an_error_of_ours_is_not_tried_again(tmp_path: Path) -> None:
    """Prevents a bug from being repeated three times before it is told."""
    day = Day(home_folder=str(tmp_path), landing_folder=str(tmp_path))
    (tmp_path / "work").mkdir()
    with pytest.raises(StepFailed) as caught, day.step("link"):
        raise KeyError("x")
    assert not isinstance(caught.value, MayPass)
