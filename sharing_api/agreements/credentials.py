"""Who asks: client assertions (RFC 7523) in, access tokens (RFC 9068) out."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.util import urlsafe_b64decode

from sharing_api import errors
from sharing_api.agreements.documents import ALGORITHMS

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MAX_ASSERTION_SECONDS = 3_600
CLOCK_LEEWAY_SECONDS = 30
_ASSERTION_ID = re.compile(r"[!-~]{8,128}")


@dataclass(frozen=True, slots=True)
class Caller:
    """A recognised system of an agency."""

    agency: str
    client: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """A client assertion that is signed and timely, not yet known to be unused."""

    client_id: str
    assertion_id: str
    expires_at: datetime


def read_assertion(
    text: str, clients: Mapping[str, Mapping[str, Any]], audiences: frozenset[str], now: int
) -> Assertion:
    """Check a client's assertion against its registered keys.

    Args:
        text: the JWT as presented.
        clients: client id → row with `jwks`.
        audiences: the issuer and its token endpoint.
        now: seconds since 1970.

    Raises:
        Unauthenticated: unknown client, foreign key, wrong audience, expired, or too long a life.

    Source:
        RFC 7523 section 3; RFC 7521 section 4.2.
    """
    client_id = _unverified_subject(text)
    row = clients.get(client_id)
    if row is None:
        raise errors.Unauthenticated("The client is not registered or not active.")
    claims = _verified_claims(text, row["jwks"])
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    expires = claims.get("exp")
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise errors.Unauthenticated("iss and sub of the assertion must both be the client's id.")
    if not any(isinstance(one, str) and one in audiences for one in named):
        raise errors.Unauthenticated("The assertion is addressed to somebody else (aud).")
    if not isinstance(expires, int) or expires <= now:
        raise errors.Unauthenticated("The assertion has expired (exp).")
    if expires > now + MAX_ASSERTION_SECONDS + CLOCK_LEEWAY_SECONDS:
        raise errors.Unauthenticated("The assertion lives too long: at most one hour (exp).")
    if not isinstance(claims.get("nbf", 0), int) or claims.get("nbf", 0) > now + 30:
        raise errors.Unauthenticated("The assertion is not valid yet (nbf).")
    assertion_id = claims.get("jti")
    if not isinstance(assertion_id, str) or not _ASSERTION_ID.fullmatch(assertion_id):
        raise errors.Unauthenticated(
            "The assertion needs an id of 8 to 128 printable characters (jti)."
        )
    return Assertion(client_id, assertion_id, datetime.fromtimestamp(expires, UTC))


def issue_token(
    assertion: Assertion, agency: str, *, issuer: str, key: OKPKey, now: int, seconds: int
) -> str:
    """Issue an access token for a client (RFC 9068)."""
    header = {"alg": "Ed25519", "typ": "at+jwt", "kid": key.thumbprint()}
    claims = {
        "iss": issuer,
        "aud": issuer,
        "sub": assertion.client_id,
        "client_id": assertion.client_id,
        "agency": agency,
        "iat": now,
        "exp": now + seconds,
        "jti": str(uuid.uuid4()),
    }
    return jwt.encode(header, claims, key, algorithms=ALGORITHMS)


def read_token(text: str, *, issuer: str, key: OKPKey, now: int) -> Caller:
    """Read an access token of this exchange.

    Raises:
        Unauthenticated: foreign, forged or expired.
    """
    try:
        token = jwt.decode(text, key, algorithms=ALGORITHMS)
    except (JoseError, ValueError) as error:
        raise errors.Unauthenticated("The access token was not issued here.") from error
    claims = token.claims
    if token.header.get("typ") != "at+jwt" or claims.get("aud") != issuer:
        raise errors.Unauthenticated("The token is no access token of this exchange.")
    if not isinstance(claims.get("exp"), int) or claims["exp"] <= now:
        raise errors.Unauthenticated("The access token has expired; get a new one.")
    return Caller(claims["agency"], claims["client_id"], claims["exp"])


def _verified_claims(text: str, jwks: Mapping[str, Any]) -> dict[str, Any]:
    try:
        keys = KeySet.import_key_set(dict(jwks))  # type: ignore[arg-type]  # plain JSON
        return dict(jwt.decode(text, keys, algorithms=ALGORITHMS).claims)
    except (JoseError, ValueError, KeyError) as error:
        raise errors.Unauthenticated(
            "The assertion is not signed by a key of the client."
        ) from error


def _unverified_subject(text: str) -> str:
    try:
        payload = json.loads(urlsafe_b64decode(text.split(".")[1].encode()))
        return str(payload["sub"])
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise errors.Unauthenticated("The client assertion is not a JWT.") from error
