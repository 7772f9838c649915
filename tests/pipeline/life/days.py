"""A day of the small county in this process: the same steps as a run, without Dagster's history and without the judges.

The steps are those of the assets (take in, open, stage, link, join, ask, order, publish), in their order, over the same
folders. dbt compiles its models once, on a day that no calendar has; each day's SQL is that with the day put in. Left
out, because other tests hold it and it costs most of a run's time: Great Expectations, dbt's tests, the registry's quality
rules, the audit before publishing.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from expectations.ask import ask
from expectations.documents import HERE as EXPECTATIONS
from expectations.doubt import write_doubt
from expectations.parameters import Parameters, resolve
from expectations.policy import Policy, load_policies
from expectations.ranking import rank
from ingest.contract import load_contracts
from ingest.deliver import take_in
from linkage import quality
from linkage.doubtful import write_doubtful
from linkage.link import link
from linkage.review import write_review
from orchestration import contacts, previous, publish, raw
from orchestration.dbt import PROJECT, STEPS
from orchestration.engine import work_database
from orchestration.freshness import stale_extracts
from orchestration.home import Home
from orchestration.keyring import Keyring

_RECEIVED = datetime(2099, 1, 1, tzinfo=UTC)  # long after every file was written: nothing is waited for
_NO_DAY = "2026-11-31"
# All models before the policies are asked, and of those after it the ones that tell of gaps.
_MODELS = (
    "tag:stage", "tag:join", "policy_gap", "policy_result", "warning_card", "visit_due", "linked_household", "delivery",
    "source_record", "int_issue__linked",
)  # fmt: skip
_LEFT_OUT = ("resource_type:test", "resource_type:unit_test", "resource_type:seed", "path:models/intermediate/registry_rule")  # fmt: skip


class Installation:
    """One home and landing folder, with the month's own policies and parameters."""

    def __init__(self, folder: Path, in_force: dict[str, Any], parameters: dict[str, Any]) -> None:
        self.home = Home(folder / "home")
        self.home.make()
        self.landing = folder / "landing"
        self._folder = folder
        self._contracts = load_contracts()
        self._keyring = Keyring(b"the key of the thirty days")
        self._policies = [_dated(policy, in_force) for policy in load_policies()]
        self._parameters_file = _with_values(folder, parameters)

    def run(self, run_date: date) -> dict[str, str]:
        """Take in what lies in landing and publish the day; the fingerprint of every published table."""
        take_in(self.home.root, self.landing, _RECEIVED, self._keyring.row_hashing, self._contracts)
        parameters = resolve(run_date, path=self._parameters_file)
        work = self.home.work / run_date.isoformat()
        work.mkdir(exist_ok=True)
        file = work / "work.duckdb"
        file.unlink(missing_ok=True)
        stale = stale_extracts(
            raw.statuses_on(self.home, run_date, self._contracts), self._contracts, parameters
        )
        with work_database(file) as con:
            raw.open_deliveries(con, self.home, run_date, self._contracts)
        with (
            work_database(file) as con,
            previous.attached(con, self.home, run_date) as before,
        ):
            self._build(con, "stage", parameters)
            link(con, self._keyring.person_hashing, previous=before, run_date=run_date)
            write_review(con, quality.settings()["doubtful_from"])
            write_doubtful(con)
            self._build(con, "join", parameters)
            ask(
                con, run_date, parameters, stale, f"{before}.marts" if before else None,
                policies=self._policies, redirects="linkage.key_redirect", sent_table="staging.stg_work_list__sent",
            )  # fmt: skip
            write_doubt(con, self._policies, parameters)
            rank(con, parameters)
            contacts.write_keys(con, self._keyring.staff_hashing)
            con.execute("create table policies.earlier_result as from policies.result where false")
            self._build(con, "order", parameters)
        key = self._keyring.restricted_database
        return publish.publish(self.home, file, f"run-{run_date}", run_date, key, {}).fingerprints

    def read(self, run_date: date | None = None) -> closing[duckdb.DuckDBPyConnection]:
        """The published warehouse of a day, or the one that readers see."""
        folder = self.home.history / run_date.isoformat() if run_date else self.home.published
        return closing(duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True))

    def names(self, run_date: date) -> dict[str, str]:
        """person_key → name, from the day's private database (in life: the restricted file)."""
        with closing(
            duckdb.connect(str(self.home.work / run_date.isoformat() / "work.duckdb"), read_only=True)
        ) as con:
            return dict(con.execute("select person_key, name from linkage.person").fetchall())

    def _build(self, con: duckdb.DuckDBPyConnection, step: str, parameters: Parameters) -> None:
        for schema in ("staging", "intermediate", "marts", "lineage"):
            con.execute(f"create schema if not exists {schema}")
        for name, tag, kind, sql in self._models:
            if tag == step:
                text = sql.replace(_NO_DAY, parameters.run_date.isoformat())
                con.execute(f"create or replace {kind} {name} as {text}")

    @cached_property
    def _models(self) -> list[tuple[str, str, str, str]]:
        """Name, step, table or view, and SQL of every model that the month needs, parents first."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HULIAN_HOME", str(self.home.root))
            # models name the database by its file
            patch.setenv("HULIAN_WORK_DB", str(self._folder / "work.duckdb"))
            from orchestration.defs.warehouse.assets import (
                dbt_variables,
            )  # parses the project when it is imported

            variables = dbt_variables(resolve(date(2026, 11, 1))) | {"run_date": _NO_DAY}
            command = [
                "--log-level", "none", "--log-level-file", "none", "compile", "--select", *_MODELS, "--exclude", *_LEFT_OUT,
                "--vars", json.dumps(variables, ensure_ascii=False, default=str),
                "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
                "--target-path", str(self._folder / "target"), "--log-path", str(self._folder / "logs"),
            ]  # fmt: skip
            outcome = dbtRunner().invoke(command)
        DuckDBConnectionManager.close_all_connections()
        assert outcome.success, outcome.exception
        nodes = {each.node.unique_id: each.node for each in outcome.result.results}
        order = TopologicalSorter(
            {key: set(node.depends_on_nodes) & set(nodes) for key, node in nodes.items()}
        )
        return [_model(nodes[key]) for key in order.static_order()]


def _model(node: Any) -> tuple[str, str, str, str]:
    step = next(step for step in STEPS if step in node.tags)
    return node.relation_name, step, node.config.materialized, node.compiled_code


def _dated(policy: Policy, in_force: dict[str, Any]) -> Policy:
    return replace(policy, in_force_from=in_force[policy.id]["from"]) if policy.id in in_force else policy


def _with_values(folder: Path, changes: dict[str, Any]) -> Path:
    """The house's parameters with values that change on a day of the month."""
    document = yaml.safe_load((EXPECTATIONS / "parameters.yaml").read_text(encoding="utf-8"))
    for name, change in changes.items():
        (default,) = document["parameters"][name]["values"]
        new = {**default, "from": change["from"], "value": change["value"]}
        default["to"] = change["from"].replace(day=change["from"].day - 1)
        document["parameters"][name]["values"].append(new)
    path = folder / "parameters.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path
