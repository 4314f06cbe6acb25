"""Entries written by COPY come back as they were, whatever text a caller sends."""

import dataclasses
import uuid

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.access_log import entries, repository
from tests.factories.exchange import make_entry

HOSTILE = [
    pytest.param("back\\slash \\N \\. \\x41 \\t", id="backslashes"),
    pytest.param("a\tb", id="tab"),
    pytest.param("a\nb\r\nc\rd", id="lines"),
    pytest.param("\\.\n", id="end_of_copy"),
    pytest.param("\\N", id="null_of_copy"),
    pytest.param("{a,\"b\"} 'c' $1 %s :d", id="quotes"),
    pytest.param("Hoà Thuỷ \U0001f1fb\u2028\u0085", id="vietnamese"),
    pytest.param("\x01\x1f\x7f", id="controls"),
    pytest.param("", id="empty"),
]
MEMBERS = (
    "agency",
    "client",
    "officer",
    "dataset",
    "purpose",
    "legal_basis",
    "procedure",
    "case_reference",
)


def write(session: Session, *written: entries.Entry) -> None:
    connection = session.connection().connection
    repository.append(connection, written, [entries.leaf_hash(one) for one in written])


def read(session: Session) -> list[entries.Entry]:
    rows = session.execute(select(tables.access_entry).order_by(tables.access_entry.c.position))
    return [repository.to_entry(dict(row)) for row in rows.mappings()]


class TestAppend:
    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_keeps_every_text_as_it_is(self, exchange_session: Session, hostile: str) -> None:
        entry = make_entry(
            **dict.fromkeys(MEMBERS, hostile),
            transport={"x-road-id": hostile, "x-road-userid": hostile},
        )

        write(exchange_session, entry)

        assert read(exchange_session) == [entry]

    @pytest.mark.parametrize("name", MEMBERS)
    def test_keeps_members_apart(self, exchange_session: Session, name: str) -> None:
        entry = make_entry(**{name: "a\tb\\\nc"})

        write(exchange_session, entry)

        assert read(exchange_session) == [entry]

    def test_keeps_what_is_not_there(self, exchange_session: Session) -> None:
        entry = make_entry(subject_tag=None, fields=(), agreement_hash="", rule="")

        write(exchange_session, entry)

        assert read(exchange_session) == [entry]

    def test_stores_the_hash_that_the_row_leads_to(self, exchange_session: Session) -> None:
        written = [make_entry(number) for number in range(300)]

        write(exchange_session, *written)

        rows = exchange_session.execute(select(tables.access_entry)).mappings().all()
        assert len(rows) == 300
        for row in rows:
            assert entries.leaf_hash(repository.to_entry(dict(row))) == bytes(row["leaf_hash"])

    def test_refuses_an_id_twice(self, exchange_session: Session) -> None:
        write(exchange_session, make_entry(1))

        with pytest.raises(Exception, match="pk_access_entry"):
            write(exchange_session, make_entry(1))


class TestListAnswer:
    def test_gives_the_entries_of_one_answer_in_order(self, exchange_session: Session) -> None:
        answer = uuid.UUID(int=make_entry().entry_id.int + (1 << 16))
        mine = [
            dataclasses.replace(
                make_entry(), answer_id=answer, entry_id=entries.entry_id(answer, number)
            )
            for number in range(3)
        ]
        write(exchange_session, make_entry(5), *reversed(mine), make_entry(9))

        rows = repository.list_answer(exchange_session, answer)

        assert [repository.to_entry(dict(row)) for row in rows] == mine


class TestPrivileges:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE exchange.access_entry SET officer = 'x'",
            "DELETE FROM exchange.access_entry",
            "TRUNCATE exchange.access_entry",
            "ALTER TABLE exchange.access_entry DISABLE TRIGGER ALL",
            "INSERT INTO exchange.log_leaf SELECT * FROM exchange.log_leaf",
        ],
    )
    def test_let_the_service_only_add_and_read(
        self, exchange_session: Session, statement: str
    ) -> None:
        write(exchange_session, make_entry())

        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            exchange_session.execute(text(statement))
