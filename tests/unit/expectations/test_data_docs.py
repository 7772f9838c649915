"""The Data Docs: both languages, nothing from the network, no value, the same bytes for the same results."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from expectations.data_docs.kept import SENTENCE_EN, SENTENCE_ZH, Page, keeper, kept
from expectations.data_docs.phrases import in_both, words
from expectations.data_docs.site import build
from expectations.policy import load_policies
from expectations.registry_rules.subjects import rule_subjects

DAY = date(2026, 11, 23)
OWNERS = {"education": {"zh": "教育局", "en": "Education bureau"}}
SCRIPT = "<script>alert(1)</script>"


def _result(
    success: bool, zh: str, en: str, type_: str, kwargs: dict[str, Any], counts: dict[str, Any]
) -> dict[str, Any]:
    return {
        "success": success,
        "result": counts,
        "exception_info": {"raised_exception": False, "exception_traceback": None, "exception_message": None},
        "expectation_config": {"type": type_, "kwargs": kwargs, "meta": {SENTENCE_ZH: zh, SENTENCE_EN: en}},
    }


def _counts(rows: int, unexpected: int) -> dict[str, Any]:
    share = 100 * unexpected / rows
    return {
        "element_count": rows, "unexpected_count": unexpected, "unexpected_percent": share, "missing_count": 0,
        "missing_percent": 0.0, "unexpected_percent_total": share, "unexpected_percent_nonmissing": share,
        "partial_unexpected_list": [],
    }  # fmt: skip


PAGES = [
    Page(
        "suites", "education__students", "学籍信息", "School roll", "staging.stg_education__students", "education",
        [
            _result(True, "姓名应填写(90%)", "name is filled in 90%", "expect_column_values_to_not_be_null", {"column": "name", "mostly": 0.9}, _counts(100, 4)),
            _result(False, f"学段 {SCRIPT} $cost", "stage uses agreed codes", "expect_column_values_to_be_in_set", {"column": "stage", "value_set": ["小学"]}, _counts(100, 34)),
            _result(True, "行数与上次相比", "rows as before", "expect_column_max_to_be_between", {"column": "x_rows", "min_value": 1, "max_value": 9}, {"observed_value": 5}),
        ],
    ),
    Page("policies", "housing", "住房", "Housing", "marts.linked_person", "", [], [("HOU-01 危房", "Unsafe", f"late {SCRIPT}")]),
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of two pages, kept and read again as the day does."""
    folder = tmp_path_factory.mktemp("docs")
    keep = keeper(folder / "judged")
    for page in PAGES:
        keep(page)
    assert kept(folder / "judged") == PAGES
    assert build(kept(folder / "judged"), DAY, OWNERS, folder / "site") == 3
    build(PAGES, DAY, OWNERS, folder / "again")
    return folder / "site"


def test_a_page_says_what_was_expected_and_found(site: Path) -> None:
    """Prevents an upgrade of Great Expectations from leaving pages empty, in one language, or with markup shown as text."""
    html = (site / "suites/education__students.html").read_text(encoding="utf-8")
    for said in (
        "姓名应填写(90%)",
        "name is filled in 90%",
        "不符 34 项，占 100 行的 34%",
        "34 unexpected values found",
        "教育局",
    ):
        assert said in html
    assert "fa-times" in html
    assert "&lt;span" not in html
    rows = re.findall(r'<td class="status">', html)
    assert len(rows) == 3
    assert html.index("学段") < html.index("姓名应填写"), "what is not met comes first"


def test_no_page_loads_or_runs_anything(site: Path) -> None:
    """Prevents pages that need the network, and text that becomes markup."""
    for file in site.rglob("*.html"):
        html = file.read_text(encoding="utf-8")
        assert "<script" not in html
        assert not re.search(r"https?:|//[a-z]|@import|url\(|<link|<img|<iframe", html), file.name
        assert "default-src 'none'" in html
    assert "HOU-01 危房" in (site / "policies/housing.html").read_text(encoding="utf-8"), (
        "not evaluated, and said"
    )


def test_the_same_results_give_the_same_pages(site: Path) -> None:
    """Prevents a day run again from looking changed: no page may tell an hour or draw a random name."""
    again = site.parent / "again"
    files = sorted(path.relative_to(site) for path in site.rglob("*.html"))
    assert [file.as_posix() for file in files] == [
        "index.html",
        "policies/housing.html",
        "suites/education__students.html",
    ]
    assert all((site / file).read_bytes() == (again / file).read_bytes() for file in files)


def test_every_area_and_kind_of_rule_has_a_title() -> None:
    """Prevents a new area of policies from standing in the docs under its folder's name."""
    pages = words()["pages"]
    assert {policy.document.path.parent.name for policy in load_policies()} == set(pages["policies"])
    assert set(rule_subjects()) == set(pages["registry_rules"])
    assert in_both("≈3.0056% unexpected") == ("≈3.0056% 不符", "≈3.0056% unexpected")
    assert in_both("NaN% not null") == ("没有数据行", "no rows")
    assert in_both("some new phrase") is None
