import hashlib

import pytest

from databases.journal import tiles, tree

LEAVES = [hashlib.sha256(str(number).encode()).digest() for number in range(66_500)]


def store_in_batches(sizes: list[int]) -> tuple[dict[tree.Node, bytes], list[tiles.Tile]]:
    """Append batches the way the store does, keeping only what it keeps: leaves and whole tiles."""
    kept: dict[tree.Node, bytes] = {}
    made: list[tiles.Tile] = []
    size = 0
    for batch in sizes:
        open_hashes = [[kept[node] for node in row] for row in tiles.open_nodes(size)]
        leaves = LEAVES[size : size + batch]
        new = tiles.complete_tiles(size, open_hashes, leaves)
        kept.update({(0, size + number): leaf for number, leaf in enumerate(leaves)})
        for tile in new:
            kept[(tile.level + 1) * 8, tile.index] = tile.root
        made.extend(new)
        size += batch
    return kept, made


class TestCompleteTiles:
    @pytest.mark.parametrize("batches", [[255, 1], [256], [1, 300, 700], [65_535, 1, 700]], ids=str)
    def test_makes_each_tile_once_whatever_the_batches(self, batches: list[int]) -> None:
        size = sum(batches)

        _, made = store_in_batches(batches)

        places = sorted((tile.level, tile.index) for tile in made)
        assert places == [
            *((0, index) for index in range(size // 256)),
            *((1, index) for index in range(size // 65_536)),
        ]
        for tile in made:
            width = 256 ** (tile.level + 1)
            span = LEAVES[tile.index * width : (tile.index + 1) * width]
            assert tile.root == tree.root(span)


class TestPlaceOf:
    @pytest.mark.parametrize("level", range(1, 9))
    def test_finds_every_node_of_a_tile(self, level: int) -> None:
        tile = tiles.make_tile(0, 3, LEAVES[768:1024])
        hashes = tile.inner + tile.root
        width = 1 << level

        for index in range(768 >> level, 1024 >> level):
            place = tiles.place_of((level, index))
            found = hashes[place.position * 32 : place.position * 32 + 32]

            assert (place.tile_level, place.tile_index) == (0, 3)
            assert found == tree.root(LEAVES[index * width : (index + 1) * width])


class TestStoredNodes:
    @pytest.mark.parametrize(
        ("node", "size", "expected"),
        [
            ((0, 7), 8, [(0, 7)]),
            ((2, 1), 8, [(0, 4), (0, 5), (0, 6), (0, 7)]),
            ((2, 1), 255, [(0, 4), (0, 5), (0, 6), (0, 7)]),
            ((2, 1), 256, [(2, 1)]),
            ((8, 0), 256, [(8, 0)]),
            ((9, 1), 1024, [(8, 2), (8, 3)]),
            ((9, 1), 65_536, [(9, 1)]),
        ],
    )
    def test_reads_the_node_or_what_lies_below_it(
        self, node: tree.Node, size: int, expected: list[tree.Node]
    ) -> None:
        assert tiles.stored_nodes(node, size) == expected


class TestRunsOf:
    def test_joins_leaves_and_roots_that_lie_side_by_side(self) -> None:
        nodes = [(0, 9), (0, 4), (0, 5), (8, 1), (8, 0), (16, 0), (0, 4)]

        runs = tiles.runs_of(nodes)

        assert [(run.level, run.first, run.count) for run in runs] == [
            (0, 4, 2),
            (0, 9, 1),
            (8, 0, 2),
            (16, 0, 1),
        ]

    def test_leaves_inner_nodes_apart(self) -> None:
        assert len(tiles.runs_of([(3, 0), (3, 1)])) == 2

    def test_gives_nothing_for_nothing(self) -> None:
        assert tiles.runs_of([]) == []


class TestReaderOf:
    @pytest.mark.parametrize("size", [1, 255, 257, 1000, 66_500])
    def test_leads_to_the_root(self, size: int) -> None:
        kept, made = store_in_batches([size])
        for tile in made:
            hashes = tile.inner + tile.root
            bottom = tile.level * 8
            position = 0
            for height in range(1, 9):
                width = 256 >> height
                for number in range(width):
                    node = (bottom + height, tile.index * width + number)
                    kept[node] = hashes[position : position + 32]
                    position += 32

        assert tree.root_of_size(size, tiles.reader_of(kept, size)) == tree.root(LEAVES[:size])
