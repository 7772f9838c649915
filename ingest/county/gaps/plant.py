"""The order in which gaps are planted: scarce subjects first, so that a small county has every case.

Belongs here: the order. A new policy adds a function to its area's module and a line here.
"""

import numpy as np

from ingest.county.facts import Facts
from ingest.county.gaps import civil_affairs, education, housing, medical, registry
from ingest.county.gaps.book import GapBook
from ingest.county.visits import make_visits
from ingest.county.world import World


def plant_gaps(world: World, facts: Facts, book: GapBook) -> None:
    """Plant every gap but the visits', which depend on the cards that the others give."""
    registry.plant_reg_06(world, facts, book)
    registry.choose_neglected(world, facts, book)
    education.plant_edu_01(world, facts, book)
    education.plant_edu_04(world, facts, book)
    civil_affairs.plant_civ_04(world, facts, book)
    civil_affairs.plant_dec_01(world, facts, book)
    civil_affairs.plant_civ_03(world, facts, book)
    housing.plant_hou_01(world, facts, book)
    medical.plant_med_03(world, facts, book)
    medical.plant_med_01(world, facts, book)
    medical.plant_med_05(world, facts, book)
    registry.plant_wat_01(world, facts, book)
    registry.plant_reg_01(world, facts, book)
    registry.plant_tea_01(world, facts, book)


def plant_visits(world: World, facts: Facts, book: GapBook) -> None:
    """Add the visits at the rhythm of the cards; the neglected households' are overdue."""
    neglected = book.gaps().query("policy_id == 'VIS-01'")["true_household"].to_numpy(dtype=np.int64)
    make_visits(world, facts, book.intervals(), neglected)
