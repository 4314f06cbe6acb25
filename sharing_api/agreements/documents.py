"""Agreements as documents: canonical bytes, their hash, both agencies' signatures, their terms."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import rfc8785
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.util import urlsafe_b64encode

from databases.errors import FieldProblem
from sharing_api import errors
from sharing_api.agreements import conditions, purposes
from sharing_api.agreements.values import (
    Combinations,
    Condition,
    DatasetTerms,
    Delegate,
    MatchingTerms,
    Terms,
)

ALGORITHMS = ["Ed25519", "ES256"]

# (version, province code) → the same territory as (version, code) pairs of every vintage.
Vintages = Callable[[str, str], Iterable[tuple[str, str]]]


def canonical(content: Mapping[str, Any]) -> bytes:
    """Write an agreement in the one form that is hashed and signed (RFC 8785)."""
    return rfc8785.dumps(dict(content))


def content_hash(canonical_bytes: bytes) -> str:
    """Address of an agreement: SHA-256 of its canonical bytes, hex."""
    return hashlib.sha256(canonical_bytes).hexdigest()


def sign(canonical_bytes: bytes, key: OKPKey) -> str:
    """Sign an agreement for an agency: a detached compact JWS (RFC 7515 appendix F)."""
    header = {"alg": "Ed25519", "kid": key.thumbprint()}
    compact = jws.serialize_compact(header, canonical_bytes, key, algorithms=ALGORITHMS)
    protected, _, signature = compact.split(".")
    return f"{protected}..{signature}"


def is_signed_by(canonical_bytes: bytes, detached: str, jwks: Mapping[str, Any]) -> bool:
    """Test whether a detached signature over the content was made by one of an agency's keys."""
    try:
        return (
            jws.deserialize_compact(
                _attach(canonical_bytes, detached),
                KeySet.import_key_set(dict(jwks)),  # type: ignore[arg-type]  # plain JSON
                algorithms=ALGORITHMS,
            )
            is not None
        )
    except (JoseError, ValueError, KeyError, TypeError):
        return False


def _attach(payload: bytes, detached: str) -> str:
    protected, middle, signature = detached.split(".")
    if middle:
        raise ValueError("not a detached signature")
    return f"{protected}.{urlsafe_b64encode(payload).decode()}.{signature}"


def read(canonical_bytes: bytes) -> dict[str, Any]:
    """Read stored content, refusing bytes that are not in canonical form.

    Raises:
        AgreementUnsound: not JSON, a duplicate member, or another form than RFC 8785.
    """
    try:
        content: dict[str, Any] = json.loads(canonical_bytes)
    except ValueError as error:
        raise _unsound("The agreement is not JSON.") from error
    if not isinstance(content, dict) or canonical(content) != canonical_bytes:
        raise _unsound("The agreement is not in canonical form (RFC 8785).")
    return content


def terms(canonical_bytes: bytes, *, in_force: bool, vintages: Vintages) -> Terms:
    """Read the terms out of an agreement of any published version of its standard.

    Args:
        canonical_bytes: content as signed; already checked against the published schema.
        in_force: whether signatures and status let it act.
        vintages: gives the provinces of every vintage that lie inside a province.

    Raises:
        AgreementUnsound: the content lacks a member that deciding needs.
    """
    content = read(canonical_bytes)
    quota = content.get("quota") or {}
    try:
        return Terms(
            agreement_hash=content_hash(canonical_bytes),
            provider=content["provider"],
            consumer=content["consumer"],
            purposes=frozenset(content["purposes"]),
            legal_bases=frozenset(content["legal_basis"]),
            procedures=frozenset(content["procedures"]),
            datasets={
                name: DatasetTerms(
                    fields=dict(one["fields"]),
                    predicates=frozenset(one["predicates"]),
                    operations=frozenset(one["operations"]),
                    required_claims=frozenset(one.get("required_claims", ())),
                    search_limit=one.get("search_limit"),
                    linkage_with=frozenset(one.get("linkage_with", ())),
                    search_combinations=_combinations(one.get("search_combinations")),
                    matching=_matching(one.get("matching")),
                )
                for name, one in content["datasets"].items()
            },
            territory=_territory(content, vintages),
            in_force=in_force,
            valid_from=date.fromisoformat(content["valid_from"]),
            valid_to=_day(content.get("valid_to")),
            daily_quota=quota.get("per_day"),
            minute_quota=quota.get("per_minute"),
            name=content["agreement"],
            population=_population(content),
            delegates=tuple(_delegate(one) for one in content.get("delegates", ())),
            sees_protected=content.get("protected_persons") is True,
            refuses_unfit=content.get("unfit_purposes") == "refuse",
            fits=purposes.fits_of(content["procedures"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unsound("The agreement lacks what a decision needs.") from error


def _population(content: Mapping[str, Any]) -> tuple[Condition, ...]:
    """Read whose records may be told; a condition that could mean two things is not read."""
    population = content.get("population")
    if not population:
        return ()
    read_conditions = tuple(
        Condition(one["field"], one["operator"], one.get("value"))
        for one in population["conditions"]
    )
    for one in read_conditions:
        if not conditions.is_meaningful(one):
            raise _unsound(f"The condition on {one.field} cannot be told.")
    return read_conditions


def _delegate(written: Mapping[str, Any]) -> Delegate:
    return Delegate(
        agency=written["agency"],
        clients=frozenset(written.get("clients", ())),
        valid_to=_day(written.get("valid_to")),
    )


def _combinations(written: Iterable[Iterable[str]] | None) -> Combinations | None:
    return None if written is None else tuple(frozenset(one) for one in written)


def _matching(written: Mapping[str, Any] | None) -> MatchingTerms | None:
    if written is None:
        return None
    return MatchingTerms(
        combinations=tuple(frozenset(one) for one in written["combinations"]),
        most_hits=int(written["most_hits"]),
        least_probability=float(written["least_probability"]),
    )


def _territory(content: Mapping[str, Any], vintages: Vintages) -> frozenset[tuple[str, str]]:
    territory = content.get("territory")
    if not territory:
        return frozenset()
    return frozenset(
        pair for code in territory["provinces"] for pair in vintages(territory["version"], code)
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _unsound(message: str) -> errors.AgreementUnsound:
    return errors.AgreementUnsound(
        message, fields=[FieldProblem("content", "agreement.unsound", message)]
    )
