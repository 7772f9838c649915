"""The resources of every job: the day over this installation's folders, one process per run."""

import dagster as dg

from orchestration.home import Home
from orchestration.resources import Day


@dg.definitions
def resources() -> dg.Definitions:
    """The day resource, and the in-process executor (the multiprocess one costs five seconds a step)."""
    home = Home.from_environment()
    return dg.Definitions(
        resources={"day": Day(home_folder=str(home.root), landing_folder=str(home.landing()))},
        executor=dg.in_process_executor,
    )
