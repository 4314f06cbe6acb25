"""Nothing is closed before its first day, and no act loses what was recorded of a later one."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from databases.changes import annulling, versions
from databases.changes.ledger import Act
from land import errors, service, tables, values
from tests.factories import land as factory
from tests.factories.land import BANK, BUYER, OWNER
from tests.integration.land.test_reshaping import halves

ON = date(2026, 1, 1)
BEFORE = date(2025, 12, 31)
LATER = date(2026, 2, 1)


def mortgage(session: Session, act: Act, right_id: str = "R1", by: values.Party = OWNER) -> int:
    return service.register_mortgage(
        session,
        act=act,
        mortgage=values.Mortgage("M1", right_id, BANK, "Ngân hàng"),
        mortgagors={by.ref},
        on=ON,
    ).change


def owe(session: Session, act: Act, right_id: str = "R1") -> None:
    service.register_responsibility(
        session,
        act=act,
        responsibility=values.Responsibility(
            "O1", right_id, values.ResponsibilityKind.LAND_USE_FEE, Decimal(1_000_000)
        ),
        on=ON,
    )


def lease(session: Session, act: Act, name: str, of: str, by: values.Party, on: date) -> None:
    right = factory.make_right(
        name,
        kind=values.RightKind.LEASE,
        holders=(factory.make_holder(BUYER if by == OWNER else BANK),),
        derived_from=of,
        ends_on=date(2028, 1, 1),
    )
    granted = values.Lease(right, frozenset({by.ref}))
    service.register_lease(session, act=act, lease=granted, on=on)


def certify_lease(session: Session, act: Act) -> None:
    certificate = factory.make_certificate("C9", "L1", number_as_written="CB 900001")
    service.register_certificate(session, act=act, certificate=certificate, on=ON)


def dispute(session: Session, act: Act, on: date) -> None:
    limit = values.Restriction("X1", "P1", values.RestrictionKind.DISPUTE, "TAND", "1/QĐ")
    service.register_dispute(session, act=act, restriction=limit, on=on)


def certify(session: Session, act: Act) -> None:
    certificate = factory.make_certificate("C3", number_as_written="CB 400000")
    service.register_certificate(session, act=act, certificate=certificate, on=ON)


def lease_out(session: Session, act: Act) -> None:
    lease(session, act, "L1", "R1", OWNER, ON)


def sell(session: Session, act: Act) -> None:
    buyer = (factory.make_holder(BUYER),)
    disposal = values.Disposal("R1", {OWNER.ref: Fraction(1)}, buyer)
    service.register_transfer(session, act=act, disposal=disposal, on=ON)


class TestClosingEarly:
    def test_a_mortgage_stands_from_its_day_on(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        mortgage(land_session, act)

        with pytest.raises(errors.MortgageNotFound):
            service.close_mortgage(land_session, act=act, mortgage_id="M1", on=BEFORE)

    def test_what_is_owed_is_owed_from_its_day_on(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        owe(land_session, act)

        with pytest.raises(errors.ResponsibilityNotFound):
            service.close_responsibility(land_session, act=act, responsibility_id="O1", on=BEFORE)


class TestClosingALease:
    def test_waits_for_a_sub_lease_of_a_later_day(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        lease(land_session, act, "L1", "R1", OWNER, ON)
        certify_lease(land_session, act)
        lease(land_session, act, "L2", "L1", BUYER, LATER)

        with pytest.raises(errors.LaterActRecorded):
            service.close_lease(land_session, act=act, right_id="L1", on=date(2026, 1, 15))

    def test_waits_for_a_mortgage_of_it(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        lease(land_session, act, "L1", "R1", OWNER, ON)
        certify_lease(land_session, act)
        mortgage(land_session, act, "L1", BUYER)

        with pytest.raises(errors.RightsStand):
            service.close_lease(land_session, act=act, right_id="L1", on=LATER)

    def test_ends_what_is_owed_for_it_and_its_certificate(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        lease(land_session, act, "L1", "R1", OWNER, ON)
        certify_lease(land_session, act)
        owe(land_session, act, "L1")

        service.close_lease(land_session, act=act, right_id="L1", on=LATER)

        owed = versions.find_on(
            land_session, tables.responsibility, {"responsibility_id": "O1"}, LATER
        )
        paper = versions.find_on(land_session, tables.certificate, {"certificate_id": "C9"}, LATER)
        assert owed is None
        assert paper is not None
        assert paper["status"] == values.CertificateStatus.REVOKED.value


def split(session: Session, act: Act) -> None:
    service.register_split(session, act=act, parcel_id="P1", parts=halves(), on=ON)


def recover(session: Session, act: Act) -> None:
    service.register_recovery(session, act=act, parcel_id="P1", on=ON)


class TestLaterActs:
    def test_keep_a_parcel_from_being_split_before_a_dispute(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        dispute(land_session, act, LATER)

        with pytest.raises(errors.LaterActRecorded):
            split(land_session, act)

    def test_keep_a_parcel_from_being_split_before_a_change_of_use(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        uses = (values.LandUse("08/2024", "TMD", "Đất thương mại, dịch vụ", Decimal(400)),)
        service.amend_land_use(land_session, act=act, parcel_id="P1", uses=uses, on=LATER)

        with pytest.raises(errors.LaterActRecorded):
            split(land_session, act)

    def test_keep_a_use_from_changing_before_a_later_change(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        uses = (values.LandUse("08/2024", "TMD", "Đất thương mại, dịch vụ", Decimal(400)),)
        service.amend_land_use(land_session, act=act, parcel_id="P1", uses=uses, on=LATER)

        with pytest.raises(errors.LaterActRecorded):
            service.amend_land_use(land_session, act=act, parcel_id="P1", uses=uses, on=ON)

    @pytest.mark.parametrize("end", [split, recover])
    def test_keep_a_right_from_ending_before_its_certificate(
        self, land_session: Session, act: Act, end: Callable[[Session, Act], None]
    ) -> None:
        factory.register(land_session, act)
        certificate = factory.make_certificate("C2", number_as_written="CB 300000")
        service.register_certificate(land_session, act=act, certificate=certificate, on=LATER)

        with pytest.raises(errors.LaterActRecorded):
            end(land_session, act)


class TestWhatEnded:
    """Nothing of an earlier day is put on what ended later: it would stay open for ever."""

    @pytest.mark.parametrize("put", [mortgage, owe, certify, lease_out, sell])
    def test_a_right_that_was_recovered_takes_nothing(
        self, land_session: Session, act: Act, put: Callable[[Session, Act], object]
    ) -> None:
        factory.register(land_session, act)
        service.register_recovery(land_session, act=act, parcel_id="P1", on=LATER)

        with pytest.raises(errors.LaterActRecorded):
            put(land_session, act)

    def test_a_parcel_that_was_split_takes_no_dispute(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        split(land_session, act)

        with pytest.raises(errors.LaterActRecorded):
            dispute(land_session, act, BEFORE)

    def test_a_parcel_that_was_split_is_used_until_then(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        split(land_session, act)
        uses = (values.LandUse("08/2024", "TMD", "Đất thương mại, dịch vụ", Decimal(400)),)

        service.amend_land_use(land_session, act=act, parcel_id="P1", uses=uses, on=BEFORE)

        held = versions.list_current(land_session, tables.land_use, {"parcel_id": "P1"})
        assert [row["valid"].upper for row in held] == [BEFORE, ON]


class TestAnnulling:
    def test_a_registration_leaves_no_restriction_of_nothing(
        self, land_session: Session, act: Act
    ) -> None:
        registered = factory.register(land_session, act)
        dispute(land_session, act, ON)

        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(land_session, act=act, annulled=registered)

    def test_a_registration_leaves_no_mortgage_of_nothing(
        self, land_session: Session, act: Act
    ) -> None:
        registered = factory.register(land_session, act)
        mortgage(land_session, act)

        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(land_session, act=act, annulled=registered)

    def test_a_lease_leaves_no_sub_lease(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        lease(land_session, act, "L1", "R1", OWNER, ON)
        certify_lease(land_session, act)
        leased = versions.list_current(land_session, tables.land_right, {"right_id": "L1"})
        lease(land_session, act, "L2", "L1", BUYER, ON)

        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(land_session, act=act, annulled=leased[0]["from_change"])
