"""All SQL of the chains and the tree over the subjects."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    LargeBinary,
    Text,
    Uuid,
    cast,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.access_log import entries
from sharing_api.access_log.entries import Entry
from sharing_api.access_log.subjects import nodes
from sharing_api.access_log.subjects.chain import State


@dataclass(frozen=True, slots=True)
class Commitment:
    """A root over all subjects that was put into the log.

    Args:
        tree_size: leaves of the log that it covers: all before this index.
        entry_id: the entry that carries it.
        root_hash: root of the tree over the subjects.
    """

    tree_size: int
    entry_id: uuid.UUID
    root_hash: bytes
    committed_at: datetime


def lock(session: Session) -> None:
    """Wait to be the only one that commits, until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("subject_commitment"))))


def find_last_commitment(session: Session) -> Commitment | None:
    """Find the newest commitment; None before the first."""
    table = tables.evidence.subject_commitment
    row = session.execute(select(table).order_by(table.c.tree_size.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Commitment(row.tree_size, row.entry_id, bytes(row.root_hash), row.committed_at)


def insert_commitment(session: Session, one: Commitment) -> None:
    """Keep where a commitment stands in the log."""
    session.execute(
        insert(tables.evidence.subject_commitment).values(
            tree_size=one.tree_size,
            entry_id=one.entry_id,
            root_hash=one.root_hash,
            committed_at=one.committed_at,
        )
    )


def insert_entry(session: Session, entry: Entry) -> None:
    """Write an entry of the exchange's own doing into the access log."""
    values = {name: getattr(entry, name) for name in Entry.__slots__}
    values["fields"] = list(entry.fields)
    values["leaf_hash"] = entries.leaf_hash(entry)
    session.execute(insert(tables.access_entry).values(**values))


def find_entry(session: Session, entry_id: uuid.UUID) -> Mapping[str, Any] | None:
    """Find the row of an entry."""
    entry = tables.access_entry
    row = session.execute(select(entry).where(entry.c.entry_id == entry_id)).mappings()
    found = row.one_or_none()
    return None if found is None else dict(found)


def find_next_checkpoint(session: Session, *, after: int, most: int) -> int | None:
    """Find the size of the checkpoint to go to: the largest within `most` leaves, or the next."""
    size = tables.journal.checkpoint.c.tree_size
    near = session.scalar(select(func.max(size)).where(size > after, size <= after + most))
    found = near or session.scalar(select(func.min(size)).where(size > after))
    return None if found is None else int(found)


def list_leaves(session: Session, *, first: int, end: int) -> list[Mapping[str, Any]]:
    """List entries with the index of their leaf, from `first` to before `end`, in log order."""
    entry, leaf = tables.access_entry, tables.journal.leaf
    statement = (
        select(leaf.c.leaf_index, entry)
        .join(entry, entry.c.entry_id == leaf.c.entry_id)
        .where(leaf.c.leaf_index >= first, leaf.c.leaf_index < end)
        .order_by(leaf.c.leaf_index)
    )
    return [dict(row) for row in session.execute(statement).mappings()]


def list_of_subject(session: Session, tag: bytes) -> list[Mapping[str, Any]]:
    """List the entries about a subject that stand in the log, with their places, in log order."""
    entry, leaf = tables.access_entry, tables.journal.leaf
    statement = (
        select(leaf.c.leaf_index, entry)
        .join(leaf, leaf.c.entry_id == entry.c.entry_id)
        .where(entry.c.subject_tag == tag)
        .order_by(leaf.c.leaf_index)
    )
    return [dict(row) for row in session.execute(statement).mappings().all()]


def list_withheld(
    session: Session, entry_ids: Sequence[uuid.UUID], on: date
) -> dict[uuid.UUID, date]:
    """List which of some entries their subject is not told on a day, and until when."""
    table = tables.evidence.withholding
    wanted = table.c.entry_id == func.any(cast(list(entry_ids), ARRAY(Uuid)))
    statement = select(table.c.entry_id, table.c.until_on).where(wanted, table.c.until_on > on)
    return {row.entry_id: row.until_on for row in session.execute(statement)}


def insert_withholding(session: Session, **values: Any) -> None:
    """Keep that an entry is withheld; `values` are the columns."""
    session.execute(insert(tables.evidence.withholding).values(**values))


def list_walks(session: Session, registers: Sequence[str]) -> list[Mapping[str, Any]]:
    """List the walks of all datasets of registers that read something, the oldest first.

    A walk is what one system asked for one piece of work, under one agreement, since one state.
    """
    entry = tables.access_entry.c
    since = func.coalesce(entry.transport["since"].astext, "").label("since")
    same = (
        entry.dataset,
        entry.agency,
        entry.client,
        entry.officer,
        entry.purpose,
        entry.legal_basis,
        entry.agreement_hash,
        entry.case_reference,
    )
    first_at = func.min(entry.logged_at).label("first_at")
    statement = (
        select(
            *same,
            since,
            func.max(entry.fields).label("fields"),  # the last page may have had no record
            first_at,
            func.max(entry.logged_at).label("last_at"),
            func.count().label("pages"),
        )
        .where(
            entry.operation == "linkage",
            entry.decision == "permitted",
            func.split_part(entry.dataset, "/", 1).in_(registers),
        )
        .group_by(*same, "since")
        .order_by(first_at, entry.dataset)
    )
    return [dict(row) for row in session.execute(statement).mappings()]


def read_states(session: Session, tags: Sequence[bytes]) -> dict[bytes, State]:
    """Read where chains stand; a subject without entries is left out."""
    table = tables.evidence.subject_state
    wanted = table.c.subject_tag == func.any(cast(list(tags), ARRAY(LargeBinary)))
    rows = session.execute(select(table).where(wanted))
    return {bytes(row.subject_tag): State(row.entries, bytes(row.head)) for row in rows}


def read_nodes(session: Session, tags: Iterable[bytes]) -> dict[str, bytes]:
    """Read the nodes on the way from the root to subjects, a level at a time."""
    texts = [tag.hex() for tag in tags]
    table = tables.evidence.subject_node
    found: dict[str, bytes] = {}
    wanted = {nodes.ROOT_PREFIX} if texts else set()
    while wanted:
        among = table.c.prefix == func.any(cast(sorted(wanted), ARRAY(Text)))
        rows = session.execute(select(table.c.prefix, table.c.content).where(among))
        level = {row.prefix: bytes(row.content) for row in rows}
        found |= level
        inner = {prefix for prefix, content in level.items() if not nodes.is_bucket(content)}
        depth = len(next(iter(wanted)))
        wanted = {text[: depth + 1] for text in texts if text[:depth] in inner}
    return found


def save(session: Session, states: Mapping[bytes, State], written: Mapping[str, bytes]) -> None:
    """Keep the new states and the new nodes."""
    given = func.unnest(
        cast(list(states), ARRAY(LargeBinary)),
        cast([one.entries for one in states.values()], ARRAY(BigInteger)),
        cast([one.head for one in states.values()], ARRAY(LargeBinary)),
    ).table_valued("subject_tag", "entries", "head", name="given")
    _upsert(session, tables.evidence.subject_state, "subject_tag", given)
    texts = cast(list(written), ARRAY(Text))
    contents = cast(list(written.values()), ARRAY(LargeBinary))
    given = func.unnest(texts, contents).table_valued("prefix", "content", name="given")
    _upsert(session, tables.evidence.subject_node, "prefix", given)


def forget(session: Session) -> None:
    """Drop states and nodes, so that they are made anew from the log."""
    session.execute(delete(tables.evidence.subject_state))
    session.execute(delete(tables.evidence.subject_node))


def _upsert(session: Session, table: Any, key: str, given: Any) -> None:
    given = given.render_derived()
    names = [column.name for column in given.c]
    added = postgresql.insert(table).from_select(names, select(*given.c))
    changed = {name: added.excluded[name] for name in names if name != key}
    session.execute(added.on_conflict_do_update(index_elements=[key], set_=changed))
