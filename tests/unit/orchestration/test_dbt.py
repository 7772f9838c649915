"""What dbt's results are told as: a failed table, or a check that blocks the day."""

from types import SimpleNamespace

from orchestration.dbt import _broken_promise


def test_a_blank_where_a_contract_promises_a_value_is_a_check_that_failed() -> None:
    """Prevents a day with a null key from being told as a table that dbt could not build, or without the column's name."""
    message = "Runtime Error in model village\n  Constraint Error: NOT NULL constraint failed: village__dbt_tmp.village_code"
    assert _broken_promise(SimpleNamespace(message=message)) == "village.village_code"
    assert _broken_promise(SimpleNamespace(message="Binder Error: no such column")) is None
    assert _broken_promise(SimpleNamespace(message=None)) is None
