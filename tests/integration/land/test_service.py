"""The acts of the land register on a real PostgreSQL."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from databases.changes import ledger, versions
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from land import errors, service, tables, values
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


class TestRegisterParcel:
    def test_opens_one_change_under_the_act_s_own_name(
        self, land_session: Session, act: Act
    ) -> None:
        change = factory.register(land_session, act)

        row = land_session.execute(
            select(tables.ledger.change).where(tables.ledger.change.c.change_id == change)
        ).one()
        assert row.act == "land.parcel.registered"
        assert ledger.last_change(land_session, tables.ledger) == change

    def test_gives_a_name_once(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)

        with pytest.raises(errors.AlreadyRegistered):
            factory.register(land_session, act)

    def test_refuses_land_of_another(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        half_over = factory.make_parcel("P2", shape=factory.make_shape(0, width=1.5))
        other = values.FirstRegistration(parcel=half_over)

        with pytest.raises(errors.OverlappingParcels) as refused:
            service.register_parcel(land_session, act=act, registration=other, on=ON)

        assert refused.value.shapes

    def test_lets_a_road_lie_over_parcels(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        road = factory.make_parcel("P2", is_parcel=False)
        registration = values.FirstRegistration(parcel=road)

        service.register_parcel(land_session, act=act, registration=registration, on=ON)

    def test_refuses_a_certificate_number_given_before(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)

        with pytest.raises(errors.WrongCertificate):
            factory.register_another(
                land_session, act, 2, certificates=(factory.make_certificate("C2", "R2"),)
            )

    def test_keeps_a_number_that_cannot_be_read_and_warns(
        self, land_session: Session, act: Act
    ) -> None:
        paper = factory.make_certificate(number_as_written="không rõ")
        registration = factory.make_registration(certificates=(paper,))

        recorded = service.register_parcel(land_session, act=act, registration=registration, on=ON)

        row = versions.find_on(land_session, tables.certificate, {"certificate_id": "C1"}, ON)
        assert row is not None
        assert (row["issue_number"], row["number_as_written"]) == (None, "không rõ")
        assert rules_of(recorded.warnings) == ["issue_number.unreadable"]

    def test_warns_when_the_survey_does_not_confirm_the_area(
        self, land_session: Session, act: Act
    ) -> None:
        parcel = factory.make_parcel(legal_area_m2=Decimal(450))
        registration = factory.make_registration(parcel=parcel)

        recorded = service.register_parcel(land_session, act=act, registration=registration, on=ON)

        assert rules_of(recorded.warnings) == ["legal_area.differs"]

    @pytest.mark.parametrize("code", ["CNT", "QQQ"])
    def test_refuses_a_land_use_that_its_list_never_had(
        self, land_session: Session, act: Act, code: str
    ) -> None:
        uses = (values.LandUse("25/2014", code, "đất", None),)

        with pytest.raises(errors.WrongLandUse) as refused:
            factory.register(land_session, act, parcel=factory.make_parcel(uses=uses))

        assert refused.value.fields[0].rule == "land_use.unknown_code"

    def test_warns_of_a_land_use_missing_in_a_list_with_gaps(
        self, land_session: Session, act: Act
    ) -> None:
        uses = (values.LandUse("08/2024", "QQQ", "đất", None),)
        registration = factory.make_registration(parcel=factory.make_parcel(uses=uses))

        recorded = service.register_parcel(land_session, act=act, registration=registration, on=ON)

        assert rules_of(recorded.warnings) == ["land_use.unknown_code"]


class TestAmendLandUse:
    def test_replaces_the_lines_from_the_day_on(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        uses = [values.LandUse("08/2024", "TMD", "Đất thương mại", Decimal(400))]

        service.amend_land_use(land_session, act=act, parcel_id="P1", uses=uses, on=ON)

        assert states.get_parcel(land_session, "P1", on=ON).uses == tuple(uses)
        assert states.get_parcel(land_session, "P1", on=BEFORE).uses[0].code == "ODT"

    def test_by_a_list_no_longer_in_force_is_refused(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        uses = [values.LandUse("25/2014", "BHK", "Đất bằng trồng cây", Decimal(400))]

        with pytest.raises(errors.WrongLandUse) as refused:
            service.amend_land_use(land_session, act=act, parcel_id="P1", uses=uses, on=ON)

        assert refused.value.fields[0].rule == "land_use.regime_not_in_force"

    def test_by_a_code_on_which_published_lists_disagree_warns(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        uses = [values.LandUse("08/2024", "DNG", "Đất ngoại giao", Decimal(400))]

        recorded = service.amend_land_use(land_session, act=act, parcel_id="P1", uses=uses, on=ON)

        assert rules_of(recorded.warnings) == ["land_use.disputed_code"]


class TestCorrectBoundary:
    def test_sets_the_shape_for_all_days_from_the_first(
        self, land_session: Session, act: Act
    ) -> None:
        change = factory.register(land_session, act)
        survey = values.Survey(factory.ZONE, Decimal("0.03"), ON, "TĐ 2/2026")

        service.correct_boundary(
            land_session,
            act=act,
            parcel_id="P1",
            survey=survey,
            shape=factory.make_shape(0, width=1.01),
            valid_from=factory.REGISTERED,
        )

        parcel = states.get_parcel(land_session, "P1", on=ON)
        assert parcel.measured_area_m2 == Decimal("404.00")
        assert parcel.legal_area_m2 == Decimal(400)
        as_known = versions.is_as_of(tables.parcel, AsOf(ON, change))
        former = land_session.execute(select(tables.parcel.c.survey_document).where(as_known))
        assert former.scalar_one() == "TĐ 1/2024"

    def test_refuses_to_take_land_of_a_neighbour(self, land_session: Session, act: Act) -> None:
        factory.register_another(land_session, act, 1)
        factory.register_another(land_session, act, 2)

        with pytest.raises(errors.OverlappingParcels):
            service.correct_boundary(
                land_session,
                act=act,
                parcel_id="P1",
                survey=values.Survey(factory.ZONE, Decimal("0.03")),
                shape=factory.make_shape(0, width=1.5),
                valid_from=ON,
            )


class TestRegisterRecovery:
    def test_ends_rights_and_revokes_certificates(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        mortgage(land_session, act, on=BEFORE)

        recorded = service.register_recovery(land_session, act=act, parcel_id="P1", on=ON)

        assert states.get_parcel(land_session, "P1", on=ON)
        with pytest.raises(errors.RightNotFound):
            states.get_right(land_session, "R1", on=ON)
        assert not states.list_mortgages(land_session, ["R1"], on=ON)
        assert not states.list_certificate_ids(land_session, ["R1"], on=ON)
        assert rules_of(recorded.warnings) == ["mortgage.ends"]


class TestReissueCertificate:
    def test_of_one_that_is_not_in_force_is_refused(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        service.close_certificate(land_session, act=act, certificate_id="C1", on=ON)
        again = factory.make_certificate("C9", number_as_written="AA 12345678")

        with pytest.raises(errors.CertificateNotFound):
            service.reissue_certificate(
                land_session, act=act, certificate=again, replaces="C1", on=ON
            )


class TestRegisterRestriction:
    def test_once_for_each_decision(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        kind = values.RestrictionKind.DISPUTE
        service.register_dispute(land_session, act=act, restriction=restriction(kind), on=ON)

        with pytest.raises(errors.RestrictionAlreadyHeld):
            service.register_dispute(
                land_session, act=act, restriction=restriction(kind, "X2"), on=ON
            )

    def test_of_another_kind_than_the_act_s_is_refused(
        self, land_session: Session, act: Act
    ) -> None:
        planning = restriction(values.RestrictionKind.PLANNING)

        with pytest.raises(errors.WrongParcel):
            service.register_dispute(land_session, act=act, restriction=planning, on=ON)


class TestRegisterLegalSpace:
    def test_gives_a_house_an_owner_beside_the_land_s(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        house = values.LegalSpace("H1", "P1", values.SpaceKind.HOUSE, "Nhà ở")
        owner = factory.make_right(
            "R7",
            kind=values.RightKind.ASSET_OWNERSHIP,
            legal_space_id="H1",
            holders=(factory.make_holder(factory.BUYER),),
        )

        service.register_legal_space(land_session, act=act, space=house, rights=[owner], on=ON)

        found = states.list_rights(land_session, "parcel_id", ["P1"], on=ON)
        assert [(one.right_id, one.legal_space_id) for one in found] == [("R1", None), ("R7", "H1")]

    def test_needs_a_parcel(self, land_session: Session, act: Act) -> None:
        house = values.LegalSpace("H1", "P1", values.SpaceKind.HOUSE, "Nhà ở")

        with pytest.raises(errors.ParcelNotFound):
            service.register_legal_space(land_session, act=act, space=house, rights=[], on=ON)
