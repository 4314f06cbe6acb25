"""Drawing a country: the same seed gives the same bytes, and the numbers of the cast stay free."""

import io

import pytest
from pyarrow import csv

from databases.code_lists.catalogue import Catalogue
from sample_country import cast_numbers, chapters, country, errors
from sample_country.columns import Frame
from sample_country.country import Country


def all_frames(drawn: Country) -> dict[str, Frame]:
    return {
        f"{chapter.register}.{name}": frame
        for chapter in chapters.CHAPTERS
        for name, frame in chapter.build_frames(drawn).items()
    }


def written(frame: Frame) -> bytes:
    buffer = io.BytesIO()
    csv.write_csv(frame, buffer)
    return buffer.getvalue()


def all_bytes(drawn: Country) -> dict[str, bytes]:
    return {name: written(frame) for name, frame in all_frames(drawn).items()}


class TestGenerate:
    def test_gives_the_same_bytes_for_the_same_seed_and_size(self, catalogue: Catalogue) -> None:
        one = all_bytes(country.generate(catalogue, size=1_000, seed=5))
        two = all_bytes(country.generate(catalogue, size=1_000, seed=5))

        assert one == two

    @pytest.mark.parametrize(("size", "seed"), [(1_000, 6), (1_001, 5)])
    def test_gives_others_for_another_seed_or_size(
        self, catalogue: Catalogue, size: int, seed: int
    ) -> None:
        one = all_bytes(country.generate(catalogue, size=1_000, seed=5))
        two = all_bytes(country.generate(catalogue, size=size, seed=seed))

        assert one["population.person"] != two["population.person"]
        assert one["enterprise.enterprise"] != two["enterprise.enterprise"]

    def test_draws_exactly_the_size(self, catalogue: Catalogue) -> None:
        for size in (100, 101, 257):
            drawn = country.generate(catalogue, size=size, seed=1)

            assert drawn.persons.structure.count == size

    @pytest.mark.parametrize(("size", "seed"), [(99, 1), (2_000_001, 1), (100, -1)])
    def test_refuses_what_it_is_not_made_for(
        self, catalogue: Catalogue, size: int, seed: int
    ) -> None:
        with pytest.raises(errors.ImpossibleSize):
            country.generate(catalogue, size=size, seed=seed)

    def test_leaves_the_numbers_of_the_cast_free(self, drawn: Country) -> None:
        assert not cast_numbers.RESERVED_PINS & set(drawn.persons.pin.tolist())
        assert not cast_numbers.RESERVED_CODES & set(drawn.all_firms.code.tolist())

    def test_every_period_ends_after_it_starts(self, drawn: Country) -> None:
        for name, frame in all_frames(drawn).items():
            periods = frame.select(["valid_from", "valid_to"]).to_pylist()

            assert all(p["valid_to"] is None or p["valid_from"] < p["valid_to"] for p in periods), (
                name
            )
