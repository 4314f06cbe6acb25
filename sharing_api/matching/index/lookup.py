"""Asks the index: which records of a register are likely the same as those given.

A question costs one round trip to the exchange's database, however many are asked together, and the
comparison of at most `best` records each (see the model file). A question about a million records
takes a few milliseconds, of a batch less than one each.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from sharing_api.matching import errors, explanation, learning, records
from sharing_api.matching.explanation import BITS, Part
from sharing_api.matching.fields.kinds import Column, Rows
from sharing_api.matching.fields.words import number_within
from sharing_api.matching.index import keeping, lessons, repository
from sharing_api.matching.index.keeping import Keeper, Opened
from sharing_api.matching.index.repository import Hits
from sharing_api.matching.index.sources import Says
from sharing_api.matching.index.values import Found, Lesson
from sharing_api.matching.learned import Learned
from sharing_api.matching.model import Model


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a comparison says.

    Args:
        weight: in bits: odds of 2^weight.
        probability: that both are the same, from 0 to 1.
        parts: what each field adds.
    """

    weight: float
    probability: float
    parts: tuple[Part, ...]


class Lookup:
    """Asks the indexes of a site; remembers what was learned of each until it is learned anew.

    Args:
        keeper: of the site.
        model: of the likeness.
    """

    def __init__(self, keeper: Keeper, model: Model) -> None:
        self._keeper = keeper
        self._model = model
        self._lessons: dict[str, Lesson] = {}
        self._lock = threading.Lock()

    def find(
        self,
        session: Session,
        dataset: str,
        columns: Mapping[str, Column],
        *,
        most: int = 10,
        least: float = 0.01,
    ) -> Found:
        """Find the records of a dataset that are likely the same as those given.

        Args:
            session: of the exchange's database; reads only.
            dataset: `register/dataset` that has an index.
            columns: match field → Arrow array of texts, all of one length, null or empty where
                unknown; fields of which nothing was learned are unknown too.
            most: records that are given for each question at most.
            least: probability from which a record is given, from 0 to 1.

        Raises:
            NotLearned: the index of the dataset is not filled yet.
            NothingToCompare: there is no column.
            SealedByAnotherKey: the index was made with another key of the exchange.
        """
        if not columns:
            raise errors.NothingToCompare("There is no column to compare.")
        lesson = self._lesson(session, dataset)
        hits = self._search(session, dataset, lesson, columns)
        if hits.lesson != lesson.number:
            lesson = self._renew(session, dataset)
            hits = self._search(session, dataset, lesson, columns)
        known = lesson.of_fields(columns)
        pairs = self._best(lesson, hits)
        compared = {name: columns[name] for name in known.kinds if name in columns}
        wanted = _Wanted(most, least, hits.change)
        return _weigh_all(known, compared, pairs, wanted)

    def weigh(
        self,
        session: Session,
        dataset: str,
        given: Says,
        others: Sequence[Says],
    ) -> list[Weighed]:
        """Compare one record with others, and say why.

        Args:
            given: match field → text.
            others: match field → text, or texts.

        Raises:
            NotLearned: nothing was learned of the dataset yet.
        """
        if not others:
            return []
        lesson = self._lesson(session, dataset)
        known = lesson.of_fields(given)
        fields = [name for name in known.kinds if name in given]
        sides = (keeping.columns_of(side, fields) for side in ([given], others))
        data = known.read(records.concatenate(*sides), 1)
        left = np.zeros(len(others), dtype=np.int64)
        right = np.arange(1, len(others) + 1)
        found = []
        for parts in explanation.explain(data, known.weights, left, right):
            weight = float(sum(part.bits for part in parts))
            sure = float(learning.probability(np.array([weight / BITS]))[0])
            found.append(Weighed(weight, sure, tuple(parts)))
        return found

    def _lesson(self, session: Session, dataset: str) -> Lesson:
        known = self._lessons.get(dataset)
        return self._renew(session, dataset) if known is None else known

    def _renew(self, session: Session, dataset: str) -> Lesson:
        with self._lock:  # it may be large: one thread reads it, the others wait for that
            kept = repository.read_lesson(session, dataset)
            if kept is None or kept[0].change is None:
                self._lessons.pop(dataset, None)
                raise errors.NotLearned("The index of this dataset is being filled.")
            known = self._lessons.get(dataset)
            if known is None or known.number != kept[0].lesson:
                known = lessons.read(*kept, self._keeper, self._model)
                self._lessons[dataset] = known
            return known

    def _search(
        self, session: Session, dataset: str, lesson: Lesson, columns: Mapping[str, Column]
    ) -> Hits:
        known = lesson.of_fields(columns)
        data = known.read({name: columns[name] for name in known.kinds if name in columns})
        rules = self._model.index.rules[known.subject]
        rows, keys = self._keeper.make_keys(dataset, data, rules)
        kept = ~np.isin(keys, lesson.frequent) & (number_within(rows) < repository.MOST_KEYS)
        return repository.meet(session, dataset, rows[kept].tolist(), keys[kept])

    def _best(self, lesson: Lesson, hits: Hits) -> "_Pairs":
        """Open the entries that share the rarest keys with their question, some for each."""
        questions = np.array([row[0] for row in hits.rows], dtype=np.int64)
        met = np.array([row[1] for row in hits.rows], dtype=np.int64)
        score = _rarity(questions, met, lesson.learned.records)
        order = np.lexsort((-score, questions))
        order = order[number_within(questions[order]) < self._model.index.best]
        # In a batch many questions meet the same record: it is opened and read once.
        sealed = [hits.rows[row][2] for row in order.tolist()]
        different = {one: place for place, one in enumerate(dict.fromkeys(sealed))}
        places = np.array([different[one] for one in sealed], dtype=np.int64)
        people = [self._keeper.open_record(one) for one in different]
        return _Pairs(questions[order], places, people)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Which question is held against which of the opened records."""

    questions: Rows
    places: Rows
    people: Sequence[Opened]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How many records of what probability, and the state of the register that they are of."""

    most: int
    least: float
    change: int


def _rarity(questions: Rows, met: Rows, total: int) -> npt.NDArray[np.float64]:
    """Sum up how rare the keys are that each hit shares, by how many hits share them."""
    score = np.zeros(len(met))
    if not len(met):
        return score
    for place in range(int(met.max()).bit_length()):
        shares = (met >> place) & 1
        counts = np.bincount(questions, weights=shares)
        score += shares * np.log(total / np.maximum(counts, 1.0))[questions]
    return score


def _weigh_all(
    known: Learned,
    columns: Mapping[str, Column],
    pairs: _Pairs,
    wanted: _Wanted,
) -> Found:
    """Compare each question with its entries."""
    count = len(next(iter(columns.values())))
    questions, people = pairs.questions, pairs.people
    others = keeping.columns_of([one.says for one in people], list(columns))
    data = known.read(records.concatenate(columns, others), count)
    right = count + pairs.places
    levels = data.compare(questions, right)
    chances = learning.log_chances(data, known.weights.strangers, levels, questions, right)
    odds = known.weights.log_odds(data, levels, chances, questions)
    order = np.lexsort((-odds, questions))
    order = order[learning.probability(odds[order]) >= wanted.least]
    order = order[number_within(questions[order]) < wanted.most]
    return Found(
        row=questions[order],
        key=tuple(people[place].key for place in pairs.places[order].tolist()),
        log_odds=odds[order],
        levels=levels[order],
        kinds=data.kinds,
        change=wanted.change,
    )
