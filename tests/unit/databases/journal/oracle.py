"""The definitions of RFC 6962 section 2.1, recursive and slow, sharing no code with the log."""

import hashlib


def head(leaves: list[bytes]) -> bytes:
    """MTH: the hash of a list of leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _below(len(leaves))
    return hashlib.sha256(b"\x01" + head(leaves[:k]) + head(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(leaves) == 1:
        return []
    k = _below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), head(leaves[k:])]
    return [*path(m - k, leaves[k:]), head(leaves[:k])]


def proof(m: int, leaves: list[bytes]) -> list[bytes]:
    """PROOF(m, D[n]) for 0 < m < n."""
    return _subproof(m, leaves, known=True)


def _subproof(m: int, leaves: list[bytes], *, known: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if known else [head(leaves)]
    k = _below(len(leaves))
    if m <= k:
        return [*_subproof(m, leaves[:k], known=known), head(leaves[k:])]
    return [*_subproof(m - k, leaves[k:], known=False), head(leaves[:k])]


def _below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k
