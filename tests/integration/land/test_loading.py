"""First registrations of many parcels as one change on a real PostgreSQL."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from databases.changes import ledger, versions
from databases.changes.ledger import Act
from land import service, tables, values
from land.service import first_registration, loading
from land.service.first_registration import Given
from tests.factories import land as factory

ON = date(2026, 1, 1)


def registration(number: int, **changes: object) -> values.FirstRegistration:
    made = values.FirstRegistration(
        parcel=factory.make_parcel(f"P{number}", column=number),
        rights=(factory.make_right(f"R{number}", f"P{number}"),),
        certificates=(
            factory.make_certificate(
                f"C{number}", f"R{number}", number_as_written=f"CB {200000 + number}"
            ),
        ),
    )
    return replace(made, **changes)


def register(session: Session, act: Act, *given: values.FirstRegistration) -> list[str | None]:
    """Register all and give the rule by which each is refused, None for those recorded."""
    _, outcomes = first_registration.register(
        session, act=act, name="parcels.loaded", given=[Given(one, ON) for one in given]
    )
    return [one.refusal.fields[0].rule if one.refusal else None for one in outcomes]


def count(session: Session, *names: str) -> int:
    return sum(
        len(versions.list_current(session, tables.parcel, {"parcel_id": name})) for name in names
    )


class TestRegister:
    def test_records_all_in_one_change(self, land_session: Session, act: Act) -> None:
        before = ledger.last_change(land_session, tables.ledger)

        refused = register(land_session, act, *(registration(number) for number in range(1, 6)))

        assert refused == [None] * 5
        assert ledger.last_change(land_session, tables.ledger) == before + 1
        (holder,) = versions.list_current(land_session, tables.right_holder, {"right_id": "R5"})
        assert holder["party_ref"] == factory.OWNER.ref

    def test_refuses_alone_what_breaks_a_rule(self, land_session: Session, act: Act) -> None:
        unreadable = replace(factory.make_shape(2), common_wkb=b"\x01\x06", survey_wkb=b"\x01")
        bad = replace(registration(2).parcel, shape=unreadable)

        refused = register(
            land_session, act, registration(1), registration(2, parcel=bad), registration(3)
        )

        assert refused == [None, "shape.unreadable", None]
        assert count(land_session, "P1", "P2", "P3") == 2

    def test_takes_the_first_of_two_that_claim_the_same_land(
        self, land_session: Session, act: Act
    ) -> None:
        over = replace(registration(2).parcel, shape=factory.make_shape(1, width=1.5))
        beside = replace(registration(3).parcel, shape=factory.make_shape(2))

        refused = register(
            land_session,
            act,
            registration(1),
            registration(2, parcel=over),
            registration(3, parcel=beside),
        )

        assert refused == [None, "shape.overlap", None]

    def test_looks_at_what_the_register_holds(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        over = replace(registration(2).parcel, shape=factory.make_shape(0, width=1.5))

        assert register(land_session, act, registration(2, parcel=over)) == ["shape.overlap"]

    def test_lets_a_road_lie_over_parcels(self, land_session: Session, act: Act) -> None:
        road = factory.make_parcel("P9", is_parcel=False, shape=factory.make_shape(0, width=4))

        refused = register(
            land_session, act, values.FirstRegistration(parcel=road), registration(1)
        )

        assert refused == [None, None]

    def test_gives_a_name_once(self, land_session: Session, act: Act) -> None:
        twice = registration(2, rights=(factory.make_right("R2", "P2"),) * 2)
        again = registration(3, rights=(factory.make_right("R1", "P3"),), certificates=())

        refused = register(land_session, act, registration(1), twice, again)

        assert refused == [None, "name.given", "name.given"]

    def test_gives_a_number_of_a_certificate_once(self, land_session: Session, act: Act) -> None:
        same = factory.make_certificate("C2", "R2", number_as_written="cb 200001")

        refused = register(
            land_session, act, registration(1), registration(2, certificates=(same,))
        )

        assert refused == [None, "issue_number.given"]


class TestLoadParcels:
    def test_opens_no_change_where_nothing_is_new(self, land_session: Session, act: Act) -> None:
        parcels = [factory.make_parcel(f"P{number}", column=number) for number in (1, 2)]
        service.load_parcels(land_session, act=act, parcels=parcels, on=ON)
        before = ledger.last_change(land_session, tables.ledger)

        again = service.load_parcels(land_session, act=act, parcels=parcels, on=ON)

        assert again == [loading.Loaded("unchanged")] * 2
        assert ledger.last_change(land_session, tables.ledger) == before
