"""Writes the catalogue of registry rules, `docs/registry_rules.md`, from the rules' files.

Here: the page's layout. Not here: any fact about a rule. Renew with `python -m expectations.registry_rules.page`.
"""

from collections.abc import Sequence
from itertools import groupby

from expectations.documents import HERE
from expectations.registry_rules.rule import Rule, load_rules
from expectations.registry_rules.subjects import ANY_DAY, FOLDER, RuleSubject, rule_parameters, rule_subjects

PAGE = HERE.parent / "docs" / "registry_rules.md"
CLASSES = {
    "1": "Class 1: gravest",
    "1*": "Class 1*: a batch without class of its own",
    "2": "Class 2",
    "3": "Class 3",
    "4": "Class 4",
    "5": "Class 5: doubtful or implausible",
}
HEAD = """# Registry rules

Written from the files under `expectations/registry_rules/` by `python -m expectations.registry_rules.page`; a test keeps it true. Do not edit.

Checks of the registry's own export, of the kind that county offices run with scripts of their own; the numbers are those
under which officers know them, from a published rule set of January 2024, the wording is ours. Numbers joined by `·` are
one check, asked of several groups, in the class of the gravest. A flag says that a form is wrong or doubtful. It is no
clue about a family: clues come from policies (`docs/policies.md`), which look at other departments' evidence too.

Every rule has examples of all its outcomes: `flagged`, `clear` and `not_applicable`. Each morning all rules are asked in
one pass per kind of subject; `marts.registry_rule_result` has the counts of every rule, `marts.registry_rule_hit` the
rows it flags, by township. Great Expectations counts a second time with the same predicates; a difference stops publishing.
A rule that rests on a stale extract is not evaluated, and says so; evidence that only closes a flag may be stale.

A blank fulfils no comparison; where a rule counts a blank, it says so. `NOT able` and the like take a blank in. Members
are the rows of one household number, the dead included. Words of measures and channels are matched as whole parts of
the cell's list. `$name` is a parameter (`expectations/registry_rules/parameters.yaml`, by date and province).
"""


def rule_page(rules: Sequence[Rule]) -> str:
    """The whole page as Markdown."""
    lines = [HEAD.rstrip()]
    by_class = sorted(rules, key=lambda rule: rule.rule_class)
    for rule_class, group in groupby(by_class, key=lambda rule: rule.rule_class):
        lines += [
            "",
            f"## {CLASSES[rule_class]}",
            "",
            "| id | 名称 | subject | applies | flagged when | closed by | like |",
        ]
        lines += ["|---|---|---|---|---|---|---|", *(_row(rule) for rule in group)]
    lines += ["", "## Parameters", "", "| name | value |", "|---|---|"]
    values = rule_parameters(ANY_DAY)
    lines += [f"| `{name}` | {values[name]} |" for name in values if name != "run_date"]
    lines += ["", "## Words"]
    for subject in rule_subjects().values():
        lines += ["", f"### {subject.kind}", "", *_words(subject)]
    return "\n".join(lines) + "\n"


def _row(rule: Rule) -> str:
    closed = f"`{rule.closed_by.text}`" if rule.closed_by else ""
    cells = [
        rule.id,
        rule.title_zh,
        rule.subject.kind,
        f"`{rule.applies.text}`",
        f"`{rule.flagged_when.text}`",
        closed,
        ", ".join(rule.policies),
    ]
    return f"| {' | '.join(cells)} |"


def _words(subject: RuleSubject) -> list[str]:
    lines = [f"Columns of `{subject.table}`: {', '.join(f'`{name}`' for name in subject.columns)}."]
    if subject.terms or subject.counted:
        lines += ["", "| word | meaning |", "|---|---|"]
    lines += [f"| `{name}` | `{term.text}` |" for name, term in subject.terms.items()]
    lines += [
        f"| `{c.name}` | {c.of} rows of the same {' and '.join(c.by)}"
        + (f" where `{c.when.text}` |" if c.when.columns else " |")
        for c in subject.counted.values()
    ]
    return lines


if __name__ == "__main__":
    PAGE.write_text(rule_page(load_rules(FOLDER)), encoding="utf-8")
