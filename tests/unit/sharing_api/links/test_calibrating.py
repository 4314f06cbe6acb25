"""Thresholds from labels: what is promised is kept, and what cannot be promised is said."""

import numpy as np
import pytest

from sharing_api.links import calibrating
from sharing_api.links.calibrating import Labelled


class TestLowerBound:
    def test_is_the_exact_one_of_clopper_and_pearson(self) -> None:
        # The largest share under which so many or more are the same by a chance of 5 in 100.
        for same, labelled in ((9, 10), (95, 100), (1, 1), (50, 60)):
            bound = calibrating.lower_bound(same, labelled, 0.05)
            draws = np.random.default_rng(1).binomial(labelled, bound, 400_000)
            assert (draws >= same).mean() == pytest.approx(0.05, abs=0.002)

    def test_grows_with_the_labels(self) -> None:
        bounds = [calibrating.lower_bound(n, n, 0.05) for n in (10, 100, 1_000)]

        assert bounds == sorted(bounds)
        assert calibrating.lower_bound(99, 100, 0.05) < bounds[1]


class TestLabelsNeeded:
    @pytest.mark.parametrize(("precision", "strangers"), [(0.9, 0), (0.99, 2), (0.999, 0)])
    def test_is_the_fewest_from_which_it_follows(self, precision: float, strangers: int) -> None:
        number = calibrating.labels_needed(precision, 0.05, strangers)

        assert calibrating.lower_bound(number - strangers, number, 0.05) >= precision
        assert calibrating.lower_bound(number - 1 - strangers, number - 1, 0.05) < precision


class TestDraw:
    def test_takes_from_every_stretch_and_nobody_twice(self) -> None:
        weights = [*np.linspace(0, 2, 50), *np.linspace(30, 40, 5_000)]

        drawn = calibrating.draw(weights, 200, seed=3)

        own = [weights[place] for place in drawn]
        assert len(set(drawn)) == 200
        assert sum(weight <= 2 for weight in own) == 50
        assert drawn == calibrating.draw(weights, 200, seed=3)
        assert drawn != calibrating.draw(weights, 200, seed=4)
        assert drawn != sorted(drawn)

    def test_takes_all_there_are_where_more_are_wanted(self) -> None:
        assert sorted(calibrating.draw([1.0, 2.0, 9.0], 50, seed=1)) == [0, 1, 2]

    def test_takes_none_of_none(self) -> None:
        assert calibrating.draw([], 50, seed=1) == []


def label(weights: list[float], drawn: list[int], right_from: float) -> list[Labelled]:
    return [Labelled(weights[place], weights[place] >= right_from) for place in drawn]


class TestJudge:
    def test_finds_the_lowest_threshold_that_is_precise_enough(self) -> None:
        weights = list(np.linspace(0, 50, 20_000))
        drawn = calibrating.draw(weights, 8_000, seed=1)

        verdict = calibrating.judge(weights, label(weights, drawn, 20.0), 0.99)

        assert verdict.chosen is not None
        assert verdict.chosen.weight == pytest.approx(20.0)
        assert verdict.chosen.bound >= 0.99
        assert [one.weight for one in verdict.tried] == pytest.approx([40, 30, 20, 10, 0])

    def test_says_how_many_labels_are_missing_where_none_is(self) -> None:
        weights = list(np.linspace(0, 50, 20_000))
        drawn = calibrating.draw(weights, 500, seed=1)

        verdict = calibrating.judge(weights, label(weights, drawn, -1.0), 0.999)

        assert verdict.chosen is None
        error = (1 - calibrating.CONFIDENCE) / calibrating.STRETCHES
        most = max(one.labelled for one in verdict.tried)
        assert verdict.missing == calibrating.labels_needed(0.999, error) - most

    def test_needs_no_bound_where_everything_is_labelled(self) -> None:
        weights = [5.0, 6.0, 50.0]

        verdict = calibrating.judge(weights, label(weights, [0, 1, 2], 5.5), 0.999)

        assert verdict.chosen is not None
        assert verdict.chosen.labelled == 1
        assert verdict.chosen.bound == 1.0

    def test_does_not_let_many_sure_links_speak_for_few_doubtful_ones(self) -> None:
        # Half of all links are doubtful, but nearly all labels are of sure ones.
        weights = [*np.full(5_000, 1.0), *np.full(5_000, 50.0)]
        labelled = [Labelled(50.0, is_same=True)] * 4_999 + [Labelled(1.0, is_same=True)] * 2

        verdict = calibrating.judge(weights, labelled, 0.99)

        lowest = verdict.tried[-1]
        assert lowest.links == 10_000
        assert lowest.labelled <= 4
        assert lowest.bound < 0.9

    @pytest.mark.parametrize("seed", range(3))
    def test_keeps_its_promise(self, seed: int) -> None:
        """Of many samples of links that are not precise enough, hardly any is let pass."""
        rng = np.random.default_rng(seed)
        weights = list(rng.uniform(0, 50, 4_000))
        chance = np.clip(np.array(weights) / 52, 0, 0.985)  # never as precise as is asked for
        passed = 0
        for sample in range(60):
            truth = rng.random(4_000) < chance
            drawn = calibrating.draw(weights, 900, seed=sample)
            labelled = [Labelled(weights[place], bool(truth[place])) for place in drawn]
            passed += calibrating.judge(weights, labelled, 0.99).chosen is not None

        assert passed <= 6
