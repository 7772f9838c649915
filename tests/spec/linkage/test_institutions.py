"""Who lives together under an insurance number of a welfare home or a temple: nobody."""

import pytest

from tests.spec.linkage.conftest import Linked, homes


@pytest.mark.parametrize(
    ("surnames", "people", "apart"),
    [
        pytest.param("赵钱孙李周吴郑王冯陈卫", 11, True, id="eleven surnames"),
        pytest.param("赵钱孙李周吴郑王冯陈", 10, False, id="as many people as a family has"),
        pytest.param("赵钱孙李", 12, False, id="a large family"),
        pytest.param("赵钱孙李周吴", 21, True, id="more people than any family has"),
    ],
)
def test_residents_of_a_welfare_home_are_no_family(
    linked: Linked, surnames: str, people: int, apart: bool
) -> None:
    """Prevents old people of one welfare home from counting as one household, the car of one against all others."""
    rows = "".join(
        f"m{i} | {surnames[i % len(surnames)]}{name}明 | 519901{1930 + i}0101001X | {1930 + i}-01-01 | 519901100201 | medical_insurance | 5\n"
        for i, name in enumerate("一二三四五六七八九十百千万亿兆东南西北中天"[:people])
    )
    header = "mention_key | name | id_number | birth_date | village_code | household_source | household_no\n"
    assert len(homes(linked(header + rows))) == (people if apart else 1)
