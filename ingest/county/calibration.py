"""The county's data files, read once, and the report's figures scaled to a number of persons.

Belongs here: reading and scaling. No draw and no rule.
"""

import datetime
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
SMALLEST = 500


@cache
def data_file(name: str) -> dict[str, Any]:
    """Return one of the county's YAML files by its stem."""
    with (FOLDER / f"{name}.yaml").open(encoding="utf-8") as file:
        loaded: dict[str, Any] = yaml.safe_load(file)
    return loaded


@dataclass(frozen=True)
class Targets:
    """The report's figures for this county: counts of things, sums in yuan."""

    persons: int
    townships: int
    villages: int
    lifted_out_villages: int
    key_villages: int
    lifted_out_households: int
    lifted_out_persons: int
    monitored_households: int
    monitored_persons: int
    lifted_out_income_per_capita: float
    lifted_out_income_growth: float
    team_members: int
    projects_2024: int
    projects_2024_yuan: int
    projects_this_year: int
    central_provincial_funds: int
    central_provincial_funds_change: int
    county_funds: int
    county_funds_growth: float
    assets: int
    assets_yuan: int


def scaled(persons: int) -> Targets:
    """Return the report's figures scaled to `persons`; raises ValueError below the smallest county that can hold every case."""
    if persons < SMALLEST:
        raise ValueError(f"a county needs at least {SMALLEST} persons, {persons} were asked for")
    report = data_file("calibration")["report"]
    factor = persons / report["persons"]

    def count(name: str, least: int = 1) -> int:
        return max(least, round(report[name] * factor))

    lifted_out_villages, key_villages = count("lifted_out_villages", 4), count("key_villages", 2)
    lifted_out_households, monitored_households = (
        count("lifted_out_households"),
        count("monitored_households", 8),
    )
    return Targets(
        persons=persons,
        townships=max(2, min(report["townships"], round(report["townships"] * factor**0.5))),
        villages=max(count("villages"), lifted_out_villages + key_villages + 4),
        lifted_out_villages=lifted_out_villages,
        key_villages=key_villages,
        lifted_out_households=lifted_out_households,
        lifted_out_persons=round(
            lifted_out_households * report["lifted_out_persons"] / report["lifted_out_households"]
        ),
        monitored_households=monitored_households,
        monitored_persons=round(
            monitored_households * report["monitored_persons"] / report["monitored_households"]
        ),
        lifted_out_income_per_capita=report["lifted_out_income_per_capita"],
        lifted_out_income_growth=report["lifted_out_income_growth"],
        team_members=max(count("team_members"), 2 * (lifted_out_villages + key_villages)),
        projects_2024=count("projects_2024", 3),
        projects_2024_yuan=count("projects_2024_yuan"),
        projects_this_year=count("projects_this_year", 4),
        central_provincial_funds=count("central_provincial_funds"),
        central_provincial_funds_change=count("central_provincial_funds_change"),
        county_funds=count("county_funds"),
        county_funds_growth=report["county_funds_growth"],
        assets=count("assets", 10),
        assets_yuan=count("assets_yuan"),
    )


@dataclass(frozen=True)
class Today:
    """The run date and the periods that follow from it."""

    day: datetime.date
    premium_year: int
    term: str
    term_due: datetime.date

    @property
    def term_is_due(self) -> bool:
        """Whether the term's aid should have been paid by the run date."""
        return self.day > self.term_due


def today(run_date: datetime.date) -> Today:
    """Return the premium year, the school term and the day its aid is due, as the policies define them."""
    rules = data_file("calibration")["rules"]
    year, month = run_date.year, run_date.month
    if 3 <= month <= 8:
        term_year, season = year, "春"
    else:
        term_year, season = (year if month >= 9 else year - 1), "秋"
    due_month, due_day = rules["term_payment_due"][season]
    return Today(
        day=run_date,
        premium_year=year if month >= rules["premium_year_from_month"] else year - 1,
        term=f"{term_year}{season}",
        term_due=datetime.date(term_year, due_month, due_day),
    )
