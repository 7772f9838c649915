"""The pages of policies and registry rules: by area and by kind of subject, with what was not evaluated and why.

Here: which results stand together. Not here: judging them; the pages of suites, one each, are made where they are judged.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from expectations.data_docs.kept import Page
from expectations.data_docs.phrases import page_title
from expectations.parameters import Parameters
from expectations.policy import Policy
from expectations.registry_rules.rule import Rule

Results = Mapping[str, dict[str, Any]]


def policy_sentences(policy: Policy) -> tuple[str, str]:
    """What a policy is called on its page, in Chinese and English."""
    return f"{policy.id} {policy.name_zh}", policy.name_en


def rule_sentences(rule: Rule) -> tuple[str, str]:
    """What a registry rule is called on its page: officers know the Chinese, the English tells its number."""
    return f"{rule.id} {rule.title_zh}", f"Registry rule {rule.id} flags no {rule.subject.kind}"


def policy_pages(
    policies: Sequence[Policy], results: Results, parameters: Parameters, stale: Mapping[str, str]
) -> list[Page]:
    """One page per folder of policy files; `results` by policy id, without those not evaluated."""
    areas: dict[str, list[Policy]] = {}
    for policy in sorted(policies, key=lambda policy: policy.id):
        areas.setdefault(policy.document.path.parent.name, []).append(policy)
    return [
        Page(
            "policies",
            area,
            *page_title("policies", area),
            ", ".join(sorted({policy.subject.table for policy in inside})),
            inside[0].owner if len({policy.owner for policy in inside}) == 1 else "",
            [results[policy.id] for policy in inside if policy.id in results],
            [
                (*policy_sentences(policy), policy.not_evaluated(parameters, stale) or "")
                for policy in inside
                if policy.id not in results
            ],
        )
        for area, inside in sorted(areas.items())
    ]


def rule_pages(groups: Sequence[Sequence[Rule]], results: Results, stale: Mapping[str, str]) -> list[Page]:
    """One page per kind of subject; `results` by rule id, without those not evaluated."""
    return [
        Page(
            "registry_rules",
            group[0].subject.kind,
            *page_title("registry_rules", group[0].subject.kind),
            group[0].subject.table,
            "registry",
            [results[rule.id] for rule in group if rule.id in results],
            [
                (*rule_sentences(rule), rule.not_evaluated(stale) or "")
                for rule in group
                if rule.id not in results
            ],
        )
        for group in groups
    ]
