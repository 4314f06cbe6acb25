"""Finds which mentions are alike: all of them the first time, then only against what changed."""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from sqlalchemy.orm import Session

from sharing_api.links.repository import working_set
from sharing_api.links.sealing import Sealer
from sharing_api.links.values import Comparison, Evidence, Texts
from sharing_api.matching import (
    blocking,
    explanation,
    learned,
    learning,
    linkage,
    records,
    rules,
)
from sharing_api.matching.blocking import Index
from sharing_api.matching.clusters import Pairs, Score
from sharing_api.matching.explanation import BITS
from sharing_api.matching.fields.kinds import Column, Rates, Rows
from sharing_api.matching.learned import Learned
from sharing_api.matching.learning import Weights
from sharing_api.matching.linkage import Progress
from sharing_api.matching.model import Model
from sharing_api.matching.records import Records

LEAST = 0.1  # probability below which two records are no link, not even for somebody to look at
_SEVERAL = 2
_AT_A_TIME = 20_000  # left records whose pairs are made, and pairs that are explained


@dataclass(frozen=True)
class Pool:
    """Mentions that are compared, in the order of their tags.

    Args:
        tags, contents, changes: of each mention.
        sealed: the mention, encrypted.
        columns: field → values of each mention; none where it says nothing.
    """

    tags: Sequence[bytes]
    contents: Sequence[bytes]
    changes: Sequence[int]
    sealed: Sequence[bytes]
    columns: dict[str, list[Texts]]

    def places_of(self, tags: Iterable[bytes]) -> list[int]:
        """Give where some mentions stand, in order; those of another pool are left out."""
        wanted = set(tags)
        return [place for place, tag in enumerate(self.tags) if tag in wanted]

    def take(self, places: Sequence[int]) -> "Pool":
        """Keep some mentions."""
        return Pool(
            tags=[self.tags[place] for place in places],
            contents=[self.contents[place] for place in places],
            changes=[self.changes[place] for place in places],
            sealed=[self.sealed[place] for place in places],
            columns={
                name: [texts[place] for place in places] for name, texts in self.columns.items()
            },
        )

    def arrays(self, names: Iterable[str]) -> dict[str, Column]:
        """Give fields as Arrow arrays: of texts, or of lists where a mention has several values."""
        return {name: _array(self.columns[name]) for name in names}


def _array(values: Sequence[Texts]) -> Column:
    if all(len(texts) < _SEVERAL for texts in values):
        return pa.array([texts[0] if texts else None for texts in values], pa.string())
    return pa.array(values, pa.list_(pa.string()))


def read_pool(session: Session, sides: Sequence[str], sealer: Sealer) -> Pool:
    """Open all mentions of some sides.

    Raises:
        SealedByAnotherKey: they were sealed with another key.
    """
    rows = working_set.list_mentions(session, sides)
    columns: dict[str, list[Texts]] = {}
    for place, (_, _, sealed, change) in enumerate(rows):
        for name, texts in sealer.open_mention(sealed, change).fields.items():
            columns.setdefault(name, [()] * len(rows))[place] = texts
    return Pool(
        tags=[tag for tag, _, _, _ in rows],
        contents=[content for _, content, _, _ in rows],
        changes=[change for _, _, _, change in rows],
        sealed=[sealed for _, _, sealed, _ in rows],
        columns=columns,
    )


@dataclass(frozen=True)
class Alike:
    """Pairs that are worth a look.

    Args:
        left, right: places in the two pools.
        bits: weight of each pair.
        evidence: of each pair, by field.
    """

    left: Rows
    right: Rows
    bits: Rates
    evidence: Sequence[tuple[Evidence, ...]]

    @property
    def probabilities(self) -> Rates:
        """Probability that each pair is the same."""
        return learning.probability(self.bits / BITS)


_NONE = Alike(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), [])


def compare_all(
    comparison: Comparison,
    left: Pool,
    right: Pool,
    model: Model,
    home: Path,
    progress: Progress,
    workers: int,
) -> tuple[Learned | None, Alike]:
    """Compare all with all, and learn from it; killed, the same call goes on where it was.

    Args:
        left: the same as `right` where duplicates are looked for.
        home: folder for pairs that are put aside: places and levels, no values.

    Returns:
        what was learned, None where there was nothing to compare, and the pairs.
    """
    names = [name for name in left.columns if name in right.columns]
    if not names or not left.tags or not right.tags:
        return None, _NONE
    columns = left.arrays(names)
    if comparison.finds_duplicates:
        # A register holds nearly everybody once: its pairs cannot tell what true ones have in
        # common, and who lives together would be taken for one person.
        known = learned.learn_alone(
            records.read(model, comparison.subject, columns), model, comparison.subject
        )
        return known, compare_some(known, left, right, model)
    columns = records.concatenate(columns, right.arrays(names))
    data = records.read(model, comparison.subject, columns, len(left.tags))
    folder = home / f"{comparison.name}-{_digest(model, left, right)}"
    found = linkage.link(data, model, folder, progress, workers=workers)
    known = learned.of(data, found.weights, model, comparison.subject, own=2)
    pairs = found.pairs.select(found.pairs.log_odds >= _log_odds(LEAST))
    return known, _explained(data, found.weights, pairs)


def clear(comparison: Comparison, home: Path) -> None:
    """Remove what comparisons of all with all have put aside."""
    for folder in home.glob(f"{comparison.name}-*"):
        shutil.rmtree(folder)


def compare_some(known: Learned, left: Pool, right: Pool, model: Model) -> Alike:
    """Compare some mentions with others by what was learned before."""
    names = [name for name in known.kinds if name in left.columns and name in right.columns]
    if not names or not left.tags or not right.tags:
        return _NONE
    columns = records.concatenate(left.arrays(names), right.arrays(names))
    data = known.read(columns, len(left.tags))
    largest = model.blocking.largest_group
    count = blocking.counting(data, largest, map)
    chosen = rules.choose_rules(data.implied, data.count, model.blocking, count)
    indexes = [blocking.index(data, rule, largest) for rule in chosen]
    score = linkage.scorer(data, known.weights)
    kept = [
        _met(indexes, start, min(start + _AT_A_TIME, len(left.tags)), score)
        for start in range(0, len(left.tags), _AT_A_TIME)
    ]
    pairs = Pairs(
        np.concatenate([one.left for one in kept]),
        np.concatenate([one.right for one in kept]),
        np.concatenate([one.log_odds for one in kept]),
    )
    return _explained(data, known.weights, pairs)


def _met(indexes: Sequence[Index], first: int, last: int, score: Score) -> Pairs:
    """Give the pairs of some left records that are worth a look."""
    met = [index.expand(first, last) for index in indexes]
    codes = [(left.astype(np.int64) << 32) | right for left, right in met]
    code = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *codes]))
    left, right = code >> 32, code & 0xFFFFFFFF
    pairs = Pairs(left, right, score(left, right))
    return pairs.select(pairs.log_odds >= _log_odds(LEAST))


def _explained(data: Records, weights: Weights, pairs: Pairs) -> Alike:
    """Explain pairs of a left and a right side."""
    evidence: list[tuple[Evidence, ...]] = []
    for start in range(0, len(pairs.left), _AT_A_TIME):
        some = slice(start, start + _AT_A_TIME)
        for parts in explanation.explain(data, weights, pairs.left[some], pairs.right[some]):
            evidence.append(
                tuple(Evidence(part.field, part.level, round(part.bits, 3)) for part in parts)
            )
    bits = pairs.log_odds.astype(np.float64) * BITS
    return Alike(pairs.left, pairs.right - (data.left or 0), bits, evidence)


def _log_odds(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


def _digest(model: Model, *pools: Pool) -> str:
    digest = hashlib.sha256(model.version.encode())
    for pool in pools:
        for tag, content in zip(pool.tags, pool.contents, strict=True):
            digest.update(tag + content)
    return digest.hexdigest()[:16]
