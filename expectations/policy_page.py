"""Writes the policy catalogue page, `docs/policies.md`, from the policy files.

Here: the page's layout. Not here: any fact about a policy. Renew with `python -m expectations.policy_page`.
"""

from collections.abc import Sequence
from itertools import groupby

from expectations.documents import HERE
from expectations.policy import Policy, load_policies

PAGE = HERE.parent / "docs" / "policies.md"
SEVERITY = {"C": "C critical 重大", "M": "M major 较大", "N": "N minor 一般"}
KIND = {
    "G": "G entitled but not receiving 应享未享",
    "O": "O receiving but not entitled, or twice 不应享已享",
    "X": "X records contradict 信息矛盾",
    "R": "R risk clue 风险线索",
    "T": "T time limit 超期",
}
HEAD = """# Policies

Written from the files under `expectations/policies/` by `python -m expectations.policy_page`; a test keeps it true. Do not edit.

A policy asks one thing of one kind of subject. Its outcome is `met`, `gap`, `unknown` (a needed extract is stale, or two
names share the subject's ID number) or `not_applicable` (it is not about this subject, or an exempting reason is on
record). A gap is a clue (疑点), never a proof: it is `open`, `sent`, `confirmed`, `refuted`, `exempt`, `resolved` or
`unknown`. The dead leave every population but that of the policies about the dead; a household without a living member
is not asked. Whoever is registered in two households is asked by his row of the one he is placed in. A damaged or missing ID number alone hides nobody. A policy with a stale extract, or before its day, is not
evaluated: `policies.result` says why, and nothing opens or closes. A policy out of force closes its gaps.

A gap is in doubt when bad data is its likely cause: a record that would close it lies unlinked or unread, or it rests on a
link by weight. `doubt` names the extract, the file, the row and why; check the data before the family. From
`doubt_withholds_from` on the gap is `unknown` until its data is clear; a need opens after `doubt_withheld_days` all the same.

`applies` and `holds` are SQL over the subject's columns (`expectations/subjects.yaml`); `$name` is a parameter
(`expectations/parameters.yaml`, by date, province and county; `settings/place.yaml` of the home says where it stands). Cards are dealt by `expectations/cards.yaml`.
"""


def policy_page(policies: Sequence[Policy]) -> str:
    """The whole page as Markdown."""
    lines = [HEAD, "| id | 名称 | about | severity | kind | owner |", "|---|---|---|---|---|---|"]
    for policy in policies:
        anchor = f"[{policy.id}](#{policy.id.lower()})"
        lines.append(
            f"| {anchor} | {policy.name_zh} | {policy.subject.kind} | {policy.severity} | {policy.kind} | {policy.owner} |"
        )
    by_area = sorted(policies, key=lambda policy: (_area(policy), policy.id))
    for area, group in groupby(by_area, key=_area):
        lines += ["", f"## {area}"]
        for policy in group:
            lines += ["", *_entry(policy)]
    return "\n".join(lines) + "\n"


def _area(policy: Policy) -> str:
    return policy.document.path.parent.name


def _entry(policy: Policy) -> list[str]:
    lines = [
        f"### {policy.id}",
        "",
        f"**{policy.name_zh}** · {policy.name_en}",
        "",
        f"- {SEVERITY[policy.severity]} · {KIND[policy.kind]} · owner {policy.owner}, with {', '.join(policy.departments)}",
        f"- applies to a {policy.subject.kind}"
        + (" (the dead)" if policy.population == "deceased" else "")
        + f": `{policy.applies.text}`",
        f"- holds: `{policy.holds.text}`",
        *(f"- exempt, {e.reason_en} ({e.reason_zh}): `{e.when.text}`" for e in policy.exempt),
        *([f"- undecided: `{policy.undecided.text}`"] if policy.undecided is not None else []),
        f"- needs: {', '.join(policy.needs)}",
    ]
    if policy.closed_by:
        lines.append(f"- a row would close it, linked or not: {', '.join(policy.closed_by)}")
    if policy.proved_by:
        lines.append(f"- rests on the link of rows of: {', '.join(policy.proved_by)}")
    if policy.not_before is not None:
        lines.append(f"- not before `${policy.not_before}`")
    if policy.in_force_from is not None or policy.in_force_to is not None:
        lines.append(f"- in force {policy.in_force_from or ''} to {policy.in_force_to or ''}")
    lines.append(f"- at the door: {policy.at_the_door}")
    if policy.documents:
        lines.append(f"- papers: {'、'.join(policy.documents)}")
    return [*lines, f"- source: {policy.source}"]


if __name__ == "__main__":
    PAGE.write_text(policy_page(load_policies()), encoding="utf-8")
