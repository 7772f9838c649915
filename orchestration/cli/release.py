"""The verb `hulian release`: a person lets a held delivery in.

Words and exit codes only; which deliveries are in force is decided by `ingest.register`.
"""

import getpass
from datetime import datetime

from rich.console import Console

from ingest import register
from orchestration.cli.messages import Messages
from orchestration.home import Home

_WRONG_USAGE = 2


def release(home: Home, delivery_id: str, at: datetime, lang: str) -> int:
    """Release `delivery_id` in the name of who is logged in; it counts from the next run on.

    Returns 0, or 2 when there is no such delivery or it was rejected (a rejected one has to be sent again).
    """
    say = Messages(lang)
    verdicts = {found.delivery_id: found.verdict for found in register.load_deliveries(home.root)}
    told = None
    if delivery_id not in verdicts:
        told = say("release.unknown", delivery=delivery_id)
    elif verdicts[delivery_id] == "rejected":
        told = say("release.rejected", delivery=delivery_id)
    if told:
        Console(stderr=True).print(told, style="red", soft_wrap=True, markup=False)
        return _WRONG_USAGE
    register.release(home.root, delivery_id, getpass.getuser(), at)
    Console().print(say("release.done", delivery=delivery_id), soft_wrap=True, markup=False)
    return 0
