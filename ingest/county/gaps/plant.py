"""The order in which gaps are planted: scarce subjects first, so that a small county has every case.

Belongs here: the order. A new policy adds a function to its area's module and a line here.
"""

import numpy as np

from ingest.county.facts import Facts
from ingest.county.gaps import (
    civil_affairs,
    education,
    entitlement,
    funds,
    housing,
    medical,
    monitoring,
    registry,
    settlements,
    student_aid,
)
from ingest.county.gaps.book import GapBook
from ingest.county.visits import make_visits
from ingest.county.world import World

BEFORE_SETTLEMENTS = (
    # monitored and eliminated households are the scarcest, then vocational pupils and the disabled
    registry.plant_reg_06,
    monitoring.plant_reg_08,
    registry.choose_neglected,
    monitoring.plant_reg_07,
    monitoring.plant_reg_04,
    monitoring.plant_reg_03,
    monitoring.plant_reg_05,
    entitlement.plant_civ_01,
    monitoring.plant_reg_09,
    student_aid.plant_edu_06,
    student_aid.plant_edu_08,
    student_aid.plant_edu_07,
    student_aid.plant_edu_05,
    education.plant_edu_01,
    education.plant_edu_02,
    education.plant_edu_04,
    civil_affairs.plant_civ_03,
    entitlement.plant_civ_07,
    entitlement.plant_civ_08,
    entitlement.plant_civ_09,
    civil_affairs.plant_civ_04,
    civil_affairs.plant_dec_01,
    medical.plant_med_02,
    housing.plant_hou_01,
    medical.plant_med_03,
    medical.plant_med_01,
    medical.plant_med_05,
    medical.plant_med_09,
    entitlement.plant_civ_05,
    entitlement.plant_civ_06,
    education.plant_edu_03,
    housing.plant_hou_03,
    housing.plant_hou_02,
    housing.plant_hou_04,
    housing.plant_hou_05,
    registry.plant_wat_01,
    registry.plant_reg_01,
    monitoring.plant_reg_10,
    monitoring.plant_reg_11,
    entitlement.plant_civ_02,
    medical.plant_med_04,
    registry.plant_tea_01,
)
ON_SETTLEMENTS = (
    settlements.plant_med_08,
    settlements.plant_med_06,
    settlements.plant_med_07,
    settlements.plant_dec_02,
    monitoring.note_reg_07,
)


def plant_gaps(world: World, facts: Facts, book: GapBook) -> None:
    """Plant every gap but those of bills, of visits, which depend on the cards that the others give, and of funds."""
    for plant in BEFORE_SETTLEMENTS:
        plant(world, facts, book)


def plant_bills(world: World, facts: Facts, book: GapBook) -> None:
    """Plant the gaps seen in settlements, and note what all the gaps mean for eliminated households."""
    for plant in ON_SETTLEMENTS:
        plant(world, facts, book)


def plant_visits(world: World, facts: Facts, book: GapBook) -> None:
    """Add the visits at the rhythm of the cards; the neglected households' are overdue."""
    neglected = book.gaps().query("policy_id == 'VIS-01'")["true_household"].to_numpy(dtype=np.int64)
    make_visits(world, facts, book.intervals(), neglected)


def plant_funds(world: World, facts: Facts, book: GapBook) -> None:
    """Plant the gaps of projects and assets."""
    funds.plant_fnd_01(world, facts, book)
    funds.plant_assets(world, facts, book)
