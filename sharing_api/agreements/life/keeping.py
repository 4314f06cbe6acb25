"""Keys and delegations of agencies: entered and ended. The caller opens the transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from sharing_api.agreements import documents
from sharing_api.agreements import repository as rights
from sharing_api.agreements.life import errors, signing
from sharing_api.agreements.life.repository import agencies
from sharing_api.agreements.life.values import Actor, AgencyKey


def register_key(
    session: Session, agency: str, jwk: Mapping[str, Any], actor: Actor, at: datetime
) -> AgencyKey:
    """Register a key for an agency; the operator does so for the first one.

    Raises:
        AgencyUnknown: the agency is not entered.
        KeyUnfit: it is no public Ed25519 or P-256 key.
        KeyTaken: it is registered already, for this agency or another, even if it has ended.
    """
    if not agencies.is_agency(session, agency):
        raise errors.AgencyUnknown("No agency of this code is entered.")
    key_id, plain = signing.read_public_key(jwk)
    key = AgencyKey(key_id, agency, plain, at)
    if not agencies.insert_key(session, key, f"{actor.agency} by {actor.client}"):
        raise errors.KeyTaken("The key is registered already; make a new one.")
    rights.announce(session)
    return key


def rotate_key(
    session: Session, jwk: Mapping[str, Any], signature: str, actor: Actor, at: datetime
) -> AgencyKey:
    """Register a further key of the actor's own agency, signed by one that holds.

    Args:
        signature: detached JWS over the canonical form (RFC 8785) of the new public key.

    Raises:
        KeyUnfit, KeyTaken: as for `register_key`.
        SignatureWrong, KeyUnknown, KeyEnded: no key that holds has signed the new one.
    """
    _, plain = signing.read_public_key(jwk)
    signing.require_signed(
        documents.canonical(plain),
        signature,
        signer=actor.agency,
        keys=agencies.list_keys(session, actor.agency),
        at=at,
    )
    return register_key(session, actor.agency, plain, actor, at)


def end_key(session: Session, agency: str, key_id: str, reason: str, at: datetime) -> None:
    """End a key of an agency; what it signed before stays signed.

    Raises:
        KeyUnknown: the agency has no such key.
        KeyEnded: it has ended already.
        GroundsMissing: no reason is given.
    """
    if not reason.strip():
        raise errors.GroundsMissing.of_field("reason", "required", "Say why the key ends.")
    if key_id not in agencies.list_keys(session, agency):
        raise errors.KeyUnknown("The agency has no key of this thumbprint.")
    if not agencies.end_key(session, key_id=key_id, reason=reason, at=at):
        raise errors.KeyEnded("The key has ended already.")
    rights.announce(session)


def delegate(
    session: Session,
    *,
    agency: str,
    to: str,
    legal_basis: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Let an agency act for another in the life of its agreements; give the delegation's number.

    Raises:
        AgencyUnknown: one of them is not entered.
        GroundsMissing: no legal basis is named.
        WrongParty: an agency would act for itself.
    """
    if not legal_basis.strip():
        raise errors.GroundsMissing.of_field("legal_basis", "required", "Name what lets it.")
    if agency == to:
        raise errors.WrongParty("An agency acts for itself without a delegation.")
    if not (agencies.is_agency(session, agency) and agencies.is_agency(session, to)):
        raise errors.AgencyUnknown("No agency of this code is entered.")
    number = agencies.insert_delegation(
        session, agency=agency, delegate=to, legal_basis=legal_basis, actor=actor, at=at
    )
    rights.announce(session)
    return number


def end_delegation(session: Session, number: int, reason: str, at: datetime) -> None:
    """End a delegation; what was signed under it stays signed.

    Raises:
        DelegationUnknown: none of that number stands.
        GroundsMissing: no reason is given.
    """
    if not reason.strip():
        raise errors.GroundsMissing.of_field("reason", "required", "Say why it ends.")
    if not agencies.end_delegation(session, delegation_id=number, reason=reason, at=at):
        raise errors.DelegationUnknown("No delegation of this number stands.")
    rights.announce(session)
