"""The life of a gap from yesterday to today: open, sent, confirmed, refuted, exempt, resolved, unknown, reopened.

Here: how today's outcomes, yesterday's gaps and the verdicts make today's gaps; due dates.
Not here: what a gap is (`ask`), which card follows from it (`cards`).
"""

from collections.abc import Sequence

import duckdb

from expectations.cards import Clock
from expectations.parameters import Parameters

# Columns of policies.gap: those of marts.policy_gap, and what tomorrow must know of today: opened_on, the day the
# present episode began, evidence, the fingerprint of the facts it rests on, parameters, what it was judged by, and
# sent_on, the last day on which a township was sent it in this episode.
GAP_COLUMNS = {
    "gap_id": "VARCHAR",
    "policy_id": "VARCHAR",
    "subject_kind": "VARCHAR",
    "subject_key": "VARCHAR",
    "person_key": "VARCHAR",
    "household_key": "VARCHAR",
    "township_name": "VARCHAR",
    "village_code": "VARCHAR",
    "department": "VARCHAR",
    "severity": "VARCHAR",
    "kind": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
    "first_seen": "DATE",
    "last_seen": "DATE",
    "resolved_on": "DATE",
    "exempt_until": "DATE",
    "due_on": "DATE",
    "doubt": "VARCHAR",
    "doubt_score": "DOUBLE",
    "opened_on": "DATE",
    "evidence": "VARCHAR",
    "parameters": "VARCHAR",
    "sent_on": "DATE",
}
STATUSES = ("open", "sent", "confirmed", "refuted", "exempt", "resolved", "unknown")
ACTIVE = "('open', 'sent', 'confirmed', 'unknown')"

# How a gap ended by itself; people of the county read it.
RESOLVED_BY = {
    "met": "政策已落实",
    "not_applicable": "不再适用",
    "not_in_force": "政策已停止执行",
    "gone": "对象已不在数据中",
}


def load_previous(con: duckdb.DuckDBPyConnection, previous: str | None, redirects: str | None = None) -> None:
    """Make `previous_gap`: the gaps of the last published day, or none.

    A mart without `opened_on`, `evidence`, `parameters` and `sent_on` counts as never reopened, changed or sent. A gap whose subject got another
    key since (`redirects`: old_key, new_key, kind) follows it and keeps its id, its first day and its verdicts.
    """
    columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in GAP_COLUMNS.items())
    con.execute(f"CREATE OR REPLACE TEMP TABLE previous_gap AS SELECT {columns} WHERE FALSE")
    if previous is None:
        return
    # Names are of our own published database, never delivered text.
    present = {
        row[0] for row in con.execute(f"SELECT * FROM {previous}.policy_gap LIMIT 0").description or ()
    }
    absent = {"opened_on": "first_seen AS opened_on"}
    chosen = ", ".join(
        name if name in present else absent.get(name, f"NULL AS {name}") for name in GAP_COLUMNS
    )
    con.execute(f"INSERT INTO previous_gap SELECT {chosen} FROM {previous}.policy_gap")
    if redirects is not None:
        _follow(con, redirects)


def _follow(con: duckdb.DuckDBPyConnection, redirects: str) -> None:
    """Give yesterday's gaps today's keys; where two subjects became one, the older gap follows and the other ends."""
    for column, kind in (("person_key", "person"), ("household_key", "household")):
        con.execute(f"""
            UPDATE previous_gap SET {column} = r.new_key
            FROM {redirects} r WHERE r.kind = '{kind}' AND r.old_key = previous_gap.{column}
        """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE moved_gap AS
        SELECT g.gap_id, r.new_key
        FROM previous_gap g JOIN {redirects} r ON r.kind = g.subject_kind AND r.old_key = g.subject_key
        WHERE NOT EXISTS (
            SELECT 1 FROM previous_gap o WHERE o.policy_id = g.policy_id AND o.subject_key = r.new_key)
        QUALIFY row_number() OVER (PARTITION BY g.policy_id, r.new_key ORDER BY g.first_seen, g.gap_id) = 1
    """)
    con.execute(
        "UPDATE previous_gap SET subject_key = m.new_key FROM moved_gap m WHERE m.gap_id = previous_gap.gap_id"
    )
    con.execute("DROP TABLE temp.moved_gap")


def advance(
    con: duckdb.DuckDBPyConnection,
    outcomes: str,
    into: str,
    parameters: Parameters,
    verdicts_table: str,
    sent_table: str | None,
) -> None:
    """Write the temporary table `into`: today's gaps of the policies that `outcomes` speaks of.

    Args:
        con: Has `previous_gap`, the outcomes and the verdicts.
        outcomes: Table with policy_id, subject_kind, subject_key, person_key, household_key, township_name,
            village_code, department, severity, kind, outcome, reason, due_on, evidence, parameters: all gaps, and whatever
            became of the subjects that had one. A row with a null subject_key only says that its policy was asked.
        into: Name of the table written: GAP_COLUMNS and carried_due_on (due date so far while the gap was active).
        parameters: Values of the run date.
        verdicts_table: gap_id, verified_on, verdict, reason, exempt_until.
        sent_table: gap_id, sent_on: what townships were sent, or None. A clue stays `sent` until it is answered on that day or later.
    """
    today = f"DATE '{parameters.run_date}'"
    refuted_days = parameters.integer("refuted_days")
    rectification_days = parameters.integer("rectification_days")
    sent = sent_table or "(SELECT NULL::VARCHAR AS gap_id, NULL::DATE AS sent_on)"
    resolved_by = " ".join(f"WHEN '{outcome}' THEN '{reason}'" for outcome, reason in RESOLVED_BY.items())
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {into} AS
        WITH said AS (
            SELECT gap_id, verified_on, verdict, reason, exempt_until,
                row_number() OVER (PARTITION BY gap_id ORDER BY verified_on DESC, verdict, reason) AS place
            FROM {verdicts_table}
            WHERE verdict IS NOT NULL AND verified_on <= {today}
        ),
        verdict AS (
            SELECT gap_id, verified_on, verdict, reason,
                CASE WHEN verdict = '豁免'
                    THEN coalesce(exempt_until, make_date(year(verified_on), 12, 31)) END AS exempt_until
            FROM said WHERE place = 1
        ),
        sending AS (
            SELECT gap_id, max(sent_on) AS sent_on FROM {sent} WHERE sent_on <= {today} GROUP BY gap_id
        ),
        today AS (
            SELECT *, policy_id || '-' || subject_key AS gap_id FROM {outcomes} WHERE subject_key IS NOT NULL
        ),
        yesterday AS (
            SELECT * FROM previous_gap WHERE policy_id IN (SELECT policy_id FROM {outcomes})
        ),
        met AS (
            SELECT
                coalesce(y.gap_id, t.gap_id) AS gap_id,  -- a subject whose key has changed keeps its gap's id
                coalesce(t.policy_id, y.policy_id) AS policy_id,
                coalesce(t.subject_kind, y.subject_kind) AS subject_kind,
                coalesce(t.subject_key, y.subject_key) AS subject_key,
                coalesce(t.person_key, y.person_key) AS person_key,
                coalesce(t.household_key, y.household_key) AS household_key,
                coalesce(t.township_name, y.township_name) AS township_name,
                coalesce(t.village_code, y.village_code) AS village_code,
                coalesce(t.department, y.department) AS department,
                coalesce(t.severity, y.severity) AS severity,
                coalesce(t.kind, y.kind) AS kind,
                coalesce(t.outcome, 'gone') AS outcome,
                t.reason AS reason_today, t.due_on AS due_today,
                y.status AS was, y.reason AS was_reason, y.resolved_on AS was_resolved_on, y.last_seen AS was_seen,
                y.due_on AS was_due_on, y.sent_on AS was_sent_on,
                coalesce(y.first_seen, {today}) AS first_seen,
                CASE WHEN y.gap_id IS NULL OR (t.outcome = 'gap' AND y.status = 'resolved') THEN {today}
                    -- What was refuted is another thing once the facts are others.
                    WHEN t.outcome = 'gap' AND y.status = 'refuted' AND t.evidence <> y.evidence THEN {today}
                    ELSE y.opened_on END AS opened_on,
                CASE WHEN t.outcome = 'gap' THEN t.evidence ELSE y.evidence END AS evidence,
                CASE WHEN t.outcome = 'gap' THEN t.parameters ELSE y.parameters END AS parameters
            FROM today t FULL JOIN yesterday y
                ON y.policy_id = t.policy_id AND y.subject_key = t.subject_key
        ),
        judged AS (
            SELECT m.*, v.verified_on, v.verdict, v.reason AS verdict_reason, v.exempt_until AS verdict_until,
                -- A verdict on an earlier episode says nothing about this one; an exemption runs to its date.
                CASE WHEN v.verdict = '豁免' THEN CASE WHEN {today} <= v.exempt_until THEN 'exempt' END
                    WHEN m.opened_on > m.first_seen AND v.verified_on < m.opened_on THEN NULL
                    WHEN v.verdict = '不属实'
                        THEN CASE WHEN date_diff('day', v.verified_on, {today}) <= {refuted_days} THEN 'refuted' END
                    WHEN v.verdict = '属实' THEN 'confirmed' END AS said,
                -- What was sent in an earlier episode says nothing about this one either.
                CASE WHEN greatest(s.sent_on, m.was_sent_on) >= m.opened_on
                    THEN greatest(s.sent_on, m.was_sent_on) END AS sent_on
            FROM met m
            LEFT JOIN verdict v ON v.gap_id = m.gap_id
            LEFT JOIN sending s ON s.gap_id = m.gap_id
        ),
        named AS (
            SELECT *,
                CASE WHEN outcome = 'gap'
                        THEN coalesce(said, CASE WHEN coalesce(sent_on > verified_on, sent_on IS NOT NULL)
                            OR (was = 'sent' AND sent_on IS NULL) THEN 'sent' ELSE 'open' END)
                    WHEN outcome = 'unknown' AND was <> 'resolved'
                        THEN CASE WHEN said IN ('exempt', 'refuted') THEN said ELSE 'unknown' END
                    WHEN was IS NOT NULL THEN 'resolved' END AS status
            FROM judged
        )
        SELECT gap_id, policy_id, subject_kind, subject_key, person_key, household_key, township_name, village_code,
            department, severity, kind, status,
            CASE status
                WHEN 'resolved' THEN CASE WHEN was = 'resolved' THEN was_reason
                    ELSE CASE outcome {resolved_by} END END
                WHEN 'unknown' THEN reason_today
                WHEN 'open' THEN NULL
                WHEN 'sent' THEN NULL
                ELSE verdict_reason END AS reason,
            first_seen,
            CASE WHEN outcome = 'gap' THEN {today} ELSE was_seen END AS last_seen,
            CASE WHEN status = 'resolved' THEN CASE WHEN was = 'resolved' THEN was_resolved_on ELSE {today} END END
                AS resolved_on,
            CASE WHEN status = 'exempt' THEN verdict_until END AS exempt_until,
            CASE WHEN status = 'confirmed' AND verdict_reason = '已整改'
                    THEN verified_on + {rectification_days}
                WHEN status IN ('open', 'sent', 'confirmed') THEN due_today
                WHEN status = 'unknown' THEN was_due_on END AS due_on,
            NULL AS doubt, NULL AS doubt_score,  -- asked anew each day (`doubt`)
            opened_on, evidence, parameters, sent_on,
            CASE WHEN was IN {ACTIVE} THEN was_due_on END AS carried_due_on
        FROM named
        WHERE status IS NOT NULL
    """)


def settle(
    con: duckdb.DuckDBPyConnection, parts: Sequence[str], parameters: Parameters, clock: Clock
) -> None:
    """Write `policies.gap` from the advanced parts, the clue clock set by the cards.

    Gaps of policies that were not among those asked stay as they were.
    """
    days = parameters.integer(clock.days)
    everything = " UNION ALL ".join(f"SELECT * FROM {part}" for part in parts)
    columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in GAP_COLUMNS.items())
    without_clock = ", ".join(f"'{policy}'" for policy in clock.without) or "NULL"
    con.execute(f"""
        CREATE OR REPLACE TABLE policies.gap AS
        WITH everything AS ({everything}),
        clocked AS (
            SELECT e.* EXCLUDE (due_on),
                CASE WHEN e.due_on IS NOT NULL THEN e.due_on
                    WHEN e.status IN ('open', 'sent', 'confirmed') AND e.severity = '{clock.severity}'
                        AND e.policy_id NOT IN ({without_clock}) AND c.card = '{clock.card}'
                        THEN coalesce(e.carried_due_on, DATE '{parameters.run_date}' + {days}) END AS due_on
            FROM everything e LEFT JOIN policies.card c ON c.household_key = e.household_key
        )
        SELECT {columns} FROM clocked
        UNION ALL
        SELECT {columns} FROM previous_gap WHERE gap_id NOT IN (SELECT gap_id FROM everything)
        ORDER BY gap_id
    """)
