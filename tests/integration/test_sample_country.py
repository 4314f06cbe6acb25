"""The sample country in real registers: loaded once, found again, never mixed with another."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import NullPool, create_engine, text

from databases.settings import Settings
from sample_country import cast_numbers, errors, load
from sample_country.load import Report

SIZE, SEED = 400, 714


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def report(sample_settings: Settings, steps: list[tuple[str, int, int]]) -> Report:
    def note(step: str, done: int, total: int) -> None:
        steps.append((step, done, total))

    return load.load_sample_country(sample_settings, SIZE, SEED, note)


def ignore(step: str, done: int, total: int) -> None:
    """Show no progress."""


def rows(settings: Settings, register: str, sql: str, **values: object) -> list[tuple[object, ...]]:
    engine = create_engine(settings.url(register, "reader"), poolclass=NullPool)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(sql), values)]
    engine.dispose()
    return found


class TestLoadSampleCountry:
    def test_loads_every_frame_whole(self, sample_settings: Settings, report: Report) -> None:
        for register in load.REGISTERS:
            for table, count in report.loaded[register].items():
                found = rows(
                    sample_settings,
                    register,
                    f"SELECT count(*) FROM {register}.{table} WHERE from_change = :change",
                    change=report.changes[register],
                )

                assert found == [(count,)], table
        persons = rows(
            sample_settings,
            "population",
            "SELECT count(DISTINCT pin) FROM population.person WHERE from_change = :change",
            change=report.changes["population"],
        )
        assert persons == [(SIZE,)]

    def test_shows_progress_to_the_end(
        self, report: Report, steps: list[tuple[str, int, int]]
    ) -> None:
        assert not report.is_already_there
        last = {step: (done, total) for step, done, total in steps}
        assert all(done == total for done, total in last.values())
        assert "load population.person" in last

    def test_does_nothing_the_second_time(
        self, sample_settings: Settings, report: Report
    ) -> None:
        before = rows(sample_settings, "population", "SELECT last_change FROM population.change_head")

        again = load.load_sample_country(sample_settings, SIZE, SEED, ignore)

        after = rows(sample_settings, "population", "SELECT last_change FROM population.change_head")
        assert again.is_already_there
        assert before == after

    @pytest.mark.parametrize(("size", "seed"), [(SIZE + 1, SEED), (SIZE, SEED + 1)])
    def test_refuses_another_country(
        self, sample_settings: Settings, report: Report, size: int, seed: int
    ) -> None:
        with pytest.raises(errors.AnotherCountryLoaded, match="--reset"):
            load.load_sample_country(sample_settings, size, seed, ignore)

    def test_every_owner_and_representative_is_in_the_population(
        self, sample_settings: Settings, report: Report
    ) -> None:
        pins = {pin for (pin,) in rows(sample_settings, "population", "SELECT pin FROM population.person")}
        parties = rows(
            sample_settings,
            "enterprise",
            "SELECT substr(party_ref, 5) FROM enterprise.ownership WHERE party_ref LIKE 'pin:%'"
            " UNION SELECT substr(party_ref, 5) FROM enterprise.legal_representative",
        )

        assert parties
        assert {pin for (pin,) in parties} <= pins

    def test_code_lists_are_there(self, sample_settings: Settings, report: Report) -> None:
        for register in load.REGISTERS:
            unknown = rows(
                sample_settings,
                register,
                "SELECT count(*) FROM {0}.{1} r WHERE NOT EXISTS (SELECT FROM {0}.code c WHERE"
                " c.list_code = 'commune' AND c.version = r.commune_version"
                " AND c.code = r.commune_code)".format(
                    register, "residence" if register == "population" else "enterprise"
                ),
            )

            assert unknown == [(0,)]


class TestRegisterNotEmpty:
    def test_refuses_a_register_with_other_data(self, empty_settings: Settings) -> None:
        engine = create_engine(empty_settings.url("enterprise", "service"), poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE enterprise.change_head SET last_change = last_change + 1")
            )
        engine.dispose()

        with pytest.raises(errors.RegisterNotEmpty):
            load.load_sample_country(empty_settings, SIZE, SEED, ignore)
