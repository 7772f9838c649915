"""Large deliveries read ahead in a second process, while this one reads the others: reading keeps one core busy, no more.

Here belongs who reads what. The second process takes files in exactly as this one does (`deliver`), so that whatever
becomes of it, this one finds the file either taken in or still to take; a reader that died has cost time and nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ingest.contract import Contract, load_contracts
from ingest.deliver import take_in
from ingest.delivery import Delivery
from ingest.landing import scan
from ingest.seen import Seen

# A second process needs about a second to begin; a delivery of a megabyte is read in less.
_LEAST_BYTES = 2 << 20


class Reading:
    """Takes in one extract after the other, in the order of their names; a second reader comes from the other end."""

    def __init__(self, home: Path, landing: Path, secret: bytes, contracts: Mapping[str, Contract]) -> None:
        self._home = home
        self._landing = landing
        self._secret = secret
        self._contracts = contracts
        self._waiting: list[str] | None = None
        self._ahead: str | None = None
        self._changed = threading.Condition()
        self._reader: subprocess.Popen[str] | None = None
        self._feeder: threading.Thread | None = None

    def take(self, only: str, received_at: datetime) -> list[Delivery]:
        """As `take_in`, for one `department/extract` or `unclaimed`; raises what it raises."""
        if self._waiting is None:
            self._begin(received_at)
        with self._changed:
            if self._waiting and only in self._waiting:
                self._waiting.remove(only)
            self._changed.wait_for(lambda: self._ahead != only)
        return take_in(self._home, self._landing, received_at, self._secret, self._contracts, only=only)

    def close(self) -> None:
        """End the second reader; what it had not finished is taken in another time."""
        with self._changed:
            self._waiting = []
        if self._reader is not None:
            self._reader.kill()
            self._reader.wait()
        if self._feeder is not None:
            self._feeder.join()
        for pipe in (self._reader.stdin, self._reader.stdout) if self._reader is not None else ():
            if pipe is not None:
                with suppress(OSError):  # what it was still to be told
                    pipe.close()

    def _begin(self, received_at: datetime) -> None:
        """Start the second reader when there are two large extracts to read and a core for each."""
        large = large_and_new(self._home, self._landing, self._contracts, received_at)
        self._waiting = large if len(large) > 1 and (os.cpu_count() or 1) > 1 else []
        if not self._waiting:
            return
        self._reader = subprocess.Popen(  # fixed arguments, no shell; what is secret goes through the pipe
            [sys.executable, "-m", "ingest.ahead"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._feeder = threading.Thread(target=self._feed, args=(received_at,), daemon=True)
        self._feeder.start()

    def _feed(self, received_at: datetime) -> None:
        assert self._reader is not None and self._reader.stdin is not None and self._reader.stdout is not None
        begin = {
            "home": str(self._home),
            "landing": str(self._landing),
            "secret": self._secret.hex(),
            "received_at": received_at.isoformat(),
        }
        said = json.dumps(begin)
        while True:
            with self._changed:
                if not self._waiting:
                    break
                self._ahead = self._waiting.pop()
            said = f"{said}\n{self._ahead}\n" if said else f"{self._ahead}\n"
            try:
                self._reader.stdin.write(said)
                self._reader.stdin.flush()
                is_alive = bool(self._reader.stdout.readline())
            except OSError:
                is_alive = False
            said = ""
            with self._changed:
                self._ahead = None
                if not is_alive:
                    self._waiting = []
                self._changed.notify_all()


def large_and_new(
    home: Path, landing: Path, contracts: Mapping[str, Contract], received_at: datetime
) -> list[str]:
    """Extracts with files of together at least two megabytes that have not been seen, in the order of their names."""
    seen = Seen(home)
    sizes: dict[str, int] = defaultdict(int)
    for landed in scan(landing, contracts, received_at, None):
        if landed.contract is not None and not landed.special and not seen.knows(landed):
            sizes[landed.key] += landed.size
    return sorted(extract for extract, size in sizes.items() if size >= _LEAST_BYTES)


def _read_ahead() -> None:
    """The second process: takes in the extracts named on its standard input, answers a line for each, ends with the input."""
    begin = json.loads(sys.stdin.readline())
    contracts = load_contracts()
    for line in sys.stdin:
        take_in(
            Path(begin["home"]),
            Path(begin["landing"]),
            datetime.fromisoformat(begin["received_at"]),
            bytes.fromhex(begin["secret"]),
            contracts,
            only=line.strip(),
        )
        os.write(sys.stdout.fileno(), b".\n")  # to the first reader, who waits for a line


if __name__ == "__main__":
    _read_ahead()
