"""Verifies the whole log: blocks side by side, their roots joined, then the chains of subjects."""

import contextlib
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from log_checker import blocks, merkle, notes, subjects, timestamps

NotSigned = notes.NotSigned
_SMALLEST = -(1 << 63)
_BLOCKS_A_WORKER = 2
SideBySide = Callable[..., Iterable[Any]]


@dataclass(frozen=True)
class Verdict:
    """What the verification found.

    Args:
        entries: rows whose hash was computed again.
        checkpoints: signed checkpoints that the rows lead to.
        waiting: entries that no leaf stands for yet.
        covers: leaves under the newest commitment over the subjects; 0 without one.
        subjects: subjects whose chains were computed again.
        place: index of the first bad leaf; -1 when nothing is wrong.
        problem: sentence about it; empty when all is well.
        timestamps: timestamps of authorities that hold; 0 when no certificate was given.
    """

    entries: int
    checkpoints: int
    waiting: int
    covers: int = 0
    subjects: int = 0
    place: int = -1
    problem: str = ""
    timestamps: int = 0


@dataclass(frozen=True)
class Wishes:
    """How to verify.

    Args:
        dsn: connection string of a role that may read the exchange's database.
        keys: document of `/v1/keys`, from outside the database.
        anchors: signed checkpoints that were kept elsewhere; the log must continue each.
        workers: processes side by side.
        with_subjects: verify the chains of subjects too.
        authorities: certificates (PEM) that verify timestamps; without, these are left out.
    """

    dsn: str
    keys: Mapping[str, Any]
    anchors: Sequence[str] = ()
    workers: int = 0
    with_subjects: bool = True
    authorities: Sequence[bytes] = ()


def verify(wishes: Wishes, progress: Callable[[int], None] = lambda _: None) -> Verdict:
    """Verify the log as one snapshot of the database shows it.

    Raises:
        NotSigned: an anchor or a key is not what it should be.
    """
    with contextlib.closing(psycopg2.connect(wishes.dsn)) as connection:
        cursor = connection.cursor()
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return verify_with(cursor, wishes, progress)


def verify_with(
    cursor: Any, wishes: Wishes, progress: Callable[[int], None] = lambda _: None
) -> Verdict:
    """Verify the log as the transaction of a cursor sees it; with one worker, by it alone.

    Raises:
        NotSigned: an anchor or a key is not what it should be.
    """
    keys = notes.read_keys(wishes.keys)
    anchors = [notes.read_checkpoint(note, keys) for note in wishes.anchors]
    with tempfile.TemporaryDirectory() as folder:
        spool = Path(folder) if wishes.with_subjects else None
        return _Run(cursor, anchors, spool, progress).verify(wishes)


class _Run:
    def __init__(
        self,
        cursor: Any,
        anchors: Sequence[tuple[int, bytes]],
        spool: Path | None,
        progress: Callable[[int], None],
    ) -> None:
        self._cursor = cursor
        self._anchors = dict(anchors)
        self._spool = spool
        self._progress = progress
        self._problems: list[tuple[int, str]] = []
        self._commitments: list[tuple[int, int, bytes]] = []
        self._good = 0

    def verify(self, wishes: Wishes) -> Verdict:
        tasks, size = self._plan()
        # Another process costs as much to start as a few blocks to verify.
        workers = min(wishes.workers or os.cpu_count() or 1, len(tasks) // _BLOCKS_A_WORKER)
        with _open_pool(self._cursor, wishes, workers) as side_by_side:
            checkpoints, waiting_from = self._verify_blocks(side_by_side(_verify_block, tasks))
            self._find_beyond(size)
            waiting = self._count_waiting(waiting_from, size)
            roots = timestamps.read_authorities(wishes.authorities)
            stamped, problems = timestamps.verify(self._cursor, roots)
            self._problems += problems
            states, covers = 0, 0
            if self._spool is not None and not self._problems:
                states, covers = self._verify_subjects(side_by_side)
        place, problem = min(self._problems, default=(-1, ""))
        return Verdict(size, checkpoints, waiting, covers, states, place, problem, stamped)

    def _plan(self) -> tuple[list[blocks.Task], int]:
        """Cut the log into blocks; one whose first entry cannot be found is a problem already."""
        cursor = self._cursor
        size = self._count_leaves()
        cursor.execute(
            "SELECT l.leaf_index, e.position FROM exchange.log_leaf l JOIN exchange.access_entry e"
            " USING (entry_id) WHERE l.leaf_index = ANY(%s)",
            (list(range(merkle.BLOCK, size, merkle.BLOCK)),),
        )
        positions = {0: _SMALLEST, **dict(cursor.fetchall())}
        tasks = []
        for first in range(0, size, merkle.BLOCK):
            if first not in positions:
                self._problems.append((first, "the entry of the leaf is missing"))
                break
            count = min(merkle.BLOCK, size - first)
            tasks.append(blocks.Task(first, count, positions[first], self._spool))
        return tasks, size

    def _count_leaves(self) -> int:
        """Count the leaves up to the first gap in their numbers."""
        cursor = self._cursor
        cursor.execute("SELECT count(*), min(leaf_index), max(leaf_index) FROM exchange.log_leaf")
        count, least, most = cursor.fetchone()
        if count == 0 or (least, most) == (0, count - 1):
            return int(count)
        cursor.execute(
            "SELECT min(place) FROM (SELECT leaf_index, row_number() OVER (ORDER BY leaf_index) - 1"
            " AS place FROM exchange.log_leaf) AS numbered WHERE leaf_index <> place"
        )
        (gap,) = cursor.fetchone()
        self._problems.append((gap, "the numbers of the leaves have a gap"))
        return int(gap)

    def _verify_blocks(self, results: Iterable[blocks.Found]) -> tuple[int, int | None]:
        frontier = merkle.Frontier()
        checkpoints, tile_roots, last = 0, [], None
        before: int | None = _SMALLEST
        for found in results:
            task = found.task
            if before not in (_SMALLEST, task.position):
                self._problems.append((task.first, "entries stand between two leaves"))
            before = found.next_position
            self._problems += found.problems
            self._commitments += found.commitments
            for size, local, root in found.heads:
                derived = frontier.root_with(local)
                if derived != root:
                    sentence = (
                        f"the entries from leaf {self._good} on do not lead to the checkpoint of "
                        f"size {size}"
                    )
                    self._problems.append((size - 1, sentence))
                elif not self._problems:
                    self._good = size
                checkpoints += 1
                if self._anchors.pop(size, derived) != derived:
                    sentence = f"the log is not the one of the kept checkpoint of size {size}"
                    self._problems.append((size - 1, sentence))
            self._check_anchors_inside(found, frontier)
            if found.root and task.count == merkle.BLOCK:
                frontier.append_block(found.root)
            tile_roots += found.tile_roots
            last = found
            self._progress(task.first + task.count)
        self._compare_high_tiles(tile_roots)
        return checkpoints, last.next_position if last else None

    def _check_anchors_inside(self, found: blocks.Found, frontier: merkle.Frontier) -> None:
        """A kept checkpoint at a size where the database has none any more."""
        task = found.task
        for size in sorted(self._anchors):
            if task.first < size <= task.first + task.count:
                root = self._anchors.pop(size)
                sentence = f"the log has lost the checkpoint of size {size} that is kept elsewhere"
                whole = size == task.first + task.count
                if whole and frontier.root_with(found.root) != root:
                    sentence = f"the log is not the one of the kept checkpoint of size {size}"
                self._problems.append((size - 1, sentence))

    def _compare_high_tiles(self, roots: list[bytes]) -> None:
        """Compare the tiles over more than a block."""
        level = 1
        row = roots
        while row:
            tiles = merkle.tiles_of(merkle.levels_of(row)) if len(row) >= merkle.TILE else []
            self._cursor.execute(
                "SELECT tile_index, root_hash, inner_nodes FROM exchange.log_tile"
                " WHERE tile_level = %s ORDER BY tile_index",
                (level,),
            )
            stored = [(index, bytes(root), bytes(inner)) for index, root, inner in self._cursor]
            derived = [(at, *tile) for at, tile in enumerate(tiles)]
            if stored != derived:
                number = next(
                    (at for at, (a, b) in enumerate(zip(stored, derived, strict=False)) if a != b),
                    min(len(stored), len(derived)),
                )
                place = (number + 1) * merkle.TILE ** (level + 1) - 1
                self._problems.append((place, f"tile {number} of level {level} was altered"))
            row = [root for root, _ in tiles]
            level += 1
        self._cursor.execute(
            "SELECT count(*) FROM exchange.log_tile WHERE tile_level >= %s", (max(level, 1),)
        )
        if self._cursor.fetchone()[0]:
            self._problems.append((0, "there are tiles of a level that the log does not reach"))

    def _find_beyond(self, size: int) -> None:
        """Look for checkpoints and kept checkpoints over more entries than there are."""
        self._cursor.execute(
            "SELECT min(tree_size) FROM exchange.log_checkpoint WHERE tree_size > %s", (size,)
        )
        (beyond,) = self._cursor.fetchone()
        most = min(
            [one for one in (beyond, *self._anchors) if one is not None and one > size] or [0]
        )
        if most:
            sentence = f"a checkpoint covers {most} entries; only {size} are left"
            self._problems.append((size, sentence))

    def _count_waiting(self, first: int | None, size: int) -> int:
        if size and first is None:
            return 0
        self._cursor.execute(
            "SELECT count(*) FROM exchange.access_entry WHERE position >= %s",
            (first if size else _SMALLEST,),
        )
        return int(self._cursor.fetchone()[0])

    def _verify_subjects(self, side_by_side: SideBySide) -> tuple[int, int]:
        """Make the tree over the subjects anew and compare it with the newest commitment."""
        if not self._commitments:
            return 0, 0
        place, covers, root = max(self._commitments, key=lambda one: one[1])
        jobs = [(str(self._spool), part, covers) for part in range(blocks.PARTS)]
        parts, states = [], 0
        for count, part in side_by_side(_chain_part, jobs):
            parts.append(part)
            states += count
        if covers > place:
            self._problems.append((place, "a commitment covers itself"))
        if subjects.join_parts(parts, 2) != root:
            sentence = f"the chains of the subjects do not lead to the commitment over {covers}"
            self._problems.append((place, sentence))
        return states, covers


_cursor: Any = None
_keys: Sequence[notes.LogKey] = ()


@contextlib.contextmanager
def _open_pool(cursor: Any, wishes: Wishes, workers: int) -> Iterator[SideBySide]:
    """Give what applies a function to many things, in processes that see the same snapshot."""
    if workers <= 1:
        _begin(cursor, wishes.keys)
        yield map
        return
    cursor.execute("SELECT pg_export_snapshot()")
    (snapshot,) = cursor.fetchone()
    context = multiprocessing.get_context("spawn")
    given = (wishes.dsn, snapshot, wishes.keys)
    with ProcessPoolExecutor(workers, context, _open, given) as pool:
        yield pool.map


def _open(dsn: str, snapshot: str, keys: Mapping[str, Any]) -> None:
    cursor = psycopg2.connect(dsn).cursor()
    cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    cursor.execute("SET TRANSACTION SNAPSHOT %s", (snapshot,))
    _begin(cursor, keys)


def _begin(cursor: Any, keys: Mapping[str, Any]) -> None:
    """Let this process verify by a cursor; what its rows look like is set here."""
    global _cursor, _keys
    _cursor, _keys = cursor, notes.read_keys(keys)
    cursor.execute("SET timezone = 'UTC'")
    cursor.execute("SET datestyle = 'ISO'")


def _verify_block(task: blocks.Task) -> blocks.Found:
    return blocks.verify(_cursor, task, _keys)


def _chain_part(job: tuple[str, int, int]) -> tuple[int, subjects.Part]:
    folder, part, covers = job
    chains = subjects.Chains()
    for path in sorted(Path(folder).glob("*.offsets")):
        offsets = [int(text) for text in path.read_text(encoding="ascii").split()]
        with path.with_suffix(".records").open("rb") as file:
            file.seek(offsets[part])
            chains.extend(file.read(offsets[part + 1] - offsets[part]), covers)
    pairs = chains.pairs()
    return len(pairs), subjects.make_part(pairs, 2)
