"""Every example in a registry rule's file gets the outcome under which it stands."""

import re
from dataclasses import replace

import pytest

from expectations.predicate import LISTS, parse_predicate
from expectations.registry_rules.examples import DAY, Finding, example_problems, run_examples, type_problems
from expectations.registry_rules.rule import JOINED, OUTCOMES, Rule, load_rules
from expectations.registry_rules.subjects import rule_parameters

RULES = load_rules()
FINDINGS = run_examples(RULES)
# One number of the published set names two checks: 低保 and 特困供养 among the measures.
NUMBERS_TWICE = {"4_11_015"}


@pytest.mark.parametrize(
    "finding", FINDINGS, ids=lambda f: f"{f.rule.id} {f.example.outcome} {f.example.where[-1]}"
)
def test_example_gets_its_outcome(finding: Finding) -> None:
    """Prevents a rule that means something else than its file says: several scripts in use never fire."""
    assert finding.outcome == finding.example.outcome


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_outcome_is_seen(rule: Rule) -> None:
    """Prevents a rule of which nobody has seen that it fires, that it lets pass, or that it leaves others alone."""
    assert {finding.outcome for finding in FINDINGS if finding.rule is rule} == set(OUTCOMES)


def test_the_published_numbers_are_all_here() -> None:
    """Prevents a number that officers know from vanishing with a file: 141 checks under 219 numbers, joined ids in one."""
    numbers = [number for rule in RULES for number in rule.id.split(JOINED)]
    assert len(RULES) == len({rule.id for rule in RULES}) == len({rule.column for rule in RULES}) == 141
    assert len(numbers) == len(NUMBERS_TWICE) + len(set(numbers))
    assert {number for number in numbers if numbers.count(number) > 1} == NUMBERS_TWICE


def test_every_parameter_is_used() -> None:
    """Prevents a threshold in the file of parameters that no rule reads."""
    used = {name for rule in RULES for name in rule.parameters}
    in_words = {
        name
        for rule in RULES
        for word in (*rule.subject.terms.values(), *(c.when for c in rule.subject.counted.values()))
        for name in word.parameters
    }
    known = set(rule_parameters(DAY)) - {"run_date"}
    assert used | in_words == known


def test_a_wrong_predicate_is_told_with_its_line() -> None:
    """Prevents this file from passing whatever the rules say."""
    rule = next(rule for rule in RULES if rule.id == "5_12_014 · 5_17_002")
    words = rule.subject.words
    wrong = replace(rule, flagged_when=parse_predicate("age < 6 OR age > 15", words, frozenset()))
    (problem,) = example_problems([wrong])
    assert "person/class_5.yaml" in problem and "must be flagged, but is clear" in problem


def test_every_predicate_is_yes_or_no() -> None:
    """Prevents a sum or a text from standing where a condition must, and shows that one would be told with its line."""
    assert type_problems(RULES) == []
    rule = RULES[0]
    wrong = replace(rule, flagged_when=parse_predicate("members + 1", rule.subject.words, frozenset()))
    untyped = replace(
        rule, applies=parse_predicate("array_length(risk_1) > 0", rule.subject.words, frozenset(), LISTS)
    )
    first, second = type_problems([wrong, untyped])
    assert re.match(
        r"expectations/registry_rules/household/class_1\.yaml:\d+: flagged_when gives BIGINT", first
    )
    assert re.match(
        r"expectations/registry_rules/household/class_1\.yaml:\d+: applies cannot be typed", second
    )
