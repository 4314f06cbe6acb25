"""Whole datasets read page by page: complete, logged before they are handed over, resumable."""

import dataclasses
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text, update

from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.periods import PartialDate
from databases.settings import Settings
from population import service
from population.values import Address, ResidenceKind
from sample_country import cast_numbers
from sharing_api import bootstrap, errors, tables
from sharing_api.agreements import repository
from sharing_api.consistency import sources
from sharing_api.disclosure import fetch
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Desk, Errand, Page, Scope
from sharing_api.keys import make_private, to_jwk
from tests.conftest import read_clock

ON = date(2026, 12, 1)
LAW = "Data Law 60/2024/QH15 art. 12 and 17"
ERRAND = Errand("consistency", "cb-01", "registers.consistency", LAW, "night-1")
CITIZEN = "population/citizen"


@pytest.fixture
def desk(corridor: Corridor) -> Desk:
    return Desk(corridor, read_clock)


def scope(dataset: str = CITIZEN, **changes: Any) -> Scope:
    source = sources.BY_DATASET[dataset]
    made = Scope(dataset, source.fields, source.joined_with, ON, page=400)
    return dataclasses.replace(made, **changes)


def read(desk: Desk, wanted: Scope, after: str = "") -> list[Page]:
    return list(desk.read_all(ERRAND, wanted, after=after))


def list_keys(pages: list[Page]) -> list[str]:
    return [key for page in pages for key in page.records]


def list_entries(corridor: Corridor) -> list[dict[str, Any]]:
    statement = select(tables.access_entry).order_by(tables.access_entry.c.position)
    with corridor.databases.reading("exchange") as session:
        return [dict(row) for row in session.execute(statement).mappings()]


class TestPages:
    @pytest.mark.parametrize("dataset", [one.dataset for one in sources.SOURCES])
    def test_hold_each_record_once_however_large_they_are(self, desk: Desk, dataset: str) -> None:
        small, large = scope(dataset, page=67), scope(dataset, page=100_000)

        pages = read(desk, small)

        keys = list_keys(pages)
        assert len(keys) > 67 or dataset == "finance/public_asset"
        assert keys == list_keys(read(desk, large))
        assert len(set(keys)) == len(keys)
        assert all(len(page.records) <= 67 for page in pages)
        assert all(page.gone == () for page in pages)

    @pytest.mark.parametrize("dataset", [CITIZEN, "land/holding"])
    def test_are_taken_up_again_behind_any_of_them(self, desk: Desk, dataset: str) -> None:
        pages = read(desk, scope(dataset))

        rest = read(desk, scope(dataset), after=pages[0].last)

        assert list_keys(rest) == list_keys(pages[1:])

    def test_hold_the_fields_asked_for_and_no_more(self, desk: Desk) -> None:
        pages = read(desk, scope(fields=("pin", "sex")))

        assert {frozenset(one) for page in pages for one in page.records.values()} == {
            frozenset({"pin", "sex"})
        }

    def test_give_the_bearer_of_a_cancelled_number(self, desk: Desk) -> None:
        (page,) = read(desk, scope(fields=("pin",), page=100_000))

        old = {key: one["pin"] for key, one in page.records.items() if one["pin"] != key}
        assert cast_numbers.REESTABLISHED in old.values()

    def test_can_be_read_again_as_of_the_change_that_they_name(self, desk: Desk) -> None:
        newest = read(desk, scope(page=100_000))

        again = read(desk, scope(page=100_000, as_of=newest[0].change))

        assert [page.records for page in again] == [page.records for page in newest]

    def test_are_of_the_state_that_is_asked_for(self, desk: Desk) -> None:
        first = read(desk, scope(as_of=1))

        assert list_keys(first) != list_keys(read(desk, scope()))
        assert {page.change for page in first} == {1}


class TestLog:
    def test_has_one_entry_about_nobody_for_each_page(self, desk: Desk, corridor: Corridor) -> None:
        before = len(list_entries(corridor))

        pages = read(desk, scope())

        entries = list_entries(corridor)[before:]
        assert len(entries) == len(pages) > 2
        assert {one["subject_tag"] for one in entries} == {None}
        assert {one["operation"] for one in entries} == {"linkage"}
        assert {one["purpose"] for one in entries} == {ERRAND.purpose}
        assert {one["case_reference"] for one in entries} == {"night-1"}
        assert {tuple(one["fields"]) for one in entries} == {tuple(sorted(scope().fields))}
        assert [one["register_change"] for one in entries] == [page.change for page in pages]
        told = [int(one["transport"]["records"]) for one in entries]
        assert told == [len(page.records) for page in pages]
        assert [one["transport"]["page"] for one in entries] == [
            str(number) for number in range(1, len(pages) + 1)
        ]

    def test_holds_no_key_of_a_page(self, desk: Desk, corridor: Corridor) -> None:
        before = len(list_entries(corridor))

        pages = read(desk, scope())

        written = str(list_entries(corridor)[before:])
        assert [key for key in list_keys(pages) if key in written] == []

    def test_that_cannot_be_written_lets_no_page_out(
        self, desk: Desk, without_log: Callable[[], None]
    ) -> None:
        pages = desk.read_all(ERRAND, scope())
        next(pages)
        without_log()

        with pytest.raises(errors.LogUnavailable):
            next(pages)

    def test_has_an_entry_for_each_record_that_is_asked_for_by_key(
        self, desk: Desk, corridor: Corridor
    ) -> None:
        before = len(list_entries(corridor))
        keys = [cast_numbers.CITIZEN, cast_numbers.REESTABLISHED]

        found = desk.ask(ERRAND, CITIZEN, keys, ("pin", "full_name"))

        entries = list_entries(corridor)[before:]
        assert set(found) == set(keys)
        assert [one["operation"] for one in entries] == ["batch"] * 2
        assert len({bytes(one["subject_tag"]) for one in entries}) == 2


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"joined_with": ("population_statistics",)}, "linkage.not_granted"),
            ({"joined_with": ()}, "linkage.not_granted"),
            ({"fields": ("pin", "religion")}, "field.not_granted"),
        ],
    )
    def test_are_those_of_the_agreement(
        self, desk: Desk, changes: dict[str, Any], rule: str
    ) -> None:
        with pytest.raises(errors.AgreementRefuses) as refused:
            read(desk, scope(**changes))

        assert refused.value.rule == rule

    def test_meet_an_agreement_that_knows_no_linkage(self, desk: Desk) -> None:
        other = dataclasses.replace(
            ERRAND, client="moj-civil-status", purpose="public_service.civil_status"
        )

        with pytest.raises(errors.AgreementRefuses):
            list(desk.read_all(other, scope()))

    def test_meet_a_system_that_was_suspended(self, corridor: Corridor, desk: Desk) -> None:
        def set_status(status: str) -> None:
            with corridor.databases.writing("exchange") as session:
                session.execute(
                    update(tables.client)
                    .where(tables.client.c.client_id == ERRAND.client)
                    .values(status=status)
                )
                repository.announce(session)

        set_status("suspended")
        try:
            wait_until(lambda: ERRAND.client not in corridor.registry.rights.clients)
            with pytest.raises(errors.Unauthenticated):
                read(desk, scope())
        finally:
            set_status("active")
            wait_until(lambda: ERRAND.client in corridor.registry.rights.clients)

    def test_meet_datasets_that_are_not_read_as_a_whole(
        self, compared: Settings, corridor: Corridor, desk: Desk
    ) -> None:
        dataset = "population/person_count"
        enter_agreement(compared, corridor, dataset, "table")
        wanted = dataclasses.replace(scope(joined_with=("land",)), dataset=dataset)

        with pytest.raises(fetch.NotWalked):
            list(desk.read_all(ERRAND, dataclasses.replace(wanted, fields=("table",))))

    def test_meet_agreements_about_a_part_of_the_country(
        self, compared: Settings, corridor: Corridor, desk: Desk
    ) -> None:
        territory = {"version": "19/2025", "provinces": ["01"]}
        enter_agreement(
            compared, corridor, "insurance/facility", "facility_code", territory=territory
        )
        wanted = dataclasses.replace(
            scope(joined_with=("land",), fields=("facility_code",)), dataset="insurance/facility"
        )

        with pytest.raises(errors.AgreementRefuses) as refused:
            read(desk, wanted)

        assert refused.value.rule == "linkage.territory"


def enter_agreement(
    site: Settings, corridor: Corridor, dataset: str, field: str, **changes: Any
) -> None:
    """Let the system link one more dataset."""
    sample = next(
        one.content
        for one in bootstrap.list_sample_agreements()
        if one.client_id == ERRAND.client and one.content["provider"] == "G01"
    )
    terms = {
        "fields": {field: "full"},
        "predicates": [],
        "operations": ["linkage"],
        "linkage_with": ["land"],
    }
    name = f"G01-G01-{dataset.replace('/', '-')}"
    content = {**sample, "agreement": name, "datasets": {dataset: terms}, **changes}
    keys = {"G01": to_jwk(make_private(site.keys / "agency_G01.key"))}
    before = len(corridor.registry.rights.agreements["G01"])
    with corridor.databases.writing("exchange") as session:
        bootstrap.enter_agreement(session, content, keys, read_clock())
    wait_until(lambda: len(corridor.registry.rights.agreements["G01"]) > before)


def wait_until(is_true: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not is_true():
        assert time.monotonic() < until
        time.sleep(0.02)


class TestSince:
    @pytest.fixture
    def act(self) -> Act:
        return Act("test.recorded", read_clock(), "tester", "a test", "none", "invented")

    def known(self, desk: Desk) -> AsOf:
        return AsOf(ON, read(desk, scope(page=100_000))[0].change)

    def test_gives_nothing_when_nothing_changed(self, desk: Desk) -> None:
        (page,) = read(desk, scope(since=self.known(desk)))

        assert (page.records, page.gone, page.last) == ({}, (), "")

    def test_gives_a_record_of_which_one_table_changed(
        self, desk: Desk, corridor: Corridor, act: Act
    ) -> None:
        since, pin = self.known(desk), cast_numbers.CITIZEN
        with corridor.databases.writing("population") as session:
            change = service.register_residence(
                session,
                act=act,
                pin=pin,
                kind=ResidenceKind.CURRENT,
                address=Address(street="Số 2 phố Không Có", province_code="01",
                                commune_version="19/2025"),
                start=ON,
            ).change  # fmt: skip

        (page,) = read(desk, scope(since=since))

        assert pin in page.records
        assert page.change == change

    def test_gives_who_died_and_whose_death_was_annulled(
        self, desk: Desk, corridor: Corridor, act: Act
    ) -> None:
        since = self.known(desk)
        pin = find_single(corridor)
        with corridor.databases.writing("population") as session:
            died = service.register_death(
                session, act=act, pin=pin, happened=PartialDate.parse("2026-11-20"), on=ON
            ).change
        (dead,) = read(desk, scope(since=since))
        with corridor.databases.writing("population") as session:
            service.annul_change(session, act=act, annulled=died)

        (living,) = read(desk, scope(since=AsOf(ON, dead.change)))

        assert dead.records[pin]["death_or_missing_date"]["kind"] == "dead"
        assert living.records[pin]["death_or_missing_date"] is None

    def test_gives_records_whose_day_came(self, desk: Desk) -> None:
        today = self.known(desk)
        before = AsOf(date(2020, 1, 1), today.change)

        pages = read(desk, scope(since=before))

        assert len(list_keys(pages)) > 100  # moves, births and deaths of those years


def find_single(corridor: Corridor) -> str:
    """Find somebody who lives and whose death ends no household and no marriage."""
    with corridor.databases.reading("population") as session:
        found = session.execute(
            text(
                "SELECT p.pin FROM population.person p WHERE p.to_change IS NULL"
                " AND upper_inf(p.valid) AND p.loss_kind IS NULL AND p.marital_status = 'single'"
                " AND p.birth_date < '2000-01-01' AND NOT EXISTS (SELECT FROM"
                " population.household_member m WHERE m.pin = p.pin AND"
                " m.relation_to_head = 'HEAD') ORDER BY p.pin LIMIT 1"
            )
        )
        return str(found.scalar_one())
