"""Reads the features of GeoJSON into columns, part by part of a file."""

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_BYTES: Final = 1 << 22  # of a file that are read at a time
_PAIR: Final = 2


@dataclass(frozen=True)
class Block:
    """Features read together; the plain polygons among them as arrays.

    Args:
        names: of the parcels, the same at every load.
        written: the geometry of each, as GeoJSON.
        is_plain: which are polygons of closed rings; the arrays are of these, in order.
        points: east and north of all their positions, degrees.
        ring_lengths: positions of each ring.
        ring_counts: rings of each polygon.
    """

    names: Sequence[str]
    written: Sequence[bytes]
    is_plain: npt.NDArray[np.bool_]
    points: npt.NDArray[np.float64]
    ring_lengths: npt.NDArray[np.int64]
    ring_counts: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of a file: the bytes from one offset up to another."""

    start: int
    end: int


def cut(file: Path) -> list[Span]:
    """Cut a file into spans of whole lines that can be read apart."""
    spans = []
    with file.open("rb") as opened:
        size = opened.seek(0, 2)
        start = 0
        while start < size:
            opened.seek(min(start + _BYTES, size))
            opened.readline()
            spans.append(Span(start, opened.tell()))
            start = opened.tell()
    return spans


def read(file: Path, span: Span) -> Block:
    """Read some lines of a file, a feature on each.

    Raises:
        UnreadableFile: a line is no JSON object in UTF-8; names the line.
    """
    import orjson

    from databases.loading import errors

    features = []
    with file.open("rb") as opened:
        opened.seek(span.start)
        for place, line in enumerate(opened.read(span.end - span.start).split(b"\n")):
            if not line or line.isspace():
                continue
            try:
                feature = orjson.loads(line)
            except ValueError as error:
                number = _count_lines(file, span.start) + place + 1
                raise errors.UnreadableFile(f"Line {number} is no JSON: {error}.") from error
            if not isinstance(feature, dict):
                number = _count_lines(file, span.start) + place + 1
                raise errors.UnreadableFile(f"Line {number} holds no feature of GeoJSON.")
            features.append(feature)
    return make_block(features)


def make_block(features: Sequence[Mapping[str, Any]]) -> Block:
    """Read features that are at hand."""
    import orjson

    given: list[Any] = [feature.get("geometry") for feature in features]
    written = [orjson.dumps(geometry, option=orjson.OPT_SORT_KEYS) for geometry in given]
    names = [_name(feature, text) for feature, text in zip(features, written, strict=True)]
    is_plain = np.fromiter(map(_is_polygon, given), dtype=np.bool_, count=len(given))
    try:
        plain = [given[place]["coordinates"] for place in np.flatnonzero(is_plain).tolist()]
        return Block(names, written, is_plain, *_read_rings(plain))
    except (KeyError, TypeError, ValueError):
        # One of them is none: it is found by reading each by itself.
        return Block(names, written, np.zeros_like(is_plain), *_read_rings([]))


def _count_lines(file: Path, before: int) -> int:
    with file.open("rb") as opened:
        return opened.read(before).count(b"\n")


def _is_polygon(geometry: Any) -> bool:
    return isinstance(geometry, dict) and geometry.get("type") == "Polygon"


def _read_rings(
    given: Sequence[Any],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Read the rings of polygons, all positions as one array.

    Raises:
        TypeError, ValueError: one of them is no polygon.
    """
    rings = list(itertools.chain.from_iterable(given))
    lengths = np.array(list(map(len, rings)), dtype=np.int64)
    points = np.array(list(itertools.chain.from_iterable(rings))) if rings else np.empty((0, 2))
    ends = np.cumsum(lengths)
    if points.dtype.kind not in "if" or points.ndim != _PAIR or points.shape[1] != _PAIR:
        raise ValueError("A position is two numbers.")
    if not (all(given) and lengths.all() and (points[ends - lengths] == points[ends - 1]).all()):
        raise ValueError("A ring ends where it begins.")
    counts = np.array(list(map(len, given)), dtype=np.int64)
    return points.astype(np.float64), lengths, counts


def _name(feature: Mapping[str, Any], geometry: bytes) -> str:
    """Name a parcel after the feature, the same at every load."""
    # Spaced as the json module spaces it: names that registers hold were made of that.
    spaced = geometry.replace(b",", b", ").replace(b":", b": ")
    text = b"[%s, %s]" % (json.dumps(feature.get("id")).encode(), spaced)
    return "TZ" + hashlib.sha256(text).hexdigest()[:24].upper()
