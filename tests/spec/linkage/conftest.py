"""Mentions as small text tables: one line per mention, linked for real in DuckDB, alone or among a village of others."""

from collections.abc import Callable
from datetime import date

import duckdb
import pytest

from linkage.link import link

COLUMNS = {
    "mention_key": "text", "record_key": "text", "department": "text", "extract": "text", "role": "text",
    "name": "text", "id_number": "text", "id_quality": "text", "id_raw": "text", "sex": "text", "birth_date": "date",
    "village_code": "text", "phone": "text", "key_kind": "text", "key_no": "text", "household_source": "text",
    "household_no": "text", "relation": "text", "provider": "text", "village_group": "text", "unique_source": "bool",
}  # fmt: skip
DEFAULTS = {
    "department": "registry", "extract": "persons", "role": "self", "id_quality": "absent", "unique_source": "false"
}  # fmt: skip
DECISION = (
    "left_record_key", "left_role", "right_record_key", "right_role", "right_person_key", "decision", "decided_on",
    "decision_no",
)  # fmt: skip
SECRET = b"secret of the tests"
# Numbers of ten people born in the fifties.
IDS = [f"51990119{year}0101001X" for year in range(50, 60)]
TODAY = date(2026, 11, 23)

# 900 people in 300 families of six villages whom the insurance bureau, the ledger, the hospitals and (heads only) the
# housing bureau know by number: without others around, no name is rare and no habit of a source can be seen.
CROWD = """
create temp table crowd as
select i, 'c' || i as no, i // 3 as family, '51990110020' || (1 + i // 3 % 6) as village,
    date '1940-01-01' + (i * 7919 % 27000)::int as birth,
    substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎', 1 + i // 3 % 50, 1)
        || substr('永长天玉金银国家志明文春秋德仁义福寿康宁', 1 + i * 13 % 20, 1)
        || substr('山水林田江河海川峰岭松柏梅兰竹菊荷莲桂枫', 1 + i * 31 // 7 % 20, 1) as name
from range(900) r(i);

create temp table crowd_number as
select *, '519901' || strftime(birth, '%Y%m%d') || lpad((100 + i % 800)::text, 3, '0') || '0' as number,
    case when (100 + i % 800) % 2 = 1 then '男' else '女' end as sex
from crowd;

insert into intermediate.int_mention by name
select extract || no || ':self' as mention_key, extract || no as record_key, department, extract, 'self' as role, name,
    number as id_number, 'valid' as id_quality, number as id_raw,
    case when extract = 'enrolment' then sex end as sex, case when extract = 'enrolment' then birth end as birth_date,
    case when extract in ('enrolment', 'dwellings') then village end as village_code,
    case when extract = 'enrolment' then 'insured_no' end as key_kind, case when extract = 'enrolment' then no end as key_no,
    case when extract = 'enrolment' then 'medical_insurance' end as household_source,
    case when extract = 'enrolment' then 'f' || family end as household_no, false as unique_source
from crowd_number cross join (values
    ('medical_insurance', 'enrolment'), ('medical_insurance', 'coverage_ledger'), ('medical_insurance', 'settlements'),
    ('housing', 'dwellings')
) e(department, extract)
where extract <> 'dwellings' or i % 3 = 0;
"""

Linked = Callable[..., duckdb.DuckDBPyConnection]


def parse(table: str) -> list[dict[str, str | None]]:
    """Rows of a text table `a | b` with a header line; an empty cell is null."""
    lines = [line.strip() for line in table.strip().splitlines()]
    header = [name.strip() for name in lines[0].split("|")]
    rows = [[cell.strip() or None for cell in line.split("|")] for line in lines[1:]]
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture(scope="session")
def linked() -> Linked:
    """Link a text table of mentions; returns the connection with schema `linkage`.

    `crowd` sets the mentions among 900 others; `decisions` is a text table of people's decisions; `yesterday` is a
    connection that this fixture returned, as the last published day; `threads` limits DuckDB.
    """

    def run(
        table: str,
        crowd: bool = False,
        decisions: str | None = None,
        yesterday: duckdb.DuckDBPyConnection | None = None,
        threads: int | None = None,
    ) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        if threads:
            con.execute(f"set threads = {threads}")
        con.execute("create schema intermediate")
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        con.execute(f"create table intermediate.int_mention ({columns})")
        if crowd:
            con.execute(CROWD)
        for given in parse(table):
            row = {**dict.fromkeys(COLUMNS), **DEFAULTS, **{k: v for k, v in given.items() if v is not None}}
            row["record_key"] = row["record_key"] or str(row["mention_key"]).split(":")[0]
            if row["id_number"] and "id_quality" not in given:
                row["id_quality"] = "valid"
            if row["id_raw"] and not row["id_number"]:
                row["id_quality"] = "damaged"
            con.execute(
                f"insert into intermediate.int_mention values ({', '.join('?' * len(COLUMNS))})",
                [row[c] for c in COLUMNS],
            )
        if decisions:
            con.execute("create schema staging")
            con.execute(
                f"create table staging.stg_linkage__decisions ({', '.join(c + ' text' for c in DECISION)})"
            )
            for number, given in enumerate(parse(decisions)):
                row = {"left_role": "self", "decided_on": "2026-11-20", "decision_no": str(number), **given}
                if row.get("right_record_key"):
                    row.setdefault("right_role", "self")
                con.execute(
                    f"insert into staging.stg_linkage__decisions values ({', '.join('?' * len(DECISION))})",
                    [row.get(c) for c in DECISION],
                )
        previous = _publish(con, yesterday) if yesterday else None
        link(con, SECRET, previous=previous, run_date=TODAY)
        return con

    return run


def _publish(con: duckdb.DuckDBPyConnection, day: duckdb.DuckDBPyConnection) -> str:
    """Attach what a day would have published, as the catalog `previous`."""
    con.execute("attach ':memory:' as previous")
    con.execute("create schema previous.lineage; create schema previous.marts")
    for name, query in {
        "lineage.source_record": "select record_key, role, person_key, match_method, match_score"
        " from linkage.mention_link join intermediate.int_mention using (mention_key, record_key)",
        "marts.household_member": "select household_key, person_key from linkage.household_member",
        "marts.key_redirect": "select * from linkage.key_redirect",
    }.items():
        con.register("published", day.execute(query).to_arrow_table())
        con.execute(f"create table previous.{name} as select * from published")
        con.unregister("published")
    return "previous"


def groups(con: duckdb.DuckDBPyConnection) -> set[frozenset[str]]:
    """Which mentions are one person."""
    rows = con.execute(
        "select list(mention_key order by mention_key) from linkage.mention_link group by person_key"
    ).fetchall()
    return {frozenset(row[0]) for row in rows}


def methods(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """How each mention was linked."""
    return dict(con.execute("select mention_key, match_method from linkage.mention_link").fetchall())


def person_keys(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The person key of each mention."""
    return dict(con.execute("select mention_key, person_key from linkage.mention_link").fetchall())


def same_person(con: duckdb.DuckDBPyConnection, *mentions: str) -> bool:
    """Whether these mentions are one person."""
    keys = person_keys(con)
    return len({keys[mention] for mention in mentions}) == 1


def redirects(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str, str]]:
    """Redirects of the day: old key, new key, kind, reason."""
    return set(con.execute("select old_key, new_key, kind, reason from linkage.key_redirect").fetchall())


def homes(con: duckdb.DuckDBPyConnection) -> set[frozenset[str]]:
    """Which mentions stand in one household."""
    rows = con.execute(
        "select list(mention_key order by mention_key) from linkage.mention_link"
        " join linkage.household_member using (person_key) group by household_key"
    ).fetchall()
    return {frozenset(row[0]) for row in rows}


def together(*members: str) -> set[frozenset[str]]:
    """Homes as texts of the mentions in them, to compare with `homes`."""
    return {frozenset(member.split()) for member in members}
