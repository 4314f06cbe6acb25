"""Nothing is closed before its first day, and nothing stays open whose enterprise is gone."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from databases.changes import annulling, versions
from databases.changes.ledger import Act
from enterprise import errors, service, tables
from enterprise.values import DependentUnit, SuccessionKind, UnitKind
from tests.factories.enterprise import code, make_details, make_enterprise

FIRM, OTHER = code(31_440_905), code(31_440_906)
OPENED = date(2024, 3, 1)
BEFORE = date(2024, 2, 29)
ENDED = date(2025, 9, 1)
DECISION = {"decided_by": "G12.18", "decision_no": "1/QĐ"}
UNIT = f"{FIRM}-001"


def open_unit(session: Session, act: Act, opened: date = OPENED) -> int:
    address = make_details().address
    unit = DependentUnit(UNIT, UnitKind.BRANCH, "CHI NHÁNH THỬ", address, opened)
    return service.register_dependent_unit(session, act=act, enterprise_code=FIRM, unit=unit).change


def suspend(session: Session, act: Act, starts_on: date, ends_on: date) -> None:
    service.register_suspension(
        session,
        act=act,
        enterprise_code=FIRM,
        starts_on=starts_on,
        ends_on=ends_on,
        notified_on=None,
    )


def wind_up(session: Session, act: Act) -> None:
    service.register_winding_up(session, act=act, enterprise_code=FIRM, on=OPENED, **DECISION)


class TestDependentUnit:
    def test_cannot_be_closed_before_it_was_opened(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        open_unit(enterprise_session, act)

        with pytest.raises(errors.DependentUnitNotFound):
            service.close_dependent_unit(
                enterprise_session, act=act, enterprise_code=FIRM, unit_code=UNIT, on=BEFORE
            )

    @pytest.mark.parametrize("opened", [OPENED, date(2025, 12, 1)], ids=["open", "opened later"])
    def test_keeps_its_enterprise_from_ending(
        self, enterprise_session: Session, act: Act, opened: date
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        open_unit(enterprise_session, act, opened)
        service.register_winding_up(
            enterprise_session, act=act, enterprise_code=FIRM, on=date(2025, 8, 1), **DECISION
        )

        with pytest.raises(errors.DependentUnitStands):
            service.register_end(
                enterprise_session, act=act, enterprise_code=FIRM, on=ENDED, **DECISION
            )

    def test_that_is_closed_does_not(self, enterprise_session: Session, act: Act) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        open_unit(enterprise_session, act)
        wind_up(enterprise_session, act)
        service.close_dependent_unit(
            enterprise_session, act=act, enterprise_code=FIRM, unit_code=UNIT, on=ENDED
        )

        service.register_end(
            enterprise_session, act=act, enterprise_code=FIRM, on=ENDED, **DECISION
        )

    def test_keeps_its_enterprise_from_passing_into_another(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        make_enterprise(enterprise_session, act, OTHER)
        open_unit(enterprise_session, act)

        with pytest.raises(errors.DependentUnitStands):
            service.register_reorganisation(
                enterprise_session,
                act=act,
                kind=SuccessionKind.MERGE,
                predecessors=[FIRM],
                successors=[OTHER],
                on=ENDED,
            )


class TestStatus:
    def test_cannot_be_closed_before_it_began(self, enterprise_session: Session, act: Act) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        suspend(enterprise_session, act, OPENED, date(2024, 9, 1))

        with pytest.raises(errors.StatusNotHeld):
            service.close_suspension(enterprise_session, act=act, enterprise_code=FIRM, on=BEFORE)

    def test_of_later_days_stays_when_an_earlier_one_is_closed(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        suspend(enterprise_session, act, OPENED, date(2024, 9, 1))
        suspend(enterprise_session, act, date(2025, 1, 1), date(2025, 6, 1))

        service.close_suspension(
            enterprise_session, act=act, enterprise_code=FIRM, on=date(2024, 6, 1)
        )

        held = versions.list_current(
            enterprise_session, tables.status_period, {"enterprise_code": FIRM}
        )
        assert [(row["valid"].lower, row["valid"].upper) for row in held] == [
            (OPENED, date(2024, 6, 1)),
            (date(2025, 1, 1), date(2025, 6, 1)),
        ]


class TestAnnulling:
    def test_a_registration_leaves_no_unit_of_nobody(
        self, enterprise_session: Session, act: Act
    ) -> None:
        registered = make_enterprise(enterprise_session, act, FIRM)
        open_unit(enterprise_session, act)

        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(enterprise_session, act=act, annulled=registered)

    def test_an_enterprise_leaves_no_succession_to_nobody(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        registered = make_enterprise(enterprise_session, act, OTHER)
        service.register_reorganisation(
            enterprise_session,
            act=act,
            kind=SuccessionKind.MERGE,
            predecessors=[FIRM],
            successors=[OTHER],
            on=ENDED,
        )

        with pytest.raises(annulling.ChangeNotAnnullable), enterprise_session.begin_nested():
            service.annul_change(enterprise_session, act=act, annulled=registered)
        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_enterprise(enterprise_session, act=act, enterprise_code=OTHER)
