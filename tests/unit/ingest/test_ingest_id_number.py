"""Properties of identity numbers that no table of examples can cover."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.cells.id_number import read_id_number

WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]


def number(region: int, born: date, sequence: int) -> str:
    """A sound number of a region that was never assigned (5199xx)."""
    body = f"5199{region:02d}{born:%Y%m%d}{sequence:03d}"
    return (
        body
        + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]
    )


numbers = st.builds(
    number, st.integers(0, 99), st.dates(date(1900, 1, 1), date(2030, 12, 31)), st.integers(0, 999)
)


def quality(*texts: str) -> list[str]:
    return read_id_number(pa.array(texts), frozenset()).beside["_quality"].to_pylist()


@settings(max_examples=60, deadline=None)
@given(numbers)
def test_sound_numbers_are_valid(sound: str) -> None:
    """Prevents a sound number, one that ends in 000 included, from being taken for damaged."""
    cells = read_id_number(pa.array([sound, sound.lower(), f" {sound}　"]), frozenset())
    assert cells.values.to_pylist() == [sound] * 3
    assert not cells.issue.any()


@settings(max_examples=60, deadline=None)
@given(numbers, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_never_valid(sound: str, at: int, step: int) -> None:
    """Prevents a mistyped digit from making another person's number: MOD 11-2 finds every one."""
    if sound[at] == "X":
        wrong = sound[:at] + str(step)
    else:
        wrong = sound[:at] + str((int(sound[at]) + step) % 10) + sound[at + 1 :]
    assert quality(wrong)[0] in ("damaged", "absent")


@settings(max_examples=60, deadline=None)
@given(numbers)
def test_rounded_numbers_are_never_repaired(sound: str) -> None:
    """Prevents the lost digits of a spreadsheet number from being guessed."""
    assert quality(f"{float(sound[:17] + '0'):.5E}") == ["damaged"]
    # of the numbers that end in 000 one in eleven has a check digit that fits: it is sound, as contracts say
    rounded = sound[:15] + "000"
    fits = rounded == number(int(sound[4:6]), date.fromisoformat(sound[6:14]), int(sound[14] + "00"))
    assert quality(rounded) == ["valid" if fits else "damaged"]


@settings(max_examples=60, deadline=None)
@given(numbers.filter(lambda sound: sound[6:8] == "19"))
def test_fifteen_digits_are_the_same_number(sound: str) -> None:
    """Prevents an old number from being another person than its eighteen characters."""
    cells = read_id_number(pa.array([sound[:6] + sound[8:17]]), frozenset())
    assert cells.values.to_pylist() == [sound]
    assert cells.beside["_quality"].to_pylist() == ["upgraded"]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(max_size=24), max_size=6))
def test_any_text_is_judged(texts: list[str]) -> None:
    """Prevents an odd cell from ending the reading of a file."""
    cells = read_id_number(pa.array(texts, pa.string()), frozenset())
    assert len(cells.values) == len(cells.issue) == len(texts)
    assert set(cells.beside["_quality"].to_pylist()) <= {"valid", "upgraded", "damaged", "absent"}
