"""Doubt from rows that could not be read and name a household, not a person: a visit under the household's number.

Linkage finds whom an unread row may be about by numbers and names of persons; a visit has none. Here: the unread rows
in which a household's number stands, the latest day that each can speak of, and whether the policy would have no gap
had that day been told. Not here: rows about persons, the odds and the words (`doubt`).
"""

from collections.abc import Sequence

import duckdb

from expectations.compile import outcome_sql, subject_source
from expectations.parameters import Parameters
from expectations.policy import Policy

WHY, SIDE = "unread_household_no", "row"

# A row speaks of the latest day that stands in it, and of none after its delivery; without one of any day before that.
# A row whose key another row of the file has is no loss.
_UNREAD = r"""
CREATE OR REPLACE TEMP TABLE doubt_unread AS
WITH cell AS (
    SELECT q.delivery_id, q.row_number, d.data_date, unnest(from_json(q.raw_row, '["VARCHAR"]')) AS text
    FROM raw.quarantined_row q
    JOIN (SELECT DISTINCT delivery_id, data_date FROM raw.delivery WHERE status = 'accepted') d USING (delivery_id)
    WHERE q.department || '/' || q.extract = '{extract}' AND q.raw_row IS NOT NULL AND q.rule <> 'duplicate_key'
),
parts AS (
    SELECT *, regexp_replace(text, '[\s\x{{3000}}\x{{a0}}'']', '', 'g') AS cell,
        regexp_extract(text, '^\s*(\d{{4}})[-/.年]?(\d{{1,2}})[-/.月]?(\d{{1,2}})(\D|$)', ['y', 'm', 'd']) AS part
    FROM cell
),
dated AS (
    SELECT *, try_cast(part.y || '-' || part.m || '-' || part.d AS DATE) AS told FROM parts
)
SELECT DISTINCT delivery_id, row_number, cell, coalesce(
    max(told) FILTER (told <= data_date) OVER (PARTITION BY delivery_id, row_number), data_date) AS latest
FROM dated
"""

_CLOSED = """
INSERT INTO temp.doubt (gap_id, extract, delivery_id, row_number, why, side, chance)
SELECT DISTINCT g.gap_id, '{extract}', s.unread_delivery, s.unread_row, '{why}', '{side}', {chance}
FROM (
    SELECT s.* REPLACE (greatest(s.{day}, u.latest) AS {day}), u.delivery_id AS unread_delivery, u.row_number AS unread_row
    FROM {source} s JOIN temp.doubt_unread u ON u.cell = s.{named_by}
) s
JOIN temp.doubted_gap g ON g.policy_id = '{policy}' AND g.subject_key = s.{key}
WHERE {outcome} IN ('met', 'not_applicable')
"""


def add_dated_rows(
    con: duckdb.DuckDBPyConnection, policies: Sequence[Policy], parameters: Parameters, chance: float
) -> None:
    """Add to `temp.doubt` the unread rows that would close a gap of `temp.doubted_gap`, were they read, each with `chance`.

    Needs `raw.quarantined_row`, `raw.delivery`, and the subjects' tables with what is joined to them at asking.
    """
    for policy in policies:
        subject = policy.subject
        for extract in policy.closed_by:
            row = subject.dated_rows.get(extract)
            if row is None:
                continue
            con.execute(_UNREAD.format(extract=extract))
            con.execute(
                _CLOSED.format(
                    extract=extract, why=WHY, side=SIDE, chance=chance, day=row.day, named_by=row.named_by,
                    key=subject.key, policy=policy.id, source=subject_source([policy]),
                    outcome=outcome_sql(policy, parameters, {}),
                )
            )  # fmt: skip
            con.execute("DROP TABLE temp.doubt_unread")
