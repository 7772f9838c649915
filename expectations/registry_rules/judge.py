"""Has the registry rules counted a second time, by Great Expectations, with the predicates that made the flags.

Here: questions for `expectations.run`, results in its form, and whether both counts agree. Not here: the flags (`ask`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from expectations.data_docs.kept import Keep
from expectations.data_docs.pages import rule_pages, rule_sentences
from expectations.parameters import Parameters
from expectations.quality import ExpectationResult
from expectations.registry_rules.ask import by_subject
from expectations.registry_rules.rule import Rule, outcomes_query

SUITE = "registry_rules"
EXPECTATION = "registry_rule_flags_nobody"


def judge_rules(
    database: duckdb.DuckDBPyConnection | Path,
    parameters: Parameters,
    stale: Mapping[str, str],
    rules: Sequence[Rule],
    keep: Keep | None = None,
) -> list[ExpectationResult]:
    """One result per evaluated rule: `unexpected_count` is the number of flags.

    `keep` is called with one page per kind of subject, for the Data Docs.

    Raises:
        JudgementError: a rule could not be evaluated.
    """
    from expectations.run import Question, judge_outcomes

    groups = by_subject([rule for rule in rules if rule.not_evaluated(stale) is None])
    questions = [
        Question(
            f"{SUITE}__{group[0].subject.kind}",
            outcomes_query(group, parameters, {"subject_key": group[0].subject.key}),
            tuple(rule.column for rule in group),
            "flagged",
            tuple(rule_sentences(rule) for rule in group),
        )
        for group in groups
    ]
    answers = {
        rule.id: answer
        for group, found in zip(groups, judge_outcomes(database, questions), strict=True)
        for rule, answer in zip(group, found, strict=True)
    }
    results = [
        ExpectationResult(
            parameters.run_date,
            f"{SUITE}__{rule.subject.kind}",
            rule.subject.table,
            EXPECTATION,
            rule.id,
            "warn",
            answers[rule.id].refused == 0,
            answers[rule.id].rows,
            answers[rule.id].refused,
            answers[rule.id].rows,
            rule.title_zh,
            rule_sentences(rule)[1],
            "registry",
        )
        for group in groups
        for rule in group
    ]
    given = {rule_id: answer.result for rule_id, answer in answers.items()}
    if keep:
        for page in rule_pages(by_subject(rules), given, stale):
            keep(page)
    return sorted(results, key=lambda result: result.column_name or "")


def rule_disagreements(con: duckdb.DuckDBPyConnection, judged: Sequence[ExpectationResult]) -> list[str]:
    """Rules whose flags differ between `policies.rule_hit`, `policies.rule_result` and Great Expectations; one line each."""
    counted = dict(
        con.execute("SELECT rule_id, flagged FROM policies.rule_result WHERE evaluated").fetchall()
    )
    written = dict(con.execute("SELECT rule_id, count(*) FROM policies.rule_hit GROUP BY rule_id").fetchall())
    theirs = {r.column_name: r.unexpected_count for r in judged if r.expectation == EXPECTATION}
    return [
        f"{rule}: {counted.get(rule)} flags counted, {written.get(rule, 0)} written, {theirs.get(rule)} by Great Expectations"
        for rule in sorted({*counted, *written, *(name for name in theirs if name)})
        if not counted.get(rule) == written.get(rule, 0) == theirs.get(rule)
    ]
