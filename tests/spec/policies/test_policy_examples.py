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


def test_the_policies_of_the_first_asking_are_here() -> None:
    """Prevents a policy that disappears with its file: ids are permanent."""
    asked = {
        "EDU-01",
        "EDU-04",
        "MED-01",
        "MED-03",
        "MED-05",
        "CIV-03",
        "CIV-04",
        "DEC-01",
        "HOU-01",
        "WAT-01",
    }
    asked |= {"REG-01", "REG-06", "VIS-01", "TEA-01"}
    assert asked <= {policy.id for policy in POLICIES}
