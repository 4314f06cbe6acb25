"""Verifies the whole log from its rows: trusts no stored hash, names the first bad entry."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from databases.journal import errors as journal_errors
from databases.journal import notes, store, tree
from sharing_api import tables
from sharing_api.access_log import entries, repository

_CHUNK = 10_000


@dataclass(frozen=True)
class Verdict:
    """What the verification found.

    Args:
        entries: rows whose hash was computed again.
        leaves: leaves of the tree that were compared with them.
        checkpoints: signed checkpoints whose root the rows lead to.
        waiting: entries that no checkpoint covers yet.
        problem: sentence that names the first bad entry or checkpoint; empty when all is well.
    """

    entries: int
    leaves: int
    checkpoints: int
    waiting: int
    problem: str = ""


def verify(
    session: Session,
    verifier: notes.Verifier,
    progress: Callable[[int], None] = lambda _: None,
    anchor: notes.Checkpoint | None = None,
) -> Verdict:
    """Derive every leaf and every signed root again from the rows.

    Args:
        session: one that reads a single snapshot (`repository.read_one_snapshot`).
        verifier: public key of the log, from outside the database.
        progress: told the number of entries so far.
        anchor: checkpoint kept elsewhere; the log must contain it.
    """
    roots = {size: [note] for size, note in repository.list_notes(session).items() if size > 0}
    if anchor is not None:
        roots.setdefault(anchor.tree_size, [])
    frontier = tree.Frontier()
    leaves = _stream_leaves(session)
    count = checked = 0
    for row in repository.stream(session, chunk=_CHUNK):
        leaf = entries.leaf_hash(repository.to_entry(row))
        if leaf != bytes(row["leaf_hash"]):
            return Verdict(count, count, checked, 0, f"Entry {row['entry_id']} was altered.")
        stored = next(leaves, None)
        if stored is None:
            rest = repository.count_from(session, row["position"])
            return _end(count, checked, rest, roots)
        if stored != (count, row["entry_id"], leaf):
            problem = f"Entry {row['entry_id']} does not stand where the log has leaf {count}."
            return Verdict(count, count, checked, 0, problem)
        frontier = frontier.extend([leaf])
        count += 1
        for problem in _compare(roots.pop(count, None), count, frontier.root(), verifier, anchor):
            if problem:
                return Verdict(count, count, checked, 0, problem)
            checked += 1
        if count % _CHUNK == 0:
            progress(count)
    if next(leaves, None) is not None:
        problem = f"The log has a leaf {count} whose entry is missing."
        return Verdict(count, count, checked, 0, problem)
    return _end(count, checked, 0, roots)


def _end(count: int, checked: int, waiting: int, roots: Mapping[int, Any]) -> Verdict:
    beyond = [size for size in roots if size > count]
    problem = f"A checkpoint covers {min(beyond)} entries; only {count} are left." if beyond else ""
    return Verdict(count, count, checked, waiting, problem)


def _compare(
    kept: list[str] | None,
    size: int,
    root: bytes,
    verifier: notes.Verifier,
    anchor: notes.Checkpoint | None,
) -> Iterator[str]:
    if kept is None:
        return
    if anchor is not None and anchor.tree_size == size:
        yield "" if anchor.root_hash == root else f"The log is not the one of the anchor ({size})."
    for note in kept:
        try:
            checkpoint = notes.open_checkpoint(note, verifier)
        except (journal_errors.MalformedNote, journal_errors.NoteNotVerified):
            yield f"The checkpoint of size {size} is not signed by the log."
            continue
        right = checkpoint.tree_size == size and checkpoint.root_hash == root
        yield "" if right else f"The entries do not lead to the checkpoint of size {size}."


def _stream_leaves(session: Session) -> Iterator[tuple[int, uuid.UUID, bytes]]:
    first = 0
    while leaves := store.list_leaves(session, journal=tables.journal, first=first, limit=_CHUNK):
        yield from leaves
        first = leaves[-1][0] + 1


def consistency_document(session: Session, old_size: int, new_size: int) -> dict[str, Any]:
    """Write the proof that a log continues an earlier checkpoint, as the verifier reads it.

    Raises:
        EntryNotInLog: no checkpoint was signed at the earlier size.
    """
    older = store.find_checkpoint(session, journal=tables.journal, tree_size=old_size)
    if older is None:
        raise journal_errors.EntryNotInLog("No checkpoint was signed at that size.")
    path = store.get_consistency_proof(
        session, journal=tables.journal, old_size=old_size, new_size=new_size
    )
    return {
        "old_checkpoint": older.note,
        "consistency_path": [store.encode_hash(one) for one in path],
    }


def answer_document(session: Session, answer_id: uuid.UUID) -> dict[str, Any]:
    """Write the proofs of all entries of an answer, in order, under the newest checkpoint.

    Raises:
        EntryNotInLog: the answer is unknown, or not all of its entries are under a checkpoint yet.
    """
    rows = repository.list_answer(session, answer_id)
    checkpoint = store.find_latest_checkpoint(session, journal=tables.journal)
    ids = [row["entry_id"] for row in rows]
    places = repository.list_leaf_indexes(session, ids)
    if checkpoint is None or not ids or len(places) < len(ids):
        raise journal_errors.EntryNotInLog("No checkpoint covers this answer yet, if it exists.")
    proofs = store.list_inclusion_proofs(
        session,
        journal=tables.journal,
        leaf_indexes=[places[one] for one in ids],
        tree_size=checkpoint.tree_size,
    )
    return {"proofs": [store.EntryProof(one, checkpoint).document() for one in proofs]}
