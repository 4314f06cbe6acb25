"""Split and merger of parcels on a real PostgreSQL."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from databases.changes import versions
from databases.changes.ledger import Act
from land import errors, service, tables, values
from land.repository import states
from tests.factories import land as factory
from tests.factories.land import BANK, BUYER, OWNER

ON = date(2026, 1, 1)
BEFORE = date(2025, 12, 31)
WHOLE = {OWNER.ref: Fraction(1)}


def holders(session: Session, right_id: str) -> dict[str, Fraction]:
    right = states.get_right(session, right_id, on=ON)
    return {holder.party.ref: holder.share for holder in right.holders}


def mortgage(session: Session, act: Act) -> None:
    service.register_mortgage(
        session,
        act=act,
        mortgage=values.Mortgage("M1", "R1", BANK, "Ngân hàng"),
        mortgagors={OWNER.ref},
        on=BEFORE,
    )


def halves() -> tuple[values.Part, values.Part]:
    """Split the factory's parcel into a west and an east half."""
    area = Decimal(200)
    uses = (values.LandUse("08/2024", "ODT", "Đất ở tại đô thị", area),)
    first, second = (
        factory.make_parcel(
            name,
            legal_area_m2=area,
            measured_area_m2=area,
            shape=factory.make_shape(column, width=0.5),
            uses=uses,
        )
        for name, column in (("P11", 0), ("P12", 0.5))
    )
    return (
        values.Part(first, {"R1": "R11"}),
        values.Part(second, {"R1": "R12"}),
    )


class TestRegisterSplit:
    def test_ends_the_parcel_and_makes_its_parts(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)

        service.register_split(land_session, act=act, parcel_id="P1", parts=halves(), on=ON)

        with pytest.raises(errors.ParcelNotFound):
            states.get_parcel(land_session, "P1", on=ON)
        assert states.get_parcel(land_session, "P1", on=BEFORE)
        assert holders(land_session, "R11") == WHOLE
        assert holders(land_session, "R12") == WHOLE

    def test_remembers_where_the_parts_came_from(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        service.register_split(land_session, act=act, parcel_id="P1", parts=halves(), on=ON)

        lines = states.list_rows(land_session, tables.lineage, "ancestor_id", ["P1"], on=ON)

        assert [(one["parcel_id"], one["kind"]) for one in lines] == [
            ("P11", "split"),
            ("P12", "split"),
        ]

    def test_replaces_the_certificate(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        service.register_split(land_session, act=act, parcel_id="P1", parts=halves(), on=ON)

        row = versions.find_on(land_session, tables.certificate, {"certificate_id": "C1"}, ON)

        assert row is not None
        assert row["status"] == "replaced"

    def test_carries_mortgages_and_restrictions_to_every_part(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        mortgage(land_session, act)
        planning = values.Restriction("X1", "P1", values.RestrictionKind.PLANNING, "UBND", "1/QĐ")
        service.register_restriction(land_session, act=act, restriction=planning, on=BEFORE)

        service.register_split(
            land_session,
            act=act,
            parcel_id="P1",
            parts=halves(),
            on=ON,
            consents=frozenset({"M1"}),
        )

        held = states.list_mortgages(land_session, ["R11", "R12"], on=ON)
        limits = states.list_rows(
            land_session, tables.restriction, "parcel_id", ["P11", "P12"], on=ON
        )
        assert [one.right_id for one in held] == ["R11", "R12"]
        assert len(limits) == 2

    def test_under_a_mortgage_needs_the_mortgagee(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        mortgage(land_session, act)

        with pytest.raises(errors.MortgageeConsentMissing):
            service.register_split(land_session, act=act, parcel_id="P1", parts=halves(), on=ON)

    def test_refuses_parts_that_are_not_the_whole(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        west, east = halves()
        smaller = factory.make_parcel(
            "P12", legal_area_m2=Decimal(150), shape=factory.make_shape(0.5, width=0.3), uses=()
        )

        with pytest.raises(errors.AreaMismatch):
            service.register_split(
                land_session,
                act=act,
                parcel_id="P1",
                parts=(west, values.Part(smaller, east.right_ids)),
                on=ON,
            )

    def test_refuses_parts_of_other_land(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        west, _ = halves()
        elsewhere = factory.make_parcel(
            "P12", legal_area_m2=Decimal(200), shape=factory.make_shape(5, width=0.5), uses=()
        )

        with pytest.raises(errors.DifferentLand):
            service.register_split(
                land_session,
                act=act,
                parcel_id="P1",
                parts=(west, values.Part(elsewhere, {"R1": "R12"})),
                on=ON,
            )

    def test_refuses_a_use_that_no_list_has(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        west, east = halves()
        unknown = (values.LandUse("25/2014", "QQQ", "đất", None),)
        part = replace(east, parcel=replace(east.parcel, uses=unknown))

        with pytest.raises(errors.WrongLandUse):
            service.register_split(land_session, act=act, parcel_id="P1", parts=(west, part), on=ON)

    def test_refuses_to_lose_a_right(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        west, east = halves()

        with pytest.raises(errors.WrongContinuation):
            service.register_split(
                land_session,
                act=act,
                parcel_id="P1",
                parts=(west, values.Part(east.parcel)),
                on=ON,
            )


class TestRegisterMerger:
    def merged(self) -> values.Part:
        parcel = factory.make_parcel(
            "P9",
            legal_area_m2=Decimal(800),
            measured_area_m2=Decimal(800),
            shape=factory.make_shape(0, width=2),
        )
        return values.Part(parcel, {"R1": "R9", "R2": "R9"})

    def test_makes_one_of_two(self, land_session: Session, act: Act) -> None:
        factory.register_another(land_session, act, 1)
        factory.register_another(land_session, act, 2)

        service.register_merger(
            land_session, act=act, parcel_ids=["P1", "P2"], merged=self.merged(), on=ON
        )

        assert holders(land_session, "R9") == WHOLE
        lines = states.list_rows(land_session, tables.lineage, "parcel_id", ["P9"], on=ON)
        assert [one["ancestor_id"] for one in lines] == ["P1", "P2"]

    def test_of_different_holders_is_refused(self, land_session: Session, act: Act) -> None:
        factory.register_another(land_session, act, 1)
        others = (factory.make_right("R2", "P2", holders=(factory.make_holder(BUYER),)),)
        factory.register_another(land_session, act, 2, rights=others)

        with pytest.raises(errors.WrongContinuation):
            service.register_merger(
                land_session, act=act, parcel_ids=["P1", "P2"], merged=self.merged(), on=ON
            )
