"""Two of a name in one village: the group that a house's address and another source name tells whose it is."""

import pytest

from tests.spec.linkage.conftest import Linked, methods, same_person
from tests.spec.linkage.test_damage import sound_number

_HEADER = "mention_key | extract | role | name | id_number | sex | birth_date | village_code | village_group | household_source | household_no"
_GIVEN = "山水林田江河海川峰岭松柏梅兰竹菊荷莲桂枫"
_VILLAGE = "519901100201"


_OWNERS, _GROUPS = 160, 8


def _owner(place: int) -> str:
    return f"{_GIVEN[place % 20]}{'甲乙丙丁戊己庚辛'[place // 20]}"


def _number(year: int, place: int) -> str:
    return sound_number(f"{year + place // 80}-{1 + place % 12:02d}-{1 + place % 28:02d}")


def _county(listed: bool, house: int, extra: str = "", apart: int = 0) -> str:
    """Owners of houses in eight groups, registered in theirs plus `apart`; two namesakes, `listed` in groups 1 and 2; a house."""
    lines = [_HEADER]
    for place in range(_OWNERS):
        group, number = 1 + place % _GROUPS, _number(1970, place)
        register = 1 + (group - 1 + apart * (place // _GROUPS)) % _GROUPS
        for mention, extract, role, said in (
            ("r", "persons", "self", register),
            ("h", "dwellings", "head", group),
        ):
            home = f"registry | o{place}" if role == "self" else "|"
            lines.append(
                f"{mention}{place} | {extract} | {role} | 欧阳{_owner(place)} | {number} | | | {_VILLAGE} | {said} | {home}"
            )
    for group, born in ((1, "1961-02-03"), (2, "1962-04-05")):
        lines.append(
            f"his{group} | persons | self | 尉迟安 | {sound_number(born)} | 男 | {born} | {_VILLAGE} |"
            f" {group if listed else ''} | registry | n{group}"
        )
    lines.append(f"house | dwellings | head | 尉迟安 | | | | {_VILLAGE} | {house} | |")
    return "\n".join(lines) + extra


@pytest.mark.parametrize(("group", "other"), [(1, 2), (2, 1)])
def test_the_group_tells_whose_house_it_is(linked: Linked, group: int, other: int) -> None:
    """Prevents a house from being nobody's: two men of the village bear the name, and one lives in its group."""
    con = linked(_county(True, group), crowd=True)
    assert same_person(con, f"his{group}", "house")
    assert not same_person(con, f"his{other}", "house")


def test_a_group_that_nobody_of_the_name_lives_in_says_nothing(linked: Linked) -> None:
    """Prevents a house of a third group from going to one of two namesakes by chance."""
    assert methods(linked(_county(True, 3), crowd=True))["house"] == "unmatched"


def test_offices_that_number_groups_differently_say_nothing(linked: Linked) -> None:
    """Prevents the registry's group 1 from meaning the housing bureau's: in this county they agree by chance."""
    assert methods(linked(_county(True, 1, apart=1), crowd=True))["house"] == "unmatched"


def test_who_lives_with_him_tells_his_group(linked: Linked) -> None:
    """Prevents a house from being nobody's because its owner's own rows name no group, while his son's does."""
    sons = "".join(
        f"\nson{group} | persons | self | 尉迟{name} | {sound_number(born)} | 男 | {born} | {_VILLAGE} | {group} | registry | n{group}"
        for group, name, born in ((1, "远", "1990-02-03"), (2, "近", "1991-04-05"))
    )
    families = "".join(
        f"\ns{place} | persons | self | 欧阳小{_owner(place)} | {_number(1995, place)} | | | {_VILLAGE} |"
        f" {1 + place % _GROUPS} | registry | o{place}"
        for place in range(_OWNERS)
    )
    con = linked(_county(False, 1, sons + families), crowd=True)
    assert same_person(con, "his1", "house")
    assert not same_person(con, "his2", "house")
