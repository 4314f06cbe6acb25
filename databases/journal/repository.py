"""All SQL of a log; rows are inserted once and never updated."""

import functools
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CompoundSelect,
    Integer,
    LargeBinary,
    Row,
    Select,
    TableValuedAlias,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy import exc as sqlalchemy_exc
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from databases.journal import errors, tables, tiles, tree

Leaf = tuple[uuid.UUID, bytes]


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A tree head that the log signed; `note` is its published text."""

    tree_size: int
    root_hash: bytes
    signed_at: datetime
    note: str


def lock(session: Session, journal: tables.JournalTables) -> None:
    """Wait to be the only appender until the transaction ends."""
    digest = hashlib.sha256(journal.lock_name.encode()).digest()
    key = int.from_bytes(digest[:8], "big", signed=True)
    session.execute(select(func.pg_advisory_xact_lock(cast(key, BigInteger))))


def count_leaves(session: Session, *, journal: tables.JournalTables) -> int:
    """Count the leaves of the log."""
    last = session.scalar(select(func.max(journal.leaf.c.leaf_index)))
    return 0 if last is None else last + 1


def find_leaf_index(
    session: Session, *, journal: tables.JournalTables, entry_id: uuid.UUID
) -> int | None:
    """Find where an entry stands in the log; None when it is not integrated yet."""
    leaf = journal.leaf.c
    return session.scalar(select(leaf.leaf_index).where(leaf.entry_id == entry_id))


def list_leaves(
    session: Session, *, journal: tables.JournalTables, first: int, limit: int
) -> list[tuple[int, uuid.UUID, bytes]]:
    """List leaves in log order: index, entry id, leaf hash."""
    leaf = journal.leaf.c
    rows = session.execute(
        select(leaf.leaf_index, leaf.entry_id, leaf.leaf_hash)
        .where(leaf.leaf_index >= first, leaf.leaf_index < first + limit)
        .order_by(leaf.leaf_index)
    )
    return [(row.leaf_index, row.entry_id, bytes(row.leaf_hash)) for row in rows]


def find_latest_checkpoint(
    session: Session, *, journal: tables.JournalTables
) -> SignedCheckpoint | None:
    """Find the checkpoint of the largest tree; None before the first was signed."""
    table = journal.checkpoint
    row = session.execute(select(table).order_by(table.c.tree_size.desc()).limit(1)).one_or_none()
    return None if row is None else _checkpoint_of(row)


def find_checkpoint(
    session: Session, *, journal: tables.JournalTables, tree_size: int
) -> SignedCheckpoint | None:
    """Find the checkpoint of a tree size; None when none was signed at that size."""
    table = journal.checkpoint
    row = session.execute(select(table).where(table.c.tree_size == tree_size)).one_or_none()
    return None if row is None else _checkpoint_of(row)


def insert_leaves(
    session: Session, journal: tables.JournalTables, size: int, leaves: Sequence[Leaf]
) -> None:
    """Insert the leaves that follow the first `size` ones.

    Raises:
        EntryAlreadyInLog: an entry stands in the log already, or twice in the batch.
    """
    # Two values travel instead of two per leaf: the ids as one text, the hashes as one string.
    entries = cast(
        func.string_to_array(literal(",".join(str(entry) for entry, _ in leaves), Text), ","),
        ARRAY(Uuid),
    )
    fed = (
        func.unnest(entries)
        .table_valued("entry_id", with_ordinality="number", name="fed")
        .render_derived()
    )
    number = cast(fed.c.number, BigInteger) - 1
    hashes = literal(b"".join(leaf_hash for _, leaf_hash in leaves), LargeBinary)
    start = cast(number * tree.HASH_LENGTH + 1, Integer)
    rows = select(
        number + size, fed.c.entry_id, func.substring(hashes, start, tree.HASH_LENGTH)
    ).select_from(fed)
    try:
        session.execute(
            insert(journal.leaf).from_select(["leaf_index", "entry_id", "leaf_hash"], rows)
        )
    except sqlalchemy_exc.IntegrityError as refused:
        diagnostics = getattr(refused.orig, "diag", None)
        if getattr(diagnostics, "constraint_name", None) == tables.ENTRY_UNIQUE:
            raise errors.EntryAlreadyInLog(
                "An entry of the batch stands in the log already; append only new entries."
            ) from refused
        raise


def insert_tiles(
    session: Session, journal: tables.JournalTables, made: Sequence[tiles.Tile]
) -> None:
    """Insert complete tiles."""
    if made:
        session.execute(
            insert(journal.tile),
            [
                {
                    "tile_level": one.level,
                    "tile_index": one.index,
                    "root_hash": one.root,
                    "inner_nodes": one.inner,
                }
                for one in made
            ],
        )


def insert_checkpoint(
    session: Session, *, journal: tables.JournalTables, checkpoint: SignedCheckpoint
) -> None:
    """Insert a signed checkpoint."""
    session.execute(
        insert(journal.checkpoint).values(
            tree_size=checkpoint.tree_size,
            root_hash=checkpoint.root_hash,
            signed_at=checkpoint.signed_at,
            note=checkpoint.note,
        )
    )


def read_stored(
    session: Session, journal: tables.JournalTables, wanted: Iterable[tree.Node]
) -> Mapping[tree.Node, bytes]:
    """Read stored hashes with one SELECT.

    Raises:
        TreeSizeNotReached: one of them is not stored.
    """
    runs = tiles.runs_of(wanted)
    if not runs:
        return {}
    leaves = [run for run in runs if run.level == 0]
    roots = [run for run in runs if run.level and run.level % tiles.TILE_HEIGHT == 0]
    inner = [run for run in runs if run.level % tiles.TILE_HEIGHT]
    places = [tiles.place_of((run.level, run.first)) for run in inner]
    rows = session.execute(
        _select_stored(journal),
        {
            "leaf_firsts": [run.first for run in leaves],
            "leaf_counts": [run.count for run in leaves],
            "root_levels": [run.level for run in roots],
            "root_tile_levels": [run.level // tiles.TILE_HEIGHT - 1 for run in roots],
            "root_firsts": [run.first for run in roots],
            "root_counts": [run.count for run in roots],
            "levels": [run.level for run in inner],
            "indexes": [run.first for run in inner],
            "tile_levels": [place.tile_level for place in places],
            "tile_indexes": [place.tile_index for place in places],
            "positions": [place.position for place in places],
        },
    )
    stored: dict[tree.Node, bytes] = {}
    for level, first, hashes in rows:
        for number, start in enumerate(range(0, len(hashes or b""), tree.HASH_LENGTH)):
            stored[level, first + number] = bytes(hashes[start : start + tree.HASH_LENGTH])
    if len(stored) != sum(run.count for run in runs):
        raise errors.TreeSizeNotReached("The log does not hold as many leaves as asked for.")
    return stored


@functools.cache
def _select_stored(journal: tables.JournalTables) -> CompoundSelect[Any]:
    """Build the statement once per log: building it costs more than running it."""
    return union_all(_select_leaves(journal), _select_roots(journal), _select_inner(journal))


def _select_leaves(journal: tables.JournalTables) -> Select[Any]:
    leaf = journal.leaf.c
    run = _unnest("leaf_run", first="leaf_firsts", count="leaf_counts")
    hashes = (
        select(func.string_agg(leaf.leaf_hash, aggregate_order_by(_NOTHING, leaf.leaf_index)))
        .where(leaf.leaf_index >= run.c.first, leaf.leaf_index < run.c.first + run.c.count)
        .scalar_subquery()
    )
    return select(cast(0, BigInteger), run.c.first, hashes).select_from(run)


def _select_roots(journal: tables.JournalTables) -> Select[Any]:
    tile = journal.tile.c
    # The tile's level travels too: one that is computed here would not be looked up by the key.
    run = _unnest(
        "root_run",
        level="root_levels",
        tile_level="root_tile_levels",
        first="root_firsts",
        count="root_counts",
    )
    hashes = (
        select(func.string_agg(tile.root_hash, aggregate_order_by(_NOTHING, tile.tile_index)))
        .where(
            tile.tile_level == run.c.tile_level,
            tile.tile_index >= run.c.first,
            tile.tile_index < run.c.first + run.c.count,
        )
        .scalar_subquery()
    )
    return select(run.c.level, run.c.first, hashes).select_from(run)


def _select_inner(journal: tables.JournalTables) -> Select[Any]:
    tile = journal.tile.c
    asked = _unnest(
        "asked",
        level="levels",
        index="indexes",
        tile_level="tile_levels",
        tile_index="tile_indexes",
        position="positions",
    )
    start = cast(asked.c.position * tree.HASH_LENGTH + 1, Integer)
    found = func.substring(tile.inner_nodes, start, tree.HASH_LENGTH)
    same = (tile.tile_level == asked.c.tile_level) & (tile.tile_index == asked.c.tile_index)
    return select(asked.c.level, asked.c.index, found).select_from(asked).join(journal.tile, same)


_NOTHING = literal(b"", LargeBinary)


def _unnest(name: str, **parameters: str) -> TableValuedAlias:
    """Make a table of parallel lists of numbers: column name and parameter name of each."""
    lists = [_numbers(parameter) for parameter in parameters.values()]
    columns = [column(one, BigInteger) for one in parameters]
    return func.unnest(*lists).table_valued(*columns, name=name).render_derived()


def _numbers(name: str) -> Any:
    return cast(bindparam(name, type_=ARRAY(BigInteger)), ARRAY(BigInteger))


def _checkpoint_of(row: Row[Any]) -> SignedCheckpoint:
    return SignedCheckpoint(row.tree_size, bytes(row.root_hash), row.signed_at, row.note)
