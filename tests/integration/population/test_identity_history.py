"""What persons were ever recorded by, on a real PostgreSQL."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.periods import PartialDate
from population import service
from population.datasets import DATASETS
from population.values import AliasReason, KinRole, PersonName, Relative, ResidenceKind
from tests.factories import population as factory

ON = factory.ON
DATASET = DATASETS["identity_history"]


@pytest.fixture
def session(population_session: Session) -> Session:
    return population_session


def read(session: Session, pin: str, *fields: str, change: int | None = None) -> Any:
    wanted = frozenset(fields or DATASET.fields)
    found = DATASET.fetch(session, [pin], wanted, AsOf(ON, change)).records
    return found.get(pin)


class TestIdentityHistory:
    def test_of_somebody_new_is_one_value_each(self, session: Session, act: Act) -> None:
        pin = factory.register(
            session, act, old_id_9="011999999", mobile_no="0912345678", other_name="Tư Thử"
        )

        assert read(session, pin) == {
            "pin": pin,
            "pins": [pin],
            "names": ["Hoàng Văn Thử1", "Tư Thử"],
            "dates_of_birth": ["1990-05-06"],
            "sexes": [{"code": "1", "list": "sex", "version": "109/2017"}],
            "old_id_9s": ["011999999"],
            "mobile_nos": ["0912345678"],
            "residences": [],
            "father_names": [],
            "mother_names": [],
            "spouse_names": [],
        }

    def test_keeps_the_names_and_places_before(self, session: Session, act: Act) -> None:
        man, woman = factory.register_couple(session, act)
        for address, start in ((factory.CITY, 2010), (factory.VILLAGE, 2020)):
            service.register_residence(
                session,
                act=act,
                pin=man,
                kind=ResidenceKind.PERMANENT,
                address=address,
                start=date(start, 1, 1),
            )
        corrected = PersonName("Hoàng Văn Thật", "Hoàng", "Văn", "Thật")
        change = service.correct_item(
            session, act=act, pin=man, item="name", value=corrected
        ).change

        record = read(session, man)
        before = read(session, man, "names", change=change - 1)

        assert record["names"] == ["Hoàng Văn Thật", "Hoàng Văn Thử1"]
        assert before["names"] == ["Hoàng Văn Thử1"]
        assert [one["street"] for one in record["residences"]] == [
            factory.VILLAGE.street,
            factory.CITY.street,
        ]
        assert record["spouse_names"] == ["Hoàng Văn Thử2"]
        assert read(session, woman, "spouse_names")["spouse_names"] == ["Hoàng Văn Thật"]

    def test_names_relatives_who_are_not_in_the_register(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        mother = Relative(KinRole.MOTHER, full_name="Trần Thị Xa")
        service.register_relative(session, act=act, pin=pin, relative=mother, start=ON)

        assert read(session, pin, "mother_names", "father_names") == {
            "mother_names": ["Trần Thị Xa"],
            "father_names": [],
        }

    def test_goes_on_under_a_new_number(self, session: Session, act: Act) -> None:
        old = factory.register(session, act)
        outcome = service.reestablish_number(
            session,
            act=act,
            pin=old,
            new_pin="001089000077",
            reason=AliasReason.BIRTH_YEAR_CORRECTED,
            decided_on=ON,
            birth=PartialDate.parse("1989-05-06"),
        )

        record = read(session, old, "pin", "pins", "dates_of_birth")

        assert record == {
            "pin": outcome.key,
            "pins": [outcome.key, old],
            "dates_of_birth": ["1989-05-06", "1990-05-06"],
        }
        assert read(session, outcome.key, "pins")["pins"] == [outcome.key, old]
        assert read(session, outcome.key, "pin", change=outcome.change - 1) is None

    def test_leaves_out_what_was_annulled(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        wrong = PersonName("Somebody Else", "Somebody", "", "Else")
        change = service.correct_item(session, act=act, pin=pin, item="name", value=wrong).change
        annulled = service.annul_change(session, act=act, annulled=change)

        assert read(session, pin, "names")["names"] == ["Hoàng Văn Thử1"]
        then = read(session, pin, "names", change=annulled - 1)
        assert then["names"] == ["Somebody Else", "Hoàng Văn Thử1"]

    def test_of_nobody_is_nothing(self, session: Session, act: Act) -> None:
        factory.register(session, act)

        assert read(session, "001090999999") is None
