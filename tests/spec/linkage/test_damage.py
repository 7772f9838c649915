"""Each kind of damage and what becomes of it: one table, one line a person, linked together among 900 others.

Every person is known by a sound number to the insurance bureau and a hospital; `written` is what a further row holds in
its number cell (read as ingest reads it), `name` and `birth` what it holds beside. `becomes` is the method that finds
the person, or `alone` where nobody may be found.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pytest

from ingest.cells.id_number import read_id_number
from tests.spec.linkage.conftest import Linked, methods, parse, same_person

# The number's digits: N whole, H its first 15, O the 15-digit form; n[i] one wrong digit, x two swapped, d one dropped.
DAMAGE = """
    case                        | known    | born       | written               | name     | birth      | becomes
    blank                       | 端木青   | 1970-03-05 |                       | 端木青   | 1970-03-05 | probabilistic
    the word none               | 司徒远   | 1970-04-06 | 无                    | 司徒远   | 1970-04-06 | probabilistic
    number given by a system    | 上官虹   | 1970-05-07 | 999999197005070010    | 上官虹   |            | damaged_id
    placeholder 999999          | 西门吹   | 1970-05-08 | 999999999999999999    | 西门吹   | 1970-05-08 | probabilistic
    scientific                  | 诸葛明   | 1970-06-08 | {D}E+17              | 诸葛明   |            | damaged_id
    last three digits lost      | 夏侯川   | 1970-07-09 | {H}000                | 夏侯川   |            | damaged_id
    really ends in 000          | 慕容雪   | 1970-08-10 | {N}                   | 慕容雪   |            | id_exact
    one digit wrong             | 宇文泰   | 1970-09-11 | {wrong}               | 宇文泰   |            | damaged_id
    neighbours swapped          | 长孙皓   | 1971-10-12 | {swapped}             | 长孙皓   |            | damaged_id
    digit dropped               | 令狐冲   | 1970-11-13 | {dropped}             | 令狐冲   |            | damaged_id
    15 digits                   | 东方曜   | 1970-12-14 | {O}                   | 东方曜   |            | id_upgraded
    certificate of 20           | 皇甫嵩   | 1971-01-15 | {N}43                 | 皇甫嵩   |            | id_upgraded
    certificate of 22, reissued | 轩辕烈   | 1971-02-16 | {N}43B1               | 轩辕烈   |            | id_upgraded
    lower x                     | 独孤信   | 1971-03-17 | {lower}               | 独孤信   |            | id_exact
    full-width X                | 南宫问   | 1971-04-18 | {wide}                | 南宫问   |            | id_exact
    typed by sound              | 百里溪   | 1971-05-19 |                       | 百里西   | 1971-05-19 | probabilistic
    one character wrong         | 呼延灼   | 1971-06-20 |                       | 呼延焯   | 1971-06-20 | probabilistic
    one character missing       | 赫连勃   | 1971-07-21 |                       | 赫连     | 1971-07-21 | probabilistic
    characters swapped          | 端木蕻良 | 1971-07-22 |                       | 端木良蕻 | 1971-07-22 | probabilistic
    swapped beside his number   | 第五伦常 | 1971-07-23 | {N}                   | 第五常伦 |            | id_exact
    unreadable character        | 澹台镜   | 1971-08-22 |                       | 澹台?    | 1971-08-22 | probabilistic
    traditional forms           | 欧阳华龙 | 1971-09-23 |                       | 歐陽華龍 | 1971-09-23 | probabilistic
    no middle dot               | 阿依·古丽·买买提 | 1971-10-24 |               | 阿依古丽买买提 | 1971-10-24 | probabilistic
    long name cut short         | 迪丽·努尔·艾力江 | 1971-11-25 |               | 迪丽·努尔·艾 | 1971-11-25 | probabilistic
    day of birth wrong          | 公孙胜   | 1971-12-26 |                       | 公孙胜   | 1971-12-16 | probabilistic
    day and month swapped       | 仲孙何   | 1972-01-11 |                       | 仲孙何   | 1972-11-01 | probabilistic
    year of birth wrong         | 申屠嘉   | 1972-02-22 |                       | 申屠嘉   | 1973-02-22 | probabilistic
    month of birth wrong        | 闾丘晓   | 1972-03-23 |                       | 闾丘晓   | 1972-08-23 | probabilistic
    another writing             | 索朗平措 | 1972-03-24 |                       | 四郎·彭措 |            | probabilistic
    another birth date          | 太史慈   | 1972-04-24 |                       | 太史慈   | 1951-09-27 | alone
    digits skipped, other name  | 端木鸿   | 1972-05-26 | {skipped}             | 万俟江   |            | alone
    slip and another name       | 濮阳兴   | 1972-05-25 | {wrong}               | 万俟海   |            | alone
    milk name, another's birth  | 单于飞   | 1972-06-26 | {N}                   | 小宝     | 2019-02-03 | alone
    milk name, another surname  | 钟离昧   | 1972-07-27 | {N}                   | 薛狗娃   |            | alone
"""
CASES = parse(DAMAGE)
# A county of their own: what is certain by the number does not change the odds of the others.
BESIDE_A_NUMBER = """
    case                        | known    | born       | written               | name     | birth      | becomes
    certificate, a digit wrong  | 皇甫端   | 1971-01-16 | {wrong}43             | 皇甫端   |            | damaged_id
    end cut off                 | 阿依·古丽·买买提 | 1971-10-25 | {N}           | 阿依·古丽·买 |            | id_exact
    clan alone                  | 沙马·拉铁 | 1971-10-26 | {N}                  | 沙马·    |            | id_exact
    another writing             | 索朗·次仁 | 1940-01-05 | {N}                  | 四郎·泽仁 |            | id_exact
    own surname alone           | 杨秀清   | 1940-02-06 | {N}                   | 杨氏     |            | id_exact
    husband's surname and own   | 何仙珍   | 1940-03-07 | {N}                   | 盛何氏   |            | id_exact
    compound surname            | 诸葛贞英 | 1940-04-08 | {N}                   | 毕诸葛氏 |            | id_exact
    milk name                   | 薛代林   | 1990-05-08 | {N}                   | 薛狗娃   |            | id_exact
    milk name alone             | 梁长发   | 1954-11-17 | {N}                   | 小宝     | 1954-11-17 | id_exact
    pinyin of a rare character  | 贾梦翾   | 1990-05-09 | {N}                   | 贾梦xuan |            | id_exact
    remark behind the name      | 游娟     | 1990-06-10 | {N}                   | 游娟（户主） |        | id_exact
    birth filled in by a form   | 欧阳利英 | 1976-07-28 | {N}                   | 欧扬利英 | 1976-01-01 | id_exact
    four digits skipped         | 宗政图远 | 1971-10-29 | {skipped}            | 宗政图远 |            | damaged_id
    former name, nobody else's  | 张正荣   | 1987-10-28 | {N}                   | 张兴辉   |            | probabilistic
    birth hidden                | 皇甫端甫 | 1971-10-27 | {start}********{end} | 皇甫端甫 |            | damaged_id
    end hidden                  | 司空图   | 1971-10-28 | {most}****            | 司空图   |            | damaged_id
"""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Line:
    """One case of the table with the person's sound number and what stands in the damaged row."""

    case: str
    number: str
    rows: str
    becomes: str


def sound_number(birth: str, ends: str = "") -> str:
    """A number of this birth date that ends as asked (GB 11643 check digit), a man's where there is one."""
    for series in (*range(1, 1000, 2), *range(0, 1000, 2)):
        first = f"519901{birth.replace('-', '')}{series:03d}"
        number = first + "10X98765432"[sum(int(c) * w for c, w in zip(first, WEIGHTS, strict=True)) % 11]
        if number.endswith(ends):
            return number
    raise AssertionError(f"no number of {birth} ends in {ends}")


def read(text: str) -> tuple[str | None, str, str | None]:
    """Number, quality and raw text, as ingest reads a cell."""
    cells = read_id_number(pa.array([text]), {"", "无"})
    return cells.values[0].as_py(), cells.beside["_quality"][0].as_py(), cells.beside["_raw"][0].as_py()


def line(place: int, row: dict[str, str | None]) -> Line:
    """The mentions of one case: the known person's two and the damaged one's."""
    case, born = str(row["case"]), str(row["born"])
    number = sound_number(
        born, {"lower x": "X", "full-width X": "X", "really ends in 000": "000"}.get(case, "")
    )
    at = next(i for i in range(8, 15) if number[i] != number[i + 1])
    written = (row["written"] or "").format(
        N=number, H=number[:15], D=f"{number[0]}.{number[1:15]}", O=number[:6] + number[8:17],
        wrong=number[:14] + str((int(number[14]) + 4) % 10) + number[15:],
        swapped=number[:at] + number[at + 1] + number[at] + number[at + 2 :], dropped=number[:13] + number[14:],
        skipped=number[:7] + number[11:],
        start=number[:6], end=number[14:], most=number[:14], lower=number.lower(), wide=number.replace("X", "Ｘ"),
    ) if row["written"] else ""  # fmt: skip
    found, quality, raw = read(written)
    columns = f"{'男' if int(number[16]) % 2 else '女'} | {{}} | 51990110020{1 + place % 6}"
    family = f"medical_insurance | d{place}"
    return Line(
        case,
        number,
        f"""
        known{place} | enrolment | {row["known"]} | {number} | valid | {number} | {columns.format(born)} | {family}
        bill{place} | settlements | {row["known"]} | {number} | valid | {number} | | | | |
        x{place} | persons | {row["name"]} | {found or ""} | {quality} | {raw or ""} | {columns.format(row["birth"] or "")} | |""",
        str(row["becomes"]),
    )


LINES = [line(place, row) for place, row in enumerate(CASES)]
HEADER = "mention_key | extract | name | id_number | id_quality | id_raw | sex | birth_date | village_code | household_source | household_no"


@pytest.fixture(scope="module")
def county(linked: Linked) -> Iterator[duckdb.DuckDBPyConnection]:
    """All cases linked in one run."""
    yield linked(HEADER + "".join(case.rows for case in LINES), crowd=True)


@pytest.mark.parametrize("place", range(len(LINES)), ids=[case.case for case in LINES])
def test_what_becomes_of_damage(county: duckdb.DuckDBPyConnection, place: int) -> None:
    """Prevents losing people by how their row was damaged, and finding them where nobody may be found."""
    becomes, found = LINES[place].becomes, same_person(county, f"known{place}", f"x{place}")
    assert found == (becomes != "alone")
    assert methods(county)[f"x{place}"] == (becomes if found else "unmatched")


def test_what_stands_beside_a_number_is_read_generously(linked: Linked) -> None:
    """Prevents a long name that a form cut, or a certificate's slip, from making a second person of a known number."""
    lines = [line(place, row) for place, row in enumerate(parse(BESIDE_A_NUMBER))]
    con = linked(HEADER + "".join(case.rows for case in lines), crowd=True)
    found = {case.case: same_person(con, f"known{place}", f"x{place}") for place, case in enumerate(lines)}
    assert all(found.values()), found
    assert [methods(con)[f"x{place}"] for place in range(len(lines))] == [case.becomes for case in lines]


def test_what_is_hidden_proves_nothing(linked: Linked) -> None:
    """Prevents a list with all digits starred out, or all but the region or a month, from joining by the name alone."""
    written = (
        "******************",
        "519901************",
        "51990119****05****",
        "************0305**",
        "5*************3138",
    )
    rows = "".join(
        f"""
        known{place} | enrolment | 李建国{name} | {sound_number("1970-03-05")[:-4]}3138 | valid | | 男 | 1970-03-05 | 519901100201 | |
        x{place} | settlements | 李建国{name} | | {read(cell)[1]} | {read(cell)[2]} | | | | |"""
        for place, (cell, name) in enumerate(zip(written, "甲乙丙丁戊", strict=True))
    )
    found = methods(linked(HEADER + rows))
    assert "damaged_id" not in {found[f"x{place}"] for place in range(len(written))}


def test_a_pupils_number_holds_his_id_number(linked: Linked) -> None:
    """Prevents a pupil whose number cell says 待办 from becoming his twin: his 学籍号 is a letter and his own number."""
    mine, twins = sound_number("2009-11-11"), sound_number("2009-11-11", "X")
    con = linked(f"""
        mention_key | extract   | name   | id_number | sex | birth_date | village_code | key_kind   | key_no
        mine        | enrolment | 孟成瑞 | {mine}    | 男  | 2009-11-11 | 519901100201 |            |
        twins       | enrolment | 孟瑞成 | {twins}   | 男  | 2009-11-11 | 519901100201 |            |
        x           | students  | 孟成瑞 |           | 男  | 2009-11-11 | 519901100202 | student_no | G{mine}
        wrong       | students  | 万俟海 |           | 男  | 2009-11-11 | 519901100202 | student_no | G{twins}
    """)
    assert same_person(con, "mine", "x") and methods(con)["x"] == "damaged_id"
    assert not same_person(con, "twins", "wrong")


def test_the_birth_date_in_a_systems_number_speaks(linked: Linked) -> None:
    """Prevents a newborn under 999999 and his birth date from becoming the schoolchild of his name."""
    con = linked(
        HEADER
        + f"""
        child | enrolment | 韩清霖 | {sound_number("2014-03-22")} | valid | | 男 | 2014-03-22 | 519901100201 | medical_insurance | f
        x     | coverage_ledger | 韩清霖 | | damaged | 999999202603196211 | | | 519901100201 | | """,
        crowd=True,
    )
    assert not same_person(con, "child", "x")


@pytest.mark.parametrize("typed", ["13900001111", "19540306"])
def test_what_belongs_into_the_next_column_speaks(linked: Linked, typed: str) -> None:
    """Prevents a house from having no owner because his telephone or birth date was typed where his number belongs."""
    con = linked(
        f"""
        mention_key | extract   | name   | id_number          | id_raw  | birth_date | village_code | phone
        k           | enrolment | 欧阳建 | 519901195403061234 |         | 1954-03-06 | 519901100201 | 13900001111
        n           | enrolment | 欧阳建 | 519901197507121236 |         | 1975-07-12 | 519901100201 | 13900002222
        x           | dwellings | 欧阳建 |                    | {typed} |            | 519901100201 |
        """,
        crowd=True,
    )
    assert same_person(con, "k", "x")
    assert not same_person(con, "n", "x")


@pytest.mark.parametrize("word", ["高爸爸", "爸爸", "高某之女", "（不详）"])
def test_a_kin_word_is_no_name(linked: Linked, word: str) -> None:
    """Prevents the fathers of two children from becoming one man, because each stands in the roll as 高爸爸."""
    con = linked(
        f"""
        mention_key | record_key | role      | extract  | name     | id_number                    | birth_date | village_code | household_source | household_no
        one         | r1         | self      | students | 高一鸣   | {sound_number("2015-01-02")} | 2015-01-02 | 519901100201 | education        | r1
        his         | r1         | guardian1 | students | {word}   |                              |            | 519901100201 | education        | r1
        other       | r2         | self      | students | 高长远   | {sound_number("2016-03-04")} | 2016-03-04 | 519901100201 | education        | r2
        theirs      | r2         | guardian1 | students | {word}   |                              |            | 519901100201 | education        | r2
    """,
        crowd=True,
    )
    assert not same_person(con, "his", "theirs")
    assert {name for (name,) in con.execute("select name from linkage.person").fetchall()} >= {
        "高一鸣",
        "高长远",
    }
    assert not con.execute("select 1 from linkage.person where name = ?", [word]).fetchall()


def test_a_name_that_sounds_like_a_kin_word_is_a_name(linked: Linked) -> None:
    """Prevents 韦家长, whose generation bears 家, from having no insurance and no house: lists of persons have him by number."""
    his, father = sound_number("1971-08-07"), sound_number("1985-03-04")
    con = linked(
        f"""
        mention_key | record_key | role      | extract   | name   | id_number | birth_date | village_code | unique_source | relation
        his         | r1         | self      | enrolment | 韦家长 | {his}     | 1971-08-07 | 519901100201 | true          |
        house       | r2         | head      | dwellings | 韦家长 | {his}     |            | 519901100201 | false         |
        pupil       | r3         | self      | students  | 韦一鸣 | {sound_number("2015-01-02")} | 2015-01-02 | 519901100202 | true |
        father      | r3         | guardian1 | students  | 韦家长 |           |            | 519901100202 | false         | 父亲
        known       | r4         | self      | enrolment | 韦大山 | {father}  | 1985-03-04 | 519901100202 | true          |
    """,
        crowd=True,
    )
    assert same_person(con, "his", "house")
    assert not same_person(con, "his", "father")


@pytest.mark.parametrize("called", ["小雅", "阿雅", "老雅"])
def test_what_neighbours_call_somebody_beside_his_number_is_he(linked: Linked, called: str) -> None:
    """Prevents a pupil from being uninsured because the village list calls her 小雅, beside her number."""
    her, other = sound_number("2008-04-15"), sound_number("1990-04-15")
    con = linked(
        f"""
        mention_key | extract   | name     | id_number | birth_date | village_code
        roll        | students  | 胡子雅   | {her}     | 2008-04-15 | 519901100201
        insured     | enrolment | {called} | {her}     |            | 519901100201
        aunt        | enrolment | 胡文秀   | {other}   | 1990-04-15 | 519901100201
        hers        | dwellings | {called[0]}梅 | {other} |            | 519901100201
    """,
        crowd=True,
    )
    assert same_person(con, "roll", "insured")
    assert not same_person(con, "aunt", "hers")  # not the last character of her name


def test_a_childs_name_that_sounds_like_a_milk_name_is_his_own(linked: Linked) -> None:
    """Prevents a child called 贝贝 from becoming the father whose number stands in his row: the child is known elsewhere."""
    father, child = sound_number("1985-03-04"), sound_number("2015-03-04")
    con = linked(f"""
        mention_key | extract         | name   | id_number | birth_date | village_code
        father      | enrolment       | 王建国 | {father}  | 1985-03-04 | 519901100201
        child       | enrolment       | 王贝贝 | {child}   | 2015-03-04 | 519901100201
        row         | coverage_ledger | 王贝贝 | {father}  |            |
    """)
    assert not same_person(con, "father", "row")


def test_a_newborn_called_after_the_mother_is_not_she(linked: Linked) -> None:
    """Prevents a birth's bills from counting as the mother's: 欧阳小雪之女 carries her number."""
    mother = sound_number("1997-11-19")
    con = linked(
        f"""
        mention_key | extract     | name         | id_number | birth_date | village_code
        mother      | enrolment   | 欧阳小雪     | {mother}  | 1997-11-19 | 519901100201
        hers        | settlements | 欧阳小雪     | {mother}  |            |
        newborn     | settlements | 欧阳小雪之女 | {mother}  |            |
    """,
        crowd=True,
    )
    assert same_person(con, "mother", "hers")
    assert not same_person(con, "mother", "newborn")


def test_a_newborn_whose_form_read_the_mothers_birth_date(linked: Linked) -> None:
    """Prevents the mother from being her own daughter: with her number came her birth date, and both are of one family."""
    mother, born = sound_number("1997-11-19"), "1997-11-19"
    con = linked(
        f"""
        mention_key | extract   | name         | id_number | sex | birth_date | village_code | phone       | household_source  | household_no | key_kind   | key_no
        mother      | enrolment | 欧阳小雪     | {mother}  | 女  | {born}     | 519901100201 | 13800000001 | medical_insurance | o            | insured_no | 1
        newborn     | enrolment | 欧阳小雪之女 | {mother}  | 女  | {born}     | 519901100201 | 13800000001 | medical_insurance | o            | insured_no | 2
    """,
        crowd=True,
    )
    assert not same_person(con, "mother", "newborn")


@pytest.mark.parametrize(
    ("rows", "same"),
    [
        pytest.param("x | coverage_ledger | 端木敏 | 51990620260399875X", True, id="the same ruin and name"),
        pytest.param("x | coverage_ledger | 端木迅 | 51990620260399875X", False, id="another name"),
        pytest.param("x | coverage_ledger | 端木敏 | 51990620260399857X", False, id="ruined otherwise"),
        pytest.param(
            "x | coverage_ledger | 端木敏 | 51990620260399875X\n"
            + "\n".join(
                f"{i} | settlements | 司徒{name} | 51990620260399875X" for i, name in enumerate("甲乙丙")
            ),
            False,
            id="an office's own number",
        ),
    ],
)
def test_a_newborn_whom_two_lists_have_with_one_ruined_number(linked: Linked, rows: str, same: bool) -> None:
    """Prevents a child whom nobody knows by number from standing twice because an office repeats its own slip."""
    con = linked(
        "mention_key | extract | name | id_raw\nk | enrolment | 端木敏 | 51990620260399875X\n" + rows
    )
    assert same_person(con, "k", "x") == same


def test_every_person_keeps_his_own_rows(county: duckdb.DuckDBPyConnection) -> None:
    """Prevents a damaged row from drawing two known persons together."""
    for place in range(len(LINES)):
        assert same_person(county, f"known{place}", f"bill{place}")
    persons = county.execute(
        "select count(distinct person_key) from linkage.mention_link where starts_with(mention_key, 'known')"
    ).fetchone()
    assert persons == (len(LINES),)
