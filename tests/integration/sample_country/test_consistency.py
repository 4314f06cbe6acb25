"""What the registers hold of the sample country agrees, but for what is listed."""

from collections.abc import Iterator

import pytest
from sqlalchemy import NullPool, create_engine, text

from databases.code_lists import reading
from databases.settings import Settings
from sample_country import cast_insurance, cast_land, cast_numbers, country, load
from tests.conftest import copied_databases

SIZE, SEED = 1_500, 77


@pytest.fixture(scope="module")
def loaded(settings: Settings, cluster_url: str, worker: str) -> Iterator[Settings]:
    for copied in copied_databases(settings, cluster_url, worker, "consistent"):
        load.load_sample_country(copied, SIZE, SEED, lambda *_: None)
        yield copied


@pytest.fixture(scope="module")
def listed() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    drawn = country.generate(reading.load_catalogue(), size=SIZE, seed=SEED)
    for case in drawn.planted:
        found.setdefault(case.kind, set()).add(case.record)
    return found


def column(settings: Settings, register: str, sql: str) -> set[str]:
    engine = create_engine(settings.url(register, "reader"), poolclass=NullPool)
    with engine.connect() as connection:
        found = {str(value) for (value,) in connection.execute(text(sql))}
    engine.dispose()
    return found


def pairs(settings: Settings, register: str, sql: str) -> list[tuple[str, str]]:
    engine = create_engine(settings.url(register, "reader"), poolclass=NullPool)
    with engine.connect() as connection:
        found = [(str(one), str(other)) for one, other in connection.execute(text(sql))]
    engine.dispose()
    return found


NOW = "to_change IS NULL AND upper_inf(valid)"
PERSONS = f"SELECT pin FROM population.person WHERE {NOW}"
DEAD = f"{PERSONS} AND loss_kind = 'dead'"
FIRMS = f"SELECT enterprise_code FROM enterprise.enterprise WHERE {NOW}"
ENDED = f"SELECT enterprise_code FROM enterprise.status_period WHERE {NOW} AND status_code = 7"


class TestLand:
    HELD = (
        "SELECT r.parcel_id, split_part(h.party_ref, ':', 2) FROM land.right_holder h"
        " JOIN land.land_right r USING (right_id)"
        " WHERE h.to_change IS NULL AND upper_inf(h.valid) AND r.to_change IS NULL"
        " AND h.party_ref LIKE '{}:%'"
    )

    def test_holders_are_in_the_population_but_for_what_is_listed(
        self, loaded: Settings, listed: dict[str, set[str]]
    ) -> None:
        known = column(loaded, "population", PERSONS)
        held = pairs(loaded, "land", self.HELD.format("pin"))

        unknown = {parcel for parcel, pin in held if pin not in known}
        assert unknown == listed["land.number_mistyped"] | listed["land.number_cancelled"]

    def test_holders_live_but_for_what_is_listed(
        self, loaded: Settings, listed: dict[str, set[str]]
    ) -> None:
        dead = column(loaded, "population", DEAD)
        held = pairs(loaded, "land", self.HELD.format("pin"))

        of_dead = {parcel for parcel, pin in held if pin in dead}
        assert of_dead == listed["land.holder_dead"] | listed["land.inheritance_open"] | {
            cast_land.UNINHERITED
        }
        opened = column(
            loaded,
            "land",
            f"SELECT parcel_id FROM land.restriction WHERE kind = 'other' AND {NOW}",
        )
        assert of_dead - opened == listed["land.holder_dead"]

    def test_firms_that_hold_land_exist_but_for_what_is_listed(
        self, loaded: Settings, listed: dict[str, set[str]]
    ) -> None:
        firms, ended = column(loaded, "enterprise", FIRMS), column(loaded, "enterprise", ENDED)
        held = pairs(loaded, "land", self.HELD.format("enterprise"))

        assert {code for _, code in held} <= firms
        assert {parcel for parcel, code in held if code in ended} == listed["land.firm_ended"]

    def test_the_split_field_of_the_cast_has_its_lineage(self, loaded: Settings) -> None:
        found = pairs(loaded, "land", "SELECT parcel_id, ancestor_id FROM land.lineage")

        assert set(found) == {
            (cast_land.NEAR_HALF, cast_land.FIELD),
            (cast_land.FAR_HALF, cast_land.FIELD),
        }

    def test_no_parcels_overlap(self, loaded: Settings) -> None:
        sql = (
            "SELECT a.parcel_id, b.parcel_id FROM land.parcel a JOIN land.parcel b"
            " ON a.parcel_id < b.parcel_id AND a.shape_4756 && b.shape_4756"
            " AND a.survey_srid = b.survey_srid"
            " AND st_area(st_intersection(a.shape, b.shape)) > 0.01"
            " WHERE a.to_change IS NULL AND b.to_change IS NULL"
            " AND upper_inf(a.valid) AND upper_inf(b.valid)"
        )

        assert pairs(loaded, "land", sql) == []


class TestInsurance:
    def test_participants_are_in_the_population(self, loaded: Settings) -> None:
        known = column(loaded, "population", PERSONS)
        pins = column(
            loaded,
            "insurance",
            f"SELECT pin FROM insurance.participant WHERE pin IS NOT NULL AND {NOW}",
        )

        assert pins <= known

    def test_contributions_end_with_life_but_for_what_is_listed(
        self, loaded: Settings, listed: dict[str, set[str]]
    ) -> None:
        dead = column(loaded, "population", DEAD)
        going_on = pairs(
            loaded,
            "insurance",
            "SELECT DISTINCT p.participant_no, p.pin FROM insurance.participant p"
            " JOIN insurance.spell s USING (participant_no)"
            " WHERE p.to_change IS NULL AND upper_inf(p.valid)"
            " AND s.to_change IS NULL AND upper_inf(s.valid)",
        )

        late = {number for number, pin in going_on if pin in dead}
        assert late == listed["insurance.paid_after_death"]

    def test_the_three_cards_of_the_citizen_are_valid_side_by_side(self, loaded: Settings) -> None:
        found = column(
            loaded,
            "insurance",
            f"SELECT card_code FROM insurance.health_card WHERE {NOW}"
            f" AND participant_no = '{cast_numbers.CITIZEN_INSURANCE}'",
        )

        assert found == {
            cast_insurance.FIRST_CARD,
            cast_numbers.CITIZEN_INSURANCE,
            cast_numbers.CITIZEN,
        }


class TestFinance:
    def test_taxpayers_are_firms_and_persons(self, loaded: Settings) -> None:
        known = column(loaded, "population", PERSONS) | column(loaded, "enterprise", FIRMS)
        codes = column(loaded, "finance", f"SELECT taxpayer_code FROM finance.taxpayer WHERE {NOW}")

        assert codes <= known

    def test_nobody_gone_is_taxed_but_for_what_is_listed(
        self, loaded: Settings, listed: dict[str, set[str]]
    ) -> None:
        gone = column(loaded, "population", DEAD) | column(loaded, "enterprise", ENDED)
        taxed = column(loaded, "finance", f"SELECT taxpayer_code FROM finance.tax_duty WHERE {NOW}")

        assert taxed & gone == (listed["finance.taxpayer_ended"] | listed["finance.taxpayer_dead"])

    def test_assets_lie_on_public_parcels_but_for_what_is_listed(
        self, loaded: Settings, listed: dict[str, set[str]]
    ) -> None:
        assets = pairs(
            loaded,
            "finance",
            "SELECT asset_code, parcel_id FROM finance.public_asset WHERE parcel_id IS NOT NULL",
        )
        public = {parcel for parcel, _ in pairs(loaded, "land", TestLand.HELD.format("state"))}

        wrong = {asset for asset, parcel in assets if parcel not in public}
        assert wrong == listed["finance.asset_private"] | listed["finance.asset_unknown"]

    def test_entries_balance(self, loaded: Settings) -> None:
        found = column(
            loaded,
            "finance",
            "SELECT entry_no FROM finance.journal_line GROUP BY entry_no"
            " HAVING sum(CASE side WHEN 'debit' THEN amount ELSE -amount END) <> 0",
        )

        assert found == set()
