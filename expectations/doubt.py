"""Whether bad data may be the cause of a gap: the best record that would close it, or the weak link that it rests on.

A candidate is a row that may speak of the gap's person (`linkage.doubtful_candidate`). It counts when the policy would
not have the gap were the row his: the policy is asked once more of the subject with what the row's extract says of the
row's present owner. Here: that question and the words. Not here: who may be whom (linkage), rows that name no person
(`doubt_dated`), the life of a gap (`lifecycle`), the order of the work list.
"""

from collections.abc import Mapping, Sequence
from functools import cache

import duckdb

from expectations.compile import outcome_sql
from expectations.documents import HERE, read
from expectations.doubt_dated import SIDE, add_dated_rows
from expectations.doubt_echo import echo
from expectations.parameters import Parameters
from expectations.policy import Policy
from expectations.subjects import Column, Subject, catalogue
from expectations.suites import load_suites

CANDIDATES, WEAK_LINKS = "linkage.doubtful_candidate", "linkage.weak_link"
MEMBERS = "marts.household_member"
# Of two values of these types the greater stands: a payment, a stay or a presence on one row is one on the person.
ADDING = ("boolean", "integer", "decimal", "share")
DOUBTED = "('open', 'sent', 'unknown')"

# Every subject that a person stands for: himself, and his household.
_CANDIDATE = """
CREATE OR REPLACE TEMP TABLE doubt_candidate AS
WITH home AS (SELECT person_key, household_key FROM {members})
SELECT c.*, 'person' AS subject_kind, c.own_person_key AS a, c.person_key AS b FROM {candidates} c
UNION ALL
SELECT c.*, 'household', a.household_key, b.household_key
FROM {candidates} c LEFT JOIN home a ON a.person_key = c.own_person_key JOIN home b ON b.person_key = c.person_key
WHERE a.household_key IS DISTINCT FROM b.household_key
"""

# A row without an owner (it was not read) closes what rows of its extract close; of it nothing can be asked.
_CLOSING = """
CREATE OR REPLACE TEMP TABLE doubt AS
SELECT g.gap_id, c.extract, c.delivery_id, c.row_number, c.why, 'b' AS side, c.score AS chance
FROM doubted_gap g
JOIN doubt_candidate c ON c.subject_kind = g.subject_kind AND c.b = g.subject_key
JOIN doubt_scope p ON p.policy_id = g.policy_id AND p.extract = c.extract AND p.side = 'closed_by'
LEFT JOIN doubt_answer w ON w.policy_id = g.policy_id AND w.a = c.a AND w.b = c.b AND w.extract = c.extract
WHERE c.a IS NULL OR w.closes
UNION ALL
-- the gap of a person whom nothing proves: were his row the other's, the gap would be nobody's
SELECT g.gap_id, c.extract, c.delivery_id, c.row_number, c.why, 'a', c.score
FROM doubted_gap g
JOIN doubt_candidate c ON c.subject_kind = g.subject_kind AND c.a = g.subject_key
JOIN doubt_scope p ON p.policy_id = g.policy_id AND p.extract = c.extract AND p.side = 'needs'
JOIN doubt_answer w ON w.policy_id = g.policy_id AND w.a = c.a AND w.b = c.b AND w.extract = c.extract
WHERE w.closes AND c.own_unproven
UNION ALL
SELECT g.gap_id, k.extract, k.delivery_id, k.row_number, k.match_method, 'link', 1 - k.match_score
FROM doubted_gap g
JOIN doubt_link k ON k.subject_kind = g.subject_kind AND k.subject_key = g.subject_key
JOIN doubt_scope p ON p.policy_id = g.policy_id AND p.extract = k.extract AND p.side = 'proved_by'
"""
_LINKS = """
CREATE OR REPLACE TEMP TABLE doubt_link AS
SELECT 'person' AS subject_kind, person_key AS subject_key, * EXCLUDE (person_key) FROM {links}
UNION ALL
SELECT 'household', m.household_key, k.* EXCLUDE (person_key) FROM {links} k JOIN {members} m USING (person_key)
"""
# Before anything is known of a gap, the record is the subject's with its chance. Were it, the gap was certain to show;
# were it not, the gap shows as often as the policy finds one among those it asks (Bayes). A right link seldom contradicts,
# a wrong one nearly always does: for a gap that rests on a link by weight the same sum holds.
_ODDS = """
CREATE OR REPLACE TEMP TABLE doubt_odds AS
SELECT policy_id, (gap + 1) / (gap + met + 2) AS rate FROM policies.result
"""

_BEST = """
UPDATE policies.gap SET doubt = b.told, doubt_score = b.score
FROM (
    SELECT d.gap_id, d.score,
        coalesce(t.title, d.extract) || ' ' || coalesce(f.file_name, '') || ' 第' || d.row_number || '行：' || d.told AS told
    FROM (
        SELECT d.*, r.told, row_number() OVER (
            PARTITION BY d.gap_id ORDER BY d.chance DESC, d.side, d.extract, d.delivery_id, d.row_number, d.why) AS place,
            round(d.chance / (d.chance + (1 - d.chance) * o.rate), 4) AS score
        FROM doubt d
        JOIN doubt_reason r ON r.side = d.side AND r.why = d.why
        JOIN doubted_gap g ON g.gap_id = d.gap_id
        JOIN doubt_odds o ON o.policy_id = g.policy_id
    ) d
    LEFT JOIN doubt_title t ON t.extract = d.extract
    LEFT JOIN (SELECT delivery_id, min(file_name) AS file_name FROM raw.delivery GROUP BY delivery_id) f
        ON f.delivery_id = d.delivery_id
    WHERE d.place = 1 AND d.score >= {at_least}
) b
WHERE b.gap_id = policies.gap.gap_id
"""

_WITHHOLD = """
UPDATE policies.gap SET status = 'unknown', reason = $reason, due_on = NULL
WHERE status = 'open' AND doubt_score >= $withholds_from
    AND (kind NOT IN (SELECT unnest($needs)) OR date_diff('day', opened_on, $today::DATE) < $days)
"""


def write_doubt(con: duckdb.DuckDBPyConnection, policies: Sequence[Policy], parameters: Parameters) -> int:
    """Fill `doubt` and `doubt_score` of the gaps in hand in `policies.gap`; returns how many are in doubt.

    `doubt` is Chinese text for officer and auditor: the extract's title, the file, the row and why, never a name or a
    number. `doubt_score` (0 to 1) is how likely the record, and not the family, is the cause; below the parameter
    `doubt_at_least` a gap is not in doubt and both are null. An open gap whose doubt reaches
    the parameter `doubt_withholds_from` becomes `unknown`, a need (`withheld` in `doubt.yaml`) for so many days at most.

    Args:
        con: The run's database: `policies.gap`, `linkage.doubtful_candidate`, `linkage.weak_link`, `raw.delivery`,
            `raw.quarantined_row`, `marts.household_member` and the subjects' tables.
        policies: Policies asked.
        parameters: Values of the run date.
    """
    con.execute("UPDATE policies.gap SET doubt = NULL, doubt_score = NULL WHERE doubt IS NOT NULL")
    chosen = [p for p in policies if p.closed_by or p.proved_by]
    _scope(con, chosen)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE doubted_gap AS
        SELECT gap_id, policy_id, subject_kind, subject_key FROM policies.gap
        WHERE status IN {DOUBTED} AND policy_id IN (SELECT policy_id FROM doubt_scope)
    """)
    con.execute(_CANDIDATE.format(members=MEMBERS, candidates=CANDIDATES))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE doubt_answer (policy_id VARCHAR, a VARCHAR, b VARCHAR, extract VARCHAR, closes BOOLEAN)"
    )
    for kind in ("person", "household"):
        asked = [p for p in chosen if p.subject.kind == kind and not any(c.joined for c in _columns(p))]
        if asked:
            _what_if(con, catalogue().subjects[kind], asked, parameters)
    con.execute(_LINKS.format(members=MEMBERS, links=WEAK_LINKS))
    con.execute(_CLOSING)
    add_dated_rows(con, chosen, parameters, _row_chance())
    con.execute(_ODDS)
    at_least = parameters["doubt_at_least"]
    con.execute(_BEST.format(at_least=at_least))
    echo(con, policies, parameters)
    withheld = reasons()["withheld"]
    con.execute(
        _WITHHOLD,
        {
            "reason": withheld["reason"]["zh"],
            "needs": withheld["needs"],
            "withholds_from": parameters["doubt_withholds_from"],
            "today": parameters.run_date,
            "days": parameters.integer("doubt_withheld_days"),
        },
    )
    for table in ("scope", "reason", "title", "candidate", "answer", "link", "odds"):
        con.execute(f"DROP TABLE temp.doubt_{table}")
    con.execute("DROP TABLE temp.doubted_gap; DROP TABLE temp.doubt")
    row = con.execute("SELECT count(*) FROM policies.gap WHERE doubt IS NOT NULL").fetchone()
    assert row is not None
    return int(row[0])


def _scope(con: duckdb.DuckDBPyConnection, policies: Sequence[Policy]) -> None:
    """What each policy rests on, the words of each reason, the title of each extract: facts of files, as tables."""
    sides = [
        (policy.id, extract, side)
        for policy in policies
        for side, extracts in (
            (
                "closed_by",
                (
                    *(extract for extract in policy.closed_by if extract not in policy.subject.dated_rows),
                    *(policy.subject.left_by if policy.population == "living" else ()),
                ),
            ),
            ("proved_by", policy.proved_by),
            ("needs", policy.needs),
        )
        for extract in dict.fromkeys(extracts)
    ]
    words = reasons()
    own = words["own_row"]["zh"]
    told = [
        *(("b", why, text["zh"]) for why, text in words["candidates"].items()),
        *(("a", why, f"{own}({text['zh']})") for why, text in words["candidates"].items()),
        *(("link", why, text["zh"]) for why, text in words["links"].items()),
        *((SIDE, why, text["zh"]) for why, text in words["rows"].items()),
    ]
    titles = [(suite.extract, suite.title) for suite in load_suites()]
    _fill(con, "doubt_scope", "policy_id, extract, side", sides)
    _fill(con, "doubt_reason", "side, why, told", told)
    _fill(con, "doubt_title", "extract, title", titles)


def _fill(con: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Sequence[tuple[str, ...]]) -> None:
    names = [name.strip() for name in columns.split(",")]
    chosen = ", ".join(f"unnest(${name}::VARCHAR[]) AS {name}" for name in names)
    values = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {chosen}", values)


def _what_if(
    con: duckdb.DuckDBPyConnection, subject: Subject, policies: Sequence[Policy], parameters: Parameters
) -> None:
    """Ask the policies of every gap's subject as it would be were the candidate's row his."""
    merged = ", ".join(
        f"{_merged(column)} AS {column.name}" for column in subject.columns.values() if not column.joined
    )
    closes = ", ".join(
        f"{outcome_sql(p, parameters, {})} IN ('met', 'not_applicable') AS {p.column}" for p in policies
    )
    answers = " UNION ALL ".join(
        f"SELECT '{p.id}', a, b, extract, {p.column} FROM doubt_asked" for p in policies
    )
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE doubt_asked AS
        WITH pair AS (
            SELECT DISTINCT a, b, extract FROM doubt_candidate
            WHERE subject_kind = '{subject.kind}' AND a IS NOT NULL
                AND (a IN (SELECT subject_key FROM doubted_gap) OR b IN (SELECT subject_key FROM doubted_gap))
        )
        SELECT s.a, s.b, s.extract, {closes}
        FROM (
            SELECT p.*, {merged} FROM pair p
            JOIN {subject.table} mine ON mine.{subject.key} = p.b
            JOIN {subject.table} his ON his.{subject.key} = p.a
        ) s
    """)
    con.execute(f"INSERT INTO doubt_answer {answers}")
    con.execute("DROP TABLE temp.doubt_asked")


def _merged(column: Column) -> str:
    """The subject's column with what the row's extract says of its present owner: presence wins over absence."""
    mine, his = f"mine.{column.name}", f"his.{column.name}"
    if not column.extracts:
        return mine
    both = f"greatest({mine}, {his})" if column.type in ADDING else f"coalesce({his}, {mine})"
    said = f"CASE WHEN p.extract IN ({_quoted(column.extracts)}) THEN {both} ELSE {mine} END"
    if column.cleared_by:
        said = f"CASE WHEN p.extract IN ({_quoted(column.cleared_by)}) THEN FALSE ELSE {said} END"
    return said


def _columns(policy: Policy) -> list[Column]:
    return [policy.subject.columns[name] for predicate in policy.predicates for name in predicate.columns]


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


@cache
def reasons() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Words of every reason, `zh` and `en`: `candidates`, `links`, `rows`, `own_row`; beside them `withheld`. DocumentError names file and line."""
    return read(HERE / "doubt.yaml").content


def _row_chance() -> float:
    return float(read(HERE / "doubt.yaml").content["row_chance"])
