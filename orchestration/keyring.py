"""The one secret of an installation and the keys derived from it.

HULIAN_KEY holds the secret; where it is unset, one is made at first use and kept in `secret.key` (0600).
Each purpose has its own key, so that knowing one (a warehouse key given to a reader) tells nothing of the others.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass

from orchestration.home import PRIVATE_FILE, Home

_SECRET_BYTES = 32


@dataclass(frozen=True, repr=False)
class Keyring:
    """Keys by purpose; never printed (no repr)."""

    secret: bytes

    @classmethod
    def open(cls, home: Home) -> "Keyring":
        """Read HULIAN_KEY, else the home's secret file, which is made when it is missing."""
        from_environment = os.environ.get("HULIAN_KEY")
        if from_environment:
            return cls(from_environment.encode())
        path = home.root / "secret.key"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        except FileExistsError:
            return cls(path.read_bytes().strip())
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(_SECRET_BYTES).encode())
            file.flush()
            os.fsync(file.fileno())
        return cls(path.read_bytes().strip())

    def _derive(self, purpose: str) -> bytes:
        return hmac.new(self.secret, purpose.encode(), hashlib.sha256).digest()

    @property
    def row_hashing(self) -> bytes:
        """Keys record_key."""
        return self._derive("record_key")

    @property
    def person_hashing(self) -> bytes:
        """Keys person_key and household_key."""
        return self._derive("person_key")

    @property
    def staff_hashing(self) -> bytes:
        """Keys the contacts and helpers of households."""
        return self._derive("contact_key")

    @property
    def restricted_database(self) -> str:
        """Encrypts restricted.duckdb (AES-256-GCM); hex text."""
        return self._derive("restricted.duckdb").hex()
