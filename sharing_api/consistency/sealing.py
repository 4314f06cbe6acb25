"""Keeps what is compared unreadable for who has the database but not the key.

Subjects and records are named by keyed hashes, what is said of them is encrypted.
"""

from typing import Any

import orjson

from sharing_api.consistency.values import Kind, Mention, Record, Subject
from sharing_api.worklists import sealing


class Sealer(sealing.Sealer):
    """Makes tags, seals and opens.

    Args:
        secret: key of the subject tags of the access log.
    """

    def __init__(self, secret: bytes) -> None:
        super().__init__(secret, "consistency")

    def subject_tag(self, subject: Subject) -> bytes:
        """Name a subject without naming it."""
        return self.tag("subject", subject.kind.value, subject.key)

    def seal_mention(self, mention: Mention) -> bytes:
        """Encrypt what a record says of a subject."""
        record, subject = mention.record, mention.subject
        ties: list[Any] = [[one.kind.value, one.key] for one in mention.leads_to]
        parts = [subject.kind, subject.key, record.dataset, record.key, record.change]
        return self.seal(orjson.dumps([*parts, mention.says, ties]).decode())

    def open_mention(self, sealed: bytes) -> Mention:
        """Give back what was sealed.

        Raises:
            SealedByAnotherKey: it was sealed with another key.
        """
        kind, key, dataset, record, change, says, ties = orjson.loads(self.open(sealed))
        return Mention(
            Subject(Kind(kind), key),
            Record(dataset, record, change),
            says,
            tuple(Subject(Kind(other), name) for other, name in ties),
        )
