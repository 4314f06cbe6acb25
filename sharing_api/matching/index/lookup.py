"""Asks the index: which records of a register are likely the same as those given.

How they are found, and what that costs, stands in `search`.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from sharing_api.matching import errors, explanation, learning, records
from sharing_api.matching.explanation import BITS, Part
from sharing_api.matching.fields.kinds import Column
from sharing_api.matching.index import keeping, lessons, repository
from sharing_api.matching.index.keeping import Keeper
from sharing_api.matching.index.search import Index, Search
from sharing_api.matching.index.sources import Says
from sharing_api.matching.index.values import Found, Lesson
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
        found = self._search(session, dataset, lesson, columns).find(most, least)
        if found.lesson != lesson.number:
            lesson = self._renew(session, dataset)
            found = self._search(session, dataset, lesson, columns).find(most, least)
        return found

    def _search(
        self, session: Session, dataset: str, lesson: Lesson, columns: Mapping[str, Column]
    ) -> Search:
        known = lesson.of_fields(columns)
        data = known.read({name: columns[name] for name in known.kinds if name in columns})
        index = Index(session, dataset, self._keeper, self._model)
        return Search(index, lesson, known, data)

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
