"""Counts by cells: who is counted, where, and how the difference to the registered is explained."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from command_line.operator import code_lists
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.identifiers import Sex
from databases.periods import PartialDate
from databases.settings import Settings
from population import rules, service
from population.datasets.person_count import PERSON_COUNT, UnknownCountTable
from population.values import Address, Person, PersonName, ResidenceKind
from tests.conftest import copied_databases, rolled_back

DAY = date(2026, 7, 1)
BINH_PHUOC, DONG_NAI = ("124/2004", "70"), ("124/2004", "75")
PERMANENT, TEMPORARY, CURRENT = ResidenceKind


@pytest.fixture(scope="module")
def listed(settings: Settings, cluster_url: str, worker: str) -> Iterator[Settings]:
    """A register that has its code lists: they are installed once for all tests here."""
    for copied in copied_databases(settings, cluster_url, worker, "listed", ["population"]):
        code_lists.install(copied, ["population"])
        yield copied


@pytest.fixture
def session(listed: Settings) -> Iterator[Session]:
    """A session of the register that has its code lists."""
    yield from rolled_back(listed, "population")


def enter(session: Session, act: Act, number: int, born: str = "1990-01-01") -> str:
    """Enter a man without a residence."""
    pin = f"0010{born[2:4]}{number:06d}"
    name = PersonName("Trần Văn Thử", "Trần", "Văn", "Thử")
    person = Person(pin, name, PartialDate.parse(born), Sex.MALE)
    service.register_person(session, act=act, person=person, on=DAY)
    return pin


def live(
    session: Session,
    act: Act,
    pin: str,
    place: tuple[str, str],
    kind: ResidenceKind = PERMANENT,
    start: date = date(2020, 1, 1),
    last_day: date | None = None,
) -> None:
    version, province = place
    address = Address(province_code=province, commune_version=version)
    service.register_residence(
        session, act=act, pin=pin, kind=kind, address=address, start=start, last_day=last_day
    )


def cells(session: Session, table: str, day: date = DAY) -> dict[tuple[Any, ...], int]:
    result = PERSON_COUNT.fetch(session, [table], frozenset({"cells"}), AsOf(day))
    return {tuple(cell[:-1]): cell[-1] for cell in result.records[table]["cells"]}


class TestPersonsByAge:
    def test_counts_in_the_province_of_both_vintages(self, session: Session, act: Act) -> None:
        live(session, act, enter(session, act, 1), BINH_PHUOC)

        assert cells(session, "persons_by_age") == {("70", "75", "male", 36, "unknown"): 1}

    @pytest.mark.parametrize(
        "born", ["1990", "1990-07", "1990-07-01", "1990-07-02", "2026-06-30", "1920-05-05"]
    )
    def test_counts_years_as_the_rule_does(self, session: Session, act: Act, born: str) -> None:
        live(session, act, enter(session, act, 1, born), DONG_NAI, start=date(2026, 6, 30))

        ((*_, age, _),) = cells(session, "persons_by_age")

        assert age == min(rules.age_on(PartialDate.parse(born), DAY), 85)

    def test_leaves_out_the_dead(self, session: Session, act: Act) -> None:
        pin = enter(session, act, 1)
        live(session, act, pin, DONG_NAI)
        service.register_death(
            session, act=act, pin=pin, happened=PartialDate.parse("2026-03-01"), on=DAY
        )

        assert cells(session, "persons_by_age") == {}
        assert cells(session, "deaths") == {("75", "75", "male", 36): 1}

    @pytest.mark.parametrize(
        ("start", "last_day", "province"),
        [
            (date(2026, 2, 1), date(2026, 7, 31), "75"),
            (date(2026, 2, 1), date(2026, 8, 1), "70"),
            (date(2026, 1, 1), date(2026, 7, 1), "70"),
        ],
    )
    def test_counts_at_a_temporary_residence_of_six_months(
        self, session: Session, act: Act, start: date, last_day: date, province: str
    ) -> None:
        pin = enter(session, act, 1)
        live(session, act, pin, DONG_NAI)
        live(session, act, pin, BINH_PHUOC, TEMPORARY, start, last_day)

        ((old, *_),) = cells(session, "persons_by_age")

        assert old == province

    def test_counts_at_the_current_residence_before_all_others(
        self, session: Session, act: Act
    ) -> None:
        pin = enter(session, act, 1)
        for place, kind in ((DONG_NAI, PERMANENT), (DONG_NAI, TEMPORARY), (BINH_PHUOC, CURRENT)):
            last_day = date(2027, 1, 1) if kind is TEMPORARY else None
            live(session, act, pin, place, kind, date(2025, 2, 1), last_day)

        assert cells(session, "persons_by_age") == {("70", "75", "male", 36, "unknown"): 1}

    def test_does_not_count_who_lives_abroad(self, session: Session, act: Act) -> None:
        pin = enter(session, act, 1)
        live(session, act, pin, DONG_NAI)
        abroad = Address(country_code="LA")
        service.register_residence(
            session, act=act, pin=pin, kind=CURRENT, address=abroad, start=date(2025, 1, 1)
        )

        assert cells(session, "persons_by_age") == {}


class TestReconciliation:
    def test_explains_the_difference_by_cause(self, session: Session, act: Act) -> None:
        stays, leaves, unknown = (enter(session, act, number) for number in (1, 2, 3))
        live(session, act, stays, DONG_NAI)
        live(session, act, leaves, DONG_NAI)
        live(session, act, leaves, BINH_PHUOC, CURRENT)
        live(session, act, unknown, BINH_PHUOC, CURRENT)

        assert cells(session, "reconciliation") == {
            ("75", "75", "registered"): 2,
            ("75", "75", "absent_elsewhere"): 1,
            ("70", "75", "current_resident"): 1,
            ("70", "75", "unregistered"): 1,
            ("75", "75", "usual"): 1,
            ("70", "75", "usual"): 2,
        }


class TestKeys:
    def test_that_name_no_table_are_refused(self) -> None:
        with pytest.raises(UnknownCountTable):
            PERSON_COUNT.key_rule("persons_by_shoe_size")
