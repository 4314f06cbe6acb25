import hashlib
import json
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

import verify_receipt
from databases import base
from databases.journal import errors, notes, store, tables, tree

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
SIGNER = notes.Signer(
    "exchange.example/log", ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
)
METADATA = base.new_metadata("exchange")
JOURNAL = tables.define_tables(METADATA, "exchange")


@pytest.fixture(scope="module")
def engine(cluster_url: str) -> Iterator[Engine]:
    name = f"journal_{uuid.uuid4().hex[:12]}"
    admin = create_engine(cluster_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    made = create_engine(make_url(cluster_url).set(database=name))
    with made.begin() as connection:
        connection.execute(text("CREATE SCHEMA exchange"))
        METADATA.create_all(connection)
    yield made
    made.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    admin.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as opened:
            yield opened
        outer.rollback()


def make_leaves(count: int, *, start: int = 0) -> list[tuple[uuid.UUID, bytes]]:
    return [
        (uuid.UUID(int=number + 1), hashlib.sha256(str(number).encode()).digest())
        for number in range(start, start + count)
    ]


def append(session: Session, count: int, *, start: int = 0) -> list[tuple[uuid.UUID, bytes]]:
    leaves = make_leaves(count, start=start)
    store.append(session, journal=JOURNAL, leaves=leaves)
    return leaves


def sign(session: Session) -> store.repository.SignedCheckpoint:
    return store.sign_checkpoint(session, journal=JOURNAL, signer=SIGNER, signed_at=NOW)


class TestAppend:
    @pytest.mark.parametrize("batches", [[1], [255, 1, 1], [300, 700, 24, 2000]], ids=str)
    def test_keeps_the_leaves_in_order_with_the_right_root(
        self, session: Session, batches: list[int]
    ) -> None:
        total = 0
        for batch in batches:
            append(session, batch, start=total)
            total += batch

        leaves = make_leaves(total)
        listed = store.list_leaves(session, journal=JOURNAL, first=0, limit=total + 1)
        assert listed == [(index, *leaf) for index, leaf in enumerate(leaves)]
        assert store.count_leaves(session, journal=JOURNAL) == total
        for size in {0, 1, total // 3, total}:
            expected = tree.root([leaf_hash for _, leaf_hash in leaves[:size]])
            assert store.get_root(session, journal=JOURNAL, tree_size=size) == expected

    def test_gives_the_size_for_an_empty_batch(self, session: Session) -> None:
        append(session, 3)

        assert store.append(session, journal=JOURNAL, leaves=[]) == 3

    def test_refuses_an_entry_that_stands_in_the_log(self, session: Session) -> None:
        leaves = append(session, 3)

        with pytest.raises(errors.EntryAlreadyInLog):
            store.append(session, journal=JOURNAL, leaves=[leaves[1]])

    def test_refuses_an_entry_twice_in_a_batch(self, session: Session) -> None:
        with pytest.raises(errors.EntryAlreadyInLog):
            store.append(session, journal=JOURNAL, leaves=make_leaves(1) * 2)

    def test_refuses_a_short_hash(self, session: Session) -> None:
        with pytest.raises(errors.InvalidTreeArgument):
            store.append(session, journal=JOURNAL, leaves=[(uuid.UUID(int=1), b"short")])

    @pytest.mark.parametrize(
        "damage",
        [
            "UPDATE exchange.log_leaf SET leaf_hash = sha256('x') WHERE leaf_index = 599",
            "UPDATE exchange.log_tile SET root_hash = sha256('x') WHERE tile_index = 0",
            "UPDATE exchange.log_checkpoint SET root_hash = sha256('x')",
            "DELETE FROM exchange.log_leaf WHERE leaf_index = 599",
            "DELETE FROM exchange.log_leaf WHERE leaf_index = 520",
            "DELETE FROM exchange.log_tile WHERE tile_index = 1",
        ],
    )
    def test_refuses_to_go_on_from_a_damaged_edge(self, session: Session, damage: str) -> None:
        append(session, 600)
        sign(session)
        session.execute(text(damage))

        with pytest.raises(errors.LogDamaged):
            append(session, 1, start=600)

        assert store.find_leaf_index(session, journal=JOURNAL, entry_id=uuid.UUID(int=601)) is None

    def test_takes_concurrent_batches_one_after_the_other(self, engine: Engine) -> None:
        def run(start: int) -> None:
            with Session(engine) as own, own.begin():
                append(own, 300, start=start)

        threads = [threading.Thread(target=run, args=(10_000 + 300 * n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        with Session(engine) as session:
            try:
                listed = store.list_leaves(session, journal=JOURNAL, first=0, limit=2000)
                root = store.get_root(session, journal=JOURNAL, tree_size=1200)
            finally:
                session.execute(text("TRUNCATE exchange.log_leaf, exchange.log_tile"))
                session.commit()
        assert [index for index, _, _ in listed] == list(range(1200))
        assert root == tree.root([leaf_hash for _, _, leaf_hash in listed])


class TestSignCheckpoint:
    def test_signs_the_root_of_all_leaves(self, session: Session) -> None:
        leaves = append(session, 700)

        made = sign(session)

        head = notes.open_checkpoint(made.note, SIGNER.verifier)
        root = tree.root([leaf_hash for _, leaf_hash in leaves])
        assert (head.origin, head.tree_size, head.root_hash) == (SIGNER.name, 700, root)
        assert store.find_latest_checkpoint(session, journal=JOURNAL) == made
        assert store.find_checkpoint(session, journal=JOURNAL, tree_size=700) == made

    def test_signs_an_empty_log(self, session: Session) -> None:
        assert sign(session).root_hash == tree.EMPTY_ROOT

    def test_gives_the_last_one_when_nothing_was_added(self, session: Session) -> None:
        append(session, 5)
        first = sign(session)

        second = store.sign_checkpoint(
            session, journal=JOURNAL, signer=SIGNER, signed_at=datetime(2027, 1, 1, tzinfo=UTC)
        )

        assert second == first

    def test_refuses_a_tree_that_does_not_continue_the_last_one(self, session: Session) -> None:
        append(session, 40)
        sign(session)
        append(session, 10, start=40)
        session.execute(
            text("UPDATE exchange.log_leaf SET leaf_hash = sha256('x') WHERE leaf_index = 7")
        )

        with pytest.raises(errors.LogDamaged):
            sign(session)

    def test_refuses_a_log_that_lost_its_end(self, session: Session) -> None:
        append(session, 40)
        sign(session)
        session.execute(text("DELETE FROM exchange.log_leaf WHERE leaf_index > 30"))

        with pytest.raises(errors.LogDamaged):
            sign(session)


class TestGetInclusionProof:
    @pytest.mark.parametrize("size", [1, 256, 257, 1000, 1500])
    def test_verifies_at_every_size_of_the_log(self, session: Session, size: int) -> None:
        leaves = append(session, 1500)
        root = tree.root([leaf_hash for _, leaf_hash in leaves[:size]])

        for index in {0, size // 2, size - 1}:
            proof = store.get_inclusion_proof(
                session, journal=JOURNAL, leaf_index=index, tree_size=size
            )
            assert proof.leaf_hash == leaves[index][1]
            tree.verify_inclusion(
                leaf=proof.leaf_hash, index=index, size=size, path=proof.path, expected_root=root
            )

    def test_needs_a_single_select(self, session: Session) -> None:
        append(session, 1000)
        seen: list[str] = []
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *args: seen.append(str(args[2])))

        store.get_inclusion_proof(session, journal=JOURNAL, leaf_index=3, tree_size=1000)

        assert len(seen) == 1

    def test_refuses_a_tree_larger_than_the_log(self, session: Session) -> None:
        append(session, 10)

        with pytest.raises(errors.TreeSizeNotReached):
            store.get_inclusion_proof(session, journal=JOURNAL, leaf_index=3, tree_size=11)

    def test_refuses_a_leaf_outside_the_tree(self, session: Session) -> None:
        append(session, 10)

        with pytest.raises(errors.InvalidTreeArgument):
            store.get_inclusion_proof(session, journal=JOURNAL, leaf_index=5, tree_size=5)


class TestListInclusionProofs:
    def test_gives_the_proofs_in_the_order_asked(self, session: Session) -> None:
        append(session, 900)

        proofs = store.list_inclusion_proofs(
            session, journal=JOURNAL, leaf_indexes=[800, 3, 800], tree_size=900
        )

        assert proofs == [
            store.get_inclusion_proof(session, journal=JOURNAL, leaf_index=index, tree_size=900)
            for index in (800, 3, 800)
        ]


class TestGetConsistencyProof:
    @pytest.mark.parametrize(("old", "new"), [(0, 9), (1, 1500), (256, 1500), (700, 1024), (9, 9)])
    def test_verifies(self, session: Session, old: int, new: int) -> None:
        leaves = [leaf_hash for _, leaf_hash in append(session, 1500)]

        path = store.get_consistency_proof(session, journal=JOURNAL, old_size=old, new_size=new)

        tree.verify_consistency(
            old=old,
            new=new,
            old_root=tree.root(leaves[:old]),
            new_root=tree.root(leaves[:new]),
            path=path,
        )


class TestGetEntryProof:
    def test_leads_to_the_latest_checkpoint(self, session: Session) -> None:
        leaves = append(session, 300)
        sign(session)

        proof = store.get_entry_proof(session, journal=JOURNAL, entry_id=leaves[12][0])

        head = notes.open_checkpoint(proof.checkpoint.note, SIGNER.verifier)
        tree.verify_inclusion(
            leaf=leaves[12][1],
            index=12,
            size=head.tree_size,
            path=proof.inclusion.path,
            expected_root=head.root_hash,
        )
        assert proof.document()["leaf_index"] == 12

    def test_is_read_by_the_stand_alone_verifier(self, session: Session) -> None:
        leaves = append(session, 300)
        sign(session)
        published = {"keys": [], "log_keys": [SIGNER.verifier.key_string()]}
        keys = verify_receipt.read_keys(json.dumps(published).encode())

        proof = store.get_entry_proof(session, journal=JOURNAL, entry_id=leaves[12][0])

        document = proof.document()
        head = verify_receipt.read_checkpoint(document["checkpoint"], SIGNER.name, keys)
        path = verify_receipt.read_path(document, "inclusion_path")
        root = verify_receipt.root_of_inclusion(
            leaves[12][1], document["leaf_index"], document["tree_size"], path
        )
        assert (head.size, head.root) == (document["tree_size"], root)

    def test_refuses_an_unknown_entry(self, session: Session) -> None:
        append(session, 3)
        sign(session)

        with pytest.raises(errors.EntryNotInLog):
            store.get_entry_proof(session, journal=JOURNAL, entry_id=uuid.UUID(int=99))

    def test_refuses_an_entry_that_no_checkpoint_covers(self, session: Session) -> None:
        append(session, 3)
        sign(session)
        append(session, 1, start=3)

        with pytest.raises(errors.EntryNotInLog):
            store.get_entry_proof(session, journal=JOURNAL, entry_id=uuid.UUID(int=4))


class TestDefineTables:
    def test_comments_every_table_and_column(self) -> None:
        for table in (JOURNAL.leaf, JOURNAL.tile, JOURNAL.checkpoint):
            assert table.comment
            assert all(column.comment for column in table.columns)
