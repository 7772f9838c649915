"""Properties of written dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.cells.date import parse_date

FORMS = [
    "{y}-{m:02}-{d:02}", "{y}/{m}/{d}", "{y}{m:02}{d:02}", "{y}年{m}月{d}日", "{y}.{m:02}.{d:02}",
    "{y}-{m:02}-{d:02} 00:00:00", "{y}年{m:02}月{d:02}日 8:30",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40, deadline=None)
@given(day=st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_form_says_the_same_day(form: str, day: date) -> None:
    """Prevents day and month from being swapped, or a form from being read as another day."""
    assert parse_date(form.format(y=day.year, m=day.month, d=day.day)) == day


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1927, 5, 18), date(2099, 12, 31)))
def test_serials_are_days(day: date) -> None:
    """Prevents Excel's day numbers from being off by one or read as a year."""
    assert parse_date(str((day - date(1899, 12, 30)).days)) == day


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_judged(text: str) -> None:
    """Prevents an odd cell from ending the reading of a file."""
    assert parse_date(text) is None or isinstance(parse_date(text), date)
