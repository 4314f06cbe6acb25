"""Nothing is closed before its first day, and nothing stays open whose bearer is gone."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from databases.changes import annulling, versions
from databases.changes.ledger import Act
from databases.periods import PartialDate
from population import errors, service, tables
from population.values import (
    KinRole,
    LossKind,
    Member,
    RelationToHead,
    Relative,
    ResidenceKind,
)
from tests.factories import population as factory

ON = factory.ON
FIRST = date(2010, 1, 1)
BEFORE = date(2009, 12, 31)
LATER = date(2020, 1, 1)


def live(
    session: Session, act: Act, pin: str, start: date, kind: ResidenceKind = ResidenceKind.PERMANENT
) -> None:
    service.register_residence(
        session, act=act, pin=pin, kind=kind, address=factory.CITY, start=start
    )


def found(session: Session, act: Act, household_id: str, pin: str, start: date) -> int:
    return service.register_household(
        session,
        act=act,
        household_id=household_id,
        address=factory.CITY,
        members=[Member(pin, RelationToHead.HEAD)],
        start=start,
    ).change


class TestResidence:
    def test_cannot_be_closed_before_it_began(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        live(session, act, pin, FIRST)

        with pytest.raises(versions.NothingToAmend):
            service.close_residence(
                session, act=act, pin=pin, kind=ResidenceKind.PERMANENT, start=BEFORE
            )

    def test_of_a_later_day_is_not_undone_by_an_earlier_move(
        self, session: Session, act: Act
    ) -> None:
        pin = factory.register(session, act)
        live(session, act, pin, FIRST)
        live(session, act, pin, LATER)

        with pytest.raises(errors.LaterActRecorded):
            live(session, act, pin, date(2015, 1, 1))

        assert len(versions.list_current(session, tables.residence, {"pin": pin})) == 2

    def test_of_another_kind_does_not_stand_in_the_way(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        live(session, act, pin, LATER, ResidenceKind.CURRENT)

        live(session, act, pin, FIRST)

        assert len(versions.list_current(session, tables.residence, {"pin": pin})) == 2


class TestIdentityCard:
    def test_of_a_later_day_is_not_undone_by_an_earlier_one(
        self, session: Session, act: Act
    ) -> None:
        pin = factory.register(session, act)
        issued = {"pin": pin, "card_type": "CCCD_CHIP", "issued_by": "Cục Thử"}
        service.register_identity_card(session, act=act, issued_on=LATER, **issued)

        with pytest.raises(errors.LaterActRecorded):
            service.register_identity_card(session, act=act, issued_on=FIRST, **issued)


class TestMembership:
    def test_of_a_later_day_is_not_undone_by_an_earlier_one(
        self, session: Session, act: Act
    ) -> None:
        pin = factory.register(session, act)
        found(session, act, "H1", pin, LATER)

        with pytest.raises(errors.LaterActRecorded):
            found(session, act, "H2", pin, FIRST)

    def test_of_a_later_day_ends_with_a_death_before_it(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        found(session, act, "H1", pin, LATER)

        service.register_death(
            session, act=act, pin=pin, happened=PartialDate.parse("2019-05-05"), on=ON
        )

        assert not versions.list_current(session, tables.household_member, {"pin": pin})


class TestReturn:
    def test_does_not_undo_a_later_death(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        service.register_missing(
            session, act=act, pin=pin, happened=PartialDate.parse("2015-01-01"), on=ON
        )
        service.register_death(
            session, act=act, pin=pin, happened=PartialDate.parse("2020-01-01"), on=ON
        )

        service.close_missing(session, act=act, pin=pin, on=date(2018, 1, 1))

        kinds = [row["loss_kind"] for row in versions.list_current(
            session, tables.person, {"pin": pin}
        )]  # fmt: skip
        assert kinds == [None, LossKind.MISSING.value, None, LossKind.DEAD.value]


class TestAnnulling:
    def test_leaves_no_residence_of_nobody(self, session: Session, act: Act) -> None:
        person = factory.make_person()
        entered = service.register_birth(session, act=act, person=person, on=ON)
        live(session, act, person.pin, FIRST)

        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(session, act=act, annulled=entered.change)

    def test_leaves_no_relation_to_nobody(self, session: Session, act: Act) -> None:
        child = factory.register(session, act, 3, "2015-01-01")
        father = service.register_birth(session, act=act, person=factory.make_person(), on=ON)
        service.register_relative(
            session,
            act=act,
            pin=child,
            relative=Relative(KinRole.FATHER, father.key),
            start=date(2015, 1, 1),
        )

        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(session, act=act, annulled=father.change)

    def test_leaves_no_member_of_no_household(self, session: Session, act: Act) -> None:
        head, other = factory.register(session, act), factory.register(session, act, 2)
        founded = found(session, act, "H1", head, FIRST)
        service.amend_household(
            session,
            act=act,
            household_id="H1",
            members=[Member(other, RelationToHead.OTHER)],
            start=LATER,
        )

        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(session, act=act, annulled=founded)
