"""The sample country in real registers: loaded once, found again, never mixed with another."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import NullPool, create_engine, text

from databases.settings import Settings
from sample_country import cast_numbers, errors, load
from sample_country.load import Report
from tests.conftest import copied_databases

SIZE, SEED = 400, 714


@pytest.fixture(scope="module")
def sample_settings(settings: Settings, cluster_url: str, worker: str) -> Iterator[Settings]:
    yield from copied_databases(settings, cluster_url, worker, "sample")


@pytest.fixture(scope="module")
def other_settings(settings: Settings, cluster_url: str, worker: str) -> Iterator[Settings]:
    yield from copied_databases(settings, cluster_url, worker, "other")


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
        for register in report.loaded:
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

    def test_does_nothing_the_second_time(self, sample_settings: Settings, report: Report) -> None:
        before = rows(
            sample_settings, "population", "SELECT last_change FROM population.change_head"
        )

        again = load.load_sample_country(sample_settings, SIZE, SEED, ignore)

        after = rows(
            sample_settings, "population", "SELECT last_change FROM population.change_head"
        )
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
        pins = {
            pin
            for (pin,) in rows(sample_settings, "population", "SELECT pin FROM population.person")
        }
        parties = rows(
            sample_settings,
            "enterprise",
            "SELECT substr(party_ref, 5) FROM enterprise.ownership WHERE party_ref LIKE 'pin:%'"
            " UNION SELECT substr(party_ref, 5) FROM enterprise.legal_representative",
        )

        assert parties
        assert {pin for (pin,) in parties} <= pins

    def test_the_chain_of_the_cast_leads_to_its_owners(
        self, sample_settings: Settings, report: Report
    ) -> None:
        shares = rows(
            sample_settings,
            "enterprise",
            "SELECT o.party_ref, o.capital_share * m.capital_share * t.capital_share"
            " FROM enterprise.ownership t"
            " JOIN enterprise.ownership m ON m.party_ref = 'enterprise:' || t.enterprise_code"
            " JOIN enterprise.ownership o ON o.party_ref = 'enterprise:' || m.enterprise_code"
            " WHERE o.enterprise_code = :code AND t.party_ref = :owner",
            code=cast_numbers.OPERATING_FIRM,
            owner=f"pin:{cast_numbers.CITIZEN}",
        )

        assert [share for _, share in shares] == [Decimal("0.30")]


class TestRegisterNotEmpty:
    def test_refuses_a_register_with_other_data(self, other_settings: Settings) -> None:
        engine = create_engine(other_settings.url("enterprise", "service"), poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE enterprise.change_head SET last_change = last_change + 1")
            )
        engine.dispose()

        with pytest.raises(errors.RegisterNotEmpty):
            load.load_sample_country(other_settings, SIZE, SEED, ignore)


class TestCast:
    """The stories that the documentation tells, read back from the register."""

    @staticmethod
    def person(settings: Settings, pin: str, condition: str) -> list[tuple[object, ...]]:
        columns = "SELECT birth_date::text, loss_kind FROM population.person"
        sql = f"{columns} WHERE pin = :pin AND {condition} ORDER BY valid"
        return rows(settings, "population", sql, pin=pin)

    def test_the_corrected_birth_keeps_what_was_known_before(
        self, sample_settings: Settings, report: Report
    ) -> None:
        pin = cast_numbers.CORRECTED

        assert self.person(sample_settings, pin, "to_change IS NULL") == [("1985-03-12", None)]
        assert self.person(sample_settings, pin, "to_change IS NOT NULL") == [("1985-12-03", None)]

    def test_the_dead_is_dead_since_his_death(
        self, sample_settings: Settings, report: Report
    ) -> None:
        on = "to_change IS NULL AND valid @> date '{}'"

        before, after = (
            self.person(sample_settings, cast_numbers.DEAD, on.format(day))[0][1]
            for day in ("2024-04-29", "2024-05-01")
        )

        assert (before, after) == (None, "dead")

    def test_the_cancelled_number_leads_to_the_new_one(
        self, sample_settings: Settings, report: Report
    ) -> None:
        sql = "SELECT new_pin FROM population.pin_alias WHERE old_pin = :pin AND to_change IS NULL"

        found = rows(sample_settings, "population", sql, pin=cast_numbers.FORMER_NUMBER)

        assert found == [(cast_numbers.REESTABLISHED,)]
        assert self.person(sample_settings, cast_numbers.FORMER_NUMBER, "to_change IS NULL") == []

    def test_who_moved_has_three_homes_across_the_reform(
        self, sample_settings: Settings, report: Report
    ) -> None:
        found = rows(
            sample_settings,
            "population",
            "SELECT commune_version, commune_code, province_code FROM population.residence"
            " WHERE pin = :pin AND to_change IS NULL ORDER BY valid",
            pin=cast_numbers.MOVED,
        )

        assert found == [
            ("124/2004", "20245", "48"),
            ("19/2025", "20257", "48"),
            ("19/2025", "31135", "92"),
        ]
