"""Signs reports with the exchange's receipt key: everybody who can check receipts can check them.

The signature is a detached compact JWS (RFC 7515 appendix F) over the exact bytes of the file, in a
file of its own beside it. Its type tells it from a receipt.
"""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.util import urlsafe_b64encode

from sharing_api import keys

TYPE = "audit-report"
SUFFIX = ".jws"
_ALGORITHMS = ["Ed25519"]


def sign(report: bytes, key: Ed25519PrivateKey) -> str:
    """Sign the bytes of a report."""
    jwk = keys.to_jwk(key)
    header = {"alg": "Ed25519", "kid": jwk.thumbprint(), "typ": TYPE}
    compact = jws.serialize_compact(header, report, jwk, algorithms=_ALGORITHMS)
    protected, _, signature = compact.split(".")
    return f"{protected}..{signature}"


def is_signed(report: bytes, signature: str, published: Mapping[str, Any]) -> bool:
    """Test whether a report is, byte for byte, what the exchange signed.

    Args:
        signature: as in the file beside the report.
        published: the exchange's public keys, as `/v1/keys` gives them.
    """
    try:
        protected, middle, signed = signature.strip().split(".")
        known = [one for one in published["keys"] if one.get("x-purpose") == "receipt"]
        whole = f"{protected}.{urlsafe_b64encode(report).decode()}.{signed}"
        found = jws.deserialize_compact(
            whole,
            KeySet.import_key_set({"keys": [{**one, "key_ops": ["verify"]} for one in known]}),
            algorithms=_ALGORITHMS,
        )
    except (JoseError, ValueError, KeyError, TypeError):
        return False
    return middle == "" and found.headers().get("typ") == TYPE
