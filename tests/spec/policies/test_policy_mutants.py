"""The examples of a policy notice every small mistake in it: an edge without an example on it is an edge nobody holds."""

from collections.abc import Iterator

import duckdb
import pytest

from expectations.policy import Policy, load_policies
from tests.spec.policies.mutants import mutants, survivors

# Mistakes that no row can show, and why.
NO_MISTAKE = {
    "DEC-01": {"applies: without COALESCE(is_deceased, FALSE)": "its population are the dead already"},
    "REG-02": {
        "undecided: without COALESCE(guarantee_unknown, FALSE)": "nothing else is left of those it applies to"
    },
}


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database for all policies."""
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize("policy", load_policies(), ids=lambda p: p.id)
def test_examples_notice_every_small_mistake(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Prevents `>` from becoming `>=`, a limit from moving by one, and a condition from getting lost unseen."""
    unseen = set(survivors(con, policy))
    assert unseen == set(NO_MISTAKE.get(policy.id, ())), (
        "add an example on this edge (or say in NO_MISTAKE why no row can show it)"
    )


def test_mutants_are_made() -> None:
    """Prevents a walk over the predicates that finds nothing to change, so that everything passes."""
    by_policy = {policy.id: [mutant.name for mutant in mutants(policy)] for policy in load_policies()}
    assert sum(map(len, by_policy.values())) > 300
    assert by_policy["MED-06"][:1] and "$high_cost_target +1" in by_policy["MED-06"]
    assert {"holds: without COALESCE(on_leave, FALSE)", "$compulsory_age_to -1"} <= set(by_policy["EDU-01"])
