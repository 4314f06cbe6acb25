"""Signatures of agencies over documents: detached JWS by registered keys. Pure."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey
from joserfc.util import urlsafe_b64decode

from sharing_api.agreements import documents
from sharing_api.agreements.life import errors
from sharing_api.agreements.life.values import AgencyKey, Delegation, Signature

_MEMBERS = {"OKP": ("crv", "kty", "x"), "EC": ("crv", "kty", "x", "y")}
_CURVES = {"OKP": "Ed25519", "EC": "P-256"}
_MOST_SIGNATURE = 2_000


def read_public_key(jwk: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Read a public key that agreements may be signed with.

    Returns:
        its thumbprint (RFC 7638) and its members, nothing else of what was given.

    Raises:
        KeyUnfit: it is of another kind, not a key, or holds its private part.
    """
    kind = jwk.get("kty")
    if kind not in _MEMBERS or jwk.get("crv") != _CURVES.get(str(kind)):
        raise errors.KeyUnfit("Register an Ed25519 or a P-256 key.")
    if "d" in jwk:
        raise errors.KeyUnfit("This is the private key: keep it, it is not to be known here.")
    try:
        plain: dict[str, Any] = {name: str(jwk[name]) for name in _MEMBERS[str(kind)]}
        key = OKPKey.import_key(plain) if kind == "OKP" else ECKey.import_key(plain)
        key.public_key  # noqa: B018  reads the point: one that is not on its curve is no key
        return key.thumbprint(), plain
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise errors.KeyUnfit("This is no key.") from error


def read_key_id(detached: str) -> str:
    """Read which key a detached JWS says it is by.

    Raises:
        SignatureWrong: it is no detached JWS, or names no key (`kid`).
    """
    try:
        protected, payload, _ = detached.split(".")
        header = json.loads(urlsafe_b64decode(protected.encode()))
        key_id = header["kid"]
    except (ValueError, KeyError, TypeError) as error:
        raise _wrong("Send a detached compact JWS whose header names the key (kid).") from error
    if payload or not isinstance(key_id, str) or len(detached) > _MOST_SIGNATURE:
        raise _wrong("Send a detached compact JWS whose header names the key (kid).")
    return key_id


def require_signed(
    document: bytes, detached: str, *, signer: str, keys: Mapping[str, AgencyKey], at: datetime
) -> AgencyKey:
    """Refuse a signature that does not bind the signing agency now.

    Args:
        document: canonical bytes.
        signer: agency that signs.
        keys: all keys by thumbprint.
        at: when the exchange got the signature.

    Raises:
        SignatureWrong: it is no signature of these bytes by the key that it names.
        KeyUnknown: the key is not one of the signer's.
        KeyEnded: the key has ended.
    """
    key = keys.get(read_key_id(detached))
    if key is None or key.agency != signer:
        raise errors.KeyUnknown.of_field(
            "signature", "agreements.key_unknown", "No such key of the signing agency is known."
        )
    if not key.holds_at(at):
        raise errors.KeyEnded.of_field(
            "signature", "agreements.key_ended", "The key does not hold; sign with another."
        )
    if not is_by(document, detached, key):
        raise _wrong("It is no signature of this document by the key that it names.")
    return key


def is_by(document: bytes, detached: str, key: AgencyKey) -> bool:
    """Test whether a detached signature over a document was made with a key."""
    jwk = {**key.jwk, "kid": key.key_id}
    return documents.is_signed_by(document, detached, {"keys": [jwk]})


def bind_both(
    document: bytes,
    parties: Iterable[str],
    signatures: Iterable[Signature],
    keys: Mapping[str, AgencyKey],
    delegations: Iterable[Delegation],
) -> bool:
    """Test whether signatures bind both parties.

    A key that has ended since does not unsign: what counts is the moment at which the exchange
    recorded the signature. The same holds for delegations.
    """
    given = {one.agency: one for one in signatures}
    standing = list(delegations)
    return all(
        party in given and _binds(document, given[party], keys, standing) for party in parties
    )


def _binds(
    document: bytes,
    signature: Signature,
    keys: Mapping[str, AgencyKey],
    delegations: Iterable[Delegation],
) -> bool:
    key = keys.get(signature.key_id)
    is_for_party = signature.signer == signature.agency or any(
        (one.agency, one.delegate) == (signature.agency, signature.signer)
        and one.holds_at(signature.at)
        for one in delegations
    )
    return (
        key is not None
        and is_for_party
        and key.agency == signature.signer
        and key.holds_at(signature.at)
        and is_by(document, signature.jws, key)
    )


def _wrong(sentence: str) -> errors.SignatureWrong:
    return errors.SignatureWrong.of_field("signature", "agreements.signature_wrong", sentence)
