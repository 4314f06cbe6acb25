"""How a record is kept in the index: what it is found by as keyed hashes, what is compared sealed.

Who has the database but not the key learns how many records there are and which of them share a
value, not which value. Hashes are keyed by encrypting each with AES, which takes millions a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sharing_api.matching import blocking, hashing
from sharing_api.matching.fields.kinds import Column, Rows
from sharing_api.matching.hashing import Hashes
from sharing_api.matching.index.sources import Says
from sharing_api.matching.records import Records
from sharing_api.worklists import sealing

Rules = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Opened:
    """What is kept of a record, readable.

    Args:
        key: of the record.
        change: state of the register that it was read at.
        values: what is compared of its fields, encoded, in the order of `sources.kinds_of`; None
            where unknown.
    """

    key: str
    change: int
    values: Sequence[Any]


class Keeper(sealing.Sealer):
    """Seals what is compared, opens it, and makes the keys that records are found by.

    Args:
        secret: key of the subject tags of the access log.
    """

    def __init__(self, secret: bytes) -> None:
        super().__init__(secret, "matching index")
        key = self.tag("keys", "1") + self.tag("keys", "2")
        self._blocks = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305  one block is one hash: equal ones are to be equal

    def record_tag(self, dataset: str, key: str) -> bytes:
        """Name a record without naming it."""
        return self.tag("record", dataset, key)

    def seal_record(self, one: Opened) -> bytes:
        """Encrypt what is kept of a record."""
        return self.seal_bytes(orjson.dumps([one.key, one.change, one.values]))

    def open_record(self, sealed: bytes) -> Opened:
        """Give back what was sealed.

        Raises:
            SealedByAnotherKey: it was sealed with another key.
        """
        return Opened(*orjson.loads(self.open_bytes(sealed)))

    def make_keys(self, dataset: str, records: Records, rules: Rules) -> tuple[Rows, Hashes]:
        """Make the keys of records: row and key, by row, each key once.

        Args:
            dataset: keys of different datasets are different.
            rules: those with a key that the records do not have are left out.
        """
        rows, found = blocking.entries_at_once(rules, records.keys)
        keys = self.hide(dataset, found)
        order = np.lexsort((keys, rows))
        rows, keys = rows[order], keys[order]
        kept = np.ones(len(rows), dtype=np.bool_)
        kept[1:] = (rows[1:] != rows[:-1]) | (keys[1:] != keys[:-1])
        return rows[kept], keys[kept]

    def hide(self, dataset: str, hashes: Hashes) -> Hashes:
        """Make keys of what agrees in a rule."""
        blocks: npt.NDArray[Any] = np.empty((len(hashes), 2), dtype=np.uint64)
        blocks[:, 0] = hashes
        blocks[:, 1] = hashing.of_texts([dataset])[0]
        encryptor = self._blocks.encryptor()
        hidden = encryptor.update(blocks.tobytes()) + encryptor.finalize()
        return np.frombuffer(hidden, dtype=np.uint64).reshape(-1, 2)[:, 0].copy()


def split_by_row(rows: Rows, keys: Hashes, count: int) -> list[Hashes]:
    """Give the keys of each row; `rows` ascends."""
    bounds = np.searchsorted(rows, np.arange(1, count))
    return np.split(keys, bounds)


def columns_of(says: Sequence[Says], fields: Sequence[str]) -> dict[str, Column]:
    """Write what records say as Arrow columns; what one does not say is unknown of it."""
    return {name: _column([one.get(name) for one in says]) for name in fields}


def _column(values: Sequence[str | list[str] | None]) -> Column:
    if any(isinstance(value, list) for value in values):
        return pa.array(values, pa.list_(pa.string()))
    return pa.array(values, pa.string())
