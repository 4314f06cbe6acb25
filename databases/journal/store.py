"""The log in PostgreSQL: append, sign a checkpoint, prove. The only door to a log's tables.

Nothing is ever updated: leaves, complete tiles and checkpoints are inserted once. Every reading
function works on rows that cannot change, so it needs no transaction around it. Callers commit.
"""

import base64
import contextlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from databases.journal import errors, notes, repository, tables, tiles, tree


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """The path from a leaf to the root of the tree of a size, lowest sibling first."""

    leaf_index: int
    tree_size: int
    leaf_hash: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class EntryProof:
    """What upgrades the receipt of an entry: its inclusion proof and the checkpoint it leads to."""

    inclusion: InclusionProof
    checkpoint: repository.SignedCheckpoint

    def document(self) -> dict[str, Any]:
        """Write the proof as the JSON document that the stand-alone verifier reads."""
        return {
            "leaf_index": self.inclusion.leaf_index,
            "tree_size": self.inclusion.tree_size,
            "leaf_hash": encode_hash(self.inclusion.leaf_hash),
            "inclusion_path": [encode_hash(one) for one in self.inclusion.path],
            "checkpoint": self.checkpoint.note,
        }


def encode_hash(value: bytes) -> str:
    """Write a hash as receipts and proofs carry it: base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def append(
    session: Session, *, journal: tables.JournalTables, leaves: Sequence[repository.Leaf]
) -> int:
    """Append leaves in the order given; waits while another transaction appends.

    Args:
        session: a read-committed transaction of the role that integrates.
        journal: the tables of the log.
        leaves: entry id and leaf hash of each entry.

    Returns:
        The number of leaves that the log holds now.

    Raises:
        InvalidTreeArgument: a leaf hash is not 32 bytes long.
        EntryAlreadyInLog: an entry stands in the log already, or twice in the batch; the
            transaction can only be rolled back.
        LogDamaged: the stored hashes contradict the last checkpoint; nothing is appended.
    """
    if any(len(leaf_hash) != tree.HASH_LENGTH for _, leaf_hash in leaves):
        raise errors.InvalidTreeArgument("Every leaf hash must be 32 bytes long.")
    repository.lock(session, journal)
    size = repository.count_leaves(session, journal=journal)
    require_last_checkpoint_holds(session, journal=journal)
    if not leaves:
        return size
    open_nodes = tiles.open_nodes(size)
    with _damage_named():
        stored = repository.read_stored(
            session, journal, (node for level in open_nodes for node in level)
        )
    open_hashes = [[stored[node] for node in level] for level in open_nodes]
    repository.insert_leaves(session, journal, size, leaves)
    repository.insert_tiles(
        session, journal, tiles.complete_tiles(size, open_hashes, (one for _, one in leaves))
    )
    return size + len(leaves)


def sign_checkpoint(
    session: Session,
    *,
    journal: tables.JournalTables,
    signer: notes.Signer,
    signed_at: datetime,
    earlier_signers: Sequence[notes.Signer] = (),
) -> repository.SignedCheckpoint:
    """Sign the head of the log as it is now; the signer's name is the log's origin.

    Args:
        earlier_signers: keys of the log that sign along while keys are changed over.

    Returns:
        The new checkpoint, or the last one when no leaf was added since.

    Raises:
        LogDamaged: the tree does not continue the tree of the last checkpoint; nothing is signed.
    """
    repository.lock(session, journal)
    size = repository.count_leaves(session, journal=journal)
    last = repository.find_latest_checkpoint(session, journal=journal)
    if last is not None and last.tree_size == size:
        return last
    with _damage_named():
        root_hash = get_root(session, journal=journal, tree_size=size)
        if last is not None:
            _require_continuation(session, journal, last, size, root_hash)
    text = notes.Checkpoint(signer.name, size, root_hash).text()
    note = notes.sign_note(text, [signer, *earlier_signers]).serialize()
    checkpoint = repository.SignedCheckpoint(size, root_hash, signed_at, note)
    repository.insert_checkpoint(session, journal=journal, checkpoint=checkpoint)
    return checkpoint


def require_last_checkpoint_holds(session: Session, *, journal: tables.JournalTables) -> None:
    """Check that the stored hashes still lead to the root of the last checkpoint.

    Raises:
        LogDamaged: they lead to another root, or hashes are missing.
    """
    last = repository.find_latest_checkpoint(session, journal=journal)
    if last is None:
        return
    with _damage_named():
        root_hash = get_root(session, journal=journal, tree_size=last.tree_size)
    if root_hash != last.root_hash:
        raise errors.LogDamaged(_DAMAGED)


def count_leaves(session: Session, *, journal: tables.JournalTables) -> int:
    """Count the leaves of the log."""
    return repository.count_leaves(session, journal=journal)


def find_leaf_index(
    session: Session, *, journal: tables.JournalTables, entry_id: uuid.UUID
) -> int | None:
    """Find where an entry stands in the log; None when it is not integrated yet."""
    return repository.find_leaf_index(session, journal=journal, entry_id=entry_id)


def list_leaves(
    session: Session, *, journal: tables.JournalTables, first: int, limit: int
) -> list[tuple[int, uuid.UUID, bytes]]:
    """List leaves in log order: index, entry id, leaf hash; shorter than `limit` at the end."""
    return repository.list_leaves(session, journal=journal, first=first, limit=limit)


def find_latest_checkpoint(
    session: Session, *, journal: tables.JournalTables
) -> repository.SignedCheckpoint | None:
    """Find the checkpoint of the largest tree; None before the first was signed."""
    return repository.find_latest_checkpoint(session, journal=journal)


def find_checkpoint(
    session: Session, *, journal: tables.JournalTables, tree_size: int
) -> repository.SignedCheckpoint | None:
    """Find the checkpoint of a tree size; None when none was signed at that size."""
    return repository.find_checkpoint(session, journal=journal, tree_size=tree_size)


def get_entry_proof(
    session: Session,
    *,
    journal: tables.JournalTables,
    entry_id: uuid.UUID,
    checkpoint: repository.SignedCheckpoint | None = None,
) -> EntryProof:
    """Make the proof that an entry stands under a checkpoint, the latest if none is given.

    Raises:
        EntryNotInLog: the entry is unknown, or the checkpoint that covers it is not signed yet.
    """
    checkpoint = checkpoint or repository.find_latest_checkpoint(session, journal=journal)
    index = repository.find_leaf_index(session, journal=journal, entry_id=entry_id)
    if index is None or checkpoint is None or index >= checkpoint.tree_size:
        raise errors.EntryNotInLog(
            "No checkpoint covers this entry yet; if it was just written, ask again in a second."
        )
    inclusion = get_inclusion_proof(
        session, journal=journal, leaf_index=index, tree_size=checkpoint.tree_size
    )
    return EntryProof(inclusion, checkpoint)


def get_root(session: Session, *, journal: tables.JournalTables, tree_size: int) -> bytes:
    """Compute the root over the first leaves of the log.

    Raises:
        TreeSizeNotReached: the log holds fewer leaves.
    """
    reader = _read_tree(session, journal, tree.peaks(tree_size), tree_size)
    return tree.root_of_size(tree_size, reader)


def get_inclusion_proof(
    session: Session, *, journal: tables.JournalTables, leaf_index: int, tree_size: int
) -> InclusionProof:
    """Make the proof that a leaf stands in the tree of a size, with a single SELECT.

    Raises:
        InvalidTreeArgument: the leaf lies outside the tree.
        TreeSizeNotReached: the log holds fewer leaves.
    """
    return list_inclusion_proofs(
        session, journal=journal, leaf_indexes=[leaf_index], tree_size=tree_size
    )[0]


def list_inclusion_proofs(
    session: Session,
    *,
    journal: tables.JournalTables,
    leaf_indexes: Sequence[int],
    tree_size: int,
) -> list[InclusionProof]:
    """Make the proofs of many leaves in the tree of a size with a single SELECT, in order.

    Raises:
        InvalidTreeArgument: a leaf lies outside the tree.
        TreeSizeNotReached: the log holds fewer leaves.
    """
    spans = [tree.inclusion_spans(index, tree_size) for index in leaf_indexes]
    # Leaves near each other share most of their paths: each range is folded once.
    shared = {span for of_one in spans for span in of_one}
    nodes = _nodes_of_spans(shared) | {(0, index) for index in leaf_indexes}
    reader = _read_tree(session, journal, nodes, tree_size)
    hashes = {span: tree.read_span(span, reader) for span in shared}
    return [
        InclusionProof(index, tree_size, reader(0, index), tuple(hashes[span] for span in of_one))
        for index, of_one in zip(leaf_indexes, spans, strict=True)
    ]


def get_consistency_proof(
    session: Session, *, journal: tables.JournalTables, old_size: int, new_size: int
) -> tuple[bytes, ...]:
    """Make the proof that the tree of one size is a prefix of the tree of a later one.

    Raises:
        InvalidTreeArgument: the older tree is larger than the newer one.
        TreeSizeNotReached: the log holds fewer leaves than the newer tree.
    """
    nodes = _nodes_of_spans(tree.consistency_spans(old_size, new_size))
    reader = _read_tree(session, journal, nodes, new_size)
    return tuple(tree.consistency_proof(old_size, new_size, reader))


_DAMAGED = (
    "The stored log contradicts its last checkpoint. Nothing was appended or signed; run the audit "
    "to find the first bad entry, and restore the log from a copy."
)


@contextlib.contextmanager
def _damage_named() -> Iterator[None]:
    """Say that the log is damaged where stored hashes are missing or refute each other."""
    try:
        yield
    except (errors.TreeSizeNotReached, errors.InvalidTreeArgument, errors.ProofRefuted) as found:
        raise errors.LogDamaged(_DAMAGED) from found


def _require_continuation(
    session: Session,
    journal: tables.JournalTables,
    last: repository.SignedCheckpoint,
    size: int,
    root_hash: bytes,
) -> None:
    path = get_consistency_proof(session, journal=journal, old_size=last.tree_size, new_size=size)
    tree.verify_consistency(
        old=last.tree_size, new=size, old_root=last.root_hash, new_root=root_hash, path=path
    )


def _nodes_of_spans(spans: Iterable[tree.Span]) -> set[tree.Node]:
    return {node for span in spans for node in tree.nodes_of(span)}


def _read_tree(
    session: Session, journal: tables.JournalTables, nodes: Iterable[tree.Node], tree_size: int
) -> tree.Reader:
    """Fetch what the given nodes of a tree of a size are computed from."""
    wanted = {one for node in nodes for one in tiles.stored_nodes(node, tree_size)}
    return tiles.reader_of(repository.read_stored(session, journal, wanted), tree_size)
