"""Stable 64-bit hashes of words and of several values: what records are compared by at all.

The same value has the same hash in every process and on every machine, so that hashes may be
stored. Vectors of hashes are combined by arithmetic modulo 2^64.
"""

import functools
import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]

NOTHING = np.uint64(0)  # the hash of a value that is not known
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def of_texts(texts: Iterable[str]) -> Hashes:
    """Hash each text; the empty one gives `NOTHING`.

    >>> bool(of_texts(["mai", ""])[1] == NOTHING)
    True
    """
    return np.array([_of_text(text) for text in texts], dtype=np.uint64)


def of_words(words: Iterable[str]) -> Hashes:
    """Hash words, of which the same ones come again and again; as `of_texts`."""
    return np.array([_of_word(word) for word in words], dtype=np.uint64)


def _of_text(text: str) -> int:
    if not text:
        return 0
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") or 1


_of_word = functools.lru_cache(maxsize=65_536)(_of_text)


def of_numbers(numbers: npt.ArrayLike) -> Hashes:
    """Hash whole numbers; those below zero mean that nothing is known.

    Source: the finaliser of SplitMix64 (Steele, Lea, Flood 2014), which no two numbers share.
    """
    values = np.asarray(numbers, dtype=np.int64)
    mixed = _mix(values.astype(np.uint64) + _ODD)
    return np.where(values < 0, NOTHING, mixed)


def _mix(x: Hashes) -> Hashes:
    x = (x ^ (x >> np.uint64(30))) * _MIX_1
    x = (x ^ (x >> np.uint64(27))) * _MIX_2
    return x ^ (x >> np.uint64(31))


def runs(codes: Hashes) -> tuple[Integers, Integers, Integers]:
    """Bring equal hashes together.

    Returns:
        order that sorts them, and of each different one the place of its first in that order and
        how many there are.
    """
    order = np.argsort(codes)
    ordered = codes[order]
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    return order, first, np.diff(np.append(first, len(ordered)))


def combine(parts: Sequence[Hashes], salt: int | Hashes) -> Hashes:
    """Combine known hashes in their order.

    Args:
        parts: vectors of equal length, without `NOTHING`.
        salt: keeps combinations of different meaning apart: one for all, or one for each.
    """
    total = np.full(len(parts[0]), salt, dtype=np.uint64)
    for part in parts:
        total *= _ODD
        total += part
    return np.maximum(total, np.uint64(1), out=total)
