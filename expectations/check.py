"""Checks every file of this house at once: the body of `hulian policies check`.

Here: collecting problems as lines a person can act on. Not here: the checks' own rules.
"""

from datetime import date

from expectations.cards import card_rules
from expectations.documents import HERE, Document, DocumentError, read
from expectations.examples import run_examples, type_problems, undecided
from expectations.parameters import places_of, refuse_lone_counties, resolve
from expectations.policy import ANY_DAY, Policy, load_policies
from expectations.ranking import ranking_rules
from expectations.registry_rules import examples as rule_examples
from expectations.registry_rules.rule import load_rules
from expectations.registry_rules.subjects import FOLDER, rule_parameters
from expectations.scorecard import scorecard_document
from expectations.suites import load_suites


def check_all() -> list[str]:
    """Problems of parameters, cards, ranking, the scorecard, suites, registry rules and policies with their examples; empty when all is well.

    Each line begins with file and line number.
    """
    problems = []
    for load in (_parameters, card_rules, ranking_rules, scorecard_document, load_suites):
        try:
            load()
        except DocumentError as error:
            problems.append(str(error))
    problems += _registry_rules()
    try:
        policies = load_policies()
    except DocumentError as error:
        return [*problems, str(error)]
    return problems + [line for policy in policies for line in policy_problems(policy)]


def policy_problems(policy: Policy) -> list[str]:
    """Problems of one policy: predicates without a type, undecided ones, outcomes without example, wrong examples."""
    typed = [str(policy.document.error((), text)) for text in type_problems(policy)]
    if typed:
        return typed
    problems = [str(policy.document.error((), text)) for text in undecided(policy)]
    missing = [outcome for outcome in policy.outcomes if outcome not in {e.outcome for e in policy.examples}]
    if missing:
        problems.append(str(policy.document.error(("examples",), f"no example gives {missing[0]}")))
    for number, finding in enumerate(run_examples([policy])):
        if not finding.right:
            wanted = finding.example.outcome + (
                f", due {finding.example.due_on}" if finding.example.asks_due else ""
            )
            found = finding.outcome + (f", due {finding.due_on}" if finding.example.asks_due else "")
            text = f"example '{finding.example.name}' must be {wanted}, but is {found}"
            problems.append(str(policy.document.error(("examples", number), text)))
    return problems


def _registry_rules() -> list[str]:
    try:
        rules = load_rules()
        document = read(FOLDER / "parameters.yaml", "parameters.schema.json")
        refuse_lone_counties(document)
        for place in places_of(document):
            for day in _edges(document):
                rule_parameters(day, place)
    except DocumentError as error:
        return [str(error)]
    return rule_examples.type_problems(rules) or rule_examples.example_problems(rules)


def _parameters() -> None:
    document = read(HERE / "parameters.yaml", "parameters.schema.json")
    refuse_lone_counties(document)
    for place in places_of(document):
        for day in _edges(document):
            resolve(day, place)


def _edges(document: Document) -> list[date]:
    """Days on which the value of some parameter begins or ends, and any day."""
    edges = {ANY_DAY}
    for parameter in document.content["parameters"].values():
        edges |= {
            v[edge] for v in parameter["values"] for edge in ("from", "to") if isinstance(v[edge], date)
        }
    return sorted(edges)
