"""The crosswalk from the budget nomenclature to COFOG and GFSM 2014: a dated proposal."""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).parent / "crosswalk.csv"
COFOG, GFSM = "cofog", "gfsm2014"


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A range of national codes and the international code that is proposed for it."""

    scheme: str
    first: str
    last: str
    target: str


def find_target(scheme: str, code: str) -> str | None:
    """Give the code proposed for a national code; None where none is proposed.

    >>> find_target(COFOG, "071"), find_target(GFSM, "6001"), find_target(COFOG, "430")
    ('09', '2111', None)
    """
    for one in _read():
        if one.scheme == scheme and one.first <= code <= one.last:
            return one.target
    return None


@functools.cache
def _read() -> tuple[Correspondence, ...]:
    with PATH.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Correspondence(row["scheme"], row["first"], row["last"], row["target"])
            for row in csv.DictReader(stream)
        )
