"""Entities: an id is given once; of two that are joined the older goes on."""

from sqlalchemy.orm import Session

from sharing_api.links.repository import entities, links
from sharing_api.links.repository.entities import Joined
from sharing_api.links.repository.links import Judged, Step
from sharing_api.links.values import Link, Side, State
from tests.conftest import read_clock

A, B, C, D = (bytes([one]) * 16 for one in range(1, 5))


def hold(session: Session, left: bytes, right: bytes) -> Link:
    """Enter a link that holds."""
    sides = [Side("land/holding", tag, b"k", b"c", 1) for tag in (left, right)]
    judged = Judged(
        left + right, "land.person", "person", *sides, "1", 12.0, 0.999, (), State.AUTOMATIC
    )
    (link,) = links.add(session, [judged])
    return link


def let_go(session: Session, link: Link) -> None:
    links.set_state(session, link, Step("cb", read_clock(), State.UNDONE, "why"), is_decided=True)


class TestJoin:
    def test_gives_an_id_to_two_records_and_the_same_to_a_third(
        self, exchange_session: Session
    ) -> None:
        (first,) = entities.join(exchange_session, [(A, B)], "person")
        (second,) = entities.join(exchange_session, [(C, B)], "person")

        assert first.former is None
        assert second == Joined(first.entity_id, None)

    def test_lets_the_older_go_on_and_names_the_other(self, exchange_session: Session) -> None:
        older, newer = entities.join(exchange_session, [(A, B), (C, D)], "person")
        (joined,) = entities.join(exchange_session, [(C, A)], "person")
        (again,) = entities.join(exchange_session, [(D, B)], "person")

        assert joined == Joined(older.entity_id, newer.entity_id)
        assert again == Joined(older.entity_id, None)

    def test_joins_pair_after_pair_of_one_page(self, exchange_session: Session) -> None:
        found = entities.join(exchange_session, [(A, B), (C, D), (B, C)], "person")

        assert found[2] == Joined(found[0].entity_id, found[1].entity_id)
        (later,) = entities.join(exchange_session, [(D, A)], "person")
        assert later.entity_id == found[0].entity_id


class TestPart:
    def test_leaves_the_id_with_the_right_record_and_gives_a_new_one(
        self, exchange_session: Session
    ) -> None:
        between = hold(exchange_session, A, B)
        for pair in ((C, A), (D, B)):
            hold(exchange_session, *pair)
        (joined, *_) = entities.join(exchange_session, [(A, B), (C, A), (D, B)], "person")
        let_go(exchange_session, between)

        parted = entities.part(exchange_session, A, B, "person")

        assert parted is not None
        assert parted.entity_id == joined.entity_id
        assert parted.former not in (None, joined.entity_id)
        (with_c,) = entities.join(exchange_session, [(C, A)], "person")
        assert with_c.entity_id == parted.former

    def test_leaves_records_that_nothing_holds_without_one(self, exchange_session: Session) -> None:
        link = hold(exchange_session, A, B)
        (joined,) = entities.join(exchange_session, [(A, B)], "person")
        let_go(exchange_session, link)

        entities.part(exchange_session, A, B, "person")
        (anew,) = entities.join(exchange_session, [(A, B)], "person")

        assert anew.entity_id > joined.entity_id

    def test_does_nothing_while_another_link_holds_them(self, exchange_session: Session) -> None:
        link = hold(exchange_session, A, B)
        for pair in ((A, C), (C, B)):
            hold(exchange_session, *pair)
        entities.join(exchange_session, [(A, B), (A, C), (C, B)], "person")
        let_go(exchange_session, link)

        assert entities.part(exchange_session, A, B, "person") is None
