"""Begins a new policy: a file with every field, an example per outcome, and what is still to be decided in words.

Here: the text of the file and where it belongs. Not here: whether the policy is sound (`check`), which tells what is
still to be filled in.
"""

import re
from pathlib import Path

from expectations.policy import POLICIES

# Folder and owner by the letters of the id; another area begins with a folder of its own.
AREAS = {
    "EDU": "education",
    "MED": "medical_insurance",
    "CIV": "civil_affairs",
    "DEC": "civil_affairs",
    "HOU": "housing",
    "WAT": "registry",
    "REG": "registry",
    "VIS": "registry",
    "TEA": "registry",
    "FND": "funds",
}
ID = re.compile(r"[A-Z]{3}-[0-9]{2}")

TEXT = """\
id: {policy_id}
name: {{zh: {policy_id}, en: {policy_id}}}
source: >-
  Name the document, its year and its article here, and say how sure that is.
departments: [{owner}]
owner: {owner}
subject: person
severity: M
kind: G
# Say what a blank cell means in each predicate; never leave it undecided.
applies: coalesce(is_target, FALSE)
holds: coalesce(insured, FALSE)
exempt: []
needs: [registry/persons, medical_insurance/enrolment]
in_force: {{from: null, to: null}}
parameters: []
at_the_door: 写一句话告诉乡镇干部入户时看什么、问什么。
documents: [写上入户时要看的材料]
examples:
  - name: in order
    row: {{is_target: true, insured: true}}
    outcome: met
  - name: not in order
    row: {{is_target: true, insured: false}}
    outcome: gap
  - name: not asked
    row: {{is_target: false}}
    outcome: not_applicable
  - name: a needed extract is stale
    stale: [registry/persons]
    row: {{is_target: true}}
    outcome: unknown
"""


def write_skeleton(policy_id: str, folder: Path | None = None) -> Path:
    """Write the file of a new policy; returns its path.

    Args:
        policy_id: Three letters of an area and two digits (`EDU-09`).
        folder: Folder of all policies (the house's unless given).

    Raises:
        ValueError: the id has another form or an unknown area.
        FileExistsError: the id is taken; ids are permanent.
    """
    if not ID.fullmatch(policy_id) or policy_id[:3] not in AREAS:
        raise ValueError(f"{policy_id}: write an area ({', '.join(AREAS)}), a dash and two digits")
    root = folder or POLICIES
    if any(root.rglob(f"{policy_id}.yaml")):
        raise FileExistsError(f"{policy_id} is taken: ids are permanent")
    owner = AREAS[policy_id[:3]]
    path = root / owner / f"{policy_id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT.format(policy_id=policy_id, owner=owner), encoding="utf-8")
    return path
