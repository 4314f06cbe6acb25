"""The search for records that are likely the same as those given: by keys, then by comparison.

Questions are read once, however often they are compared. The narrow rules of the model are looked
up first, in one round trip for all questions; the wide ones only for those of which nobody is sure
then. What shares the rarest keys is opened and compared, in arrays, by the same code as whole
files. A question about a million records takes a few milliseconds, of a batch less than one each;
one by a name that nobody bears takes some tens (`spelling`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from sharing_api.matching import blocking, hashing, learning
from sharing_api.matching.fields.kinds import MISSING, Flags, Levels, Rows
from sharing_api.matching.fields.words import number_within
from sharing_api.matching.hashing import Hashes
from sharing_api.matching.index import repository, sources, spelling
from sharing_api.matching.index.keeping import Keeper
from sharing_api.matching.index.values import Found, Lesson
from sharing_api.matching.learned import Learned
from sharing_api.matching.model import Model, Rules
from sharing_api.matching.patterns import Logs
from sharing_api.matching.records import Records

_MOST_OF_A_READING = 20  # entries that are met by one reading of a name
_BEST_READINGS = 400  # entries that a name read otherwise is compared with
_BEARS_THE_NAME = 6  # level of a name, and all closer ones, that nobody need be looked for beyond
Pair = tuple[int, bytes]  # number of a question, from 0, and an entry sealed


@dataclass(frozen=True, slots=True)
class Index:
    """The index of a dataset, and what it is asked with."""

    session: Session
    dataset: str
    keeper: Keeper
    model: Model


@dataclass(frozen=True, slots=True)
class _Compared:
    """Questions with records: which question, key of the record, how likely, how alike."""

    question: Rows
    key: tuple[str, ...]
    odds: Logs
    levels: Levels

    def and_more(self, other: "_Compared") -> "_Compared":
        return _Compared(
            np.concatenate([self.question, other.question]),
            (*self.key, *other.key),
            np.concatenate([self.odds, other.odds]),
            np.concatenate([self.levels, other.levels]),
        )


class Search:
    """One search, for one question or many.

    Args:
        index: that is asked.
        lesson: what was learned of it.
        known: the part of it that is about the fields of the questions.
        data: the questions, read by `known`.
    """

    def __init__(self, index: Index, lesson: Lesson, known: Learned, data: Records) -> None:
        self._index = index
        self._lesson = lesson
        self._known = known
        self._data = data
        self._encoded = data.encode()
        self._met: dict[Pair, None] = {}
        self._change = self._last_lesson = 0

    def find(self, most: int, least: float) -> Found:
        """Find the records that are likely the same.

        Args:
            most: records that are given for each question at most.
            least: probability from which a record is given.
        """
        rules = self._index.model.index
        subject = self._known.subject
        everybody = np.ones(self._data.count, dtype=np.bool_)
        found = self._compare(self._meet(rules.narrow[subject], everybody))
        is_open = self._nobody_is_sure(found)
        if is_open.any():
            found = found.and_more(self._compare(self._meet(rules.wide[subject], is_open)))
            if self._may_be_misspelt(found):
                found = found.and_more(self._compare(self._meet_readings()))
        return self._best(found, most, least)

    def _meet(self, rules: Rules, wanted: Flags) -> list[Pair]:
        keeper, dataset = self._index.keeper, self._index.dataset
        rows, keys = keeper.make_keys(dataset, self._data, rules)
        kept = wanted[rows]
        rule = self._index.model.index
        return self._look_up(rows[kept], keys[kept], most=rule.frequent, best=rule.best)

    def _meet_readings(self) -> list[Pair]:
        found = [
            hashing.combine([hashes], blocking.salt_of(rule))
            for rule, hashes in spelling.readings(self._data, self._lesson.words)
        ]
        keys = np.unique(np.concatenate(found))
        keys = self._index.keeper.hide(self._index.dataset, keys)
        rows = np.zeros(len(keys), dtype=np.int64)
        return self._look_up(rows, keys, most=_MOST_OF_A_READING, best=_BEST_READINGS)

    def _look_up(self, rows: Rows, keys: Hashes, *, most: int, best: int) -> list[Pair]:
        """Find entries by keys; those that were compared before are not given again."""
        kept = ~self._lesson.are_frequent(keys)
        asked = (rows[kept] + 1).tolist()
        hits = repository.meet(
            self._index.session, self._index.dataset, asked, keys[kept], most=most, best=best
        )
        self._change, self._last_lesson = hits.change, hits.lesson
        pairs = [
            pair
            for question, sealed in hits.rows
            if (pair := (question - 1, sealed)) not in self._met
        ]
        self._met |= dict.fromkeys(pairs)
        return pairs

    def _compare(self, pairs: Sequence[Pair]) -> _Compared:
        # In a batch many questions meet the same record: it is opened once.
        place = {sealed: number for number, sealed in enumerate(_different(pairs))}
        opened = [self._index.keeper.open_record(one) for one in place]
        values = [one.values for one in opened]
        kept = sources.encoded(self._index.model, self._index.dataset, values, self._known.kinds)
        data = self._known.read(
            {name: own.followed_by(kept[name]) for name, own in self._encoded.items()},
            self._data.count,
        )
        left = np.array([question for question, _ in pairs], dtype=np.int64)
        others = np.array([place[sealed] for _, sealed in pairs], dtype=np.int64)
        right = self._data.count + others
        weights = self._known.weights
        levels = data.compare(left, right)
        chances = learning.log_chances(data, weights.strangers, levels, left, right)
        odds = weights.log_odds(data, levels, chances, left)
        return _Compared(left, tuple(opened[one].key for one in others.tolist()), odds, levels)

    def _nobody_is_sure(self, found: _Compared) -> Flags:
        """Tell of which questions nobody was found who is surely meant."""
        sure = learning.probability(found.odds) >= self._index.model.index.sure
        is_open = np.ones(self._data.count, dtype=np.bool_)
        is_open[found.question[sure]] = False
        return is_open

    def _may_be_misspelt(self, found: _Compared) -> bool:
        """Tell whether the one question is by a name alone, and nobody bears it or nearly so."""
        rule = spelling.find_rule(self._data) if self._data.count == 1 else None
        if rule is None:
            return False
        levels = found.levels[:, list(self._data.fields).index(rule[0].partition(".")[0])]
        bears = (levels != MISSING) & (levels <= _BEARS_THE_NAME)
        return not (bears.any() or self._is_frequent(rule))

    def _is_frequent(self, rule: tuple[str, ...]) -> bool:
        """Tell whether so many agree in a rule that nobody is looked for."""
        _, keys = self._index.keeper.make_keys(self._index.dataset, self._data, [rule])
        return bool(self._lesson.are_frequent(keys).any())

    def _best(self, found: _Compared, most: int, least: float) -> Found:
        order = np.lexsort((-found.odds, found.question))
        order = order[learning.probability(found.odds[order]) >= least]
        order = order[number_within(found.question[order]) < most]
        return Found(
            row=found.question[order],
            key=tuple(found.key[place] for place in order.tolist()),
            log_odds=found.odds[order],
            levels=found.levels[order],
            kinds=self._known.kinds,
            change=self._change,
            lesson=self._last_lesson,
        )


def _different(pairs: Iterable[Pair]) -> Collection[bytes]:
    return dict.fromkeys(sealed for _, sealed in pairs)
