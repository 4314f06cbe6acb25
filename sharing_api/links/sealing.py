"""Seals what records say of persons and enterprises, and names it without naming anybody."""

import orjson

from sharing_api.links.values import Mention
from sharing_api.worklists import sealing


class Sealer(sealing.Sealer):
    """Makes tags, seals and opens, for links.

    Args:
        secret: key of the subject tags of the access log.
    """

    def __init__(self, secret: bytes) -> None:
        super().__init__(secret, "links")

    def mention_tag(self, mention: Mention) -> bytes:
        """Name what a record says of somebody, whatever it says."""
        return self.tag("mention", mention.side, mention.key, mention.part)

    def content_tag(self, mention: Mention) -> bytes:
        """Name what it says: equal texts, equal tags."""
        return self.tag(
            "content", orjson.dumps(mention.fields, option=orjson.OPT_SORT_KEYS).decode()
        )

    def link_tag(self, comparison: str, left: bytes, right: bytes) -> bytes:
        """Name two records of a comparison."""
        return self.tag("link", comparison, left.hex(), right.hex())

    def seal_key(self, mention: Mention) -> bytes:
        """Encrypt where the mention stands."""
        return self.seal(orjson.dumps([mention.key, mention.part]).decode())

    def open_key(self, sealed: bytes) -> tuple[str, str]:
        """Give key and part of a record.

        Raises:
            SealedByAnotherKey: it was sealed with another key.
        """
        key, part = orjson.loads(self.open(sealed))
        return key, part

    def seal_mention(self, mention: Mention) -> bytes:
        """Encrypt a mention."""
        parts = [mention.dataset, mention.key, mention.part, mention.subject]
        return self.seal(orjson.dumps([*parts, mention.fields]).decode())

    def open_mention(self, sealed: bytes, change: int) -> Mention:
        """Give back what was sealed.

        Raises:
            SealedByAnotherKey: it was sealed with another key.
        """
        dataset, key, part, subject, fields = orjson.loads(self.open(sealed))
        texts = {name: tuple(values) for name, values in fields.items()}
        return Mention(dataset, key, part, subject, texts, change)
