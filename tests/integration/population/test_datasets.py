"""Reading citizens on a real PostgreSQL: fields, states, numbers, searches."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from databases import datasets
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.identifiers import Sex
from population import service
from population.datasets import CITIZEN
from population.values import Address, PersonName, ResidenceKind
from tests.factories import population as factory

ON = factory.ON
ALL = frozenset(CITIZEN.fields)


@pytest.fixture
def session(population_session: Session) -> Session:
    return population_session


class TestFetch:
    def test_reads_every_field_of_many_in_one_statement(self, session: Session, act: Act) -> None:
        pins = list(factory.register_couple(session, act))
        statements: list[str] = []
        connection = session.connection()

        def count(*given: Any) -> None:
            statements.append(given[2])

        event.listen(connection, "before_cursor_execute", count)
        found = CITIZEN.fetch(session, [*pins, "001090999999"], ALL, AsOf(ON))

        assert len(statements) == 1
        assert list(found.records) == pins
        assert all(record.keys() == ALL for record in found.records.values())
        assert found.change == 3

    def test_an_unknown_number_still_tells_the_change(self, session: Session, act: Act) -> None:
        factory.register(session, act)

        assert CITIZEN.fetch(session, ["001090999999"], ALL, AsOf(ON)) == datasets.FetchResult(
            1, {}
        )

    def test_reads_only_the_tables_that_fields_need(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        statements: list[str] = []

        def keep(*given: Any) -> None:
            statements.append(given[2])

        event.listen(session.connection(), "before_cursor_execute", keep)
        CITIZEN.fetch(session, [pin], frozenset({"full_name", "age"}), AsOf(ON))

        assert "residence" not in statements[0]
        assert "ethnicity" not in statements[0]

    def test_shapes_values_for_messages(self, session: Session, act: Act) -> None:
        person = factory.make_person(
            1,
            "1984-02",
            ethnicity_code="05",
            nationality_codes=("VN", "FR"),
            native_place=Address("Ấp Mây", None, None, "124/2004", "84"),
            other={"note": "x"},
        )
        service.register_birth(session, act=act, person=person, on=ON)

        record = CITIZEN.fetch(session, [person.pin], ALL, AsOf(ON)).records[person.pin]

        assert record["date_of_birth"] == "1984-02"
        assert record["age"] == 42
        assert record["sex"] == {"code": "1", "list": "sex", "version": "109/2017"}
        assert record["ethnicity"] == {"code": "05", "list": "ethnic_group", "version": "121/1979"}
        assert [c["code"] for c in record["nationality"]] == ["VN", "FR"]
        assert record["native_place"] == {
            "street": "Ấp Mây",
            "village": None,
            "commune": None,
            "province": {"code": "84", "version": "124/2004"},
            "country": "VN",
        }
        assert record["birth_full_name"] == {
            "full": "Hoàng Văn Thử1",
            "family": "Hoàng",
            "middle": "Văn",
            "given": "Thử1",
        }
        assert record["place_of_birth"] is None
        assert record["other"] == {"note": "x"}

    def test_refuses_an_unknown_field(self, session: Session) -> None:
        with pytest.raises(datasets.FieldUnknown):
            CITIZEN.fetch(session, ["001090000001"], frozenset({"shoe_size"}), AsOf(ON))


class TestSearch:
    @pytest.fixture(autouse=True)
    def people(self, session: Session, act: Act) -> None:
        name = PersonName("Lý Thị Hòa", "Lý", "Thị", "Hòa")
        for number, birth in ((1, "1984-02-29"), (2, "1984"), (3, "1984-03"), (4, "1985-02-28")):
            factory.register(session, act, number, birth, Sex.FEMALE, name=name)
        factory.register(session, act, 9, "1984-02-29", Sex.FEMALE, old_id_9="123456789")
        service.register_residence(
            session,
            act=act,
            pin=factory.make_pin(1, "1984", Sex.FEMALE),
            kind=ResidenceKind.PERMANENT,
            address=factory.VILLAGE,
            start=date(2025, 7, 1),
        )

    def numbers(self, session: Session, predicates: dict[str, Any], limit: int = 10) -> list[int]:
        found = CITIZEN.search(session, predicates, frozenset({"pin"}), AsOf(ON), limit)
        return [int(pin[6:]) for pin in found.records]

    @pytest.mark.parametrize(
        ("predicates", "expected"),
        [
            ({"name": "ly thi hoa"}, [1, 2, 3, 4]),
            ({"name": "LÍ THỊ HOÀ", "date_of_birth": "1984"}, [1, 2, 3]),
            ({"name": "ly thi hoa", "date_of_birth": "1984-02"}, [1, 2]),
            ({"name": "ly thi hoa", "date_of_birth": "1984-03-31"}, [2, 3]),
            ({"name": "ly thi hoa", "date_of_birth": "1984-02-28"}, [2]),
            ({"name": "ly thi hoa", "commune": {"code": "00004", "version": "19/2025"}}, [1]),
            ({"name": "ly thi hoa", "commune": {"code": "00004", "version": "124/2004"}}, []),
            ({"name": "ly thi hoa", "province": {"code": "01", "version": "19/2025"}}, [1]),
            ({"name_similar": "ly thi hao", "date_of_birth": "1985"}, [4]),
            ({"old_id_9": "123456789"}, [9]),
            ({"old_id_9": "123456789", "sex": "male"}, []),
        ],
    )
    def test_finds(self, session: Session, predicates: dict[str, Any], expected: list[int]) -> None:
        assert sorted(self.numbers(session, predicates)) == expected

    def test_gives_the_first_by_number_up_to_the_limit(self, session: Session) -> None:
        assert self.numbers(session, {"name": "ly thi hoa"}, limit=2) == [1, 2]

    def test_searches_an_earlier_state(self, session: Session) -> None:
        found = CITIZEN.search(session, {"name": "ly thi hoa"}, frozenset({"pin"}), AsOf(ON, 2), 10)

        assert len(found.records) == 2
