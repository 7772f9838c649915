"""Every example in a policy file gets the outcome that stands beside it."""

import pytest

from expectations.examples import Finding, run_examples
from expectations.policy import load_policies

POLICIES = load_policies()
FINDINGS = run_examples(POLICIES)


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda f: f"{f.policy.id}: {f.example.name}")
def test_example_gets_its_outcome(finding: Finding) -> None:
    """Prevents a policy that means something else than its file says."""
    assert finding.outcome == finding.example.outcome
    if finding.example.asks_due:
        assert finding.due_on == finding.example.due_on


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: p.id)
def test_every_outcome_has_an_example(policy) -> None:
    """Prevents a branch of a policy that nobody has ever seen taken."""
    assert {example.outcome for example in policy.examples} == set(policy.outcomes)


AREAS = {"EDU": 8, "MED": 9, "CIV": 9, "DEC": 2, "HOU": 5, "WAT": 1, "REG": 12, "VIS": 1, "TEA": 1, "FND": 3}


def test_every_policy_of_the_catalogue_is_here() -> None:
    """Prevents a policy that disappears with its file: ids are permanent."""
    catalogue = {f"{area}-{number:02}" for area, last in AREAS.items() for number in range(1, last + 1)}
    assert catalogue <= {policy.id for policy in POLICIES}
