"""`hulian gaps`: which clues are in hand, in the order in which they should be walked, and on the terminal.

Choosing and ordering belong here; files to send out are written by `worklist`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
from rich.console import Console
from rich.text import Text

from orchestration.cli.layout import CARD_STYLE, SEVERITY_STYLE, table
from orchestration.cli.messages import Messages, NothingPublished, WrongUsage
from orchestration.cli.policy_texts import policy_texts
from orchestration.cli.summary_facts import IN_HAND
from orchestration.engine import encrypted_database, published_database
from orchestration.failures import HulianError

CARDS = ("red", "yellow", "blue", "clue")
# A terminal shows what a person can read at once; files hold everything.
_SHOWN_ON_TERMINAL = 50
_TERMINAL_COLUMNS = (
    ("gap_id", "code"), ("severity", "text"), ("card", "text"), ("township", "text"), ("village", "text"),
    ("household_no", "text"), ("owner", "text"), ("first_seen", "code"), ("due_on", "code"), ("status", "text"),
)  # fmt: skip


@dataclass(frozen=True)
class Clue:
    """One line of the work list; names only where they were asked for."""

    gap_id: str
    policy_id: str
    township_name: str
    village_name: str
    household_no: str
    card: str | None
    severity: str
    kind: str
    department: str
    first_seen: date | None
    due_on: date | None
    status: str
    doubt: str
    person_key: str | None
    household_key: str | None
    person_name: str = ""
    head_name: str = ""


@dataclass(frozen=True)
class WorkList:
    """Clues in hand, ordered: severity, card, township, village, household."""

    run_date: date
    township: str | None
    policy: str | None
    card: str | None
    clues: tuple[Clue, ...]

    @property
    def has_names(self) -> bool:
        """True when any line names a person: such a list stays in the restricted zone."""
        return any(clue.person_name or clue.head_name for clue in self.clues)


def select_clues(
    warehouse: Path,
    say: Messages,
    township: str | None = None,
    policy: str | None = None,
    card: str | None = None,
) -> WorkList:
    """Read the clues in hand from the published warehouse.

    Raises NothingPublished without a warehouse, WrongUsage for a township, policy or card that does not exist.
    """
    if not warehouse.exists():
        raise NothingPublished(say("error.nothing_published"))
    with published_database(warehouse) as connection:
        _refuse_unknown(connection, say, township, policy, card)
        found = connection.execute("select max(run_date) from marts.policy_result").fetchone()
        if not found or found[0] is None:
            raise NothingPublished(say("error.nothing_published"))
        rows = connection.execute(
            """
            select g.gap_id, g.policy_id, coalesce(g.township_name, ''), coalesce(v.village_name, ''),
                coalesce(h.household_no, ''), h.card, g.severity, g.kind, coalesce(g.department, ''),
                g.first_seen, g.due_on, g.status, coalesce(g.doubt, ''), g.person_key, g.household_key
            from marts.policy_gap g
            left join marts.linked_household h using (household_key)
            left join marts.village v on v.village_code = g.village_code
            where g.status in (select unnest($in_hand))
                and ($township is null or g.township_name = $township)
                and ($policy is null or g.policy_id = $policy)
                and ($card is null or h.card = $card)
            order by
                coalesce(list_position(['C', 'M', 'N'], g.severity), 9),
                coalesce(list_position($cards, h.card), 9),
                g.township_name nulls last, v.village_name nulls last, h.household_no nulls last, g.gap_id
            """,
            {
                "in_hand": list(IN_HAND),
                "township": township,
                "policy": policy,
                "card": card,
                "cards": list(CARDS),
            },
        ).fetchall()
    return WorkList(found[0], township, policy, card, tuple(Clue(*row) for row in rows))


def _refuse_unknown(
    connection: duckdb.DuckDBPyConnection,
    say: Messages,
    township: str | None,
    policy: str | None,
    card: str | None,
) -> None:
    townships = connection.execute(
        "select distinct township_name from marts.village where township_name is not null order by 1"
    ).fetchall()
    known = {
        "township": [name for (name,) in townships],
        "policy": list(policy_texts()),
        "card": list(CARDS),
    }
    for kind, value in (("township", township), ("policy", policy), ("card", card)):
        if value is not None and value not in known[kind]:
            raise WrongUsage(
                say(
                    "error.unknown_value",
                    kind=say(f"error.kind.{kind}"),
                    value=value,
                    known=", ".join(known[kind]),
                )
            )


def with_names(work_list: WorkList, warehouse: Path, restricted: Path, key: str, say: Messages) -> WorkList:
    """Add names from the restricted file: the person a clue is about, and the head of the household.

    `key` opens restricted.duckdb. Raises HulianError when it is missing or the key does not fit.
    """
    heads = _heads(warehouse)
    wanted = {clue.person_key for clue in work_list.clues} | set(heads.values())
    names = _names(restricted, key, sorted(person for person in wanted if person), say)
    named = tuple(
        replace(
            clue,
            person_name=names.get(clue.person_key or "", ""),
            head_name=names.get(heads.get(clue.household_key or "", ""), ""),
        )
        for clue in work_list.clues
    )
    return replace(work_list, clues=named)


def _heads(warehouse: Path) -> Mapping[str, str]:
    """household_key → person_key of its head, for households with a clue; read memberships before decided ones."""
    with published_database(warehouse) as connection:
        rows = connection.execute("""
            select household_key, arg_min(person_key, (decided, person_key))
            from marts.household_member
            where relation = '户主' and household_key in (select household_key from marts.policy_gap)
            group by household_key
        """).fetchall()
    return dict(rows)


def _names(restricted: Path, key: str, persons: list[str], say: Messages) -> Mapping[str, str]:
    if not restricted.exists():
        raise HulianError(say("error.no_restricted"))
    try:
        with encrypted_database(restricted, key, "identities", read_only=True) as connection:
            rows = connection.execute(
                "select person_key, name from identities.identity"
                " where name is not null and person_key in (select unnest(?))",
                [persons],
            ).fetchall()
    except duckdb.Error:
        # the engine's own message may quote the key or a path; neither helps the reader
        raise HulianError(say("error.no_restricted")) from None
    return dict(rows)


def scope_of(work_list: WorkList, say: Messages) -> str:
    """What the list was narrowed to, for its title."""
    parts = [work_list.township, work_list.policy, work_list.card and say.code("card", work_list.card)]
    return " · ".join(part for part in parts if part) or say("gaps.whole_county")


def render_table(console: Console, work_list: WorkList, say: Messages) -> None:
    """Print the list without names; on a terminal its first lines, into a pipe all."""
    if not work_list.clues:
        console.print(say("gaps.none"))
        return
    shown = work_list.clues[:_SHOWN_ON_TERMINAL] if console.is_terminal else work_list.clues
    scope = scope_of(work_list, say)
    made = table(
        say("gaps.title", run_date=work_list.run_date, scope=scope, count=len(work_list.clues)),
        [(say(f"column.{name}"), kind) for name, kind in _TERMINAL_COLUMNS],
    )
    for clue in shown:
        made.add_row(
            clue.gap_id,
            Text(say.code("severity", clue.severity), style=SEVERITY_STYLE.get(clue.severity, "")),
            Text(say.code("card", clue.card), style=CARD_STYLE.get(clue.card or "", "")),
            clue.township_name,
            clue.village_name,
            clue.household_no,
            say.department(clue.department),
            str(clue.first_seen or ""),
            str(clue.due_on or ""),
            say.code("gap_status", clue.status),
        )
    console.print(made)
    _render_doors(console, shown, say)
    if len(shown) < len(work_list.clues):
        console.print(say("gaps.more", shown=len(shown), count=len(work_list.clues)), style="dim")


def _render_doors(console: Console, shown: tuple[Clue, ...], say: Messages) -> None:
    """Below the list, once per policy in it: its name and what to check."""
    texts = policy_texts()
    doors = table(say("gaps.at_the_door"), [(say("column.policy"), "code"), ("", "text"), ("", "text")])
    for policy_id in sorted({clue.policy_id for clue in shown} & set(texts)):
        text = texts[policy_id]
        doors.add_row(policy_id, text.name_zh if say.language == "zh" else text.name_en, text.at_the_door)
    console.print(doors)
