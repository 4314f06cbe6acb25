"""Acts on rights over land on a real PostgreSQL: transfers, inheritance, mortgages, leases."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from land import errors, service, values
from land.repository import states
from tests.factories import land as factory
from tests.factories.land import BANK, BUYER, OWNER

ON = date(2026, 1, 1)
BEFORE = date(2025, 12, 31)
LATER = date(2026, 2, 1)
WHOLE = {OWNER.ref: Fraction(1)}


def holders(session: Session, right_id: str = "R1", on: date = ON) -> dict[str, Fraction]:
    right = states.get_right(session, right_id, on=on)
    return {holder.party.ref: holder.share for holder in right.holders}


def sale(
    given: Mapping[str, Fraction] | None = None, *, consents: frozenset[str] = frozenset()
) -> values.Disposal:
    given = given or WHOLE
    buyer = factory.make_holder(BUYER, sum(given.values(), Fraction(0)))
    return values.Disposal("R1", given, (buyer,), consents=consents)


def restriction(kind: values.RestrictionKind, name: str = "X1") -> values.Restriction:
    return values.Restriction(name, "P1", kind, "TAND", "1/QĐ")


def mortgage(session: Session, act: Act, name: str = "M1", on: date = ON) -> None:
    service.register_mortgage(
        session,
        act=act,
        mortgage=values.Mortgage(name, "R1", BANK, "Ngân hàng"),
        mortgagors={OWNER.ref},
        on=on,
    )


def rules_of(warnings: tuple[Any, ...]) -> list[str]:
    return [warning.rule for warning in warnings]


class TestRegisterTransfer:
    def test_changes_the_holder_from_the_day_on(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)

        service.register_transfer(land_session, act=act, disposal=sale(), on=ON)

        assert holders(land_session, on=BEFORE) == WHOLE
        assert holders(land_session) == {BUYER.ref: Fraction(1)}

    def test_of_a_part_leaves_exact_shares(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)

        service.register_transfer(
            land_session, act=act, disposal=sale({OWNER.ref: Fraction(1, 3)}), on=ON
        )

        assert holders(land_session) == {OWNER.ref: Fraction(2, 3), BUYER.ref: Fraction(1, 3)}
        right = states.get_right(land_session, "R1", on=ON)
        assert right.legal_form is values.LegalForm.SHARED

    def test_by_somebody_who_does_not_hold_is_refused(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)

        with pytest.raises(errors.NotTheHolder):
            service.register_transfer(
                land_session, act=act, disposal=sale({BANK.ref: Fraction(1)}), on=ON
            )

    @pytest.mark.parametrize(
        ("kind", "register", "close"),
        [
            (
                values.RestrictionKind.DISPUTE,
                service.register_dispute,
                service.close_dispute,
            ),
            (
                values.RestrictionKind.ATTACHMENT,
                service.register_attachment,
                service.close_attachment,
            ),
        ],
    )
    def test_waits_until_a_restriction_is_lifted(
        self, land_session: Session, act: Act, kind: Any, register: Any, close: Any
    ) -> None:
        factory.register(land_session, act)
        register(land_session, act=act, restriction=restriction(kind), on=BEFORE)

        with pytest.raises(errors.DisposalBlocked) as refused, land_session.begin_nested():
            service.register_transfer(land_session, act=act, disposal=sale(), on=ON)
        close(land_session, act=act, restriction_id="X1", on=ON)
        service.register_transfer(land_session, act=act, disposal=sale(), on=ON)

        assert refused.value.fields[0].rule == f"restriction.{kind.value}"
        assert holders(land_session) == {BUYER.ref: Fraction(1)}

    def test_under_a_notice_of_recovery_warns(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        notice = restriction(values.RestrictionKind.RECOVERY_NOTICE)
        service.register_restriction(land_session, act=act, restriction=notice, on=BEFORE)

        recorded = service.register_transfer(land_session, act=act, disposal=sale(), on=ON)

        assert rules_of(recorded.warnings) == ["restriction.recovery_notice"]

    def test_of_a_right_without_certificate_is_refused(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act, certificates=())

        with pytest.raises(errors.CertificateMissing):
            service.register_transfer(land_session, act=act, disposal=sale(), on=ON)

    def test_of_a_mortgaged_right_needs_the_mortgagee(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        mortgage(land_session, act, on=BEFORE)

        with pytest.raises(errors.MortgageeConsentMissing), land_session.begin_nested():
            service.register_transfer(land_session, act=act, disposal=sale(), on=ON)
        agreed = sale(consents=frozenset({"M1"}))
        service.register_transfer(land_session, act=act, disposal=agreed, on=ON)

        assert holders(land_session) == {BUYER.ref: Fraction(1)}

    def test_before_a_later_act_is_refused(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        service.register_transfer(land_session, act=act, disposal=sale(), on=LATER)

        with pytest.raises(errors.LaterActRecorded):
            service.register_transfer(land_session, act=act, disposal=sale(), on=ON)

    def test_to_a_foreigner_warns(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        foreign = values.Party("document:FR:12AB34567")
        buyer = factory.make_holder(foreign, nationality_code="FR")
        disposal = values.Disposal("R1", WHOLE, (buyer,))

        recorded = service.register_transfer(land_session, act=act, disposal=disposal, on=ON)

        assert rules_of(recorded.warnings) == ["party.foreign"]

    def test_can_be_annulled_as_a_whole(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        done = service.register_transfer(land_session, act=act, disposal=sale(), on=ON)

        service.annul_change(land_session, act=act, annulled=done.change)

        assert holders(land_session) == WHOLE


class TestRegisterInheritance:
    def test_passes_the_share_of_one_spouse_alone(self, land_session: Session, act: Act) -> None:
        half = Fraction(1, 2)
        spouses = (
            factory.make_holder(OWNER, half, role=values.HolderRole.HUSBAND),
            factory.make_holder(BUYER, half, role=values.HolderRole.WIFE),
        )
        right = factory.make_right(holders=spouses, legal_form=values.LegalForm.SPOUSES)
        factory.register(land_session, act, rights=(right,))
        heir = values.Party("pin:001208000111")
        disposal = values.Disposal("R1", {OWNER.ref: half}, (factory.make_holder(heir, half),))

        with pytest.raises(errors.NotTheHolder), land_session.begin_nested():
            service.register_gift(land_session, act=act, disposal=disposal, on=ON)
        service.register_inheritance(land_session, act=act, disposal=disposal, on=ON)

        assert holders(land_session) == {BUYER.ref: half, heir.ref: half}


class TestRegisterMortgage:
    def test_ranks_after_those_that_stand(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        mortgage(land_session, act)
        mortgage(land_session, act, "M2")

        held = states.list_mortgages(land_session, ["R1"], on=ON)

        assert {one.mortgage_id: one.rank for one in held} == {"M1": 1, "M2": 2}

    def test_by_somebody_else_is_refused(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)

        with pytest.raises(errors.NotTheHolder):
            service.register_mortgage(
                land_session,
                act=act,
                mortgage=values.Mortgage("M1", "R1", BANK, "Ngân hàng"),
                mortgagors={BUYER.ref},
                on=ON,
            )

    def test_stands_until_it_is_released(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        mortgage(land_session, act)
        service.close_mortgage(land_session, act=act, mortgage_id="M1", on=LATER)

        assert states.list_mortgages(land_session, ["R1"], on=ON)
        assert not states.list_mortgages(land_session, ["R1"], on=LATER)

    def test_cannot_be_released_twice(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)

        with pytest.raises(errors.MortgageNotFound):
            service.close_mortgage(land_session, act=act, mortgage_id="M1", on=LATER)


class TestRegisterLease:
    def lease(self, ends_on: date | None = date(2030, 1, 1)) -> values.Lease:
        right = factory.make_right(
            "L1",
            kind=values.RightKind.LEASE,
            holders=(factory.make_holder(BUYER),),
            derived_from="R1",
            ends_on=ends_on,
        )
        return values.Lease(right, frozenset({OWNER.ref}))

    def test_holds_until_its_term(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)

        service.register_lease(land_session, act=act, lease=self.lease(), on=ON)

        assert holders(land_session, "L1", date(2029, 12, 31)) == {BUYER.ref: Fraction(1)}
        with pytest.raises(errors.RightNotFound):
            states.get_right(land_session, "L1", on=date(2030, 1, 1))

    @pytest.mark.parametrize("ends_on", [None, ON, date(2030, 1, 2)])
    def test_inside_the_term_of_the_right_only(
        self, land_session: Session, act: Act, ends_on: date | None
    ) -> None:
        right = factory.make_right(ends_on=date(2030, 1, 1))
        factory.register(land_session, act, rights=(right,))

        with pytest.raises(errors.TermTooLong):
            service.register_lease(land_session, act=act, lease=self.lease(ends_on), on=ON)

    def test_ends_early(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        service.register_lease(land_session, act=act, lease=self.lease(), on=ON)

        service.close_lease(land_session, act=act, right_id="L1", on=LATER)

        with pytest.raises(errors.RightNotFound):
            states.get_right(land_session, "L1", on=LATER)


class TestCorrectHolder:
    TRUE = values.Identity(BUYER, "Nguyễn Văn An", birth_date="1984-02-01")

    def correct(self, session: Session, act: Act, valid_from: date = ON) -> int:
        recorded = service.correct_holder(
            session,
            act=act,
            right_id="R1",
            party_ref=OWNER.ref,
            identity=self.TRUE,
            valid_from=valid_from,
        )
        return recorded.change

    def test_gives_the_right_its_true_holder_from_the_day_on(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)

        self.correct(land_session, act)

        assert holders(land_session) == {BUYER.ref: Fraction(1)}
        assert holders(land_session, on=BEFORE) == WHOLE
        (holder,) = states.get_right(land_session, "R1", on=ON).holders
        assert holder.birth_date == "1984-02-01"

    def test_lets_the_true_holder_dispose(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        self.correct(land_session, act, factory.REGISTERED)

        given = {BUYER.ref: Fraction(1)}
        received = (factory.make_holder(BANK),)
        disposal = values.Disposal("R1", given, received)
        service.register_transfer(land_session, act=act, disposal=disposal, on=ON)

        assert holders(land_session) == {BANK.ref: Fraction(1)}

    def test_needs_a_right_on_the_day(self, land_session: Session, act: Act) -> None:
        with pytest.raises(errors.RightNotFound):
            self.correct(land_session, act)


class TestLaterActs:
    def test_keep_a_transfer_from_going_before_a_mortgage(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        mortgage(land_session, act, on=LATER)

        with pytest.raises(errors.LaterActRecorded):
            service.register_transfer(land_session, act=act, disposal=sale(), on=ON)

    def test_keep_a_transfer_from_going_before_a_lease(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        lease = TestRegisterLease().lease()
        service.register_lease(land_session, act=act, lease=lease, on=LATER)

        with pytest.raises(errors.LaterActRecorded):
            service.register_transfer(land_session, act=act, disposal=sale(), on=ON)
