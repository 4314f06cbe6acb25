"""The worklist on a sample country: what is planted is found, what is found is planted."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text

from databases.changes.ledger import Act
from databases.code_lists import reading
from databases.periods import PartialDate
from databases.settings import Settings
from population import service
from sample_country import cast_land, country
from sharing_api import app, tables
from sharing_api import errors as exchange_errors
from sharing_api.consistency.repository.findings import Wanted
from sharing_api.consistency.rules import catalogue
from sharing_api.consistency.worklist import Run, Shown, Worklist
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Errand
from sharing_api.worklists import errors
from sharing_api.worklists.values import State
from tests.conftest import read_clock
from tests.integration.sharing_api.conftest import SEED, SIZE
from tests.integration.sharing_api.test_in_house import LAW, list_entries

ERRAND = Errand("consistency", "cb-01", "registers.consistency", LAW, "night-1")
# Rules that bear another name than the kind that is planted.
NAMED = {"land.number_mistyped": "land.number_unknown"}
# The name stands in what somebody holds, not in a parcel: the finding is about the holding.
OF_THE_HOLDER = {"land.name_unaccented"}
# Told by an act of the cast, or drawn: numbers of old cards repeat here as they do in the world.
TOLD = {("land.inheritance_open", cast_land.UNINHERITED)}
DRAWN = {"population.old_card_shared"}
DIED = date(2026, 11, 2)


@pytest.fixture(scope="module")
def worklist(corridor: Corridor) -> Worklist:
    return Worklist(corridor, ERRAND, read_clock, page=300)


@pytest.fixture(scope="module")
def first(worklist: Worklist) -> Run:
    return worklist.run()


@pytest.fixture(scope="module")
def planted() -> set[tuple[str, str]]:
    drawn = country.generate(reading.load_catalogue(), size=SIZE, seed=SEED)
    return {
        (
            NAMED.get(one.kind, one.kind),
            one.other_record if one.kind in OF_THE_HOLDER else one.record,
        )
        for one in drawn.planted
    }


def rows(corridor: Corridor, name: str) -> list[dict[str, Any]]:
    table = tables.metadata.tables[f"exchange.{name}"]
    with corridor.databases.reading("exchange") as session:
        found = session.execute(select(table).order_by(*table.primary_key))
        return [dict(row) for row in found.mappings()]


def found_by(worklist: Worklist, rule: str, state: State | None = None) -> list[Shown]:
    return worklist.show(Wanted(rule=rule, state=state))


class TestRun:
    def test_finds_what_is_planted_and_nothing_else(
        self, worklist: Worklist, first: Run, planted: set[tuple[str, str]]
    ) -> None:
        shown = worklist.show(Wanted())

        found = {(one.finding.rule, one.finding.records[0].key) for one in shown}
        assert {rule for rule, _ in planted} <= catalogue.BY_NAME.keys()
        assert planted - found == set()
        assert {one for one in found - planted if one[0] not in DRAWN} == TOLD

    def test_names_steward_register_state_and_confidence(
        self, worklist: Worklist, first: Run
    ) -> None:
        shown = worklist.show(Wanted())

        stewards = {one.finding.records[0].register: one.finding.steward for one in shown}
        assert stewards["land"] == "G10"
        assert stewards["finance"] == stewards["insurance"] == "G12"
        assert {one.finding.state for one in shown} == {State.OPEN}
        assert all(record.change > 0 for one in shown for record in one.finding.records)

    def test_reads_every_record_once_and_the_second_time_none(
        self, worklist: Worklist, first: Run, corridor: Corridor
    ) -> None:
        before = [rows(corridor, f"consistency_{name}") for name in ("finding", "event")]

        again = worklist.run()

        assert first.records > SIZE
        assert (again.records, again.run_id > first.run_id) == (0, True)
        assert before == [rows(corridor, f"consistency_{name}") for name in ("finding", "event")]

    def test_keeps_nothing_that_names_anybody(
        self, first: Run, corridor: Corridor, planted: set[tuple[str, str]]
    ) -> None:
        kept = ("mention", "cursor", "finding", "record", "event")
        written = b"".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for name in kept
            for row in rows(corridor, f"consistency_{name}")
            for value in row.values()
        )

        assert len(written) > 100_000
        assert [key for _, key in planted if key.encode() in written] == []


class TestIncremental:
    def test_finds_a_death_and_resolves_it_when_it_is_annulled(
        self, worklist: Worklist, first: Run, corridor: Corridor
    ) -> None:
        worklist.run()
        act = Act("test.recorded", read_clock(), "tester", "a test", "none", "invented")
        pin = find_holder(corridor)
        with corridor.databases.writing("population") as session:
            died = service.register_death(
                session, act=act, pin=pin, happened=PartialDate(DIED), on=DIED
            ).change

        told = worklist.run()
        open_now = found_by(worklist, "land.holder_dead", State.OPEN)
        mine = [one for one in open_now if pin in {r.key for r in one.finding.records}]
        with corridor.databases.writing("population") as session:
            service.annul_change(session, act=act, annulled=died)
        worklist.run()
        resolved = found_by(worklist, "land.holder_dead", State.RESOLVED)

        assert 0 < told.records < 30
        assert mine
        assert {one.finding.finding_id for one in mine} <= {
            one.finding.finding_id for one in resolved
        }

    def test_goes_on_where_a_run_was_broken_off(
        self, compared: Settings, worklist: Worklist, first: Run, corridor: Corridor
    ) -> None:
        with corridor.databases.writing("exchange") as session:
            # As if what is kept of a record had changed: everything is read anew.
            session.execute(text("UPDATE exchange.consistency_cursor SET version = 0"))
        before, mark = rows(corridor, "consistency_finding"), len(list_entries(corridor))
        with app.open_corridor(compared) as opened:
            breaking = Worklist(Breaking(opened, 6), ERRAND, read_clock, page=300)  # type: ignore[arg-type]  # all of a corridor that is used
            with pytest.raises(Broken):
                breaking.run()

        done = worklist.run()

        pages = [one for one in list_entries(corridor)[mark:] if one["operation"] == "linkage"]
        read = sum(int(one["transport"]["records"]) for one in pages)
        assert read == done.records == first.records  # no page was read twice, none was left out
        assert rows(corridor, "consistency_finding") == before


class Broken(Exception):
    """The run is broken off."""


class Breaking:
    """A corridor that breaks after some pages."""

    def __init__(self, corridor: Corridor, pages: int) -> None:
        self._corridor = corridor
        self._left = pages

    def __getattr__(self, name: str) -> Any:
        return getattr(self._corridor, name)

    def answer_all(self, inquiries: Any) -> None:
        if not self._left:
            raise Broken
        self._left -= 1
        self._corridor.answer_all(inquiries)


class TestShow:
    def test_leaves_an_entry_for_each_record(
        self, worklist: Worklist, first: Run, corridor: Corridor
    ) -> None:
        mark = len(list_entries(corridor))

        shown = found_by(worklist, "insurance.birth_swapped")

        entries = list_entries(corridor)[mark:]
        asked = {(record.dataset, record.key) for one in shown for record in one.finding.records}
        assert len(entries) == len(asked) == 4
        assert all(one["subject_tag"] is not None for one in entries)
        assert {one["operation"] for one in entries} == {"batch"}
        born = [[values["date_of_birth"] for values in one.values if values] for one in shown]
        assert all(one != other for one, other in born)

    def test_shows_nothing_that_cannot_be_logged(
        self, worklist: Worklist, first: Run, without_log: Callable[[], None]
    ) -> None:
        without_log()

        with pytest.raises(exchange_errors.LogUnavailable):
            found_by(worklist, "land.holder_dead")


class TestSettle:
    @pytest.fixture
    def finding_id(self, worklist: Worklist, first: Run) -> Iterator[int]:
        number = found_by(worklist, "finance.asset_private")[0].finding.finding_id
        yield number
        if found_by(worklist, "finance.asset_private")[0].finding.state is not State.OPEN:
            worklist.settle(number, State.OPEN, "back to where it was")

    def test_is_kept_with_its_reason_and_stays_through_the_next_run(
        self, worklist: Worklist, finding_id: int, corridor: Corridor
    ) -> None:
        settled = worklist.settle(finding_id, State.DISMISSED, "leased to the family")

        worklist.run()

        assert settled.finding.state is State.DISMISSED
        (again,) = [
            one
            for one in found_by(worklist, "finance.asset_private")
            if one.finding.finding_id == finding_id
        ]
        assert (again.finding.state, again.finding.reason) == (
            State.DISMISSED,
            "leased to the family",
        )
        steps = [
            (one["from_state"], one["to_state"], one["officer"])
            for one in rows(corridor, "consistency_event")
            if one["finding_id"] == finding_id
        ]
        assert steps[-1] == ("open", "dismissed", "cb-01")

    def test_needs_a_reason(self, worklist: Worklist, finding_id: int) -> None:
        with pytest.raises(errors.ReasonMissing):
            worklist.settle(finding_id, State.ACCEPTED, "  ")

    @pytest.mark.parametrize("state", [State.OPEN, State.RESOLVED])
    def test_moves_to_another_state_only(
        self, worklist: Worklist, finding_id: int, state: State
    ) -> None:
        with pytest.raises(errors.NotToSettle):
            worklist.settle(finding_id, state, "why not")

    def test_refuses_unknown_numbers(self, worklist: Worklist, first: Run) -> None:
        with pytest.raises(errors.FindingNotFound):
            worklist.settle(10**9, State.ACCEPTED, "who knows")

    def test_stays_as_it_was_when_it_cannot_be_logged(
        self,
        worklist: Worklist,
        finding_id: int,
        corridor: Corridor,
        without_log: Callable[[], None],
    ) -> None:
        without_log()

        with pytest.raises(exchange_errors.LogUnavailable):
            worklist.settle(finding_id, State.ACCEPTED, "an error")

        states = {one["finding_id"]: one["state"] for one in rows(corridor, "consistency_finding")}
        assert states[finding_id] == "open"


def find_holder(corridor: Corridor) -> str:
    """Find somebody who holds land and whose death ends no household and no marriage."""
    statement = (
        "SELECT p.pin FROM population.person p WHERE p.to_change IS NULL AND upper_inf(p.valid)"
        " AND p.loss_kind IS NULL AND p.marital_status = 'single' AND p.pin = ANY(:pins)"
        " AND NOT EXISTS (SELECT FROM population.household_member m WHERE m.pin = p.pin"
        " AND m.relation_to_head = 'HEAD') ORDER BY p.pin LIMIT 1"
    )
    with corridor.databases.reading("land") as session:
        held = session.scalars(
            text(
                "SELECT substr(h.party_ref, 5) FROM land.right_holder h JOIN land.land_right r"
                " USING (right_id) WHERE h.party_ref LIKE 'pin:%' AND h.to_change IS NULL"
                " AND upper_inf(h.valid) AND r.to_change IS NULL AND upper_inf(r.valid)"
            )
        ).all()
    with corridor.databases.reading("population") as session:
        return str(session.execute(text(statement), {"pins": list(held)}).scalar_one())
