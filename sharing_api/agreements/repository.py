"""All SQL of agencies, clients, agreements and quota."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.agreements.values import Window

CHANNEL = "exchange_rights"
_MINUTES_KEPT = timedelta(minutes=10)


def save_agency(
    session: Session, *, agency_code: str, name_vi: str, jwks: Mapping[str, Any], at: datetime
) -> None:
    """Enter an agency, and register those of its public keys that are not registered yet.

    Args:
        jwks: a JWK set whose keys have their thumbprints as `kid`.
    """
    statement = insert(tables.agency).values(
        agency_code=agency_code, name_vi=name_vi, recorded_at=at
    )
    session.execute(
        statement.on_conflict_do_update(index_elements=["agency_code"], set_={"name_vi": name_vi})
    )
    for jwk in jwks["keys"]:
        session.execute(
            insert(tables.agency_key)
            .values(
                key_id=jwk["kid"],
                agency_code=agency_code,
                jwk={name: value for name, value in jwk.items() if name != "kid"},
                valid_from=at,
                registered_by="operator",
            )
            .on_conflict_do_nothing()
        )
    announce(session)


def save_client(
    session: Session, *, client_id: str, agency_code: str, jwks: Mapping[str, Any], at: datetime
) -> None:
    """Enter a calling system with its public keys, or renew them."""
    statement = insert(tables.client).values(
        client_id=client_id, agency_code=agency_code, jwks=jwks, status="active", recorded_at=at
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["client_id"], set_={"jwks": jwks, "status": "active"}
        )
    )
    announce(session)


def set_agreement_status(session: Session, *, agreement_hash: str, status: str) -> None:
    """Move an agreement along its life; every process of the exchange hears of it at commit."""
    session.execute(
        tables.agreement.update()
        .where(tables.agreement.c.agreement_hash == agreement_hash)
        .values(status=status)
    )
    announce(session)


def announce(session: Session) -> None:
    """Tell every process, at commit, that rights have changed."""
    session.execute(select(func.pg_notify(CHANNEL, "")))


def list_clients(session: Session) -> Sequence[Mapping[str, Any]]:
    """List active clients with their keys."""
    statement = select(tables.client).where(tables.client.c.status == "active")
    return [dict(row) for row in session.execute(statement).mappings()]


def list_acting(session: Session) -> list[tuple[str, str, str]]:
    """List hash, name and state of agreements that act or will, in the order of trial.

    Last come those that ended and that no version follows: their consumers are told so.
    """
    agreement, later = tables.agreement, tables.agreement.alias()
    is_followed = (
        select(later.c.agreement_hash)
        .where(
            later.c.agreement_name == agreement.c.agreement_name,
            or_(
                later.c.status.in_(("in_force", "accepted")),
                (later.c.status == "expired") & (later.c.version > agreement.c.version),
            ),
        )
        .exists()
    )
    statement = (
        select(
            agreement.c.agreement_hash,
            agreement.c.agreement_name,
            agreement.c.status,
        )
        .where(
            or_(
                agreement.c.status.in_(("in_force", "accepted")),
                (agreement.c.status == "expired") & ~is_followed,
            )
        )
        .order_by(
            agreement.c.status == "expired",
            agreement.c.recorded_at,
            agreement.c.agreement_hash,
        )
    )
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


def list_agreements(session: Session, hashes: Sequence[str]) -> list[Mapping[str, Any]]:
    """List agreements by their hashes."""
    agreement = tables.agreement
    statement = select(agreement).where(agreement.c.agreement_hash.in_(hashes))
    return [dict(row) for row in session.execute(statement).mappings()]


def use_assertion(
    session: Session, *, client_id: str, assertion_id: str, expires_at: datetime
) -> bool:
    """Use up a client assertion; False when it was used before."""
    statement = (
        insert(tables.assertion_use)
        .values(client_id=client_id, assertion_id=assertion_id, expires_at=expires_at)
        .on_conflict_do_nothing()
    )
    return bool(session.execute(statement.returning(tables.assertion_use.c.client_id)).first())


def forget_expired_assertions(session: Session, *, now: datetime) -> None:
    """Remove assertion ids that could not be replayed any more."""
    session.execute(delete(tables.assertion_use).where(tables.assertion_use.c.expires_at < now))


def reserve_quota(session: Session, *, window: Window, wanted: int) -> int:
    """Reserve up to `wanted` of a quota; concurrent processes never get more than it.

    Returns:
        number reserved, 0 when the quota is used up.
    """
    is_minute = isinstance(window.start, datetime)
    table = tables.quota_minute if is_minute else tables.quota_window
    start = table.c.minute if is_minute else table.c.day
    key = {"agreement_hash": window.agreement_hash, start.name: window.start}
    # The row must be there before it is locked: otherwise two first reservations of a time would
    # both start from nothing.
    session.execute(insert(table).values(**key, reserved=0).on_conflict_do_nothing())
    is_window = [table.c[name] == value for name, value in key.items()]
    reserved = session.execute(
        select(table.c.reserved).where(*is_window).with_for_update()
    ).scalar_one()
    given = max(0, min(wanted, window.quota - int(reserved)))
    if given:
        session.execute(table.update().where(*is_window).values(reserved=reserved + given))
    if is_minute and not reserved:
        before = table.c.minute < window.start - _MINUTES_KEPT
        session.execute(
            delete(table).where(table.c.agreement_hash == window.agreement_hash, before)
        )
    return given


def list_protected(session: Session) -> frozenset[bytes]:
    """List the tags of subjects that are protected now."""
    protected = tables.protected_subject
    statement = select(protected.c.subject_tag).where(protected.c.ended_at.is_(None))
    return frozenset(bytes(tag) for tag in session.execute(statement).scalars())


def protect(
    session: Session,
    *,
    subject_tag: bytes,
    register: str,
    legal_basis: str,
    entered_by: str,
    at: datetime,
) -> bool:
    """Enter a subject as protected; False when it is already."""
    statement = insert(tables.protected_subject).values(
        subject_tag=subject_tag,
        register=register,
        legal_basis=legal_basis,
        entered_by=entered_by,
        entered_at=at,
    )
    number = tables.protected_subject.c.protection_id
    done = session.execute(statement.on_conflict_do_nothing().returning(number)).first()
    announce(session)
    return done is not None


def end_protection(session: Session, *, subject_tag: bytes, reason: str, at: datetime) -> bool:
    """End the protection of a subject; False when it has none."""
    protected = tables.protected_subject
    statement = (
        protected.update()
        .where(protected.c.subject_tag == subject_tag, protected.c.ended_at.is_(None))
        .values(ended_at=at, end_reason=reason)
    )
    done = session.execute(statement.returning(protected.c.protection_id)).first()
    announce(session)
    return done is not None
