"""Whom a policy may be asked of, and which columns its predicates may use.

Here: reading `subjects.yaml`. Not here: the tables themselves (dbt builds them).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from expectations.documents import HERE, read

SQL_TYPES = {
    "text": "VARCHAR",
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "date": "DATE",
    "decimal": "DECIMAL(18,2)",
    "share": "DECIMAL(9,6)",
}


@dataclass(frozen=True)
class GapFact:
    """What a household's gaps say in one column: which gaps, in which states, on which day, and what of them.

    `day` is `today` (the gaps of the policies asked before the cards) or `before` (the last published day). `give` is
    `since` (the day the longest of them has stood open) or `any` (whether there is one). Without `policies` every
    gap of the `severity` and `kinds` counts.
    """

    day: str
    give: str
    statuses: tuple[str, ...]
    policies: tuple[str, ...]
    severity: str | None
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One column of a subject: neutral type, the extracts it rests on, its value in examples that leave it out.

    A row of an extract in `cleared_by` makes it false (an accepted renovation ends an unsafe dwelling).
    A column of the `card` or of a `gap_fact` is not the subject's table's: it is joined when the policy is asked.
    """

    name: str
    type: str
    extracts: tuple[str, ...] = ()
    cleared_by: tuple[str, ...] = ()
    card: bool = False
    gap_fact: GapFact | None = None
    default: Any = None

    @property
    def joined(self) -> bool:
        """Whether it is joined at asking, and no column of the subject's own table."""
        return self.card or self.gap_fact is not None

    @property
    def after_cards(self) -> bool:
        """Whether it is known only when the cards are dealt."""
        return self.card or (self.gap_fact is not None and self.gap_fact.day == "today")


@dataclass(frozen=True)
class DatedRow:
    """A row that names the subject by the column `named_by` and no person; `day` is the column that holds the latest of all."""

    named_by: str
    day: str


@dataclass(frozen=True)
class Subject:
    """A table with one row per subject. Column roles are SQL expressions over it; None where it has none.

    A row of an extract in `left_by` takes the subject out of the living population. `dated_rows` are those that say of
    it only that something was done on a day, by extract.
    """

    kind: str
    table: str
    key: str
    columns: Mapping[str, Column]
    person_key: str | None
    household_key: str | None
    township_name: str | None
    village_code: str | None
    living: str
    left_by: tuple[str, ...]
    conflict: str
    dated_rows: Mapping[str, DatedRow]


@dataclass(frozen=True)
class Catalogue:
    """All subjects by kind, and every extract that may be named under `needs`."""

    subjects: Mapping[str, Subject]
    extracts: tuple[str, ...]


@cache
def catalogue() -> Catalogue:
    """Subjects and extracts of this house; DocumentError names file and line of a mistake."""
    document = read(HERE / "subjects.yaml", "subjects.schema.json")
    extracts = tuple(document.content["extracts"])
    subjects = {}
    for kind, body in document.content["subjects"].items():
        columns = {}
        for name, column in body["columns"].items():
            named = {*column.get("from", ()), *column.get("cleared_by", ())}
            unknown = sorted(named - set(extracts))
            if unknown:
                raise document.error(("subjects", kind, "columns", name), f"unknown extract {unknown[0]}")
            columns[name] = Column(
                name,
                column["type"],
                tuple(column.get("from", ())),
                tuple(column.get("cleared_by", ())),
                column.get("card", False),
                _gap_fact(column["gap_fact"]) if "gap_fact" in column else None,
                column.get("default"),
            )
        for extract, row in body.get("dated_rows", {}).items():
            if (
                not {row["named_by"], row["day"]} <= set(columns)
                or extract not in columns[row["day"]].extracts
            ):
                where = ("subjects", kind, "dated_rows", extract)
                raise document.error(where, f"no column {row['named_by']}, or none that rests on {extract}")
        subjects[kind] = Subject(
            kind,
            body["table"],
            body["key"],
            columns,
            person_key=body.get("person_key"),
            household_key=body.get("household_key"),
            township_name=body.get("township_name"),
            village_code=body.get("village_code"),
            living=body.get("living", "TRUE"),
            left_by=tuple(body.get("left_by", ())),
            conflict=body.get("conflict", "FALSE"),
            dated_rows={
                extract: DatedRow(row["named_by"], row["day"])
                for extract, row in body.get("dated_rows", {}).items()
            },
        )
    return Catalogue(subjects, extracts)


def _gap_fact(body: Mapping[str, Any]) -> GapFact:
    return GapFact(
        body["day"],
        body["give"],
        tuple(body["statuses"]),
        tuple(body.get("policies", ())),
        body.get("severity"),
        tuple(body.get("kinds", ())),
    )
