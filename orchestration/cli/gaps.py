"""`hulian gaps`: which clues are in hand, one card per household, in the order in which they should be walked.

Choosing, ordering and naming belong here; how the list looks on a terminal (`gaps_table`) or in a file that is sent out
(`worklist`) does not. The order is decided when the day is run (`expectations/ranking.yaml`) and only read here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from orchestration.cli.messages import Messages, NothingPublished, WrongUsage
from orchestration.cli.policy_texts import policy_texts
from orchestration.cli.summary_facts import IN_HAND
from orchestration.engine import encrypted_database, published_database
from orchestration.failures import HulianError

CARDS = ("red", "yellow", "blue", "clue")
VULNERABLE = ("has_children", "has_elderly", "has_disabled", "has_no_labour")

_CLUES = """
select g.gap_id, g.policy_id, g.subject_kind, g.severity, coalesce(g.department, '') as department, g.status,
    g.first_seen, g.due_on, g.sent_on, coalesce(g.doubt, '') as doubt, coalesce(g.is_doubtful, false) as is_doubtful,
    g.person_key, g.household_key, coalesce(h.township_name, g.township_name, '') as township_name,
    coalesce(h.village_name, v.village_name, '') as village_name, coalesce(h.household_no, '') as household_no,
    h.card, coalesce(m.relation, '') as relation, coalesce(p.sex, '') as sex, p.age,
    coalesce(f.project_name, a.asset_name, '') as thing, coalesce(g.parameters, '') as parameters
from marts.policy_gap g
left join marts.household_clue_card h on h.household_key = g.household_key
left join marts.linked_person p on p.person_key = g.person_key
left join marts.household_member m on m.person_key = g.person_key
left join marts.village v on v.village_code = g.village_code
left join marts.fund_progress f on g.subject_kind = 'project' and f.project_no = g.subject_key
left join marts.asset_ledger a on g.subject_kind = 'asset' and a.asset_no = g.subject_key
where g.status in (select unnest($in_hand))
    and ($township is null or coalesce(h.township_name, g.township_name) = $township)
    and ($policy is null or g.policy_id = $policy)
    and ($card is null or h.card = $card)
order by h.rank_in_county nulls last, g.is_doubtful, g.place_in_household,
    list_position(['C', 'M', 'N'], g.severity), g.first_seen, g.gap_id
"""
_CARDS = """
select c.household_key, coalesce(c.household_no, ''), coalesce(c.township_name, ''), coalesce(c.village_name, ''),
    c.card, coalesce(h.household_kind, ''), coalesce(h.monitoring_category, ''), h.is_monitored, h.living_members,
    c.has_children, c.has_elderly, c.has_disabled, c.has_no_labour, c.days_open
from marts.household_clue_card c join marts.linked_household h using (household_key)
where c.household_key in (select unnest($households))
"""


@dataclass(frozen=True)
class Clue:
    """One clue in hand; `thing` names a project or an asset, `parameters` are the values that it was judged by (name=value),
    `person_name` is filled only where it was asked for.
    """

    gap_id: str
    policy_id: str
    subject_kind: str
    severity: str
    department: str
    status: str
    first_seen: date | None
    due_on: date | None
    sent_on: date | None
    doubt: str
    is_doubtful: bool
    person_key: str | None
    household_key: str | None
    township_name: str
    village_name: str
    household_no: str
    card: str | None
    relation: str
    sex: str
    age: int | None
    thing: str
    parameters: str = ""
    person_name: str = ""
    head_name: str = ""

    @property
    def is_withheld(self) -> bool:
        """True while it waits for its data: the list shows it, nobody is sent to act on it."""
        return self.is_doubtful and self.status == "unknown"


@dataclass(frozen=True)
class Card:
    """One household with its clues, the worst first; `apart` counts those that stand in the other section."""

    household_key: str
    household_no: str
    township_name: str
    village_name: str
    card: str | None
    household_kind: str
    monitoring_category: str
    is_monitored: bool
    living_members: int
    has_children: bool
    has_elderly: bool
    has_disabled: bool
    has_no_labour: bool
    days_open: int
    clues: tuple[Clue, ...] = ()
    apart: int = 0
    head_name: str = ""

    @property
    def due_on(self) -> date | None:
        """The earliest day by which one of its clues must be settled."""
        return min((clue.due_on for clue in self.clues if clue.due_on), default=None)

    @property
    def vulnerable(self) -> tuple[str, ...]:
        """Which of `VULNERABLE` hold."""
        return tuple(flag for flag in VULNERABLE if getattr(self, flag))


@dataclass(frozen=True)
class WorkList:
    """Cards to walk, cards whose data to check first, and clues about villages, projects and assets; each in order."""

    run_date: date
    township: str | None
    policy: str | None
    card: str | None
    cards: tuple[Card, ...]
    doubtful: tuple[Card, ...]
    others: tuple[Clue, ...]

    @property
    def clues(self) -> tuple[Clue, ...]:
        """All clues in the order of the list."""
        return (*_of(self.cards), *_of(self.doubtful), *self.others)

    @property
    def has_names(self) -> bool:
        """True when any line names a person: such a list stays in the restricted zone."""
        return any(clue.person_name or clue.head_name for clue in self.clues)


def _of(cards: Iterable[Card]) -> list[Clue]:
    return [clue for card in cards for clue in card.clues]


def select_clues(
    warehouse: Path,
    say: Messages,
    township: str | None = None,
    policy: str | None = None,
    card: str | None = None,
) -> WorkList:
    """Read the clues in hand from the published warehouse.

    Raises NothingPublished without a warehouse, or with one of a version that ranked no households; WrongUsage for a
    township, policy or card that does not exist.
    """
    if not warehouse.exists():
        raise NothingPublished(say("error.nothing_published"))
    with published_database(warehouse) as connection:
        _refuse_unknown(connection, say, township, policy, card)
        found = connection.execute("select max(run_date) from marts.policy_result").fetchone()
        if not found or found[0] is None:
            raise NothingPublished(say("error.nothing_published"))
        narrowed = {"township": township, "policy": policy, "card": card}
        try:
            rows = connection.execute(_CLUES, {"in_hand": list(IN_HAND), **narrowed}).fetchall()
        except (duckdb.CatalogException, duckdb.BinderException):
            raise NothingPublished(say("error.older_day")) from None
        clues = [Clue(*row) for row in rows]
        households = sorted({clue.household_key for clue in clues if clue.household_key})
        cards = {
            row[0]: Card(*row) for row in connection.execute(_CARDS, {"households": households}).fetchall()
        }
    others = tuple(clue for clue in clues if clue.household_key not in cards)
    of_households = [clue for clue in clues if clue.household_key in cards]
    return WorkList(
        found[0],
        township,
        policy,
        card,
        _cards(of_households, cards, doubtful=False),
        _cards(of_households, cards, doubtful=True),
        others,
    )


def _cards(clues: Sequence[Clue], cards: Mapping[str, Card], doubtful: bool) -> tuple[Card, ...]:
    """The cards that have clues of this section, in the order of the clues (a household's stand together)."""
    made = []
    for household, group in groupby(clues, key=lambda clue: clue.household_key or ""):
        of_household = list(group)
        here = tuple(clue for clue in of_household if clue.is_doubtful == doubtful)
        if here:
            made.append(replace(cards[household], clues=here, apart=len(of_household) - len(here)))
    return tuple(made)


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

    def of_head(household: str | None) -> str:
        return names.get(heads.get(household or "", ""), "")

    def named(clue: Clue) -> Clue:
        person = names.get(clue.person_key or "", "")
        return replace(clue, person_name=person, head_name=of_head(clue.household_key))

    def card_named(card: Card) -> Card:
        return replace(
            card, head_name=of_head(card.household_key), clues=tuple(named(clue) for clue in card.clues)
        )

    sections: dict[str, Any] = {
        "cards": tuple(card_named(card) for card in work_list.cards),
        "doubtful": tuple(card_named(card) for card in work_list.doubtful),
        "others": tuple(named(clue) for clue in work_list.others),
    }
    return replace(work_list, **sections)


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
