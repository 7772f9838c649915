"""A bill with a name alone: who of his namesakes lives where it was made, told by the county's other bills."""

import pytest

from tests.spec.linkage.conftest import Linked, methods, same_person
from tests.spec.linkage.test_damage import sound_number

_HEADER = "mention_key | extract | name | id_number | sex | birth_date | village_code | provider"
_GIVEN = "山水林田江河海川峰岭松柏梅兰竹菊荷莲桂枫"
_VILLAGES = range(1, 7)


def _county(provider_of_village: str, bill: str) -> str:
    """Twenty people in each of six villages, each with four bills; a namesake in the first and in the second; and a bill of one of them."""
    lines = [_HEADER]
    for village in _VILLAGES:
        born = f"19{70 + village}-05-06"
        for place, given in enumerate(_GIVEN):
            person = f"{village}x{place}"
            number = sound_number(f"19{70 + village}-{1 + place % 12:02d}-{1 + place:02d}")
            where, provider = f"51990110020{village}", provider_of_village.format(village)
            lines.append(f"e{person} | enrolment | 欧阳{given}{village} | {number} | | | {where} |")
            lines += [
                f"s{person}x{n} | settlements | 欧阳{given}{village} | {number} | | | | {provider}"
                for n in range(4)
            ]
        if village <= 2:
            lines.append(
                f"his{village} | enrolment | 尉迟安 | {sound_number(born)} | 男 | {born} | 51990110020{village} |"
            )
    lines.append(f"bill | settlements | 尉迟安 | | | | | {bill}")
    return "\n".join(lines)


@pytest.mark.parametrize(("village", "other"), [(1, 2), (2, 1)])
def test_a_villages_clinic_tells_the_namesakes_apart(linked: Linked, village: int, other: int) -> None:
    """Prevents a family's bills from being nobody's: two men bear the name, and one lives where the bill was made."""
    con = linked(_county("石{}村卫生室", f"石{village}村卫生室"), crowd=True)
    assert same_person(con, f"his{village}", "bill")
    assert not same_person(con, f"his{other}", "bill")


def test_a_hospital_of_all_says_nothing(linked: Linked) -> None:
    """Prevents a bill from the county's hospital from being laid to one of two namesakes by chance."""
    con = linked(_county("县人民医院", "县人民医院"), crowd=True)
    assert methods(con)["bill"] == "unmatched"


def test_a_clinic_nobody_else_went_to_says_nothing(linked: Linked) -> None:
    """Prevents a name on a bill from outside from deciding: no other bill tells who is treated there."""
    con = linked(_county("石{}村卫生室", "省城医院"), crowd=True)
    assert methods(con)["bill"] == "unmatched"
