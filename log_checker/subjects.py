"""Chains of subjects and the tree over them: this program's own reading of docs/log-format.md."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import groupby

_BUCKET_MOST = 16
RECORD = 32 + 8 + 32
# A part of the tree: the subjects themselves while they fit into a bucket above, else its hash.
Part = tuple[list[tuple[bytes, bytes]], bytes]


def record(tag: bytes, leaf_index: int, leaf_hash: bytes) -> bytes:
    """Write what a chain needs of an entry so that sorting gives chains in log order."""
    return tag + leaf_index.to_bytes(8, "big") + leaf_hash


def chain_all(records: Iterable[bytes]) -> list[tuple[bytes, bytes]]:
    """Chain sorted records; gives tag and hash of the state of each subject, sorted by tag."""
    sha256 = hashlib.sha256
    states = []
    for tag, links in groupby(records, key=lambda one: one[:32]):
        count, head = 0, bytes(32)
        for link in links:
            head = sha256(b"\x05" + head + link[32:]).digest()
            count += 1
        states.append((tag, sha256(b"\x04" + count.to_bytes(8, "big") + head).digest()))
    return states


def make_part(states: Sequence[tuple[bytes, bytes]], depth: int) -> Part:
    """Make the part of the tree that holds subjects whose tags share their first digits."""
    if len(states) <= _BUCKET_MOST:
        return list(states), b""
    return [], _node(states, depth)


def join_parts(parts: Sequence[Part], depth: int) -> bytes:
    """Join parts below the root, in order; `depth` digits tell them apart."""
    row = list(parts)
    for _ in range(depth):
        row = [_join_row(row[at : at + 16]) for at in range(0, len(row), 16)]
    states, digest = row[0]
    return digest or _bucket(states)


def _join_row(row: Sequence[Part]) -> Part:
    small = [state for states, digest in row if not digest for state in states]
    if not any(digest for _, digest in row) and len(small) <= _BUCKET_MOST:
        return small, b""
    present, hashes = 0, b""
    for number, (states, digest) in enumerate(row):
        if states or digest:
            present |= 1 << number
            hashes += digest or _bucket(states)
    return [], hashlib.sha256(b"\x03" + present.to_bytes(2, "big") + hashes).digest()


def _node(states: Sequence[tuple[bytes, bytes]], depth: int) -> bytes:
    if len(states) <= _BUCKET_MOST:
        return _bucket(states)
    present, hashes = 0, b""
    byte, high = divmod(depth, 2)
    for digit, group in groupby(
        states, key=lambda one: one[0][byte] & 15 if high else one[0][byte] >> 4
    ):
        present |= 1 << digit
        hashes += _node(list(group), depth + 1)
    return hashlib.sha256(b"\x03" + present.to_bytes(2, "big") + hashes).digest()


def _bucket(states: Sequence[tuple[bytes, bytes]]) -> bytes:
    return hashlib.sha256(b"\x02" + b"".join(tag + state for tag, state in states)).digest()
