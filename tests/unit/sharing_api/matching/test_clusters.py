import numpy as np

from sharing_api.matching import clusters
from sharing_api.matching.clusters import Pairs
from sharing_api.matching.fields.kinds import Rows
from sharing_api.matching.model import Grouping

GROUPING = Grouping(worst=-6.0, best=10.0)


def group(odds: dict[tuple[int, int], float], count: int, unmet: float = -6.0) -> list[int]:
    """Group records; pairs that are not given never met and have the weight `unmet`."""

    def score(left: Rows, right: Rows) -> np.ndarray:
        return np.array(
            [odds.get((a, b), unmet) for a, b in zip(left.tolist(), right.tolist(), strict=True)],
            dtype=np.float32,
        )

    left, right = (np.array(side, dtype=np.int64) for side in zip(*odds, strict=True))
    pairs = Pairs(left, right, np.array(list(odds.values()), dtype=np.float32))
    return clusters.group(pairs, count, score, GROUPING, 0.0).tolist()


class TestGroup:
    def test_joins_two(self) -> None:
        assert group({(0, 1): 3.0, (2, 3): -0.5}, 5) == [0, 0, 2, 3, 4]

    def test_joins_all_who_are_alike(self) -> None:
        assert group({(0, 1): 3.0, (1, 2): 4.0, (0, 2): 2.0}, 3) == [0, 0, 0]

    def test_breaks_a_chain_of_strangers(self) -> None:
        assert group({(0, 1): 6.0, (1, 2): 3.0}, 3) == [0, 0, 2]

    def test_forgives_one_weak_pair_among_strong_ones(self) -> None:
        odds = {(0, 1): 9.0, (0, 2): 9.0, (1, 2): 9.0, (0, 3): 9.0, (1, 3): 8.0, (2, 3): -2.0}

        assert group(odds, 4) == [0, 0, 0, 0]

    def test_keeps_two_persons_apart_whom_one_record_joins(self) -> None:
        strong = {(0, 1): 9.0, (2, 3): 9.0}
        assert group({**strong, (1, 2): 1.0}, 4) == [0, 0, 2, 2]

    def test_keeps_a_huge_group_that_is_certain(self) -> None:
        odds = {(one, other): 20.0 for one in range(450) for other in range(one + 1, 450)}

        assert set(group(odds, 451)) == {0, 450}

    def test_cuts_a_huge_component_at_its_weak_pairs(self) -> None:
        chain = {(n, n + 1): 0.2 if n % 2 else 8.0 for n in range(1199)}
        found = group(chain, 1200)

        assert found[:6] == [0, 0, 2, 2, 4, 4]
        assert len(set(found)) == 600
