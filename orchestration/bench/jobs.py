"""The jobs of the bench, each run as `python -m orchestration.bench.jobs NAME ARGUMENTS RESULT` in its own process.

A job ends by writing JSON into the file RESULT: the seconds of its work (loading and start-up apart) and what it found.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.bench.measure import own_peak_bytes

Found = tuple[float, dict[str, Any]]


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


def link_ours(mentions: str, links: str, run_date: str) -> Found:
    """Link by the cascade with the pinned model."""
    from linkage.link import link

    return _peer(mentions, links, lambda con: link(con, b"secret of the bench"), "linkage.mention_link")


def link_exact(mentions: str, links: str, run_date: str) -> Found:
    """Link by equal ID numbers."""
    from linkage.peers import link_by_exact_number

    return _peer(mentions, links, link_by_exact_number, "peer_link")


def link_splink(mentions: str, links: str, run_date: str) -> Found:
    """Link by one Splink model over all mentions, training included."""
    import splink  # noqa: F401 imported before the clock starts: importing is no linking

    from linkage.peers import link_by_splink

    return _peer(mentions, links, link_by_splink, "peer_link")


def _peer(
    mentions: str, links: str, method: Callable[[duckdb.DuckDBPyConnection], object], table: str
) -> Found:
    from orchestration.engine import work_database

    folder = Path(links).with_suffix(".work")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with work_database(folder / "work.duckdb") as con:
        con.execute("create schema intermediate")
        con.execute("create table intermediate.int_mention as select * from read_parquet(?)", [mentions])
        start = time.perf_counter()
        method(con)
        seconds = time.perf_counter() - start
        con.execute(f"copy (select mention_key, person_key from {table}) to '{links}'")
        if table.startswith("linkage."):
            con.execute(f"copy linkage.household_member to '{links}.members.parquet'")
    shutil.rmtree(folder)
    return seconds, {}


JOBS: dict[str, Callable[..., Found]] = {
    job.__name__: job for job in (county, day, next_day, export, link_ours, link_exact, link_splink)
}

if __name__ == "__main__":
    measured, findings = JOBS[sys.argv[1]](**json.loads(sys.argv[2]))
    told = {"seconds": measured, "peak_bytes": own_peak_bytes(), "found": findings}
    Path(sys.argv[3]).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
