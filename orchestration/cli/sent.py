"""Which clues a township was sent, as a delivery of the data team: `landing/work_list/sent_<day>[_N].csv`.

The next run reads it, so that a clue is `sent` from that day on; being a delivery, it is archived and replayed as every
other fact. How such a file is written: `own_delivery`.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from orchestration.cli.own_delivery import headers, rows_so_far, write_next
from orchestration.home import Home

EXTRACT = "work_list/sent"


def record_sent(home: Home, landing: Path, day: date, by: str, township: str, gap_ids: Iterable[str]) -> Path:
    """Note that `township` was sent these clues on `day` by `by`; returns the file written.

    The file holds what else was sent that day; a clue sent twice in a day stands in it once.
    """
    number, before = rows_so_far(home, landing, EXTRACT, day)
    columns = headers(EXTRACT)
    rows = {row[columns["gap_id"]]: row for row in before}
    for gap_id in gap_ids:
        values = {
            "gap_id": gap_id,
            "sent_on": day.isoformat(),
            "township_name": township,
            "sent_by": by,
        }
        rows[gap_id] = {columns[name]: value for name, value in values.items()}
    return write_next(landing, EXTRACT, day, number, rows.values())
