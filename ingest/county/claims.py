"""The report's figures as it claims them, for the figures page to lay beside what is found.

Belongs here: report_claims.csv. What is found is the warehouse's business.
"""

from pathlib import Path

import pandas as pd

from ingest.county.world import World


def write_claims(path: Path, world: World) -> None:
    """Write figure_id, claimed; shares and growths are per cent, money is yuan."""
    targets = world.targets
    claims = {
        "registered_persons": targets.persons,
        "townships": targets.townships,
        "lifted_out_villages": targets.lifted_out_villages,
        "key_villages": targets.key_villages,
        "lifted_out_households": targets.lifted_out_households,
        "lifted_out_persons": targets.lifted_out_persons,
        "monitored_households": targets.monitored_households,
        "monitored_persons": targets.monitored_persons,
        "lifted_out_income_per_capita": targets.lifted_out_income_per_capita,
        "lifted_out_income_growth": round(100 * targets.lifted_out_income_growth, 2),
        "team_members": targets.team_members,
        "projects_2024": targets.projects_2024,
        "projects_2024_yuan": targets.projects_2024_yuan,
        "projects_this_year": targets.projects_this_year,
        "central_provincial_funds": targets.central_provincial_funds,
        "central_provincial_funds_change": targets.central_provincial_funds_change,
        "county_funds": targets.county_funds,
        "county_funds_growth": round(100 * targets.county_funds_growth, 2),
        "assets": targets.assets,
        "assets_yuan": targets.assets_yuan,
        "lifted_out_children_on_roll_share": 100,
        "lifted_out_insured_share": 100,
        # whole cover (全覆盖, 应保尽保) and a contact for each monitored household, as the report words them
        "lifted_out_safe_dwelling_share": 100,
        "lifted_out_safe_water_share": 100,
        "education_aid_share": 100,
        "medical_aid_share": 100,
        "monitored_subsistence_share": 100,
        "monitored_contact_share": 100,
    }
    frame = pd.DataFrame({"figure_id": list(claims), "claimed": [str(value) for value in claims.values()]})
    frame.to_csv(path, index=False, lineterminator="\n")
