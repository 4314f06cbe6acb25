"""Names of which two words are written wrongly: asked for by the words that they may be.

What a name is found by leaves out one word, not two. So each word is also read as the words of the
register that are one error of typing away, and the names that come of this are looked up by the
same keyed hashes as any: nothing more is kept of anybody, and no name is kept readable.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from sharing_api.matching import hashing
from sharing_api.matching.fields import several, words
from sharing_api.matching.fields.kinds import Field
from sharing_api.matching.fields.organisation_name import OrganisationNames
from sharing_api.matching.fields.person_name import PersonNames
from sharing_api.matching.fields.words import Words
from sharing_api.matching.hashing import Hashes
from sharing_api.matching.records import Records

# Fields of names: the key of all letters, and that of the words less one of them.
_KEYS = {
    "full_name": ("full_name.name", "full_name.name_less_a_word"),
    "name": ("name.organisation", "name.organisation_less_a_word"),
}
_FEWEST = 2  # times that a word stands in names: one that stands once may itself be an error
_MOST_READINGS = 24  # of one word, the most frequent ones
_MOST_WORDS = 6  # of a name that are read otherwise, from the first on


def words_of(data: Records) -> list[str]:
    """Name the words of which names are made, the most frequent first."""
    for name in _KEYS:
        own = _words_of(data.fields.get(name))
        if own is not None:
            counts = np.bincount(
                own.matrix[own.matrix != words.NO_WORD], minlength=len(own.vocabulary)
            )
            order = np.argsort(-counts, kind="stable")
            return [own.vocabulary[place] for place in order.tolist() if counts[place] >= _FEWEST]
    return []


def find_rule(data: Records) -> tuple[str, ...] | None:
    """Give the rule of the whole name where the first record can be found by nothing else."""
    met_by = [name for name, one in data.fields.items() if one.is_known[0] and one.keys()]
    rules = [(_KEYS[name][0],) for name in met_by if name in _KEYS]
    return rules[0] if len(met_by) == 1 and rules else None


def readings(data: Records, known: Sequence[str]) -> Iterator[tuple[tuple[str, ...], Hashes]]:
    """Give what the name of the first record may be: rule, and what agrees in it, unhidden.

    At most two words are read otherwise, or one where another one is left out.

    Args:
        known: words of which names are made, the most frequent first.
    """
    for name, (whole, less) in _KEYS.items():
        own = _words_of(data.fields.get(name))
        if own is None:
            continue
        spelled = [own.vocabulary[place] for place in own.matrix[0, : own.length[0]]]
        near = [_near(word, known) for word in spelled[:_MOST_WORDS]]
        letters = _Sums([words.letters(one) for one in (spelled, *near)])
        yield (whole,), np.concatenate([*letters.one_other(), *letters.two_others(), _NONE])
        hashes = _Sums([hashing.of_words(one) for one in (spelled, *near)])
        yield (less,), np.concatenate([*hashes.one_other(), *hashes.one_other_less_one(), _NONE])


_NONE = np.zeros(0, dtype=np.uint64)


class _Sums:
    """Sums of the hashes of words, some of them read otherwise.

    Args:
        parts: hashes of the words as they are written, then of the readings of each.
    """

    def __init__(self, parts: Sequence[Hashes]) -> None:
        self._written, *self._near = parts
        self._total = self._written.sum(dtype=np.uint64)

    def one_other(self) -> Iterator[Hashes]:
        """Read one word otherwise."""
        for place in range(len(self._near)):
            yield self._total + self._change(place)

    def two_others(self) -> Iterator[Hashes]:
        """Read two words otherwise."""
        for one, other in permutations(range(len(self._near)), 2):
            if one < other:
                both = self._change(one)[:, None] + self._change(other)[None, :]
                yield self._total + both.ravel()

    def one_other_less_one(self) -> Iterator[Hashes]:
        """Read one word otherwise and leave another one out."""
        if len(self._written) < 3:
            return
        for one, other in permutations(range(len(self._near)), 2):
            yield self._total + self._change(one) - self._written[other]

    def _change(self, place: int) -> Hashes:
        changed: Hashes = self._near[place] - self._written[place]
        return changed


def _near(word: str, known: Sequence[str]) -> list[str]:
    """Give the most frequent words that are one error of typing away."""
    steps: npt.NDArray[np.int32] = process.cdist(
        [word], known, scorer=OSA.distance, score_cutoff=1, dtype=np.int32
    )
    return [known[place] for place in np.flatnonzero(steps[0] == 1)[:_MOST_READINGS].tolist()]


def _words_of(field: Field | None) -> Words | None:
    values = None if field is None else several.values_of(field)
    return values.words if isinstance(values, PersonNames | OrganisationNames) else None
