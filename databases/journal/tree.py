"""Hashes and proofs of the Merkle tree; pure, no storage.

A node is named by (level, index): the complete subtree over the leaves from index * 2**level to
(index + 1) * 2**level, exclusive. A proof is first planned as ranges of leaves, then every range is
folded from the complete subtrees it consists of, so that a store reads O(log n) hashes at once.

Source:
    RFC 6962 section 2.1; RFC 9162 sections 2.1.1 to 2.1.4.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from databases.journal import errors

HASH_LENGTH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = tuple[int, int]
Span = tuple[int, int]
Reader = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Hash the bytes of an entry; the prefix 0x00 keeps leaves and nodes apart."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees into their parent."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def pair_up(hashes: Sequence[bytes]) -> list[bytes]:
    """Hash neighbours pairwise; an odd last hash is left out."""
    sha256 = hashlib.sha256
    return [
        sha256(b"\x01" + left + right).digest()
        for left, right in zip(hashes[::2], hashes[1::2], strict=False)
    ]


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Compute the root over leaf hashes in log order."""
    if not leaf_hashes:
        return EMPTY_ROOT
    row = list(leaf_hashes)
    while len(row) > 1:
        parents = pair_up(row)
        if len(row) % 2:
            parents.append(row[-1])
        row = parents
    return row[0]


def nodes_of(span: Span) -> list[Node]:
    """List the complete subtrees of a range of leaves, left to right.

    Args:
        span: first leaf and end (exclusive), as they occur in the recursion of RFC 6962: the first
            leaf is a multiple of the smallest power of two not below the length.
    """
    start, end = span
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def peaks(size: int) -> list[Node]:
    """List the complete subtrees that a tree of a size consists of, left to right."""
    return nodes_of((0, size))


def fold(hashes: Sequence[bytes]) -> bytes:
    """Join complete subtrees, left to right, into the hash of their whole range."""
    joined = hashes[-1]
    for left in reversed(hashes[:-1]):
        joined = node_hash(left, joined)
    return joined


def root_of_size(size: int, reader: Reader) -> bytes:
    """Compute the root of the first leaves of a log from stored subtrees."""
    return read_span((0, size), reader) if size else EMPTY_ROOT


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Plan an inclusion proof: one range of leaves for each of its hashes, in proof order.

    Raises:
        InvalidTreeArgument: the index lies outside the tree.
    """
    if not 0 <= index < size:
        raise errors.InvalidTreeArgument(
            "The leaf index must be at least 0 and below the tree size."
        )
    start, end = 0, size
    spans = []
    while end - start > 1:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))  # as `_split`, without a call
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def inclusion_proof(index: int, size: int, reader: Reader) -> list[bytes]:
    """Make the audit path of a leaf, lowest sibling first.

    Args:
        index: position of the leaf, from 0.
        size: number of leaves of the tree.
        reader: gives the hash of a complete subtree for its level and index.

    Raises:
        InvalidTreeArgument: the index lies outside the tree.
    """
    return [read_span(span, reader) for span in inclusion_spans(index, size)]


def consistency_spans(old: int, new: int) -> list[Span]:
    """Plan a consistency proof: one range of leaves for each of its hashes, in proof order.

    Raises:
        InvalidTreeArgument: the older tree is larger than the newer one, or a size is negative.
    """
    if not 0 <= old <= new:
        raise errors.InvalidTreeArgument("The older tree must not be larger than the newer one.")
    if old in (0, new):
        return []
    start, end = 0, new
    spans = []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    if start:
        spans.append((start, end))
    return spans[::-1]


def consistency_proof(old: int, new: int, reader: Reader) -> list[bytes]:
    """Make the proof that a tree is a prefix of a later one.

    Args:
        old: size of the older tree.
        new: size of the newer tree, not below the older.
        reader: gives the hash of a complete subtree for its level and index.

    Returns:
        The hashes in proof order; empty when the sizes are equal or the older tree has no leaf.

    Raises:
        InvalidTreeArgument: the older tree is larger than the newer one, or a size is negative.
    """
    return [read_span(span, reader) for span in consistency_spans(old, new)]


def verify_inclusion(
    *, leaf: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes
) -> None:
    """Check that a leaf stands at an index of the tree with a root.

    Raises:
        InvalidTreeArgument: the index lies outside the tree, or a hash is not 32 bytes long.
        ProofRefuted: the path is too short, too long, or leads to another root.
    """
    _require_hashes([leaf, expected_root, *path])
    if not 0 <= index < size:
        raise errors.InvalidTreeArgument(
            "The leaf index must be at least 0 and below the tree size."
        )
    position, last, computed = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise errors.ProofRefuted(
                "The inclusion proof holds more hashes than the tree has levels."
            )
        if position & 1 or position == last:
            computed = node_hash(sibling, computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise errors.ProofRefuted("The inclusion proof holds too few hashes for this tree.")
    if computed != expected_root:
        raise errors.ProofRefuted(
            "The inclusion proof leads to another root than the checkpoint's."
        )


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Check that the tree of an older root is a prefix of the tree of a newer root.

    Raises:
        InvalidTreeArgument: the older tree is larger, or a hash is not 32 bytes long.
        ProofRefuted: the path is too short, too long, or leads to other roots.
    """
    _require_hashes([old_root, new_root, *path])
    if not 0 <= old <= new:
        raise errors.InvalidTreeArgument("The older tree must not be larger than the newer one.")
    if old in (0, new):
        if path or (old_root != new_root if old else old_root != EMPTY_ROOT):
            raise errors.ProofRefuted(
                "The two trees of the consistency proof contradict each other."
            )
        return
    if _roots_from_consistency(old, new, old_root, path) != (old_root, new_root):
        raise errors.ProofRefuted("The newer tree does not continue the older one.")


@dataclass(frozen=True, slots=True)
class Frontier:
    """The state needed to go on appending: one hash per one-bit of the size.

    Args:
        size: number of leaves.
        hashes: the complete subtrees of the tree, left to right.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def extend(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """Append leaves in order."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaf_hashes:
            carry, rest = leaf, size
            while rest & 1:
                carry = node_hash(hashes.pop(), carry)
                rest >>= 1
            hashes.append(carry)
            size += 1
        return Frontier(size, tuple(hashes))

    def root(self) -> bytes:
        """Compute the root of the tree so far."""
        return fold(self.hashes) if self.hashes else EMPTY_ROOT


def _split(size: int) -> int:
    """Give the largest power of two below a size of at least two."""
    return 1 << ((size - 1).bit_length() - 1)


def read_span(span: Span, reader: Reader) -> bytes:
    """Fold the stored subtrees of a range of leaves into its hash."""
    return fold([reader(level, index) for level, index in nodes_of(span)])


def _require_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(one) != HASH_LENGTH for one in hashes):
        raise errors.InvalidTreeArgument("Every hash must be 32 bytes long.")


def _roots_from_consistency(
    old: int, new: int, old_root: bytes, path: Sequence[bytes]
) -> tuple[bytes, bytes] | None:
    """Compute both roots that a path leads to; None when its length does not fit."""
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    # A complete older tree is its own first subtree: the proof leaves out what the verifier knows.
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not hashes:
        return None
    old_computed = new_computed = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            old_computed = node_hash(sibling, old_computed)
            new_computed = node_hash(sibling, new_computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new_computed = node_hash(new_computed, sibling)
        position, last = position >> 1, last >> 1
    return None if last else (old_computed, new_computed)
