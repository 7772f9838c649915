"""Keyed hashes in SQL: person and household keys that nobody can turn back into an ID number.

Holds the HMAC expression and nothing about who gets which key (`identify`, `household`).
An unkeyed hash of an ID number is reversed in hours on one core, so every key is an HMAC-SHA256
(RFC 2104) under a secret that stays in the restricted zone.
"""

import hashlib

_BLOCK_BYTES = 64  # block size of SHA-256, fixed by FIPS 180-4
_KEY_HEX_DIGITS = 20  # 80 bits: a collision among 10 million keys has a chance of 4e-11


def hmac_sha256_sql(expression: str, secret: bytes) -> str:
    """A DuckDB expression: hex HMAC-SHA256 of a text expression (64 characters; null stays null)."""
    block = hashlib.sha256(secret).digest() if len(secret) > _BLOCK_BYTES else secret
    block = block.ljust(_BLOCK_BYTES, b"\0")
    inner = bytes(byte ^ 0x36 for byte in block).hex()
    outer = bytes(byte ^ 0x5C for byte in block).hex()
    return f"sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode({expression}))))"


def key_sql(prefix: str, expression: str, secret: bytes) -> str:
    """A DuckDB expression: `prefix` and the first 20 hex digits of the HMAC of a text expression."""
    return f"'{prefix}' || left({hmac_sha256_sql(expression, secret)}, {_KEY_HEX_DIGITS})"
