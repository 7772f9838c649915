"""Gaps of the civil affairs policies: CIV-03, CIV-04, DEC-01.

Belongs here: assistance twice, after death, or known to one book only.
"""

import numpy as np
import pandas as pd

from ingest.county.draw import Ints, days_between
from ingest.county.facts import DIBAO, TEKUN, Facts, numbers
from ingest.county.gaps.book import GapBook
from ingest.county.world import World


def add_families(world: World, facts: Facts, people: Ints, prefix: str, **columns: object) -> None:
    """Add families of one person each; nobody adds none."""
    if not len(people):
        return
    village = world.villages.iloc[world.people["village"].to_numpy()[people]]
    families = pd.DataFrame(
        {
            "status": "在保",
            "support_mode": "",
            "from_date": pd.NaT,
            "to_date": pd.NaT,
            "monthly_amount": 420.0,
            "township_name": village["township_name"].to_numpy(),
            "village_name": village["village_name"].to_numpy(),
            "bank_account": numbers("6210009", len(people), 12).to_numpy(dtype=object),
            "_household": world.people["household"].to_numpy()[people],
        }
        | columns,
        index=pd.Index(numbers(prefix, len(people), 7), name="assistance_no"),
    )
    families["from_date"] = pd.to_datetime(families["from_date"])
    families["to_date"] = pd.to_datetime(families["to_date"])
    facts.families = pd.concat([facts.families, families])
    facts.family_members = pd.concat(
        [facts.family_members, pd.DataFrame({"assistance_no": families.index, "person": people})],
        ignore_index=True,
    )


def plant_civ_04(world: World, facts: Facts, book: GapBook) -> None:
    """People in a 低保 family and a 特困 family at once; near: the 低保 ended when 特困 began."""
    rng = book.rng("CIV-04")
    dibao, tekun = facts.assisted(world, *DIBAO), facts.assisted(world, *TEKUN)
    # A healthy target adult in 特困 would be in doubt as well (CIV-06).
    beyond_doubt = ~world.people["is_target"].to_numpy() | (world.people["age"] >= 60).to_numpy()
    grown = (world.people["age"] >= 18).to_numpy()
    chosen = book.people(rng, dibao & ~tekun & grown & beyond_doubt, book.wanted("CIV-04"))
    paid = np.datetime64(
        f"{world.today.premium_year}-03-01"
    )  # after the premium, so that no subsidy depends on it
    start = days_between(rng, min(paid, world.run_day - 40), world.run_day - 35, len(chosen))
    add_families(
        world,
        facts,
        chosen,
        "51990138",
        category="特困供养",
        support_mode="分散",
        from_date=start,
        monthly_amount=910.0,
    )
    book.person_gaps("CIV-04", chosen, "in a 低保 family and a 特困 family")
    near = book.people(rng, tekun & ~dibao, book.near_wanted("CIV-04"))
    began = facts.assisted_since(world, *TEKUN).to_numpy().astype("datetime64[D]")[near]
    add_families(
        world,
        facts,
        near,
        "51990137",
        category="农村低保",
        status="停保",
        from_date=began - np.timedelta64(800, "D"),
        to_date=began,
    )
    book.near_people("CIV-04", near, "低保 stopped when 特困 began")


def plant_dec_01(world: World, facts: Facts, book: GapBook) -> None:
    """Dead people still in an assisted family: their household's where there is one, else their own; near: died within the grace."""
    rng, people = book.rng("DEC-01"), world.people
    died = people["died_on"]
    grace = pd.Timestamp(world.run_day) - pd.Timedelta(days=30)
    chosen = book.people(rng, (died < grace - pd.Timedelta(days=5)).to_numpy(), book.wanted("DEC-01"))
    near = book.people(rng, (died > grace).to_numpy(), book.near_wanted("DEC-01"))
    for prefix, group in (("51990135", chosen), ("51990136", near)):
        start = died.to_numpy().astype("datetime64[D]")[group] - rng.integers(200, 2500, len(group)).astype(
            "timedelta64[D]"
        )
        add_families(world, facts, group, prefix, category="农村低保", from_date=start)
    book.person_gaps("DEC-01", chosen, "dead and still assisted")
    book.near_people("DEC-01", near, "died within the grace")


def plant_civ_03(world: World, facts: Facts, book: GapBook) -> None:
    """The registry and the assistance list differ about 低保, both ways; near: blank and not assisted."""
    rng, persons = book.rng("CIV-03"), facts.frames["registry/persons"]
    target, dibao, count = (
        world.people["is_target"].to_numpy(),
        facts.assisted(world, *DIBAO),
        book.wanted("CIV-03"),
    )
    claimed = book.people(rng, target & ~facts.assisted(world), count - count // 2)
    persons.loc[persons["_self"].isin(claimed), "dibao_status"] = DIBAO[0]
    book.person_gaps("CIV-03", claimed, "the registry says 低保, no family in force")
    unknown = book.people(rng, target & dibao, count // 2)
    persons.loc[persons["_self"].isin(unknown), "dibao_status"] = "未享受"
    book.person_gaps("CIV-03", unknown, "in a 低保 family, the registry says 未享受")
    near = book.people(rng, target & ~facts.assisted(world), book.near_wanted("CIV-03"))
    persons.loc[persons["_self"].isin(near), "dibao_status"] = ""
    book.near_people("CIV-03", near, "blank and not assisted")
