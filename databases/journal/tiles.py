"""Where a hash of the tree is stored: the arithmetic of tiles, pure.

The tree is cut into tiles: 256 hashes and the eight levels of nodes above them. A tile is written
once, when its last hash arrives, and never changed; the growing right edge is not stored at all. It
is computed from at most 255 leaves, or roots of tiles below, per eight levels.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from databases.journal import tree

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
# Nodes of levels 1 to 7 of a tile; its root, level 8, stands apart because it is read most.
INNER_NODES = TILE_WIDTH - 2


@dataclass(frozen=True, slots=True)
class Tile:
    """A complete tile.

    Args:
        level: 0 for tiles over leaves, 1 for those over the roots of tiles of level 0, and so on.
        index: position among the tiles of its level, from 0.
        inner: its 254 inner hashes, lowest level first, left to right.
        root: the hash over the whole tile.
    """

    level: int
    index: int
    inner: bytes
    root: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a node in a tile; `position` counts its inner hashes from 0, then the root."""

    tile_level: int
    tile_index: int
    position: int


@dataclass(frozen=True, slots=True)
class Run:
    """Stored nodes of one level that lie side by side."""

    level: int
    first: int
    count: int


def make_tile(level: int, index: int, hashes: Sequence[bytes]) -> Tile:
    """Compute a tile from its 256 lowest hashes."""
    nodes: list[bytes] = []
    row: Sequence[bytes] = hashes
    while len(row) > 1:
        row = tree.pair_up(row)
        nodes.extend(row)
    return Tile(level, index, b"".join(nodes[:-1]), nodes[-1])


def place_of(node: tree.Node) -> Place:
    """Locate a node above the leaves.

    >>> place_of((8, 2))
    Place(tile_level=0, tile_index=2, position=254)
    >>> place_of((9, 5))
    Place(tile_level=1, tile_index=0, position=5)
    """
    level, index = node
    tile_level, below = divmod(level - 1, TILE_HEIGHT)
    width = TILE_WIDTH >> (below + 1)
    return Place(tile_level, index // width, TILE_WIDTH - 2 * width + index % width)


def stored_nodes(node: tree.Node, size: int) -> list[tree.Node]:
    """List the stored nodes from which a complete subtree of a tree of a size is computed.

    Returns:
        The node itself when it is a leaf or its tile was complete at that size, otherwise the
        lowest hashes of the incomplete tile below it, left to right.
    """
    level, index = node
    if level == 0:
        return [node]
    place = place_of(node)
    tile_span = (place.tile_level + 1) * TILE_HEIGHT
    if (place.tile_index + 1) << tile_span <= size:
        return [node]
    bottom = place.tile_level * TILE_HEIGHT
    count = 1 << (level - bottom)
    return [(bottom, index * count + one) for one in range(count)]


def runs_of(nodes: Iterable[tree.Node]) -> list[Run]:
    """Join stored nodes that lie side by side; only leaves and roots of tiles are ever joined.

    >>> [(run.first, run.count) for run in runs_of([(0, 5), (0, 4), (2, 0), (2, 1), (8, 0)])]
    [(4, 2), (0, 1), (1, 1), (0, 1)]
    """
    runs: list[Run] = []
    level = first = count = -1
    for node_level, index in sorted(set(nodes)):
        if node_level == level and index == first + count and level % TILE_HEIGHT == 0:
            count += 1
            continue
        if count > 0:
            runs.append(Run(level, first, count))
        level, first, count = node_level, index, 1
    if count > 0:
        runs.append(Run(level, first, count))
    return runs


def open_nodes(size: int) -> list[list[tree.Node]]:
    """List, per tile level, the lowest hashes of the tile that is still incomplete at a size."""
    levels = []
    bottom = 0
    while size >> bottom:
        end = size >> bottom
        start = end - end % TILE_WIDTH
        levels.append([(bottom, index) for index in range(start, end)])
        bottom += TILE_HEIGHT
    return levels


def complete_tiles(
    size: int, open_hashes: Sequence[Sequence[bytes]], leaf_hashes: Iterable[bytes]
) -> list[Tile]:
    """Make the tiles that become complete when leaves are appended.

    Args:
        size: number of leaves before.
        open_hashes: the hashes of `open_nodes(size)`.
        leaf_hashes: the new leaves in order.
    """
    made: list[Tile] = []
    level = 0
    carry = list(leaf_hashes)
    while carry:
        row = [*(open_hashes[level] if level < len(open_hashes) else ()), *carry]
        first = size >> ((level + 1) * TILE_HEIGHT)
        full = [
            make_tile(level, first + number, row[number * TILE_WIDTH : (number + 1) * TILE_WIDTH])
            for number in range(len(row) // TILE_WIDTH)
        ]
        made.extend(full)
        carry = [tile.root for tile in full]
        level += 1
    return made


def reader_of(stored: Mapping[tree.Node, bytes], size: int) -> tree.Reader:
    """Make the reader of a tree of a size over the stored hashes that were fetched for it."""

    @functools.cache
    def read(level: int, index: int) -> bytes:
        return tree.root([stored[one] for one in stored_nodes((level, index), size)])

    return read
