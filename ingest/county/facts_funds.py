"""The project office's and the finance bureau's books: projects, allocations, disbursements, assets, to the report's sums.

Belongs here: money and what it built. People do not occur.
"""

import numpy as np
import pandas as pd

from ingest.county.draw import amounts_with_total, days_between, stream, texts, weighted
from ingest.county.facts import Facts, numbers
from ingest.county.facts_registry import staff_names
from ingest.county.world import World

KINDS = {
    "产业发展": ["特色种植基地", "畜禽养殖园", "农产品加工厂"],
    "基础设施": ["通组路硬化", "桥梁修建", "山坪塘整治"],
    "公共服务": ["卫生室改造", "饮水安全巩固"],
    "就业": ["公益性岗位", "就业技能培训"],
    "人居环境": ["厕所改造", "垃圾收运"],
    "其他": ["项目管理费"],
}


def make_funds(world: World, facts: Facts) -> None:
    """Add funds/projects, funds/allocations, funds/disbursements and funds/assets."""
    _projects(world, facts)
    _allocations(world, facts)
    _disbursements(world, facts)
    _assets(world, facts)


def _projects(world: World, facts: Facts) -> None:
    """Projects of 2024, of the year before the run's and of the run's year; 2024's planned total is the report's."""
    rng, targets, this_year = stream(world.seed, "projects"), world.targets, world.today.day.year
    counts = {2024: targets.projects_2024, this_year: targets.projects_this_year}
    counts.setdefault(this_year - 1, round(targets.projects_2024 * 1.15))
    parts = []
    for year in sorted(counts):
        count = counts[year]
        total = (
            targets.projects_2024_yuan
            if year == 2024
            else round(targets.projects_2024_yuan * count / targets.projects_2024)
        )
        kind = weighted(rng, list(KINDS), [52, 24, 8, 6, 9, 1], count)
        planned = amounts_with_total(rng, count, total)
        started = days_between(rng, np.datetime64(f"{year}-02-15"), np.datetime64(f"{year}-06-30"), count)
        due = started + rng.integers(120, 330, count)
        completed = np.minimum(due + rng.integers(-40, 20, count), np.datetime64(f"{year}-12-30"))
        done = completed <= world.run_day - 3
        late = ~done & (started > world.run_day)
        village = rng.choice(world.villages["village_name"].to_numpy(dtype=object), count)
        township = rng.choice(texts(world.villages["township_name"].unique().tolist()), count)
        what = texts(
            [
                KINDS[name][pick % len(KINDS[name])]
                for name, pick in zip(kind, rng.integers(0, 6, count), strict=True)
            ]
        )
        parts.append(
            pd.DataFrame(
                {
                    "project_no": numbers(f"XM{year}", count, 4),
                    "project_name": str(year) + "年" + township + village + what + "项目",
                    "project_kind": kind,
                    "year": year,
                    "township_name": township,
                    "planned_total": planned,
                    "planned_fund": np.round(planned * rng.uniform(0.6, 0.95, count), -2),
                    "started_on": started,
                    "due_on": due,
                    "completed_on": np.where(done, completed, np.datetime64("NaT", "D")),
                    "status": np.where(
                        done,
                        np.where(rng.random(count) < 0.6, "验收", "完工"),
                        np.where(late, "储备", "在建"),
                    ),
                }
            )
        )
    facts.frames["funds/projects"] = pd.concat(parts, ignore_index=True)


def _allocations(world: World, facts: Facts) -> None:
    rng, targets, year = stream(world.seed, "allocations"), world.targets, world.today.day.year
    cents = round(targets.county_funds / (1 + targets.county_funds_growth), 2)
    above = {
        year: targets.central_provincial_funds,
        year - 1: targets.central_provincial_funds - targets.central_provincial_funds_change,
    }
    rows: list[tuple[int, str, float, np.datetime64]] = []
    for of_year, total in above.items():
        amounts = amounts_with_total(rng, 6, total, spread=0.4)
        days = days_between(rng, np.datetime64(f"{of_year}-01-05"), np.datetime64(f"{of_year}-09-20"), 6)
        rows += [
            (of_year, "中央" if place % 2 else "省", float(amount), day)
            for place, (amount, day) in enumerate(zip(amounts, days, strict=True))
        ]
        county = float(targets.county_funds) if of_year == year else cents
        rows += [
            (of_year, "县", round(county * 0.6, 2), days[0]),
            (of_year, "县", round(county - round(county * 0.6, 2), 2), days[1]),
        ]
    frame = pd.DataFrame(rows, columns=["year", "source_level", "amount", "allocated_on"])
    frame["allocation_no"] = numbers("ZJ", len(frame), 6)
    facts.frames["funds/allocations"] = frame


def _disbursements(world: World, facts: Facts) -> None:
    """Three payments per project under way or done, never behind the elapsed share of its time."""
    rng, projects = stream(world.seed, "disbursements"), facts.frames["funds/projects"]
    active = projects[projects["status"] != "储备"]
    start, due = (
        active["started_on"].to_numpy().astype("datetime64[D]"),
        active["due_on"].to_numpy().astype("datetime64[D]"),
    )
    elapsed = np.clip((world.run_day - start) / (due - start), 0, 1)
    paid = np.where(
        active["status"] == "在建", np.minimum(1.0, elapsed * rng.uniform(0.95, 1.1, len(active)) + 0.03), 1.0
    )
    amount = active["planned_fund"].to_numpy() * paid
    last = np.minimum(due, world.run_day - 3)
    parts = []
    for share, place in ((0.4, 0.15), (0.35, 0.5), (0.25, 0.9)):
        day = start + ((last - start).astype(np.int64) * place).astype("timedelta64[D]")
        parts.append(
            pd.DataFrame(
                {
                    "project_no": active["project_no"].to_numpy(),
                    "paid_on": day,
                    "amount": np.round(amount * share, 2),
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    frame = (
        frame[frame["amount"] > 0]
        .sort_values(["paid_on", "project_no"], kind="stable")
        .reset_index(drop=True)
    )
    frame["disbursement_no"] = numbers("BF", len(frame), 8)
    facts.frames["funds/disbursements"] = frame


def _assets(world: World, facts: Facts) -> None:
    rng, count = stream(world.seed, "assets"), world.targets.assets
    kind = weighted(rng, ["经营性", "公益性", "到户类"], [35, 50, 15], count)
    village = rng.integers(0, len(world.villages), count)
    projects = facts.frames["funds/projects"]["project_no"].to_numpy(dtype=object)
    name = (
        pd.Series(kind)
        .map({"经营性": "产业园区", "公益性": "村组道路", "到户类": "到户种养物资"})
        .to_numpy(dtype=object)
    )
    facts.frames["funds/assets"] = pd.DataFrame(
        {
            "asset_no": numbers("ZC519901", count, 6),
            "asset_name": world.villages["village_name"].to_numpy(dtype=object)[village] + name,
            "asset_kind": kind,
            "original_value": amounts_with_total(rng, count, world.targets.assets_yuan, spread=0.9),
            "year": rng.integers(2016, world.today.day.year, count),
            "owner": world.villages["village_name"].to_numpy(dtype=object)[village] + "集体经济组织",
            "custodian": staff_names(rng, count),
            "status": "在用",
            "village_code": world.villages["village_code"].to_numpy(dtype=object)[village],
            "project_no": np.where(rng.random(count) < 0.3, rng.choice(projects, count), ""),
        }
    )
