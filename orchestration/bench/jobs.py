"""The jobs of the bench, each run as `python -m orchestration.bench.jobs NAME ARGUMENTS RESULT` in its own process.

A job ends by writing JSON into the file RESULT: the seconds of its work (loading and start-up apart) and what it found.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from linkage.clerical import DECISIONS
from orchestration.bench.measure import own_peak_bytes
from orchestration.engine import work_database
from orchestration.fingerprint import fingerprint

Found = tuple[float, dict[str, Any]]
_SECRET = b"secret of the bench"
# What must be the same for any thread count: links with their scores, and homes with their evidence.
_STEADY_TABLES = ("mention_link", "household_member")
_HOMES = """
    select l.mention_key, h.household_key as person_key
    from linkage.mention_link l join linkage.household_member h using (person_key)
"""
_OF_THE_DAY = {
    "mention": "select * from intermediate.int_mention",
    "decision": f"select * from {DECISIONS}",
    "link": "select mention_key, person_key from linkage.mention_link",
    "home": _HOMES,
}


def county(folder: str, persons: int, seed: int, run_date: str, mess: float) -> Found:
    """Make the demo county."""
    from ingest.county.make import make_county

    start = time.perf_counter()
    made = make_county(Path(folder), persons, seed, date.fromisoformat(run_date), mess)
    return time.perf_counter() - start, {"rows": sum(made.rows.values())}


def day(home: str, landing: str, run_date: str) -> Found:
    """Run one day; tells seconds and rows of every step, and why nothing was published if so."""
    from orchestration.home import Home
    from orchestration.runner import run_day

    start = time.perf_counter()
    outcome = run_day(Home(Path(home)), Path(landing), date.fromisoformat(run_date))
    seconds = time.perf_counter() - start
    steps = {timing.step: [timing.seconds, timing.rows] for timing in outcome.timings}
    return seconds, {"steps": steps, "published": outcome.published, "reason": outcome.reason}


def next_day(landing: str, run_date: str, share: float, seed: int) -> Found:
    """Deliver the next day with a share of all rows changed."""
    from orchestration.bench.changed import deliver_changed

    start = time.perf_counter()
    changed, of = deliver_changed(Path(landing), date.fromisoformat(run_date), share, seed)
    return time.perf_counter() - start, {"changed": changed, "rows": of}


def export(work: str, truth: str, into: str, few: int) -> Found:
    """Write the day's mentions and their truth as Parquet, once whole and once for few mentions (whole persons)."""
    start = time.perf_counter()
    folder = Path(into)
    with duckdb.connect(work, read_only=True) as con:
        con.execute(
            "create temp table mention as select m.*, t.true_person, t.true_household, t.own_number"
            " from intermediate.int_mention m"
            " join (select delivery_id, department, extract, file_name from raw.delivery) d using (delivery_id, department, extract)"
            " join read_parquet(?) t using (department, extract, file_name, row_number, role)",
            [str(Path(truth) / "mentions.parquet")],
        )
        count = con.execute("select count(*) from mention").fetchone()
        assert count is not None
        keep = min(1.0, few / max(1, count[0]))
        for name, condition in (("all", "true"), ("few", f"hash_share(true_person) < {keep}")):
            con.execute(
                "create or replace temp macro hash_share(x) as ('0x' || left(md5(x::text), 8))::bigint / 4294967296"
            )
            con.execute(
                f"copy (select * exclude (true_person, true_household, own_number) from mention where {condition} order by mention_key)"
                f" to '{folder / name}_mentions.parquet'"
            )
            con.execute(
                "copy (select mention_key, extract, name, birth_date, id_quality, true_person, true_household, own_number"
                f" from mention where {condition} order by mention_key) to '{folder / name}_truth.parquet'"
            )
    return time.perf_counter() - start, {"mentions": count[0]}


def normalise(work: str) -> Found:
    """Make the mentions again out of the deliveries' rows, as staging and the mention models do in a run."""
    with _day(work) as con:
        views = con.execute(
            "select view_name from duckdb_views() where schema_name = 'intermediate' and starts_with(view_name, 'int_mention__')"
            " order by view_name"
        ).fetchall()
        mentions = " union all ".join(f"select * from intermediate.{view}" for (view,) in views)
        start, busy = time.perf_counter(), time.process_time()
        con.execute(f"create table memory.main.mention as {mentions}")
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - busy
        row = con.execute("select count(*) from memory.main.mention").fetchone()
        assert row is not None
    return seconds, {"mentions": row[0], "cpu_seconds": cpu_seconds}


def link_ours(mentions: str, links: str, run_date: str, threads: int | None = None) -> Found:
    """Link by the cascade with the pinned model; tells also when persons stood, before households, and fingerprints."""
    import pypinyin  # noqa: F401 importing is no linking, for the peers neither
    import splink  # noqa: F401

    from linkage.link import link

    stages: dict[str, float] = {}

    def work(con: duckdb.DuckDBPyConnection) -> None:
        if threads:
            con.execute(f"set threads = {threads}")
        begun = time.perf_counter()
        link(
            con,
            _SECRET,
            lambda name: stages.update({name.removeprefix("link."): time.perf_counter() - begun}),
        )

    return _link(mentions, links, work, "linkage.mention_link", stages)


def link_exact(mentions: str, links: str, run_date: str) -> Found:
    """Link by equal ID numbers."""
    from linkage.peers import link_by_exact_number

    return _link(mentions, links, link_by_exact_number, "peer_link")


def link_splink(mentions: str, links: str, run_date: str) -> Found:
    """Link by one Splink model over all mentions, training included."""
    import splink  # noqa: F401 imported before the clock starts: importing is no linking

    from linkage.peers import link_by_splink

    return _link(mentions, links, link_by_splink, "peer_link")


def train_featured(mentions: str, model: str) -> Found:
    """Train the Splink model that has our features on these very mentions, and keep it."""
    import splink  # noqa: F401

    from linkage.featured_peer import train_featured_peer

    with _mentions(mentions, Path(model).with_suffix(".work")) as con:
        start = time.perf_counter()
        text = train_featured_peer(con)
        seconds = time.perf_counter() - start
    Path(model).write_text(text, encoding="utf-8")
    return seconds, {}


def link_featured(mentions: str, links: str, run_date: str, model: str) -> Found:
    """Link by the trained Splink model that has our features: block, predict, cluster."""
    import splink  # noqa: F401

    from linkage.featured_peer import link_by_featured_splink

    text = Path(model).read_text(encoding="utf-8")
    return _link(mentions, links, lambda con: link_by_featured_splink(con, text), "peer_link")


def from_nothing(home: str, work: str, into: str) -> Found:
    """Link the mentions of a day's work database without any day before, and count what differs from the day's own links."""
    from linkage.evaluate import differing_links
    from linkage.link import link
    from orchestration.home import Home
    from orchestration.keyring import Keyring

    secret = Keyring.open(Home(Path(home))).person_hashing
    folder = Path(into)
    folder.mkdir(exist_ok=True)
    with _day(work) as con:
        for name, query in _OF_THE_DAY.items():
            con.execute(f"copy ({query}) to '{folder / name}.parquet'")
    with _mentions(str(folder / "mention.parquet"), folder / "links.work") as con:
        con.execute("create schema staging")
        con.execute(
            f"create table {DECISIONS} as select * from read_parquet('{folder / 'decision'}.parquet')"
        )
        start = time.perf_counter()
        link(con, secret)
        seconds = time.perf_counter() - start
        links = f"read_parquet('{folder / 'link'}.parquet')"
        differing, mentions = differing_links(con, "linkage.mention_link", links)
        homes, _ = differing_links(con, f"({_HOMES})", f"read_parquet('{folder / 'home'}.parquet')")
    return seconds, {"mentions": mentions, "differing": differing, "differing_households": homes}


def _link(
    mentions: str,
    links: str,
    method: Callable[[duckdb.DuckDBPyConnection], object],
    table: str,
    stages: dict[str, float] | None = None,
) -> Found:
    found: dict[str, Any] = {"stages": stages} if stages is not None else {}
    with _mentions(mentions, Path(links).with_suffix(".work")) as con:
        start, busy = time.perf_counter(), time.process_time()
        method(con)
        seconds, found["cpu_seconds"] = time.perf_counter() - start, time.process_time() - busy
        con.execute(f"copy (select mention_key, person_key from {table}) to '{links}'")
        if table.startswith("linkage."):
            con.execute(f"copy linkage.household_member to '{links}.members.parquet'")
            found["fingerprints"] = {name: fingerprint(con, f"linkage.{name}") for name in _STEADY_TABLES}
    return seconds, found


@contextmanager
def _day(work: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A day's work database, read only; its views name it work."""
    with duckdb.connect() as con:
        con.execute(f"attach '{work}' as work (read_only)")
        con.execute("use work")
        yield con


@contextmanager
def _mentions(mentions: str | None, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A work database as a run has it, with `intermediate.int_mention` read from Parquet; gone afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        with work_database(folder / "work.duckdb") as con:
            con.execute("create schema intermediate")
            if mentions:
                con.execute(
                    "create table intermediate.int_mention as select * from read_parquet(?)", [mentions]
                )
            yield con
    finally:
        shutil.rmtree(folder)


JOBS: dict[str, Callable[..., Found]] = {
    job.__name__: job
    for job in (
        county,
        day,
        next_day,
        export,
        normalise,
        link_ours,
        link_exact,
        link_splink,
        train_featured,
        link_featured,
        from_nothing,
    )
}

if __name__ == "__main__":
    measured, findings = JOBS[sys.argv[1]](**json.loads(sys.argv[2]))
    told = {"seconds": measured, "peak_bytes": own_peak_bytes(), "found": findings}
    Path(sys.argv[3]).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
