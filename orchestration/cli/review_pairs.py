"""The questions that a review asks: doubtful pairs, and a seeded sample of accepted links, with the rows they speak of.

Reads the published restricted file. How a question looks belongs to `review_show`, what becomes of an answer to
`review_decisions`.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.cli.messages import Messages
from orchestration.engine import encrypted_database
from orchestration.failures import HulianError
from orchestration.home import Home
from orchestration.keyring import Keyring

DOUBT, SAMPLE = "存疑", "抽样"
# Strata of the sample. Exact links are not drawn: their guard is a rule, and a sample of thousands would find nothing.
_SAMPLED = ("id_upgraded", "department_key", "damaged_id", "probabilistic")


@dataclass(frozen=True)
class Row:
    """One row that names a person, as its department delivered it. Holds identities."""

    mention_key: str
    record_key: str
    role: str
    person_key: str
    match_method: str
    match_score: float | None
    department: str
    extract: str
    file_name: str | None
    row_number: int
    name: str | None
    id_raw: str | None
    sex: str | None
    birth_date: date | None
    township_name: str | None
    village_name: str | None
    phone: str | None
    household_source: str | None
    household_no: str | None
    relation: str | None


@dataclass(frozen=True)
class Question:
    """Is the row on the left the person on the right?

    `right_known` is what his ID number says where no row does (birth_date, sex); `evidence` is comparison → weight in
    bits, empty where none was kept.
    """

    purpose: str
    left: Row
    right_person_key: str
    right: tuple[Row, ...]
    right_known: Mapping[str, object]
    probability: float | None
    margin: float | None
    reason: str
    evidence: tuple[tuple[str, float], ...]

    @property
    def pair(self) -> tuple[str, str]:
        """Mention and person that the question is about."""
        return self.left.mention_key, self.right_person_key


def doubtful(home: Home, say: Messages) -> list[Question]:
    """Doubtful pairs of the published day, the most uncertain first."""
    with _Restricted(home, say) as identities:
        pairs = identities.execute(
            "select mention_key, person_key, probability, margin, reason, evidence from identities.review_pair"
            " order by abs(probability - 0.5), mention_key"
        ).fetchall()
        rows = _rows(identities, [mention for mention, *_ in pairs], [person for _, person, *_ in pairs])
        known = _known(identities, [person for _, person, *_ in pairs])
    return [
        _question(DOUBT, rows, known, mention, person, probability, margin, reason, evidence)
        for mention, person, probability, margin, reason, evidence in pairs
    ]


def sampled(home: Home, say: Messages, size: int, seed: int) -> list[Question]:
    """Accepted links that no number proves exactly: `size` of them, spread evenly over the methods, drawn by seed.

    The same published day, size and seed give the same sample. A person whose only row it is offers nothing to compare
    and is not drawn.
    """
    with _Restricted(home, say) as identities:
        frame = identities.execute(
            "select match_method, mention_key, person_key from identities.review_record"
            " where match_method in (select unnest(?))"
            " and person_key in (select person_key from identities.review_record group by person_key having count(*) > 1)"
            " order by all",
            [list(_SAMPLED)],
        ).fetchall()
        drawn = _draw(frame, size, seed)
        rows = _rows(identities, [mention for mention, _ in drawn], [person for _, person in drawn])
        known = _known(identities, [person for _, person in drawn])
    return [
        _question(SAMPLE, rows, known, mention, person, rows[mention, None][0].match_score, None, "", ())
        for mention, person in drawn
    ]


def _draw(frame: list[tuple[str, str, str]], size: int, seed: int) -> list[tuple[str, str]]:
    """Each method gives the same number, as far as it has so many; what one lacks the next ones give."""
    strata: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for method, mention, person in frame:
        strata[method].append((mention, person))
    drawn: list[tuple[str, str]] = []
    for place, method in enumerate(sorted(strata, key=lambda name: (len(strata[name]), name))):
        share = (size - len(drawn)) // (len(strata) - place)
        by_lot = sorted(
            strata[method], key=lambda pair: hashlib.sha256(f"{seed}:{pair[0]}".encode()).digest()
        )
        drawn += by_lot[:share]
    return drawn


class _Restricted:
    """The published restricted file; a missing file, a wrong key or an older file is told in one sentence."""

    def __init__(self, home: Home, say: Messages):
        self._say = say
        file = home.published / "restricted.duckdb"
        if not file.exists():
            raise HulianError(say("error.no_restricted"))
        key = Keyring.open(home).restricted_database
        self._opened = encrypted_database(file, key, "identities", read_only=True)

    def __enter__(self) -> duckdb.DuckDBPyConnection:
        try:
            return self._opened.__enter__()
        except duckdb.Error:
            # the engine's own message may quote the key or a path; neither helps the reader
            raise HulianError(self._say("error.no_restricted")) from None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._opened.__exit__(None, None, None)
        if isinstance(error, duckdb.CatalogException):
            raise HulianError(self._say("review.older_day")) from None


def _rows(
    identities: duckdb.DuckDBPyConnection, mentions: Iterable[str], persons: Iterable[str]
) -> Mapping[tuple[str | None, str | None], list[Row]]:
    """Rows by (mention, None) and by (None, person)."""
    columns = ", ".join(Row.__dataclass_fields__)
    found = identities.execute(
        f"select {columns} from identities.review_record"
        " where mention_key in (select unnest(?)) or person_key in (select unnest(?))"
        " order by department, extract, row_number, role, mention_key",
        [list(mentions), list(persons)],
    ).fetchall()
    rows: dict[tuple[str | None, str | None], list[Row]] = defaultdict(list)
    for values in found:
        row = Row(*values)
        rows[row.mention_key, None].append(row)
        rows[None, row.person_key].append(row)
    return rows


def _known(
    identities: duckdb.DuckDBPyConnection, persons: Iterable[str]
) -> Mapping[str, Mapping[str, object]]:
    found = identities.execute(
        "select person_key, birth_date, sex from identities.identity where person_key in (select unnest(?))",
        [list(persons)],
    ).fetchall()
    return {person: {"birth_date": birth_date, "sex": sex} for person, birth_date, sex in found}


def _question(
    purpose: str,
    rows: Mapping[tuple[str | None, str | None], list[Row]],
    known: Mapping[str, Mapping[str, object]],
    mention: str,
    person: str,
    probability: float | None,
    margin: float | None,
    reason: str,
    evidence: Iterable[Mapping[str, object]],
) -> Question:
    left = rows[mention, None][0]
    right = tuple(row for row in rows[None, person] if row.mention_key != mention)
    bars = tuple((str(bar["comparison"]), float(str(bar["weight"]))) for bar in evidence)
    return Question(purpose, left, person, right, known.get(person, {}), probability, margin, reason, bars)
