"""The catalogue page says what the files say."""

from expectations.policy import load_policies
from expectations.policy_page import PAGE, policy_page


def test_page_is_true() -> None:
    """Prevents a catalogue that people read and the pipeline no longer follows."""
    written = PAGE.read_text(encoding="utf-8")
    assert written == policy_page(load_policies()), "Renew it: python -m expectations.policy_page"
