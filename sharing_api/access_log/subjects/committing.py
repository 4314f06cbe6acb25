"""Puts the root over all subjects into the log, so that what a person is told can be complete.

Nothing that is read is trusted but signatures: every entry is hashed again and must lead to a
signed checkpoint, every old state and node must lead to the root that the log holds already. Who
rules the database, but not the key of the log, cannot make a wrong root.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from databases.journal import errors as journal_errors
from databases.journal import notes, store, tiles, tree
from databases.journal import repository as journal_repository
from sharing_api import tables
from sharing_api.access_log import entries
from sharing_api.access_log import repository as log_repository
from sharing_api.access_log.entries import Entry
from sharing_api.access_log.subjects import chain, nodes, repository
from sharing_api.access_log.subjects.chain import State
from sharing_api.access_log.subjects.repository import Commitment

CHUNK = 50_000
OPERATION = "commitment"
DATASET = "exchange/subjects"
WALK = "linkage"


def put_into_log(
    session: Session, log_keys: Sequence[notes.KeyPeriod], now: datetime, *, most: int = CHUNK
) -> int:
    """Bring the chains up to a checkpoint and put the new root into the log, in one transaction.

    Args:
        log_keys: keys that sign the checkpoints of the log, from outside the database.
        most: leaves to take at once.

    Returns:
        number of leaves covered now that were not before; 0 when there is nothing new, or the last
        commitment is not under a checkpoint yet.

    Raises:
        LogDamaged: rows, leaves, states or nodes contradict what was signed.
    """
    repository.lock(session)
    last = repository.find_last_commitment(session)
    covered, root = 0, nodes.EMPTY_ROOT
    if last is not None:
        if not is_in_the_log(session, last, log_keys):
            return 0
        covered, root = last.tree_size, last.root_hash
    size = repository.find_next_checkpoint(session, after=covered, most=most)
    if size is None:
        return 0
    rows = repository.list_leaves(session, first=covered, end=size)
    logged = [log_repository.to_entry(row) for row in rows]
    hashes = [entries.leaf_hash(one) for one in logged]
    log_root = _require_signed(session, covered, size, hashes, log_keys)
    if all(one.operation == OPERATION for one in logged):
        return 0
    new_root = _extend(session, root, _links(covered, logged, hashes))
    entry = _entry(now, size, log_root, new_root)
    repository.insert_entry(session, entry)
    repository.insert_commitment(session, Commitment(size, entry.entry_id, new_root, now))
    return size - covered


def rebuild(session: Session, log_keys: Sequence[notes.KeyPeriod], *, most: int = CHUNK) -> int:
    """Make chains and tree anew from the log, up to the last commitment, in one transaction.

    Returns:
        number of leaves read.

    Raises:
        LogDamaged: the log contradicts what it signed, or leads to another root than committed.
    """
    repository.lock(session)
    last = repository.find_last_commitment(session)
    repository.forget(session)
    covered, root = 0, nodes.EMPTY_ROOT
    while last is not None and covered < last.tree_size:
        most = min(most, last.tree_size - covered)
        size = repository.find_next_checkpoint(session, after=covered, most=most)
        if size is None or size > last.tree_size:
            raise journal_errors.LogDamaged("The checkpoint of the last commitment is missing.")
        rows = repository.list_leaves(session, first=covered, end=size)
        logged = [log_repository.to_entry(row) for row in rows]
        hashes = [entries.leaf_hash(one) for one in logged]
        _require_signed(session, covered, size, hashes, log_keys)
        root = _extend(session, root, _links(covered, logged, hashes))
        covered = size
    if last is not None and root != last.root_hash:
        raise journal_errors.LogDamaged("The log does not lead to the root that was committed.")
    return covered


def is_in_the_log(session: Session, one: Commitment, log_keys: Sequence[notes.KeyPeriod]) -> bool:
    """Tell whether a commitment is under a checkpoint already.

    Raises:
        LogDamaged: the log does not hold it as it is kept here.
    """
    row = repository.find_entry(session, one.entry_id)
    if row is None:
        raise journal_errors.LogDamaged("The entry of the last commitment is missing.")
    entry = log_repository.to_entry(row)
    said = (entry.operation, entry.register_change, entry.answer_hash)
    if said != (OPERATION, one.tree_size, one.root_hash):
        raise journal_errors.LogDamaged("The last commitment is not the one that the log holds.")
    try:
        proof = store.get_entry_proof(session, journal=tables.journal, entry_id=one.entry_id)
    except journal_errors.EntryNotInLog:
        return False
    head = notes.open_checkpoint(proof.checkpoint.note, *log_keys)
    tree.verify_inclusion(
        leaf=entries.leaf_hash(entry),
        index=proof.inclusion.leaf_index,
        size=head.tree_size,
        path=proof.inclusion.path,
        expected_root=head.root_hash,
    )
    return True


def tag_of(entry: Entry) -> bytes | None:
    """Tell to whose chain an entry belongs: its subject's, or that of the walks of its dataset."""
    if entry.subject_tag is None and entry.operation == WALK:
        return chain.walks_tag(entry.dataset)
    return entry.subject_tag


def _links(
    first: int, logged: Sequence[Entry], hashes: Sequence[bytes]
) -> dict[bytes, list[tuple[int, bytes]]]:
    links: dict[bytes, list[tuple[int, bytes]]] = {}
    for place, (entry, leaf_hash) in enumerate(zip(logged, hashes, strict=True), start=first):
        tag = tag_of(entry)
        if tag is not None:
            links.setdefault(tag, []).append((place, leaf_hash))
    return links


def _require_signed(
    session: Session,
    first: int,
    size: int,
    hashes: Sequence[bytes],
    log_keys: Sequence[notes.KeyPeriod],
) -> bytes:
    """Check that entries lead from the tree so far to a signed root, and give the root."""
    signed = store.find_checkpoint(session, journal=tables.journal, tree_size=size)
    if signed is None:
        raise journal_errors.LogDamaged("The checkpoint vanished while it was read.")
    checkpoint = notes.open_checkpoint(signed.note, *log_keys)
    peaks = tree.peaks(first)
    stored = {one for peak in peaks for one in tiles.stored_nodes(peak, first)}
    reader = tiles.reader_of(journal_repository.read_stored(session, tables.journal, stored), first)
    frontier = tree.Frontier(first, tuple(reader(*peak) for peak in peaks)).extend(hashes)
    if (frontier.size, frontier.root()) != (checkpoint.tree_size, checkpoint.root_hash):
        raise journal_errors.LogDamaged(
            f"The entries from leaf {first} on do not lead to the checkpoint of size {size}; "
            "nothing is committed any more. Run the audit to find the first bad entry."
        )
    return checkpoint.root_hash


def _extend(
    session: Session, root: bytes, links: Mapping[bytes, Sequence[tuple[int, bytes]]]
) -> bytes:
    """Extend the chains of subjects and the tree over all of them; gives its new root."""
    if not links:
        return root
    stored = repository.read_nodes(session, links)
    if root == nodes.EMPTY_ROOT and not stored:
        repository.forget(session)  # states without a tree belong to nothing
    elif nodes.ROOT_PREFIX not in stored:
        raise journal_errors.LogDamaged("The root of the tree over the subjects is missing.")
    nodes.require_authentic(root, stored)
    before = repository.read_states(session, list(links))
    for tag in links:
        _require_state(before.get(tag, State()), nodes.find_commitment(tag, stored))
    after = {tag: before.get(tag, State()).extend(new) for tag, new in links.items()}
    changed = [(tag, state.commitment()) for tag, state in after.items()]
    new_root, written = nodes.update(stored, changed)
    repository.save(session, after, written)
    return new_root


def _require_state(state: State, committed: bytes | None) -> None:
    if (state.commitment() if state.entries else None) != committed:
        raise journal_errors.LogDamaged(
            "The state of a subject's chain is not the one that was committed; nothing is "
            "committed any more. Make the tree over the subjects anew from the log."
        )


def _entry(now: datetime, size: int, log_root: bytes, root: bytes) -> Entry:
    answer_id = entries.new_answer_id(now)
    return Entry(
        entry_id=answer_id,
        answer_id=answer_id,
        logged_at=now,
        agency="exchange",
        client="committer",
        officer="",
        subject_tag=None,
        dataset=DATASET,
        operation=OPERATION,
        purpose="log.completeness",
        legal_basis="",
        procedure="",
        case_reference="",
        agreement_hash="",
        decision=entries.PERMITTED,
        rule="committed",
        fields=(),
        request_hash=log_root,
        answer_hash=root,
        register_change=size,
        valid_on=now.date(),
        transport={},
    )
