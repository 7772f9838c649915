"""Gaps of projects and assets: FND-01, FND-02, FND-03.

Belongs here: payments behind the calendar, assets that nobody keeps or uses.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.facts import Facts, numbers
from ingest.county.gaps.book import GapBook
from ingest.county.world import World


def plant_fnd_01(world: World, facts: Facts, book: GapBook) -> None:
    """Projects at work whose payments trail by more than is tolerated; near: by a little less."""
    rng, projects = book.rng("FND-01"), facts.frames["funds/projects"]
    payments = facts.frames["funds/disbursements"]
    lag = data_file("calibration")["rules"]["disbursement_lag"]
    start = projects["started_on"].to_numpy().astype("datetime64[D]")
    due = projects["due_on"].to_numpy().astype("datetime64[D]")
    elapsed = np.clip((world.run_day - start) / (due - start), 0, 1)
    order = rng.permutation(np.flatnonzero((elapsed > 0.4) & (start < world.run_day - 60)))
    chosen = order[: book.wanted("FND-01")]
    near = order[len(chosen) : len(chosen) + book.near_wanted("FND-01")]
    behind = {"gap": (chosen, -0.05), "near": (near, 0.001)}
    extra = []
    for prefix, (rows, margin) in zip(("BF98", "BF99"), behind.values(), strict=True):
        extra.append(
            pd.DataFrame(
                {
                    "disbursement_no": numbers(prefix, len(rows), 6).to_numpy(dtype=object),
                    "project_no": projects["project_no"].to_numpy()[rows],
                    "paid_on": start[rows] + 20,
                    "amount": np.round(
                        projects["planned_fund"].to_numpy()[rows] * (elapsed[rows] - lag + margin), 2
                    ),
                }
            )
        )
    touched = projects.index[np.concatenate([chosen, near])]
    projects.loc[touched, "status"] = "在建"
    projects.loc[touched, "completed_on"] = pd.NaT
    kept = payments[~payments["project_no"].isin(projects.loc[touched, "project_no"])]
    facts.frames["funds/disbursements"] = (
        pd.concat([kept, *extra]).sort_values(["paid_on", "project_no"], kind="stable").reset_index(drop=True)
    )
    number = projects["project_no"].to_numpy(dtype=object)
    book.subject_gaps("FND-01", "project", number[chosen].tolist(), "payments behind the calendar")
    book.near_subjects("FND-01", "project", number[near].tolist(), "payments just within what is tolerated")


def plant_assets(world: World, facts: Facts, book: GapBook) -> None:
    """Assets without a custodian (FND-02), and operating assets idle or damaged (FND-03); near: disposed of, and public ones idle."""
    rng, assets = book.rng("FND assets"), facts.frames["funds/assets"]
    order = rng.permutation(len(assets))
    operating = (assets["asset_kind"] == "经营性").to_numpy()[order]
    idle = order[operating][: book.wanted("FND-03")]
    quiet = order[~operating][: book.near_wanted("FND-03")]
    rest = order[~np.isin(order, [*idle, *quiet])]
    orphan = rest[: book.wanted("FND-02")]
    sold = rest[len(orphan) : len(orphan) + book.near_wanted("FND-02")]
    assets.loc[idle[0::2], "status"] = "闲置"
    assets.loc[idle[1::2], "status"] = "损毁"
    assets.loc[quiet, "status"] = "闲置"
    assets.loc[sold, "status"] = "处置"
    assets.loc[[*orphan, *sold], "custodian"] = ""
    number = assets["asset_no"].to_numpy(dtype=object)
    book.subject_gaps("FND-03", "asset", number[idle].tolist(), "operating asset idle or damaged")
    book.near_subjects("FND-03", "asset", number[quiet].tolist(), "other asset idle")
    book.subject_gaps("FND-02", "asset", number[orphan].tolist(), "no custodian")
    book.near_subjects("FND-02", "asset", number[sold].tolist(), "no custodian, disposed of")
