"""Mistakes in policy files are told with file and line."""

import re
from pathlib import Path

import pytest

from expectations.check import check_all, policy_problems
from expectations.documents import DocumentError
from expectations.policy import POLICIES, load_policies

GOOD = (POLICIES / "medical_insurance" / "MED-01.yaml").read_text(encoding="utf-8")


def written(folder: Path, text: str, name: str = "MED-01.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("coalesce(insured, FALSE)", "coalesce(insurd, FALSE)", "holds: unknown column insurd"),
        ("coalesce(insured, FALSE)", "coalesce(age > $agee, FALSE)", r"holds: unknown parameter \$agee"),
        ("coalesce(insured, FALSE)", "coalesce(insured, FALSE", "holds: not an SQL expression"),
        ("coalesce(coverage, '') IN", "coalesce(covrage, '') IN", "exempt: unknown column covrage"),
        ("medical_insurance/enrolment]\ndo", "medical_insurance/enrolments]\ndo", "unknown extract"),
        (
            "needs: [registry/persons, ",
            "needs: [",
            "needs must name registry/persons, on which column is_target rests",
        ),
        ("parameters: []", "parameters: [monitoring_line]", "parameters must name what is used: none"),
        ("owner: medical_insurance", "owner: housing", "owner housing is not among the departments"),
        ("subject: person", "subject: persona", "unknown subject persona"),
        ("severity: C", "severity: X", "severity: 'X' is not one of"),
        ("insured: true}", "insurd: true}", "unknown column insurd"),
        (
            "stale: [medical_insurance/enrolment]",
            "stale: [medical_insurance/x]",
            "unknown extract medical_insurance/x",
        ),
        ("in_force: {from: null", "in_force: {from: soon", "not a date"),
        ("kind: G", "kind: G\nkind: O", "the key kind stands twice"),
    ],
)
def test_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Prevents a typing error from making a policy silently mean nothing."""
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    with pytest.raises(DocumentError, match=rf"^MED-01.yaml:\d+: .*{message}") as error:
        load_policies(written(tmp_path, text))
    told = int(str(error.value).split(":")[1])
    changed = next(
        n for n, (a, b) in enumerate(zip(text.splitlines(), GOOD.splitlines(), strict=False), 1) if a != b
    )
    assert abs(told - changed) <= 1


def test_missing_field_is_told(tmp_path: Path) -> None:
    """Prevents a policy without a sentence for the officer."""
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith("at_the_door"))
    with pytest.raises(DocumentError, match="'at_the_door' is a required property"):
        load_policies(written(tmp_path, text))


def test_id_in_two_files_is_told(tmp_path: Path) -> None:
    """Prevents two policies from writing gaps under one id."""
    (tmp_path / "other").mkdir()
    written(tmp_path / "other", GOOD)
    with pytest.raises(DocumentError, match="MED-01 stands in two files"):
        load_policies(written(tmp_path, GOOD))


def test_file_is_named_as_its_policy(tmp_path: Path) -> None:
    """Prevents a policy that cannot be found by its id."""
    with pytest.raises(DocumentError, match=r"must be named MED-01\.yaml"):
        load_policies(written(tmp_path, GOOD, "MED-02.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("holds: coalesce(insured, FALSE)", "holds: insured", "holds is undecided when .* is blank"),
        (
            "applies: coalesce(is_target, FALSE)",
            "applies: is_target",
            "applies is undecided when .* is blank",
        ),
        ("when: coalesce(coverage, '')", "when: coverage", "exempt 1 is undecided when .* is blank"),
        (
            "holds: coalesce(insured, FALSE)",
            "holds: coalesce(scheme, '')",
            "needs|holds gives VARCHAR, wanted BOOLEAN",
        ),
        ("outcome: met", "outcome: gap", "example 'insured' must be gap, but is met"),
    ],
)
def test_check_finds_what_loading_cannot(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Prevents blanks that decide by accident, predicates that are no yes-or-no, and examples that are not true."""
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    (policy,) = load_policies(written(tmp_path, text))
    problems = policy_problems(policy)
    assert len(problems) == 1
    assert problems[0].startswith("MED-01.yaml:")
    assert re.search(message, problems[0])


def test_outcome_without_example_is_told(tmp_path: Path) -> None:
    """Prevents a policy whose unknown was never tried."""
    (policy,) = load_policies(written(tmp_path, GOOD.replace("outcome: unknown", "outcome: gap")))
    assert any("no example gives unknown" in problem for problem in policy_problems(policy))


def test_everything_in_the_house_is_sound() -> None:
    """Prevents a mistake in any file from reaching the daily run."""
    assert check_all() == []
