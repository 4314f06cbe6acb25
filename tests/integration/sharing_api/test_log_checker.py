"""The checker finds everything that a superuser does to the log, and names the place."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.orm import Session

from databases.journal import notes, store
from log_checker import run
from sharing_api import tables
from sharing_api.access_log import entries, integrator, repository
from sharing_api.access_log.subjects import committing
from tests.factories.exchange import make_entry

NAME = "log.test"
SIGNER = notes.Signer(NAME, Ed25519PrivateKey.from_private_bytes(bytes(32)))
KEYS = {"log_keys": [SIGNER.verifier.key_string()]}
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SIZE = 600  # two complete tiles and an open one
GUARDED = ("access_entry", "log_leaf", "log_tile", "log_checkpoint", "subject_commitment")


def log(session: Session, first: int, count: int, signer: notes.Signer = SIGNER) -> None:
    chance = random.Random(first)
    written = [
        make_entry(
            number,
            subject_tag=chance.choice([None, chance.randbytes(32), bytes([number % 40]) * 32]),
            officer=chance.choice(["cb-01", 'the "second"', "Hoà\tThuỷ \\N", "a\x01b\u2028"]),
            fields=tuple(sorted(chance.sample(["full_name", "pin", "sex"], chance.randrange(4)))),
            transport=chance.choice([{}, {"x-road-userid": 'é"\\ \u0007', "a": "b"}]),
            logged_at=NOW.replace(microsecond=chance.choice([0, 5, 120_000, 999_999])),
        )
        for number in range(first, first + count)
    ]
    connection = session.connection().connection
    repository.append(connection, written, [entries.leaf_hash(one) for one in written])
    until = repository.wait_for_writers(session)
    integrator.integrate(session, signer, NOW, until=until)


def verify(session: Session, *anchors: str, keys: Any = None) -> run.Verdict:
    session.flush()
    cursor = session.connection().connection.cursor()
    return run.verify_with(cursor, run.Wishes("", keys or KEYS, anchors, workers=1))


@pytest.fixture
def logged(superuser_session: Session) -> Session:
    """A log of several checkpoints, with a commitment over its subjects; the guards are off."""
    for first, count in ((0, 100), (100, 1), (101, 299), (400, 200)):
        log(superuser_session, first, count)
    committing.put_into_log(superuser_session, (notes.KeyPeriod(SIGNER.verifier),), NOW)
    log(superuser_session, SIZE, 3)
    for table in GUARDED:
        superuser_session.execute(text(f"ALTER TABLE exchange.{table} DISABLE TRIGGER ALL"))
    return superuser_session


def newest(session: Session) -> str:
    found = store.find_latest_checkpoint(session, journal=tables.journal)
    assert found is not None
    return found.note


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Let the block tamper; afterwards everything is as it was."""
    with session.begin_nested() as savepoint:
        yield
        savepoint.rollback()


class TestHonestLog:
    def test_verifies(self, logged: Session) -> None:
        verdict = verify(logged, newest(logged))

        assert verdict.problem == ""
        assert (verdict.entries, verdict.checkpoints, verdict.waiting) == (SIZE + 4, 5, 0)
        assert verdict.covers == SIZE
        assert verdict.subjects > 40

    def test_counts_what_waits(self, logged: Session) -> None:
        connection = logged.connection().connection
        entry = make_entry(9_000)
        repository.append(connection, [entry], [entries.leaf_hash(entry)])

        verdict = verify(logged)

        assert (verdict.problem, verdict.waiting) == ("", 1)

    def test_may_be_empty(self, superuser_session: Session) -> None:
        assert verify(superuser_session) == run.Verdict(0, 0, 0)

    def test_agrees_with_the_writer_on_every_leaf(self, logged: Session) -> None:
        rows = logged.execute(text("SELECT leaf_hash FROM exchange.log_leaf ORDER BY leaf_index"))
        cursor: Any = logged.connection().connection.cursor()
        from log_checker.rows import Rows, copy_statement

        taken = Rows(with_subjects=False)
        cursor.execute("SET timezone = 'UTC'")
        cursor.copy_expert(copy_statement(0, 10_000), taken)
        taken.finish()

        assert taken.hashes == [bytes(one) for one in rows.scalars()]


_ID = "entry_id = (SELECT entry_id FROM exchange.log_leaf WHERE leaf_index = 250)"
_CHANGED = [
    "officer = 'somebody else'",
    "officer = officer || ' '",
    "agency = 'G99'",
    "subject_tag = NULL",
    "subject_tag = sha256('x')",
    "answer_hash = set_byte(answer_hash, 31, get_byte(answer_hash, 31) # 128)",
    "request_hash = answer_hash, answer_hash = request_hash",
    "fields = fields || '{religion}'::text[]",
    'fields = \'{"a\\",\\"b"}\'',
    "logged_at = logged_at + interval '1 microsecond'",
    "logged_at = logged_at - interval '1 day'",
    "logged_at = '2026-03-02 08:00:00+00 BC'",
    "logged_at = 'infinity'",
    "valid_on = valid_on - 1",
    "valid_on = '-infinity'",
    "register_change = register_change + 1",
    'transport = \'{"x-road-id": "1"}\'',
    "decision = 'refused'",
    "rule = 'nothing_found'",
    "agreement_hash = ''",
    "leaf_hash = sha256('x')",
]


class TestAttack:
    @pytest.mark.parametrize("change", _CHANGED)
    def test_on_an_entry_is_found_and_named(self, logged: Session, change: str) -> None:
        logged.execute(text(f"UPDATE exchange.access_entry SET {change} WHERE {_ID}"))

        verdict = verify(logged)

        entry_id = logged.scalar(text(f"SELECT entry_id FROM exchange.log_leaf WHERE {_ID}"))
        assert verdict.place == 250
        assert str(entry_id) in verdict.problem

    def test_that_corrects_all_hashes_is_found_by_the_checkpoint(self, logged: Session) -> None:
        logged.execute(text(f"UPDATE exchange.access_entry SET officer = 'x' WHERE {_ID}"))
        row = logged.execute(text(f"SELECT * FROM exchange.access_entry WHERE {_ID}")).mappings()
        leaf = entries.leaf_hash(repository.to_entry(dict(row.one())))
        for table in ("log_leaf", "access_entry"):
            statement = text(f"UPDATE exchange.{table} SET leaf_hash = :leaf WHERE {_ID}")
            logged.execute(statement, {"leaf": leaf})
        logged.execute(text("DELETE FROM exchange.log_tile"))

        assert verify(logged).problem != ""
        logged.execute(text("DELETE FROM exchange.log_checkpoint WHERE tree_size < 600"))
        verdict = verify(logged)
        assert verdict.problem != ""

    def test_that_takes_an_entry_away(self, logged: Session) -> None:
        logged.execute(text(f"DELETE FROM exchange.access_entry WHERE {_ID}"))

        assert verify(logged).place == 250

    def test_that_takes_an_entry_and_its_leaf_away(self, logged: Session) -> None:
        logged.execute(text(f"DELETE FROM exchange.access_entry WHERE {_ID}"))
        logged.execute(text("DELETE FROM exchange.log_leaf WHERE leaf_index = 250"))

        assert verify(logged).place == 250

    def test_that_takes_the_first_entry_away(self, logged: Session) -> None:
        logged.execute(
            text(
                "DELETE FROM exchange.access_entry WHERE position ="
                " (SELECT min(position) FROM exchange.access_entry)"
            )
        )

        assert verify(logged).place == 0

    def test_that_puts_an_entry_in(self, logged: Session) -> None:
        """Inserted before the end of the log, and so back-dated."""
        logged.execute(
            text(
                "UPDATE exchange.access_entry SET position = DEFAULT"
                " WHERE position = (SELECT min(position) FROM exchange.access_entry)"
            )
        )

        assert verify(logged).place == 0

    def test_that_reorders(self, logged: Session) -> None:
        swap = (
            "UPDATE exchange.log_leaf l SET entry_id = o.entry_id FROM exchange.log_leaf o"
            " WHERE (l.leaf_index, o.leaf_index) IN ((250, 251), (251, 250))"
        )
        logged.execute(text("ALTER TABLE exchange.log_leaf DROP CONSTRAINT uq_log_leaf_entry_id"))
        logged.execute(text(swap))

        assert verify(logged).place == 250

    def test_that_swaps_the_hashes_of_two_answers(self, logged: Session) -> None:
        logged.execute(
            text(
                "UPDATE exchange.access_entry SET answer_hash = request_hash, request_hash ="
                f" answer_hash WHERE {_ID}"
            )
        )

        assert verify(logged).place == 250

    def test_that_cuts_off_the_end(self, logged: Session) -> None:
        for table in ("log_leaf", "access_entry"):
            logged.execute(
                text(
                    f"DELETE FROM exchange.{table} WHERE entry_id IN"
                    " (SELECT entry_id FROM exchange.access_entry ORDER BY position DESC LIMIT 4)"
                )
            )

        assert "a checkpoint covers" in verify(logged).problem

    def test_that_cuts_off_the_end_and_its_checkpoints_meets_the_anchor(
        self, logged: Session
    ) -> None:
        kept = newest(logged)
        for table in ("log_leaf", "access_entry"):
            logged.execute(
                text(
                    f"DELETE FROM exchange.{table} WHERE entry_id IN"
                    " (SELECT entry_id FROM exchange.access_entry ORDER BY position DESC LIMIT 4)"
                )
            )
        logged.execute(text("DELETE FROM exchange.log_checkpoint WHERE tree_size > 600"))

        verdict = verify(logged, kept)

        assert verdict.place == SIZE
        assert f"a checkpoint covers {SIZE + 4} entries" in verdict.problem

    def test_that_forks_the_log_meets_the_anchor(self, logged: Session) -> None:
        kept = newest(logged)
        for table in ("log_leaf", "access_entry"):
            logged.execute(
                text(
                    f"DELETE FROM exchange.{table} WHERE entry_id IN"
                    " (SELECT entry_id FROM exchange.access_entry ORDER BY position DESC LIMIT 4)"
                )
            )
        logged.execute(text("DELETE FROM exchange.log_checkpoint WHERE tree_size > 600"))
        log(logged, 20_000, 4)  # by the log's own key: only who kept the other can tell

        assert verify(logged).place in (-1, SIZE)
        assert "kept checkpoint" in verify(logged, kept).problem

    def test_that_signs_with_another_key(self, superuser_session: Session) -> None:
        stranger = notes.Signer(NAME, Ed25519PrivateKey.generate())
        log(superuser_session, 0, 5, stranger)

        assert "No known key" in verify(superuser_session).problem

    def test_that_drops_one_persons_entries(self, logged: Session) -> None:
        """And every hash of the journal with them, so that the tree is one of a smaller log."""
        logged.execute(
            text("DELETE FROM exchange.access_entry WHERE subject_tag = :tag"),
            {"tag": bytes([7]) * 32},
        )

        verdict = verify(logged)

        first = logged.scalar(
            text(
                "SELECT min(leaf_index) FROM exchange.log_leaf l WHERE NOT EXISTS"
                " (SELECT FROM exchange.access_entry e WHERE e.entry_id = l.entry_id)"
            )
        )
        assert verdict.place == first

    def test_on_the_commitment_is_found(self, superuser_session: Session) -> None:
        """The log's own key signed a wrong root over the subjects: the entries tell."""
        log(superuser_session, 0, 50)
        right = committing.put_into_log(superuser_session, (notes.KeyPeriod(SIGNER.verifier),), NOW)
        assert right == 50
        superuser_session.execute(text("ALTER TABLE exchange.access_entry DISABLE TRIGGER ALL"))
        row = superuser_session.execute(
            text(
                "UPDATE exchange.access_entry SET answer_hash = sha256('x')"
                " WHERE operation = 'commitment' RETURNING *"
            )
        ).mappings()
        entry = repository.to_entry(dict(row.one()))
        superuser_session.execute(
            text("UPDATE exchange.access_entry SET leaf_hash = :leaf WHERE entry_id = :id"),
            {"leaf": entries.leaf_hash(entry), "id": entry.entry_id},
        )
        log(superuser_session, 100, 1)

        verdict = verify(superuser_session)

        assert "do not lead to the commitment over 50" in verdict.problem
        assert verdict.place == 50


# Table, column, and what it is found by; every bit of these is covered by a signature.
_COLUMNS = {
    "access_entry": ("subject_tag", "request_hash", "answer_hash", "leaf_hash"),
    "log_leaf": ("leaf_hash",),
    "log_tile": ("root_hash", "inner_nodes"),
    "log_checkpoint": ("root_hash",),
}
_TEXTS = ("agency", "client", "dataset", "operation", "purpose", "legal_basis", "agreement_hash")


def flip(session: Session, chance: random.Random) -> tuple[int, int]:
    """Flip one bit at a random place; gives the leaves between which it must be named."""
    table = chance.choice([*_COLUMNS, "text", "position"])
    if table == "text":
        return _flip_text(session, chance)
    if table == "position":
        number = chance.randrange(SIZE)
        session.execute(
            text(
                "UPDATE exchange.log_leaf SET leaf_index = leaf_index # (1::bigint << :bit)"
                " WHERE leaf_index = :number"
            ),
            {"bit": 40 + chance.randrange(20), "number": number},
        )
        return 0, SIZE + 4
    column = chance.choice(_COLUMNS[table])
    rows = session.execute(
        text(
            f"SELECT ctid, octet_length({column}) FROM exchange.{table}"
            f" WHERE {column} IS NOT NULL ORDER BY ctid"
        )
    ).all()
    place, length = chance.choice(rows)
    byte, bit = chance.randrange(length), 1 << chance.randrange(8)
    session.execute(
        text(
            f"UPDATE exchange.{table} SET {column} = set_byte({column}, :byte,"
            f" get_byte({column}, :byte) # :bit) WHERE ctid = CAST(:place AS tid)"
        ),
        {"byte": byte, "bit": bit, "place": place},
    )
    return 0, SIZE + 4


def _flip_text(session: Session, chance: random.Random) -> tuple[int, int]:
    column, number = chance.choice(_TEXTS), chance.randrange(SIZE)
    where = f"entry_id = (SELECT entry_id FROM exchange.log_leaf WHERE leaf_index = {number})"
    before = session.scalar(text(f"SELECT {column} FROM exchange.access_entry WHERE {where}"))
    assert before is not None
    at = chance.randrange(len(before))
    flipped = chr(ord(before[at]) ^ 1 << chance.randrange(4))
    session.execute(
        text(f"UPDATE exchange.access_entry SET {column} = :now WHERE {where}"),
        {"now": before[:at] + flipped + before[at + 1 :]},
    )
    return number, number


class TestFlippedBit:
    @pytest.mark.parametrize("seed", range(10))
    def test_is_found_at_a_hundred_random_places(self, logged: Session, seed: int) -> None:
        chance = random.Random(seed)
        missed = []
        for number in range(100):
            with undone(logged):
                first, last = flip(logged, chance)
                verdict = verify(logged)
                if not verdict.problem or not first <= verdict.place <= last:
                    missed.append((number, verdict))

        assert missed == []
        assert verify(logged).problem == ""
