"""Chains of subjects and the tree over them: this program's own reading of docs/log-format.md."""

import bisect
import hashlib
from collections import Counter
from collections.abc import Sequence

_BUCKET_MOST = 16
TAG = 32
RECORD = TAG + 8 + 32
# A part of the tree: the subjects themselves while they fit into a bucket above, else its hash.
Part = tuple[list[bytes], bytes]


def record(tag: bytes, leaf_index: int, leaf_hash: bytes) -> bytes:
    """Write what a chain needs of an entry."""
    return tag + leaf_index.to_bytes(8, "big") + leaf_hash


class Chains:
    """The chains of some subjects, made link by link in log order."""

    def __init__(self) -> None:
        self._heads: dict[bytes, bytes] = {}
        self._counts: Counter[bytes] = Counter()

    def extend(self, records: bytes, covers: int) -> None:
        """Append the links of records that stand in log order, but those from a leaf on."""
        sha256, heads, none = hashlib.sha256, self._heads, bytes(32)
        tags = []
        end = covers.to_bytes(8, "big")
        for at in range(0, len(records), RECORD):
            tag, link = records[at : at + TAG], records[at + TAG : at + RECORD]
            if link[:8] >= end:
                break
            heads[tag] = sha256(b"\x05" + heads.get(tag, none) + link).digest()
            tags.append(tag)
        self._counts.update(tags)

    def pairs(self) -> list[bytes]:
        """Give tag and hash of the state of each subject, joined, in the order of the tags."""
        sha256, counts = hashlib.sha256, self._counts
        return sorted(
            [
                tag + sha256(b"\x04" + counts[tag].to_bytes(8, "big") + head).digest()
                for tag, head in self._heads.items()
            ]
        )


def make_part(pairs: Sequence[bytes], depth: int) -> Part:
    """Make the part of the tree that holds subjects whose tags share their first digits."""
    if len(pairs) <= _BUCKET_MOST:
        return list(pairs), b""
    return [], _node(pairs, depth)


def join_parts(parts: Sequence[Part], depth: int) -> bytes:
    """Join parts below the root, in order; `depth` digits tell them apart."""
    row = list(parts)
    for _ in range(depth):
        row = [_join_row(row[at : at + 16]) for at in range(0, len(row), 16)]
    pairs, digest = row[0]
    return digest or _bucket(pairs)


def _join_row(row: Sequence[Part]) -> Part:
    small = [pair for pairs, digest in row if not digest for pair in pairs]
    if not any(digest for _, digest in row) and len(small) <= _BUCKET_MOST:
        return small, b""
    present, hashes = 0, b""
    for number, (pairs, digest) in enumerate(row):
        if pairs or digest:
            present |= 1 << number
            hashes += digest or _bucket(pairs)
    return [], hashlib.sha256(b"\x03" + present.to_bytes(2, "big") + hashes).digest()


def _node(pairs: Sequence[bytes], depth: int) -> bytes:
    if len(pairs) <= _BUCKET_MOST:
        return _bucket(pairs)
    present, hashes = 0, b""
    place, low_half = divmod(depth, 2)
    before, byte = pairs[0][:place], pairs[0][place]
    start = 0
    for digit in range(16):
        # The first tag of the next digit; of the last digit, the end.
        following = (byte & 0xF0 | digit) + 1 if low_half else (digit + 1) << 4
        end = (
            len(pairs)
            if digit == 15
            else bisect.bisect_left(pairs, before + bytes([following]), start)
        )
        if end > start:
            present |= 1 << digit
            hashes += _node(pairs[start:end], depth + 1)
        start = end
    return hashlib.sha256(b"\x03" + present.to_bytes(2, "big") + hashes).digest()


def _bucket(pairs: Sequence[bytes]) -> bytes:
    return hashlib.sha256(b"\x02" + b"".join(pairs)).digest()
