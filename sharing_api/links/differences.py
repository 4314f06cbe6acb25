"""Where two texts differ, character by character."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring characters that both texts have, or that each has in its own way."""

    left: str
    right: str
    is_same: bool


def list_stretches(left: str, right: str) -> list[Stretch]:
    """Cut two texts into stretches that are the same and stretches that are not.

    >>> [(one.left, one.right) for one in list_stretches("Hoà Bình", "Hòa Bình")]
    [('H', 'H'), ('oà', 'òa'), (' Bình', ' Bình')]
    """
    stretches: list[Stretch] = []
    for step in Levenshtein.opcodes(left, right):
        one, other = left[step.src_start : step.src_end], right[step.dest_start : step.dest_end]
        is_same = step.tag == "equal"
        if stretches and stretches[-1].is_same is is_same:
            last = stretches.pop()
            one, other = last.left + one, last.right + other
        stretches.append(Stretch(one, other, is_same))
    return stretches


def mark(left: str, right: str) -> tuple[str, str]:
    """Write both texts with their differences in brackets.

    >>> mark("1984-05-06", "1984-06-05")
    ('1984-0[5]-0[6]', '1984-0[6]-0[5]')
    """
    marked = ["", ""]
    for one in list_stretches(left, right):
        for place, text in enumerate((one.left, one.right)):
            marked[place] += text if one.is_same else f"[{text}]"
    return marked[0], marked[1]


def mark_closest(left: Sequence[str], right: Sequence[str]) -> tuple[str, str]:
    """Write values with the differences of the two closest in brackets, those first.

    >>> mark_closest(["Trần Lan"], ["Trần Hoa", "Trần Lan"])
    ('Trần Lan', 'Trần Lan; Trần Hoa')
    """
    pairs = [(one, other) for one in left for other in right]
    if not pairs:
        return "; ".join(left), "; ".join(right)
    closest = min(pairs, key=lambda pair: Levenshtein.distance(*pair))
    written = []
    for own, first, marked in zip((left, right), closest, mark(*closest), strict=True):
        rest = list(own)
        rest.remove(first)
        written.append("; ".join([marked, *rest]))
    return written[0], written[1]
