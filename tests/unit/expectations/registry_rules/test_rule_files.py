"""Mistakes in the files of registry rules are told with file and line."""

from pathlib import Path

import pytest

from expectations.documents import DocumentError
from expectations.registry_rules.rule import class_of, load_rules

GOOD = """rules:
  - id: "2_01_001 · 5_12_002"
    title: 民族未填
    class: "2"
    applies: is_target AND age >= $post_age_max
    flagged_when: ethnicity IS NULL AND open_spells = 0
    flagged: [{age: 70}]
    clear: [{age: 70, ethnicity: 汉族, migrant: [{is_open: true}]}]
    not_applicable: [{is_target: false}]
"""


def written(folder: Path, text: str, subject: str = "person", name: str = "class_2.yaml") -> Path:
    (folder / subject).mkdir(exist_ok=True)
    (folder / subject / name).write_text(text, encoding="utf-8")
    return folder


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    """Prevents the refusals below from being refusals of something else."""
    (rule,) = load_rules(written(tmp_path, GOOD))
    assert (rule.rule_class, rule.column, rule.parameters) == (
        "2",
        "rule_2_01_001_5_12_002",
        ("post_age_max",),
    )
    assert rule.needs == ("registry/migrant_work", "registry/persons")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("ethnicity IS NULL", "ethnicty IS NULL", 6, "flagged_when: unknown column ethnicty"),
        ("is_target AND", "targeted AND", 5, "applies: unknown column targeted"),
        ("$post_age_max", "$post_age", 5, r"applies: unknown parameter \$post_age"),
        ("ethnicity IS NULL", "current_date > DATE '2026-01-01'", 6, "CurrentDate is not in the SQL"),
        ("ethnicity IS NULL", "person_no IN (SELECT 1)", 6, "is not in the SQL"),
        ("ethnicity IS NULL", "list_filter(health_status, 'x')", 6, "is not in the SQL"),
        ('class: "2"', 'class: "5"', 4, "the gravest number of 2_01_001 · 5_12_002 is of class 2"),
        ("[{age: 70}]", "[{agee: 70}]", 7, "unknown column agee"),
        ("[{is_open: true}]", "[{opened: true}]", 8, "unknown column opened"),
        ("[{age: 70}]", "[{healthy: true}]", 7, "unknown column healthy"),
        ("[{is_target: false}]", "[]", 9, "should be non-empty|is too short"),
        ('"2_01_001 · 5_12_002"', '"2-01-001"', 2, "does not match"),
        ("title: 民族未填", "titel: 民族未填", 2, "titel"),
        ("    title: 民族未填\n", "    title: 民族未填\n    title: 民族\n", 4, "the key title stands twice"),
    ],
)
def test_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    """Prevents a typing error from making a rule silently mean nothing."""
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    with pytest.raises(DocumentError, match=rf"class_2\.yaml:{line}: .*({message})"):
        load_rules(written(tmp_path, text))


def test_a_rule_twice_is_told(tmp_path: Path) -> None:
    """Prevents two rules from writing flags under one id."""
    written(tmp_path, GOOD)
    with pytest.raises(DocumentError, match="2_01_001 · 5_12_002 stands twice"):
        load_rules(written(tmp_path, GOOD, name="class_3.yaml"))


def test_a_folder_that_names_no_subject_is_told(tmp_path: Path) -> None:
    """Prevents rules that nobody is asked."""
    with pytest.raises(DocumentError, match="the folder people names no subject"):
        load_rules(written(tmp_path, GOOD, subject="people"))


@pytest.mark.parametrize(
    ("rule_id", "expected"),
    [
        ("1_01_001 · 1_12_001", "1"),
        ("4_11_014 · 1111_3", "4"),
        ("1111_06 · 1111_09", "1*"),
        ("2_01_007 · 5_15_001", "2"),
    ],
)
def test_class_is_that_of_the_gravest_number(rule_id: str, expected: str) -> None:
    """Prevents a batch number, which begins with 1, from making a rule the gravest."""
    assert class_of(rule_id) == expected
