"""Trees and tiles: this program's own reading of RFC 9162, 2.1, and of how nodes are stored."""

import hashlib
from collections.abc import Sequence

TILE = 256
BLOCK = TILE * TILE
EMPTY_ROOT = hashlib.sha256(b"").digest()


def join(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def levels_of(hashes: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Compute all complete nodes above some leaves, level by level; the leaves are the first."""
    sha256 = hashlib.sha256
    levels: list[Sequence[bytes]] = [hashes]
    row = hashes
    while len(row) > 1:
        row = [
            sha256(b"\x01" + left + right).digest()
            for left, right in zip(row[::2], row[1::2], strict=False)
        ]
        levels.append(row)
    return levels


def fold_first(levels: Sequence[Sequence[bytes]], count: int) -> bytes:
    """Compute the hash over the first leaves, at least one, from the nodes above them."""
    joined: bytes | None = None
    rest = count
    for level in levels:
        if rest & 1:
            node = level[rest - 1]
            joined = node if joined is None else join(node, joined)
        rest >>= 1
    if joined is None:
        raise ValueError("a tree without leaves has no nodes")
    return joined


def tiles_of(levels: Sequence[Sequence[bytes]]) -> list[tuple[bytes, bytes]]:
    """Give the complete tiles over the leaves: root and the 254 nodes between, lowest first."""
    made = []
    for number in range(len(levels[0]) // TILE):
        inner: list[bytes] = []
        width = TILE
        for level in levels[1:8]:
            width //= 2
            inner.extend(level[number * width : (number + 1) * width])
        made.append((levels[8][number], b"".join(inner)))
    return made


class Frontier:
    """The complete blocks of a tree so far, joined as far as they go."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []

    def append_block(self, root: bytes) -> None:
        """Append a complete block."""
        height, node = 0, root
        while self._peaks and self._peaks[-1][0] == height:
            node = join(self._peaks.pop()[1], node)
            height += 1
        self._peaks.append((height, node))

    def root_with(self, last: bytes | None) -> bytes:
        """Compute the root over the blocks and what follows them, if anything."""
        joined = last
        for _, node in reversed(self._peaks):
            joined = node if joined is None else join(node, joined)
        return EMPTY_ROOT if joined is None else joined


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Compute the root that a path leads to; empty when its length does not fit."""
    position, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return b""
        if position & 1 or position == last:
            node = join(sibling, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = join(node, sibling)
        position, last = position >> 1, last >> 1
    return b"" if last else node
