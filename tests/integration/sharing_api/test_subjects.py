"""Chains and the tree over all subjects follow from the log, and from nothing else."""

import hashlib
import random
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.orm import Session

from databases.journal import errors, notes
from sharing_api.access_log import entries, integrator, repository
from sharing_api.access_log.entries import Entry
from sharing_api.access_log.subjects import chain, committing, nodes
from sharing_api.access_log.subjects import repository as subjects_repository
from tests.factories.exchange import make_entry

NAME = "log.test"
SIGNER = notes.Signer(NAME, Ed25519PrivateKey.from_private_bytes(bytes(32)))
KEYS = (notes.KeyPeriod(SIGNER.verifier),)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def tag(number: int) -> bytes:
    return hashlib.sha256(number.to_bytes(8, "big")).digest()


def log(session: Session, numbers: Sequence[int], start: int = 0) -> list[Entry]:
    """Write an entry about each subject (0: about nobody) and sign a checkpoint over them."""
    written = [
        make_entry(start + place, subject_tag=tag(number) if number else None)
        for place, number in enumerate(numbers)
    ]
    connection = session.connection().connection
    repository.append(connection, written, [entries.leaf_hash(one) for one in written])
    integrate(session)
    return written


def integrate(session: Session) -> None:
    until = repository.wait_for_writers(session)
    integrator.integrate(session, SIGNER, NOW, until=until)


def commit(session: Session, most: int = committing.CHUNK) -> int:
    covered = committing.put_into_log(session, KEYS, NOW, most=most)
    integrate(session)
    return covered


def state(session: Session, number: int) -> chain.State | None:
    return subjects_repository.read_states(session, [tag(number)]).get(tag(number))


def tree_from_nothing(states: dict[bytes, chain.State]) -> bytes:
    pairs = [(one, found.commitment()) for one, found in states.items()]
    return nodes.update({}, pairs)[0]


class TestCommit:
    def test_chains_the_entries_of_each_subject(self, superuser_session: Session) -> None:
        written = log(superuser_session, [1, 2, 1, 0])

        assert commit(superuser_session) == 4

        first = chain.State().extend([(0, entries.leaf_hash(written[0]))])
        both = first.extend([(2, entries.leaf_hash(written[2]))])
        assert state(superuser_session, 1) == both
        assert both.entries == 2
        assert state(superuser_session, 3) is None

    def test_in_steps_leads_to_the_same_tree_as_at_once(self, superuser_session: Session) -> None:
        numbers = [random.Random(5).randrange(60) for _ in range(400)]
        for start in range(0, 400, 50):
            log(superuser_session, numbers[start : start + 50], start)
            commit(superuser_session)

        last = subjects_repository.find_last_commitment(superuser_session)
        tags = [tag(number) for number in range(1, 60)]
        states = subjects_repository.read_states(superuser_session, tags)

        assert last is not None
        assert tree_from_nothing(states) == last.root_hash
        assert sum(one.entries for one in states.values()) == sum(n > 0 for n in numbers)

    def test_takes_up_an_existing_log_chunk_by_chunk(self, superuser_session: Session) -> None:
        for start in range(0, 60, 10):
            log(superuser_session, [1 + one % 7 for one in range(10)], start)

        covered = []
        while count := commit(superuser_session, most=25):
            covered.append(count)

        assert covered[0] == 20
        assert sum(covered) >= 60
        found = state(superuser_session, 1)
        assert found is not None
        assert found.entries == 12

    def test_waits_for_the_checkpoint_over_the_last_one(self, superuser_session: Session) -> None:
        log(superuser_session, [1])
        committing.put_into_log(superuser_session, KEYS, NOW)

        assert committing.put_into_log(superuser_session, KEYS, NOW) == 0
        assert len(superuser_session.execute(text("TABLE exchange.subject_commitment")).all()) == 1

    def test_does_not_commit_its_own_entries_for_ever(self, superuser_session: Session) -> None:
        log(superuser_session, [1])
        assert commit(superuser_session) == 1

        assert commit(superuser_session) == 0

    def test_chains_the_walks_of_a_dataset(self, superuser_session: Session) -> None:
        page = make_entry(0, subject_tag=None, operation="linkage", dataset="population/citizen")
        connection = superuser_session.connection().connection
        repository.append(connection, [page], [entries.leaf_hash(page)])
        integrate(superuser_session)

        commit(superuser_session)

        walks = chain.walks_tag("population/citizen")
        found = subjects_repository.read_states(superuser_session, [walks])
        assert found[walks].entries == 1


GUARDED = ("access_entry", "log_leaf", "log_tile", "log_checkpoint", "subject_commitment")
_FIRST = f"'{uuid.UUID(int=(7 << 76) | (2 << 62))}'"


class TestAttack:
    """A superuser with the guards off; the committer holds only the public key of the log."""

    @pytest.fixture
    def tampered(self, superuser_session: Session) -> Session:
        log(superuser_session, [1, 2, 1, 3, *range(4, 70)])
        commit(superuser_session)
        for table in GUARDED:
            superuser_session.execute(text(f"ALTER TABLE exchange.{table} DISABLE TRIGGER ALL"))
        return superuser_session

    @pytest.mark.parametrize(
        "statement",
        [
            pytest.param("DELETE FROM exchange.subject_node WHERE prefix = ''", id="root"),
            pytest.param("DELETE FROM exchange.subject_node WHERE prefix <> ''", id="nodes"),
            pytest.param(
                "UPDATE exchange.subject_node SET content ="
                " set_byte(content, 40, get_byte(content, 40) # 1)",
                id="node",
            ),
            pytest.param("UPDATE exchange.subject_state SET entries = entries + 1", id="count"),
            pytest.param(
                "UPDATE exchange.subject_state SET head = set_byte(head, 3, get_byte(head, 3) # 1)",
                id="head",
            ),
            pytest.param("DELETE FROM exchange.subject_state", id="states"),
            pytest.param(
                "UPDATE exchange.subject_commitment SET root_hash ="
                " set_byte(root_hash, 0, get_byte(root_hash, 0) # 1)",
                id="commitment",
            ),
            pytest.param("UPDATE exchange.subject_commitment SET tree_size = 8", id="size"),
            pytest.param(
                "UPDATE exchange.access_entry SET answer_hash = sha256('x')"
                " WHERE operation = 'commitment'",
                id="entry of the commitment",
            ),
        ],
    )
    def test_never_gets_a_root_of_its_own_committed(
        self, tampered: Session, statement: str
    ) -> None:
        log(tampered, [1, 2, 3], 100)  # honest ones, so that there is something to commit
        assert tampered.execute(text(statement)).rowcount > 0  # type: ignore[attr-defined]  # a cursor
        tampered.expire_all()

        with pytest.raises((errors.LogDamaged, errors.ProofRefuted)):
            committing.put_into_log(tampered, KEYS, NOW + timedelta(seconds=9))

    def test_on_what_is_covered_is_found_when_the_tree_is_made_anew(
        self, tampered: Session
    ) -> None:
        tampered.execute(text(f"DELETE FROM exchange.access_entry WHERE entry_id = {_FIRST}"))

        with pytest.raises(errors.LogDamaged):
            committing.rebuild(tampered, KEYS)

    @pytest.mark.parametrize(
        "change",
        [
            "subject_tag = sha256('another')",
            "subject_tag = NULL",
            "officer = 'nobody'",
        ],
    )
    def test_cannot_move_a_fresh_entry_to_another_person(
        self, tampered: Session, change: str
    ) -> None:
        log(tampered, [1, 2, 3], 100)
        fresh = uuid.UUID(int=(7 << 76) | (2 << 62) | 101)
        tampered.execute(
            text(f"UPDATE exchange.access_entry SET {change} WHERE entry_id = :id"), {"id": fresh}
        )

        with pytest.raises(errors.LogDamaged, match="do not lead to the checkpoint"):
            committing.put_into_log(tampered, KEYS, NOW)

    def test_cannot_drop_a_fresh_entry(self, tampered: Session) -> None:
        log(tampered, [1, 2, 3], 100)
        fresh = uuid.UUID(int=(7 << 76) | (2 << 62) | 101)
        tampered.execute(
            text("DELETE FROM exchange.access_entry WHERE entry_id = :id"), {"id": fresh}
        )

        with pytest.raises(errors.LogDamaged, match="do not lead to the checkpoint"):
            committing.put_into_log(tampered, KEYS, NOW)


class TestRebuild:
    def test_makes_the_same_tree_from_the_log(self, superuser_session: Session) -> None:
        for start in range(0, 60, 20):
            log(superuser_session, [1 + one % 7 for one in range(20)], start)
            commit(superuser_session)
        before = superuser_session.execute(text("TABLE exchange.subject_node ORDER BY 1")).all()
        superuser_session.execute(text("DELETE FROM exchange.subject_node"))
        superuser_session.execute(text("UPDATE exchange.subject_state SET entries = 77"))

        committing.rebuild(superuser_session, KEYS, most=30)

        after = superuser_session.execute(text("TABLE exchange.subject_node ORDER BY 1")).all()
        assert [(one.prefix, bytes(one.content)) for one in after] == [
            (one.prefix, bytes(one.content)) for one in before
        ]
        log(superuser_session, [1], 100)
        assert commit(superuser_session) > 0
