import os
from collections.abc import Iterator

import pytest

from databases import processes
from databases.errors import Invalid


class TestRunAll:
    @pytest.mark.parametrize("workers", [0, 1, 3])
    def test_gives_results_in_the_order_of_the_things(self, workers: int) -> None:
        offset = 10  # reached by processes without being handed over
        found = list(processes.run_all(lambda thing: thing + offset, range(50), workers))
        assert found == list(range(10, 60))

    def test_works_in_other_processes(self) -> None:
        others = set(processes.run_all(lambda _: os.getpid(), range(20), 2))
        assert os.getpid() not in others

    def test_draws_few_things_ahead(self) -> None:
        drawn = 0

        def things() -> Iterator[int]:
            nonlocal drawn
            for number in range(1_000):
                drawn += 1
                yield number

        results = processes.run_all(abs, things(), 2)
        next(results)
        results.close()  # type: ignore[attr-defined]  # a generator
        assert drawn < 10

    @pytest.mark.parametrize("workers", [0, 2])
    def test_raises_what_the_work_raises(self, workers: int) -> None:
        def refuse(thing: int) -> int:
            if thing == 7:
                raise Invalid.of_field("line", "a.rule", "Line 7 is wrong.")
            return thing

        with pytest.raises(Invalid, match="Line 7") as refused:
            list(processes.run_all(refuse, range(20), workers))
        assert refused.value.message == "Line 7 is wrong."


class TestRunEach:
    @pytest.mark.parametrize("workers", [0, 2])
    def test_does_the_pieces_in_order(self, workers: int) -> None:
        assert list(processes.run_each(lambda place: place * 2, 5, workers)) == [0, 2, 4, 6, 8]
        assert list(processes.run_each(abs, 0, workers)) == []
