"""Verifies one block of 65,536 leaves: rows, leaves, tiles and checkpoints in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from log_checker import merkle, notes, subjects
from log_checker.rows import Rows, copy_statement

PARTS = 256


@dataclass(frozen=True)
class Task:
    """What a worker is to verify.

    Args:
        first: index of the block's first leaf.
        count: leaves of the block.
        position: position of the entry of its first leaf; the smallest there is for the first.
        spool: folder for what the chains of subjects need; None to leave them out.
    """

    first: int
    count: int
    position: int
    spool: Path | None


@dataclass
class Found:
    """What a worker found out.

    Args:
        root: over all leaves of the block as its rows lead to them.
        heads: of each checkpoint that ends in the block: size, local hash, signed root.
        next_position: of the row after the block; None at the end of the table.
        tile_roots: of the block's complete tiles.
        problems: place (index of a leaf) and what is wrong there.
    """

    task: Task
    root: bytes = b""
    heads: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    next_position: int | None = None
    tile_roots: list[bytes] = field(default_factory=list)
    commitments: list[tuple[int, int, bytes]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def verify(cursor: Any, task: Task, keys: Sequence[notes.LogKey]) -> Found:
    """Derive a block again from its rows and compare it with everything that is stored of it."""
    found = Found(task)
    rows = Rows(with_subjects=task.spool is not None)
    cursor.copy_expert(copy_statement(task.position, task.count), rows)
    rows.finish()
    if len(rows.hashes) < task.count:
        place = task.first + len(rows.hashes)
        found.problems.append((place, "entries are missing: the log has more leaves than rows"))
    _compare_rows(cursor, task, rows, found)
    if not rows.hashes:
        return found
    levels = merkle.levels_of(rows.hashes)
    found.root = merkle.fold_first(levels, len(rows.hashes))
    _compare_tiles(cursor, task, levels, found)
    _read_checkpoints(cursor, task, levels, keys, found)
    found.commitments = [(task.first + at, size, root) for at, size, root in rows.commitments]
    if task.spool is not None and not found.problems:
        _spool(task, rows, found)
    return found


def _compare_rows(cursor: Any, task: Task, rows: Rows, found: Found) -> None:
    """Compare with the hashes that were stored beside the rows and in the leaves."""
    hashes, entry_ids = b"".join(rows.hashes), b"".join(rows.entry_ids)
    stored = bytes.fromhex(b"".join(rows.stored_hashes).decode())
    _name_first(found, stored, hashes, 32, rows, "entry {} was altered")
    cursor.execute(
        "SELECT count(*), string_agg(leaf_hash, ''), string_agg(entry_id::text, '') FROM (SELECT"
        " leaf_hash, entry_id FROM exchange.log_leaf WHERE leaf_index >= %s AND leaf_index < %s"
        " ORDER BY leaf_index) AS block",
        (task.first, task.first + task.count),
    )
    count, leaves, leaf_ids = cursor.fetchone()
    if count != task.count:
        found.problems.append((task.first + count, "leaves are missing"))
    ids = (leaf_ids or "").encode()
    _name_first(found, ids, entry_ids, 36, rows, "entry {} does not stand where the log has it")
    _name_first(found, bytes(leaves or b""), hashes, 32, rows, "entry {} was altered")
    cursor.execute(
        "SELECT min(position) FROM exchange.access_entry WHERE position > %s",
        (rows.last_position,),
    )
    (found.next_position,) = cursor.fetchone()


def _name_first(
    found: Found, stored: bytes, derived: bytes, width: int, rows: Rows, sentence: str
) -> None:
    """Name the first place where two runs of values differ."""
    if stored == derived:
        return
    most = min(len(stored), len(derived)) // width
    low, high = 0, most
    while low < high:  # the first difference, by halving
        middle = (low + high) // 2
        if stored[: (middle + 1) * width] == derived[: (middle + 1) * width]:
            low = middle + 1
        else:
            high = middle
    name = rows.entry_ids[low].decode("ascii", "replace") if low < len(rows.entry_ids) else "(none)"
    found.problems.append((found.task.first + low, sentence.format(name)))


def _compare_tiles(
    cursor: Any, task: Task, levels: Sequence[Sequence[bytes]], found: Found
) -> None:
    """Compare the lowest tiles; those above are compared when all blocks are through."""
    made = merkle.tiles_of(levels) if len(levels) > 8 else []
    found.tile_roots = [root for root, _ in made]
    first = task.first // merkle.TILE
    cursor.execute(
        "SELECT tile_index, root_hash, inner_nodes FROM exchange.log_tile WHERE tile_level = 0 AND"
        " tile_index >= %s AND tile_index < %s",
        (first, first + merkle.BLOCK // merkle.TILE),
    )
    stored = {index - first: (bytes(root), bytes(inner)) for index, root, inner in cursor}
    derived = dict(enumerate(made))
    for number in sorted(stored.keys() | derived.keys()):
        if stored.get(number) != derived.get(number):
            # Its last leaf: an entry in it that is named itself comes first.
            place = (first + number + 1) * merkle.TILE - 1
            found.problems.append((place, f"tile {first + number} of level 0 was altered"))


def _read_checkpoints(
    cursor: Any,
    task: Task,
    levels: Sequence[Sequence[bytes]],
    keys: Sequence[notes.LogKey],
    found: Found,
) -> None:
    cursor.execute(
        "SELECT tree_size, root_hash, note FROM exchange.log_checkpoint WHERE tree_size > %s AND"
        " tree_size <= %s ORDER BY tree_size",
        (task.first, task.first + task.count),
    )
    for size, root_hash, note in cursor:
        try:
            signed_size, root = notes.read_checkpoint(note, keys)
        except notes.NotSigned as refused:
            found.problems.append((size - 1, f"the checkpoint of size {size}: {refused}"))
            continue
        if signed_size != size or root != bytes(root_hash):
            sentence = f"the checkpoint of size {size} is not the one that was signed"
            found.problems.append((size - 1, sentence))
        elif size - task.first <= len(levels[0]):
            local = merkle.fold_first(levels, size - task.first)
            found.heads.append((size, local, root))


def _spool(task: Task, rows: Rows, found: Found) -> None:
    """Write what chains need into files by the first byte of the tag, one set a block.

    Their names are in the order of the blocks, so that records are read in log order.
    """
    parts: list[list[bytes]] = [[] for _ in range(PARTS)]
    texts = [tag for tag in rows.tags if tag]
    tags = bytes.fromhex(b"".join(texts).decode())
    width, at = subjects.TAG, 0
    if len(tags) != width * len(texts):
        found.problems.append((task.first, "the tag of a subject is not as long as a tag is"))
        return
    for place, (text, leaf_hash) in enumerate(
        zip(rows.tags, rows.hashes, strict=True), start=task.first
    ):
        if text:
            tag = tags[at : at + width]
            parts[tag[0]].append(subjects.record(tag, place, leaf_hash))
            at += width
    folder = Path(str(task.spool))
    offsets = [0]
    with (folder / f"{task.first:020}.records").open("wb") as file:
        for records in parts:
            file.write(b"".join(records))
            offsets.append(offsets[-1] + len(records) * subjects.RECORD)
    (folder / f"{task.first:020}.offsets").write_text(" ".join(map(str, offsets)), encoding="ascii")
