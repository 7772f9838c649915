"""The rules by which a delivery is accepted, held or rejected.

Here belong the thresholds and the order of deliveries of one extract. Reasons are sentences for people.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ingest.delivery import REJECTED, Delivery
from ingest.reasons import Reason, reason
from ingest.refused import Refused

MOST_BAD = 0.20  # more bad rows than this, and the file as a whole is not what was promised
LEAST_OF_PREVIOUS = 0.5  # a snapshot with fewer rows than this share is held: people do not vanish over night
MOST_OF_PREVIOUS = (
    2  # with at least so many times the rows it is held: two exports in one, or another county's
)


def order_of(delivery: Delivery) -> tuple[date, int, str]:
    """Order of deliveries of one extract: data date, then number, whatever the order of arrival."""
    return (delivery.data_date or date.min, delivery.number or 0, delivery.delivery_id)


def check_share(rows_read: int, rows_bad: int) -> None:
    """Raises Refused when more than a fifth of the rows are bad (duplicates of a key are not bad rows)."""
    if rows_read and rows_bad > MOST_BAD * rows_read:
        raise Refused("too_many_bad_rows", bad=rows_bad, read=rows_read, most=f"{MOST_BAD:.0%}")


def hold_reason(delivery: Delivery, previous: Delivery | None) -> Reason | None:
    """Why a snapshot must wait for an operator; None if it need not.

    `previous` is the accepted snapshot that stands before it in order.
    """
    if delivery.released_at is not None:
        return None
    if delivery.rows_loaded == 0:
        return reason("no_rows")
    if previous is None:
        return None
    facts = {"rows": delivery.rows_loaded, "before": previous.rows_loaded, "day": previous.data_date}
    if delivery.rows_loaded < LEAST_OF_PREVIOUS * previous.rows_loaded:
        return reason("rows_halved", **facts)
    if delivery.rows_loaded >= MOST_OF_PREVIOUS * previous.rows_loaded > 0:
        return reason("rows_doubled", **facts)
    return None


def conflict(delivery_id: str, day: date, number: int, known: Iterable[Delivery]) -> Delivery | None:
    """The delivery of the same extract, date and number that stands already; a rejected one does not stand."""
    for other in known:
        same = other.data_date == day and other.number == number and other.verdict != REJECTED
        if same and other.delivery_id != delivery_id:
            return other
    return None
