"""A small published day: two townships, four households, eight clues, with the columns of docs/architecture.md."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.engine import encrypted_database
from orchestration.home import Home
from orchestration.keyring import Keyring

RUN_DATE = date(2026, 11, 23)

_OPEN_TABLES = """
create schema marts; create schema lineage;

create table marts.linked_person as select * from (values
    ('p1', 'h1', 'valid', '男', 45), ('p2', 'h1', 'valid', '男', 9), ('p3', 'h2', 'damaged', '女', 70),
    ('p4', 'h3', 'upgraded', '女', 33), ('p5', 'h4', 'absent', null, null)
) t(person_key, household_key, identity_quality, sex, age);

create table marts.linked_household as select * from (values
    ('h1', '5199000001', '甲乡', '脱贫户', '脱贫不稳定户', 4, true, true, 'red'),
    ('h2', '5199000002', '甲乡', '一般农户', '边缘易致贫户', 1, true, true, 'blue'),
    ('h3', '5199000003', '乙乡', '脱贫户', null, 3, true, false, 'clue'),
    ('h4', null, '乙乡', null, null, 1, false, false, null)
) t(household_key, household_no, township_name, household_kind, monitoring_category, living_members, is_target, is_monitored, card);

create table marts.household_clue_card as select * from (values
    ('h1', '5199000001', '甲乡', '上村', 'red', 1, 1, true, false, false, false, 53),
    ('h3', '5199000003', '乙乡', '上村', 'clue', 1, 2, false, true, true, true, 3),
    ('h2', '5199000002', '甲乡', '上村', 'blue', 2, 3, false, true, false, false, 0)
) t(household_key, household_no, township_name, village_name, card, rank_in_township, rank_in_county,
    has_children, has_elderly, has_disabled, has_no_labour, days_open);

create table marts.household_member as select * from (values
    ('h1', 'p1', '户主', false), ('h1', 'p2', '之子', false), ('h2', 'p3', '户主', true), ('h3', 'p4', '户主', false),
    ('h4', 'p5', null, true)
) t(household_key, person_key, relation, decided);

create table marts.fund_progress as select * from (values ('J1', '通村道路')) t(project_no, project_name);
create table marts.asset_ledger as select * from (values ('K1', '光伏电站')) t(asset_no, asset_name);

create table marts.village as select * from (values
    ('519901100201', '上村', '甲乡'), ('519901101201', '上村', '乙乡')
) t(village_code, village_name, township_name);

create table marts.warning_card as select household_key, card, date '2026-11-01' as since
from marts.linked_household where card is not null;

create table marts.visit_due as select * from (values ('h1', true), ('h2', false)) t(household_key, is_overdue);

create table marts.policy_gap as select * from (values
    ('MED-01-p2', 'MED-01', 'person', 'p2', 'p2', 'h1', '甲乡', '519901100201', 'medical_insurance', 'C', 'G', 'sent', '2026-11-23', '2026-12-08', 2, null),
    ('EDU-01-p2', 'EDU-01', 'person', 'p2', 'p2', 'h1', '甲乡', '519901100201', 'education', 'C', 'G', 'confirmed', '2026-10-01', null, 1, null),
    ('EDU-04-p2', 'EDU-04', 'person', 'p2', 'p2', 'h1', '甲乡', '519901100201', 'education', 'M', 'G', 'open', '2026-10-01', null, 3, '学籍信息第 12 行相近'),
    ('REG-06-h2', 'REG-06', 'household', 'h2', null, 'h2', '甲乡', '519901100201', 'registry', 'M', 'X', 'open', '2026-11-23', null, 1, null),
    ('MED-01-p4', 'MED-01', 'person', 'p4', 'p4', 'h3', '乙乡', '519901101201', 'medical_insurance', 'C', 'G', 'open', '2026-11-20', null, 1, null),
    ('TEA-01-519901101201', 'TEA-01', 'village', '519901101201', null, null, '乙乡', '519901101201', 'registry', 'C', 'G', 'unknown', '2026-11-01', null, null, null),
    ('FND-01-J1', 'FND-01', 'project', 'J1', null, null, '乙乡', null, 'funds', 'M', 'T', 'open', '2026-11-01', null, null, null),
    ('MED-01-p5', 'MED-01', 'person', 'p5', 'p5', 'h4', '乙乡', '519901101201', 'medical_insurance', 'C', 'G', 'refuted', '2026-09-01', null, null, null)
) t(gap_id, policy_id, subject_kind, subject_key, person_key, household_key, township_name, village_code, department, severity, kind, status, first_seen, due_on, place_in_household, doubt);
alter table marts.policy_gap alter first_seen type date;
alter table marts.policy_gap alter due_on type date;
alter table marts.policy_gap add column sent_on date;
alter table marts.policy_gap add column is_doubtful boolean;
alter table marts.policy_gap add column parameters varchar;
update marts.policy_gap set parameters = 'compulsory_age_from=6; compulsory_age_to=14' where policy_id = 'EDU-01';
update marts.policy_gap set sent_on = date '2026-11-23' where status = 'sent';
update marts.policy_gap set is_doubtful = doubt is not null where status <> 'refuted';

create table marts.policy_result as select * from (values
    ('MED-01', date '2026-11-23', 'medical_insurance', 'C', 400, 397, 3, 0, true, null, 250, 5, true),
    ('EDU-01', date '2026-11-23', 'education', 'C', 90, 89, 1, 0, true, null, 4, 3, false),
    ('TEA-01', date '2026-11-23', 'registry', 'C', 0, 0, 0, 0, false, 'registry/village_teams is 52 days old', 0, 0, false)
) t(policy_id, run_date, department, severity, applicable, met, gap, unknown, evaluated, reason, checked, confirmed, needs_review);

create table marts.report_figure as select * from (values
    (2, 'lifted_out_insured_share', '脱贫人口参保率', 'Lifted-out persons insured', '%', 100.0, 99.25, -0.75),
    (1, 'townships', '乡镇', 'Townships', '个', 2.0, 2.0, 0.0)
) t(position, figure_id, label_zh, label_en, unit, claimed, found, difference);

create table lineage.delivery as select * from (values
    ('education.students.20261120.1.0a', 'education', 'students', date '2026-11-20', 1, '学籍信息_20261120.csv', 'accepted', null, null, null, 91, 90, 1, 2),
    ('education.students.20261019.1.0b', 'education', 'students', date '2026-10-19', 1, '学籍信息_20261019.csv', 'superseded', 'superseded', null, null, 89, 89, 0, 0),
    ('registry.village_teams.20261002.1.0c', 'registry', 'village_teams', date '2026-10-02', 1, 'village_teams_20261002.xlsx', 'accepted', null, null, null, 12, 12, 0, 0),
    ('housing.dwellings.20261101.1.0d', 'housing', 'dwellings', date '2026-11-01', 1, 'dwellings_20261101.csv', 'held', 'rows_halved', 'fewer than half', '不足一半', 40, 40, 0, 0),
    ('unclaimed.0e', null, null, null, null, '[x]表.docx', 'rejected', 'unclaimed', 'no contract claims this file', null, 0, 0, 0, 0)
) t(delivery_id, department, extract, data_date, number, file_name, status, rule, reason, reason_zh, rows_read, rows_loaded, rows_quarantined, field_issues);

create table lineage.source_record as select * from (values
    ('id_exact'), ('id_exact'), ('id_exact'), ('unmatched')
) t(match_method);

create table lineage.run as select * from (values
    ('run-yesterday', date '2026-11-22', timestamptz '2026-11-22 06:00:00+08', timestamptz '2026-11-22 06:01:10+08', '0.1.0'),
    ('run-today', date '2026-11-23', timestamptz '2026-11-23 06:00:00+08', timestamptz '2026-11-23 06:01:35+08', '0.1.0')
) t(run_id, run_date, started_at, finished_at, code_version);
"""

_IDENTITIES = """
create table identities.identity as select * from (values
    ('p1', '王建国'), ('p2', '王小明'), ('p3', '=cmd|calc'), ('p4', '欧阳·买买提')
) t(person_key, name);
"""


_KEY = "key of the tests"
_VERSION = "2026-11-23-run"


@pytest.fixture(scope="session")
def published_version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published files, made once; tests get copies."""
    folder = tmp_path_factory.mktemp("published") / _VERSION
    folder.mkdir()
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute(_OPEN_TABLES)
    key = Keyring(_KEY.encode()).restricted_database
    with encrypted_database(folder / "restricted.duckdb", key, "identities", read_only=False) as connection:
        connection.execute(_IDENTITIES)
    return folder


@pytest.fixture
def home(tmp_path: Path, published_version: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with a published warehouse and its restricted file."""
    monkeypatch.setenv("HULIAN_KEY", _KEY)
    found = Home(tmp_path / "home")
    found.make()
    folder = found.versions / _VERSION
    shutil.copytree(published_version, folder)
    found.current.symlink_to(folder)
    for name in ("warehouse.duckdb", "restricted.duckdb"):
        (found.published / name).symlink_to(found.current / name)
    return found
