"""A new policy begins with a file that is sound in form."""

from pathlib import Path

import pytest

from expectations.check import policy_problems
from expectations.policy import load_policies
from expectations.skeleton import AREAS, write_skeleton


@pytest.mark.parametrize("area", AREAS)
def test_skeleton_is_a_sound_policy(area: str, tmp_path: Path) -> None:
    """Prevents a skeleton that `hulian policies check` refuses before its author wrote a word."""
    path = write_skeleton(f"{area}-90", tmp_path)
    (policy,) = load_policies(tmp_path)
    assert path == tmp_path / policy.owner / f"{area}-90.yaml"
    assert policy_problems(policy) == []


def test_an_id_is_never_given_twice(tmp_path: Path) -> None:
    """Prevents a new policy from writing its gaps under the id of another one."""
    write_skeleton("EDU-90", tmp_path)
    with pytest.raises(FileExistsError, match="EDU-90 is taken"):
        write_skeleton("EDU-90", tmp_path)


@pytest.mark.parametrize("policy_id", ["EDU-1", "edu-01", "XYZ-01", "EDU-01/../../x"])
def test_an_id_of_another_form_is_refused(policy_id: str, tmp_path: Path) -> None:
    """Prevents files outside the folder and ids that no list sorts."""
    with pytest.raises(ValueError, match="an area"):
        write_skeleton(policy_id, tmp_path)
    assert list(tmp_path.iterdir()) == []
