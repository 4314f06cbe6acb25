"""Validates the chunks of a file and keeps them, in this process or in several."""

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

from databases.loading import collecting, typed
from databases.loading.cells import Reference
from databases.loading.mapping import FileMapping
from databases.loading.readers import Chunk, OpenTable
from databases.loading.workspace import ChunkNote, Workspace


@dataclass(frozen=True)
class Checker:
    """All that a chunk needs to be validated."""

    header: tuple[str, ...]
    mapping: FileMapping
    reference: Reference
    work: Workspace

    def check(self, number: int, chunk: Chunk) -> ChunkNote:
        """Validate a chunk and keep it."""
        validated = typed.validate(chunk, self.header, self.mapping, self.reference)
        return self.work.save(number, len(chunk), validated)


@dataclass(frozen=True, slots=True)
class Done:
    """A chunk that is kept; `resumed` when an earlier run had validated it."""

    note: ChunkNote
    resumed: bool


# Handed to the processes by forking: code lists are large and their readers cannot be pickled.
_inherited: list[Checker] = []


def _check_inherited(number: int, chunk: Chunk) -> ChunkNote:
    return _inherited[-1].check(number, chunk)


def check_all(table: OpenTable, checker: Checker, *, workers: int) -> Iterator[Done]:
    """Validate every chunk that is not done yet.

    Args:
        table: just opened.
        checker: what chunks are validated with.
        workers: processes besides this one; 0 validates here. Few chunks are in memory at a time.

    Returns:
        the chunks in the order of the file.
    """
    with collecting.paused():
        if not workers:
            for number, chunk in enumerate(table.chunks):
                note = checker.work.find_note(number)
                yield Done(note or checker.check(number, chunk), note is not None)
            return
        _inherited.append(checker)
        try:
            context = multiprocessing.get_context("fork")
            with ProcessPoolExecutor(workers, mp_context=context) as pool:
                # All are forked now: later there are a connection and a thread, not to be copied.
                pool.submit(int).result()
                yield from _check_apart(table, checker, pool, workers)
        finally:
            _inherited.pop()


def _check_apart(
    table: OpenTable, checker: Checker, pool: ProcessPoolExecutor, workers: int
) -> Iterator[Done]:
    pending: deque[Done | Future[ChunkNote]] = deque()
    for number, chunk in enumerate(table.chunks):
        note = checker.work.find_note(number)
        if note is not None:
            pending.append(Done(note, resumed=True))
        else:
            pending.append(pool.submit(_check_inherited, number, chunk))
        if len(pending) > workers:
            yield _finished(pending.popleft())
    while pending:
        yield _finished(pending.popleft())


def _finished(chunk: Done | Future[ChunkNote]) -> Done:
    return chunk if isinstance(chunk, Done) else Done(chunk.result(), resumed=False)
