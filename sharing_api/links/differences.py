"""Where two texts differ, character by character."""

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
