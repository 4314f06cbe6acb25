"""Learning from the records of an index: how often values stand there, and what they weigh."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from databases.sessions import Databases
from sharing_api.matching import errors, learned, records
from sharing_api.matching.files import registers
from sharing_api.matching.frequencies import HERE
from sharing_api.matching.index import repository, sources, spelling
from sharing_api.matching.index.keeping import Keeper
from sharing_api.matching.index.values import IndexRow, Lesson
from sharing_api.matching.model import Model
from sharing_api.matching.records import Records

_LEARNED, _FREQUENT, _WORDS = "learned", "frequent", "words"
_GROWN = 1.25  # times the records that were learned from: then it is learned anew
_FEWEST = 3  # records of a sample that show a key to be frequent at all


def has_outgrown(databases: Databases, row: IndexRow) -> bool:
    """Tell whether there are far more records than were learned from; counts them all."""
    with databases.writing("exchange") as session:
        return repository.count_entries(session, row.index_id) > row.lesson_records * _GROWN


def learn(databases: Databases, keeper: Keeper, model: Model, row: IndexRow) -> int:
    """Learn from the records of an index, or a sample of them, and keep it.

    Returns:
        number of the lesson.
    """
    with databases.writing("exchange") as session:
        total = repository.count_entries(session, row.index_id)
        share = min(1.0, model.index.sample / max(1, total))
        values = [
            keeper.open_record(sealed).values
            for sealed in repository.sample_entries(session, row.index_id, share)
        ]
    if not values:
        return 0
    subject = registers.make_source(row.dataset).subject
    data = _records_of(model, row.dataset, values)
    _, keys = keeper.make_keys(row.dataset, data, model.index.rules(subject))
    many, counts = np.unique(keys, return_counts=True)
    drawn = len(values) / max(1, total)
    frequent = many[counts >= max(_FEWEST, model.index.frequent * drawn)]
    taught = learned.learn_alone(data, model, subject, total)
    written = _write(taught.to_bytes(), frequent, spelling.words_of(data))
    with databases.writing("exchange") as session:
        return repository.save_lesson(session, row.index_id, total, keeper.seal_bytes(written))


def _records_of(model: Model, dataset: str, values: Sequence[Sequence[Any]]) -> Records:
    """Make records of what was kept of them; a field of which nobody says anything is none."""
    kinds = sources.kinds_of(model, dataset)
    columns = sources.encoded(model, dataset, values, kinds)
    known = {name: one for name, one in columns.items() if any(one.values)}
    said = {name: kinds[name] for name in known}
    return records.read_as(said, dict.fromkeys(said, HERE), known)


def read(row: IndexRow, sealed: bytes, keeper: Keeper, model: Model) -> Lesson:
    """Read what was learned.

    Raises:
        NotLearned: nothing was, or by another model.
        SealedByAnotherKey: it was sealed with another key.
    """
    if not row.lesson:
        raise errors.NotLearned("The index of this dataset is being filled.")
    with np.load(io.BytesIO(keeper.open_bytes(sealed)), allow_pickle=False) as kept:
        taught = learned.from_bytes(kept[_LEARNED].tobytes(), model)
        words = kept[_WORDS].tobytes().decode().split()
        return Lesson(row.lesson, taught, kept[_FREQUENT], words)


def _write(taught: bytes, frequent: npt.NDArray[Any], words: Sequence[str]) -> bytes:
    file = io.BytesIO()
    arrays: dict[str, Any] = {
        _LEARNED: np.frombuffer(taught, np.uint8),
        _FREQUENT: frequent,
        _WORDS: np.frombuffer(" ".join(words).encode(), np.uint8),
    }
    np.savez(file, **arrays)
    return file.getvalue()
