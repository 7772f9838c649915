"""The list of visits: who is on it, in which order, and where names may stand."""

import csv
import io
import stat
from pathlib import Path

import duckdb
import openpyxl
import pytest

from orchestration.cli import table_file
from orchestration.cli.messages import Messages, WrongUsage
from orchestration.cli.visits import VisitList, select_visits, with_names
from orchestration.cli.visits_show import sheets
from orchestration.engine import encrypted_database
from orchestration.failures import HulianError

SAY = Messages("zh")
_KEY = "ab" * 32
_OPEN = """
create schema marts;
create table marts.policy_result as select date '2026-11-23' as run_date;
create table marts.village as select * from (values ('甲乡'), ('乙镇')) t(township_name);
create table marts.visit_due as select household_key, township_name, village_name, card, contact_key, helper_key,
    coalesce(contact_key, helper_key) as visitor_key, due::date as next_visit_due, date '2026-10-01' as last_visit_on,
    case when due is not null then greatest(date_diff('day', due::date, date '2026-11-23'), 0) end as days_overdue,
    coalesce(due::date < date '2026-11-23', true) as is_overdue
from (values
    ('today', '甲乡', '上村', 'red', 'c1', 'c2', '2026-11-23'), ('late', '甲乡', '上村', 'blue', 'c1', null, '2026-11-22'),
    ('later', '甲乡', '下村', 'red', 'c1', null, '2026-11-10'), ('near', '甲乡', '上村', 'blue', 'c1', null, '2026-11-30'),
    ('next_week', '甲乡', '下村', 'blue', 'c1', null, '2026-12-01'), ('last_day', '甲乡', '上村', 'blue', null, 'c2', '2026-12-07'),
    ('day_after', '甲乡', '上村', 'blue', 'c1', null, '2026-12-08'), ('never', '乙镇', '远村', 'yellow', null, null, null)
) t(household_key, township_name, village_name, card, contact_key, helper_key, due);
create table marts.linked_household as select household_key, 'H-' || household_key as household_no, 2 as open_gaps from marts.visit_due;
create table marts.household_member as select household_key, 'p-' || household_key as person_key, '户主' as relation, false as decided
from marts.visit_due;
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published warehouse and its restricted file."""
    made = tmp_path_factory.mktemp("published")
    with duckdb.connect(str(made / "warehouse.duckdb")) as connection:
        connection.execute(_OPEN)
    with encrypted_database(made / "restricted.duckdb", _KEY, "identities", read_only=False) as connection:
        connection.execute(
            "create table identities.identity as select 'p-late' as person_key, '王建国' as name"
        )
        connection.execute(
            "create table identities.contact as select * from (values"
            " ('c1', '甲乡', '=李一', '乡长', '10900000001'), ('c2', '甲乡', '赵二', null, null))"
            " t(contact_key, township_name, name, title, phone)"
        )
    return made


def _listed(
    folder: Path, township: str | None = None, contact: str | None = None, days: int | None = None
) -> VisitList:
    return select_visits(folder / "warehouse.duckdb", SAY, township, contact, days)


def test_overdue_first_then_by_week_with_a_village_together(folder: Path) -> None:
    """Prevents an officer from driving past a village whose next household is further down, and a day too many or too few."""
    visits = _listed(folder).visits
    assert [(v.household_key, v.visitor_key, v.when) for v in visits] == [
        ("never", None, "overdue"),
        ("later", "c1", "overdue"), ("late", "c1", "overdue"),
        ("today", "c1", "week"), ("near", "c1", "week"),
        ("next_week", "c1", "later"),
        ("last_day", "c2", "later"),
    ]  # fmt: skip
    assert [v.days_overdue for v in visits[:4]] == [None, 13, 1, 0]


def test_list_of_an_officer_holds_what_he_helps_with(folder: Path) -> None:
    """Prevents a helper's list from lacking households that have a contact, and days from being ignored."""
    assert [(v.household_key, v.is_helper) for v in _listed(folder, contact="c2").visits] == [
        ("today", True), ("last_day", True),
    ]  # fmt: skip
    assert [v.household_key for v in _listed(folder, township="甲乡", days=0).visits] == [
        "later",
        "late",
        "today",
    ]


@pytest.mark.parametrize(("township", "contact"), [("丙乡", None), (None, "c9")])
def test_who_does_not_exist_is_refused(folder: Path, township: str | None, contact: str | None) -> None:
    """Prevents an empty list for a mistyped name from being read as nothing to do."""
    with pytest.raises(WrongUsage):
        _listed(folder, township, contact)


def test_names_come_from_the_restricted_file_only(folder: Path, tmp_path: Path) -> None:
    """Prevents a list with names that others can read, a formula in a name, and names without the key."""
    warehouse, restricted = folder / "warehouse.duckdb", folder / "restricted.duckdb"
    listed = with_names(_listed(folder), warehouse, restricted, _KEY, SAY)
    rows = list(csv.reader(io.StringIO(table_file.csv_bytes(sheets(listed, SAY)[0]).decode("utf-8-sig"))))
    column = rows[0].index
    assert {row[column("走访人")] for row in rows[1:]} == {"未落实联系人", "'=李一", "赵二"}
    assert [row[column("户主姓名")] for row in rows[1:]] == ["", "", "王建国", "", "", "", ""]
    assert "户主姓名" not in [c.heading for c in sheets(_listed(folder), SAY)[0].columns]
    table_file.write(b"x", tmp_path / "list.csv", private=True)
    assert stat.S_IMODE((tmp_path / "list.csv").stat().st_mode) == 0o600
    with pytest.raises(HulianError):
        with_names(_listed(folder), warehouse, restricted, "cd" * 32, SAY)


def test_workbook_has_a_page_per_officer(folder: Path, tmp_path: Path) -> None:
    """Prevents the households of one officer from being handed to another; the same list gives the same bytes."""
    listed = _listed(folder)
    content = table_file.xlsx_bytes(sheets(listed, SAY), listed.run_date)
    assert content == table_file.xlsx_bytes(sheets(listed, SAY), listed.run_date)
    (tmp_path / "visits.xlsx").write_bytes(content)
    book = openpyxl.load_workbook(tmp_path / "visits.xlsx")
    assert book.sheetnames == ["走访清单", "各联系人任务"]
    # rows 1 and 2 are title and headings; a break stands after row 3 (nobody's household) and after row 8 (those of c1)
    assert [each.id for each in book["走访清单"].row_breaks.brk] == [3, 8]
    assert [[cell.value for cell in row][2:] for row in book["各联系人任务"].iter_rows(min_row=3)] == [
        [1, 1, 0, 0], [5, 2, 2, 1], [1, 0, 0, 1],
    ]  # fmt: skip
