"""Files that are signed, and whether they still are what was signed."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from databases.sessions import Databases


def write_signed(databases: "Databases", path: Path, content: bytes) -> None:
    """Write a file and, beside it, the exchange's signature over its bytes."""
    from sharing_api import keys, settings
    from sharing_api.auditing import signing

    key = keys.load(settings.load(databases.settings)).receipt
    path.write_bytes(content)
    beside = signature_of(path)
    beside.write_text(signing.sign(content, key) + "\n", encoding="ascii")
    print(f"signature written to {beside}")


def signature_of(path: Path) -> Path:
    """Name the file that holds the signature of another."""
    from sharing_api.auditing import signing

    return path.with_name(path.name + signing.SUFFIX)


def read_keys(path: Path) -> Any:
    """Read public keys that were kept, as `/v1/keys` gives them.

    Raises:
        Invalid: the file holds no such keys.
    """
    from databases import errors

    try:
        published = json.loads(path.read_bytes())
    except ValueError as error:
        raise errors.Invalid.of_field("keys", "keys.json", "The file is not JSON.") from error
    if not isinstance(published, dict) or not isinstance(published.get("keys"), list):
        raise errors.Invalid.of_field("keys", "keys.shape", "The file holds no JWK set.")
    return published
