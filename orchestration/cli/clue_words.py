"""Clues and cards in the words of an officer: whom a clue is about, who lives in a household, how many there are.

Words for the terminal (`gaps_table`) and for the file (`worklist`) alike; which clues there are is decided by `gaps`.
"""

from orchestration.cli.gaps import CARDS, Card, Clue, WorkList
from orchestration.cli.messages import Messages
from orchestration.cli.policy_texts import policy_texts


def scope_of(work_list: WorkList, say: Messages) -> str:
    """What the list was narrowed to, for its title."""
    parts = [work_list.township, work_list.policy, work_list.card and say.code("card", work_list.card)]
    return " · ".join(part for part in parts if part) or say("gaps.whole_county")


def counts_of(work_list: WorkList, section: str, say: Messages) -> str:
    """How much stands in a section (`cards`, `doubtful`, `others`); empty when nothing does."""
    if section == "others":
        return say("gaps.count_others", clues=len(work_list.others)) if work_list.others else ""
    cards = work_list.cards if section == "cards" else work_list.doubtful
    if not cards:
        return ""
    return say("gaps.count_cards", households=len(cards), clues=sum(len(card.clues) for card in cards))


def policy_name(clue: Clue, say: Messages) -> str:
    """The policy in words; its id where its file is gone."""
    text = policy_texts().get(clue.policy_id)
    return text.name(say.language) if text else clue.policy_id


def subject(clue: Clue, say: Messages) -> str:
    """Whom it is about: name where the list has names, place in the household, sex, age; a project's or asset's name."""
    if clue.subject_kind != "person":
        return clue.thing
    age = "" if clue.age is None else say("gaps.age", years=clue.age)
    return say("gaps.comma").join(
        part for part in (clue.person_name, clue.relation, say.code("sex", clue.sex or None), age) if part
    )


def state(clue: Clue, say: Messages) -> str:
    """What became of it so far; nothing to say of one that was never sent."""
    if clue.status == "open":
        return ""
    day = f" {clue.sent_on:%m-%d}" if clue.status == "sent" and clue.sent_on else ""
    return f"{say.code('gap_status', clue.status)}{day}"


def standard(clue: Clue, say: Messages) -> str:
    """The lines, ages and days that it was judged by; of a rule by colour of the card only that of its own card."""
    from expectations.parameters import values_told

    told = values_told(clue.parameters)
    by_card = {name for name in told if name.endswith(tuple(f"_{card}" for card in CARDS))}
    own = {name for name in by_card if name.endswith(f"_{clue.card}")}
    if own:
        told = {name: value for name, value in told.items() if name in own or name not in by_card}
    return say("gaps.comma").join(say.parameter(name, value) for name, value in told.items())


def household(card: Card, say: Messages, township: bool) -> list[str]:
    """Who they are, line by line: place (with `township` or the village alone) and head, number, kind and card, who
    lives there, since when.
    """
    place = " ".join(filter(None, (card.township_name if township else "", card.village_name)))
    head = say("gaps.head", name=card.head_name) if card.head_name else ""
    number = (
        say("gaps.household_no", number=card.household_no)
        if card.household_no
        else say("gaps.not_registered")
    )
    monitored = card.monitoring_category if card.is_monitored else ""
    colour = say(f"gaps.card.{card.card}") if card.card else ""
    flags = say("gaps.pause").join(say(f"gaps.{flag}") for flag in card.vulnerable)
    people = say("gaps.people", count=card.living_members) if card.living_members else say("gaps.nobody")
    days = say("gaps.days_open", days=card.days_open) if card.days_open else ""
    apart = say("gaps.apart", count=card.apart) if card.apart else ""
    lines = (
        (place or say("gaps.unknown_place"), head),
        (number,),
        (card.household_kind, monitored, colour),
        (people, flags),
        (days, apart),
    )
    return [text for parts in lines if (text := " · ".join(filter(None, parts)))]
