"""The tree over all subjects: sorted by tag, sixteen children a node, a path of a few kilobytes.

A node stands at a prefix of hexadecimal digits. Where at most sixteen subjects have the prefix it
is a bucket that lists them; where more have, it lists the hashes of its children. So the tree
follows from its subjects alone, whatever the order in which they came, and a change rewrites one
node a level: the cost grows with the logarithm of the number of subjects.

A bucket shows that a subject is absent as well as that it is present: it lists all that could be
there, in order.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from databases.journal import errors

BUCKET_MOST = 16
_BUCKET = b"\x02"
_INNER = b"\x03"
_LENGTH = 32
_PAIR = 2 * _LENGTH
_DIGITS = "0123456789abcdef"
ROOT_PREFIX = ""
Pair = tuple[bytes, bytes]


def hash_of(content: bytes) -> bytes:
    """Hash a node."""
    return hashlib.sha256(content).digest()


EMPTY = _BUCKET
EMPTY_ROOT = hash_of(EMPTY)


def is_bucket(content: bytes) -> bool:
    """Test whether a node lists subjects, not children."""
    return content[:1] == _BUCKET


def pairs_of(content: bytes) -> dict[bytes, bytes]:
    """Read a bucket: tag → hash of its state."""
    return {
        content[at : at + _LENGTH]: content[at + _LENGTH : at + _PAIR]
        for at in range(1, len(content), _PAIR)
    }


def children_of(content: bytes) -> dict[str, bytes]:
    """Read an inner node: digit → hash of the child."""
    present = int.from_bytes(content[1:3], "big")
    digits = [digit for number, digit in enumerate(_DIGITS) if present >> number & 1]
    return {
        digit: content[3 + _LENGTH * place : 3 + _LENGTH * (place + 1)]
        for place, digit in enumerate(digits)
    }


def write_bucket(pairs: Mapping[bytes, bytes]) -> bytes:
    """Write a bucket."""
    return _BUCKET + b"".join(tag + pairs[tag] for tag in sorted(pairs))


def write_inner(children: Mapping[str, bytes]) -> bytes:
    """Write an inner node."""
    present = sum(1 << _DIGITS.index(digit) for digit in children)
    hashes = b"".join(children[digit] for digit in sorted(children))
    return _INNER + present.to_bytes(2, "big") + hashes


def update(stored: Mapping[str, bytes], changed: Iterable[Pair]) -> tuple[bytes, dict[str, bytes]]:
    """Put changed subjects into the tree.

    Args:
        stored: prefix → content, of all nodes on the way to the changed subjects.
        changed: tag and hash of the new state of each, in any order.

    Returns:
        The new root, and the nodes that are new: prefix → content.

    Raises:
        LogDamaged: a node on the way is missing.
    """
    written: dict[str, bytes] = {}
    root = _put(ROOT_PREFIX, sorted(changed), stored, written)
    return root, written


def path_prefixes(tag: bytes) -> list[str]:
    """List where the nodes on the way to a subject may stand, from the root."""
    text = tag.hex()
    return [text[:depth] for depth in range(len(text))]


def require_authentic(root: bytes, stored: Mapping[str, bytes]) -> None:
    """Check that nodes are those of the tree with a root, all the way down.

    Raises:
        LogDamaged: a node does not have the hash that its parent names, or has no parent.
    """
    expected = {ROOT_PREFIX: root}
    for prefix in sorted(stored, key=len):
        content = stored[prefix]
        if hash_of(content) != expected.get(prefix):
            raise errors.LogDamaged(
                f"The tree over the subjects was altered below '{prefix}'; nothing is committed "
                "any more. Make it anew from the log."
            )
        if not is_bucket(content):
            for digit, child in children_of(content).items():
                expected[prefix + digit] = child


def find_commitment(tag: bytes, stored: Mapping[str, bytes]) -> bytes | None:
    """Find the hash of a subject's state; None when the tree does not hold the subject.

    Raises:
        LogDamaged: the way breaks off before it is decided.
    """
    if not stored:
        return None
    last = path_of(tag, stored)[-1]
    return pairs_of(last).get(tag) if is_bucket(last) else None


def path_of(tag: bytes, stored: Mapping[str, bytes]) -> list[bytes]:
    """Give the nodes from the root to the bucket where a subject is, or would be.

    Raises:
        LogDamaged: the way breaks off before it is decided.
    """
    path = []
    for prefix in path_prefixes(tag):
        content = stored.get(prefix)
        if content is None:
            raise errors.LogDamaged("A node of the tree over the subjects is missing.")
        path.append(content)
        digit = tag.hex()[len(prefix)]
        if is_bucket(content) or digit not in children_of(content):
            break
    return path


def _put(
    prefix: str, changed: Sequence[Pair], stored: Mapping[str, bytes], written: dict[str, bytes]
) -> bytes:
    content = stored.get(prefix, EMPTY)
    if is_bucket(content):
        return _fill(prefix, {**pairs_of(content), **dict(changed)}, written)
    children = children_of(content)
    for digit, group in groupby(changed, key=lambda pair: pair[0].hex()[len(prefix)]):
        if digit in children and prefix + digit not in stored:
            raise errors.LogDamaged("A node of the tree over the subjects is missing.")
        children[digit] = _put(prefix + digit, list(group), stored, written)
    written[prefix] = write_inner(children)
    return hash_of(written[prefix])


def _fill(prefix: str, pairs: Mapping[bytes, bytes], written: dict[str, bytes]) -> bytes:
    if len(pairs) <= BUCKET_MOST:
        written[prefix] = write_bucket(pairs)
        return hash_of(written[prefix])
    children = {
        digit: _fill(prefix + digit, dict(group), written)
        for digit, group in groupby(
            sorted(pairs.items()), key=lambda pair: pair[0].hex()[len(prefix)]
        )
    }
    written[prefix] = write_inner(children)
    return hash_of(written[prefix])
