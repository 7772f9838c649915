"""A county of three families, delivered, linked and asked by hand: the rows that the end-to-end tests of dbt build on.

Belongs here: rows, in the order of the families. Does not belong here: what dbt must make of them (test_build.py).
"""

from __future__ import annotations

from typing import Any

Rows = dict[str, list[dict[str, Any]]]

RUN_DATE = "2026-11-23"
HEAD_NUMBER = "519901197001010012"
CANARY_NAMES = ("金丝雀甲", "金丝雀乙", "金丝雀丙", "金丝雀丁", "金丝雀戊")
CANARIES = (*CANARY_NAMES, HEAD_NUMBER, "10000000007", "学籍G519901201901010015", "622200000000")


def _row(key: str, extract: str, row_number: int, **columns: Any) -> dict[str, Any]:
    return {
        "record_key": key, "delivery_id": f"{extract}.20261120.1.0000", "data_date": "2026-11-20",
        "delivery_number": 1, "row_number": row_number, **columns,
    }  # fmt: skip


def _link(mention: str, person: str, method: str = "id_exact") -> dict[str, Any]:
    record, _ = mention.split(":")
    score = None if method == "unmatched" else 1.0
    return {
        "mention_key": mention, "record_key": record, "person_key": person, "match_method": method,
        "match_score": score, "model_version": "none",
    }  # fmt: skip


def rows() -> Rows:
    """Return the county's rows, `schema.table` → rows.

    Family 1 (H1, 甲乡新村): lifted-out and monitored; the head lives in a C dwelling, his daughter is at school with aid.
    Family 2 (乙镇新村, not in the registry): the assisted head died this year, his wife was found by name only.
    Family 3 (H3, 甲乡新村): lifted-out; the only member died two years ago.
    """
    return {
        "raw.raw_registry__villages": [
            _row("v1", "registry.villages", 2, village_code="519901100201", village_name="新村",
                 township_code="519901100", township_name="甲乡", village_kind="脱贫村"),
            _row("v2", "registry.villages", 3, village_code="519901101201", village_name="新村",
                 township_code="519901101", township_name="乙镇", village_kind="一般村"),
        ],
        "raw.raw_registry__village_teams": [
            _row("t1", "registry.village_teams", 2, village_code="519901100201", name="金丝雀戊", role="第一书记",
                 from_date="2025-01-01"),
        ],
        "raw.raw_registry__persons": [
            _row("r1", "registry.persons", 4, township_name="甲乡", village_name="新村", household_no="H1", person_no="P1",
                 name="金丝雀甲", id_number=HEAD_NUMBER, id_number_quality="valid", id_number_raw=HEAD_NUMBER,
                 relation_to_head="户主", household_kind="脱贫户", monitoring_category="脱贫不稳定户", risk_eliminated=False,
                 identified_month="2026-01-01", risk_1="因病", income_per_capita=9000, income_per_capita_last_year=8000,
                 water_safe=False, measure_water=["集中供水"], contact_name="金丝雀戊", phone="10000000007"),
            _row("r2", "registry.persons", 5, township_name="甲乡", village_name="新村", household_no="H1", person_no="P2",
                 name="金丝雀乙", id_number_quality="absent", relation_to_head="之女", student_status="小学",
                 household_kind="脱贫户", monitoring_category="脱贫不稳定户", dibao_status="农村低保", resident_insured=True),
            _row("r3", "registry.persons", 6, township_name="甲乡", village_name="新村", household_no="H3", person_no="P3",
                 name="金丝雀丁", id_number_quality="absent", relation_to_head="户主", household_kind="脱贫户",
                 income_per_capita=10000, income_per_capita_last_year=10000),
        ],
        "raw.raw_registry__visits": [
            _row("w1", "registry.visits", 2, visit_no="W1", household_no="H1", visited_on="2026-11-01", visitor_name="金丝雀戊"),
        ],
        "raw.raw_education__students": [
            _row("s1", "education.students", 2, student_no="学籍G519901201901010015", name="金丝雀乙", id_number_quality="damaged",
                 id_number_raw="51990120190101", stage="小学", status="在读", village_code="519901100201",
                 guardian1_name="金丝雀甲", guardian1_id_number=HEAD_NUMBER, guardian1_id_number_quality="valid",
                 guardian1_id_number_raw=HEAD_NUMBER, guardian1_relation="父亲"),
        ],
        "raw.raw_education__student_aid": [
            _row("a1", "education.student_aid", 2, aid_no="A1", student_no="学籍G519901201901010015", name="金丝雀乙",
                 programme="义务教育生活补助", term="2026秋", amount=500, id_number_quality="absent"),
        ],
        "raw.raw_medical_insurance__enrolment": [
            _row("e1", "medical_insurance.enrolment", 2, insured_no="N1", name="金丝雀甲", scheme="城乡居民", year=2026,
                 status="正常", paid_on="2025-12-01", subsidy_amount=190, subsidy_category="监测对象", family_no="F1",
                 id_number_quality="absent", village_code="519901100201"),
            _row("e2", "medical_insurance.enrolment", 3, insured_no="N2", name="金丝雀丙", scheme="城乡居民", year=2025,
                 status="正常", id_number_quality="absent", village_code="519901101201"),
        ],
        "raw.raw_medical_insurance__settlements": [
            _row("m1", "medical_insurance.settlements", 2, settlement_no="M1", insured_no="N2", name="金丝雀丙",
                 settled_on="2026-02-01", total_cost=900, self_paid=321.5, id_number_quality="absent"),
        ],
        "raw.raw_civil_affairs__assistance": [
            _row("c1", "civil_affairs.assistance", 2, assistance_no="Z1", category="特困供养", status="在保", head_name="金丝雀丙",
                 head_id_number_quality="absent", township_name="乙镇", village_name="新村", bank_account="622200000000",
                 member_1_name="金丝雀丁", member_1_id_number_quality="absent", member_1_relation="配偶"),
        ],
        "raw.raw_civil_affairs__deaths": [
            _row("x1", "civil_affairs.deaths", 2, death_no="X1", name="金丝雀丙", died_on="2026-03-01", id_number_quality="absent"),
            _row("x2", "civil_affairs.deaths", 3, death_no="X2", name="金丝雀丁", died_on="2024-03-01", id_number_quality="absent"),
        ],
        "raw.raw_housing__dwellings": [
            _row("d1", "housing.dwellings", 2, dwelling_no="D1", head_name="金丝雀甲", head_id_number_quality="absent",
                 safety_grade="C", assessed_on="2026-05-01", only_dwelling=True, occupancy="在住", village_code="519901100201"),
        ],
        "raw.raw_funds__projects": [
            _row("j1", "funds.projects", 2, project_no="J1", project_name="道路", year=2024, planned_total=100, planned_fund=80),
        ],
        "raw.raw_funds__assets": [
            _row("k1", "funds.assets", 2, asset_no="K1", asset_name="水池", original_value=1000, custodian="金丝雀戊",
                 village_code="519901101201"),
        ],
        "raw.delivery": [
            {"delivery_id": "registry.persons.20261120.1.0000", "department": "registry", "extract": "persons",
             "data_date": "2026-11-20", "number": 1, "file_name": "persons_20261120.xlsx", "status": "accepted",
             "rows_read": 4, "rows_loaded": 3, "rows_quarantined": 1, "field_issues": 1},
        ],
        "raw.field_issue": [
            {"delivery_id": "registry.persons.20261120.1.0000", "department": "registry", "extract": "persons",
             "row_number": 5, "column_name": "phone", "rule": "phone", "raw_text": "金丝雀乙"},
        ],
        "raw.quarantined_row": [
            {"delivery_id": "registry.persons.20261120.1.0000", "department": "registry", "extract": "persons",
             "row_number": 7, "column_name": "household_no", "rule": "required", "raw_row": '["金丝雀丁"]'},
        ],
        "raw.report_claim": [
            {"figure_id": "lifted_out_persons", "claimed": 3},
            {"figure_id": "lifted_out_insured_share", "claimed": 100},
        ],
        "linkage.person": [
            {"person_key": "p-head", "identity_quality": "valid", "id_number": HEAD_NUMBER, "name": "金丝雀甲", "sex": "男",
             "birth_date": "1970-01-01", "village_code": "519901100201", "departments": 4, "phone": "10000000007"},
            {"person_key": "p-daughter", "identity_quality": "damaged", "name": "金丝雀乙", "sex": "女",
             "birth_date": "2019-01-01", "village_code": "519901100201", "departments": 2},
            {"person_key": "p-dead", "identity_quality": "absent", "name": "金丝雀丙", "village_code": "519901101201", "departments": 2},
            {"person_key": "p-wife", "identity_quality": "absent", "name": "金丝雀丁", "departments": 1},
            {"person_key": "p-dead-long", "identity_quality": "absent", "name": "金丝雀丁", "village_code": "519901100201", "departments": 2},
        ],
        "linkage.household": [
            {"household_key": "h1", "household_no": "H1", "formed_from": "registry", "village_code": "519901100201"},
            {"household_key": "h2", "formed_from": "civil_affairs", "village_code": "519901101201"},
            {"household_key": "h3", "household_no": "H3", "formed_from": "registry", "village_code": "519901100201"},
        ],
        "linkage.household_member": [
            {"household_key": "h1", "person_key": "p-head", "relation": "户主", "source": "registry", "decided": True, "evidence": "1"},
            {"household_key": "h1", "person_key": "p-daughter", "relation": "之女", "source": "registry", "decided": False},
            {"household_key": "h2", "person_key": "p-dead", "relation": "户主", "source": "civil_affairs", "decided": False},
            {"household_key": "h2", "person_key": "p-wife", "relation": "配偶", "source": "civil_affairs", "decided": False},
            {"household_key": "h3", "person_key": "p-dead-long", "relation": "户主", "source": "registry", "decided": False},
        ],
        "linkage.mention_link": [
            _link("r1:self", "p-head"), _link("r2:self", "p-daughter", "department_key"), _link("r3:self", "p-dead-long", "unmatched"),
            _link("s1:self", "p-daughter", "damaged_id"), _link("s1:guardian1", "p-head"), _link("a1:self", "p-daughter", "department_key"),
            _link("e1:self", "p-head", "department_key"), _link("e2:self", "p-dead", "department_key"), _link("m1:self", "p-dead", "department_key"),
            _link("c1:head", "p-dead", "department_key"), _link("c1:member_1", "p-wife", "unmatched"),
            _link("x1:self", "p-dead", "department_key"), _link("x2:self", "p-dead-long", "probabilistic"), _link("d1:head", "p-head"),
        ],
        "policies.gap": [
            {"gap_id": "MED-01-p-daughter", "policy_id": "MED-01", "subject_kind": "person", "subject_key": "p-daughter",
             "person_key": "p-daughter", "household_key": "h1", "township_name": "甲乡", "village_code": "519901100201",
             "department": "medical_insurance", "severity": "C", "kind": "G", "status": "open",
             "first_seen": RUN_DATE, "last_seen": RUN_DATE},
        ],
        "policies.result": [
            {"policy_id": "MED-01", "run_date": RUN_DATE, "subject_kind": "person", "department": "medical_insurance",
             "severity": "C", "kind": "G", "applicable": 2, "met": 1, "gap": 1, "unknown": 0, "evaluated": True},
        ],
        "policies.clue_order": [
            {"gap_id": "MED-01-p-daughter", "household_key": "h1", "is_doubtful": False, "place": 1},
        ],
        "policies.household_order": [
            {"household_key": "h1", "severity": "C", "gaps": 1, "critical_gaps": 1, "doubtful_gaps": 0, "unknown_gaps": 0,
             "certainty": 0.8, "has_children": True, "has_elderly": False, "has_disabled": False, "has_no_labour": False,
             "vulnerability": 1, "days_open": 0, "rank_in_county": 1, "rank_in_township": 1},
        ],
        "policies.card": [{"household_key": "h1", "card": "red"}],
    }  # fmt: skip
