"""The chain of a subject: a counter and a hash over all of its entries, in log order. Pure.

The form is written down in docs/log-format.md; the checker reads it there, not here.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

_LINK = b"\x05"
_STATE = b"\x04"
_WALKS = b"\x06"
_NUMBER_BYTES = 8


@dataclass(frozen=True, slots=True)
class State:
    """Where the chain of a subject stands.

    Args:
        entries: how many entries are about it.
        head: hash over all of them; 32 zero bytes while there is none.
    """

    entries: int = 0
    head: bytes = bytes(32)

    def extend(self, links: Iterable[tuple[int, bytes]]) -> "State":
        """Append entries in log order: index of the leaf and its hash."""
        entries, head = self.entries, self.head
        for leaf_index, leaf_hash in links:
            place = leaf_index.to_bytes(_NUMBER_BYTES, "big")
            head = hashlib.sha256(_LINK + head + place + leaf_hash).digest()
            entries += 1
        return State(entries, head)

    def commitment(self) -> bytes:
        """Hash the state for the tree: neighbours in a node do not show each other's counter."""
        number = self.entries.to_bytes(_NUMBER_BYTES, "big")
        return hashlib.sha256(_STATE + number + self.head).digest()


def walks_tag(dataset: str) -> bytes:
    """Name the chain of the pages of all walks of a dataset, which are about everybody in it."""
    return hashlib.sha256(_WALKS + dataset.encode()).digest()
