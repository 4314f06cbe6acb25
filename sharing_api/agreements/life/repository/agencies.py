"""What agencies sign with, and who may act for whom; keys and delegations that ended stay."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.agreements.life.values import Actor, AgencyKey, Delegation

_key = tables.agency_key
_delegation = tables.agency_delegation


def list_keys(session: Session, agency: str | None = None) -> dict[str, AgencyKey]:
    """List keys by thumbprint, ended ones too."""
    statement = select(_key).order_by(_key.c.valid_from, _key.c.key_id)
    if agency is not None:
        statement = statement.where(_key.c.agency_code == agency)
    return {
        row["key_id"]: AgencyKey(
            row["key_id"],
            row["agency_code"],
            row["jwk"],
            row["valid_from"],
            row["ended_at"],
            row["end_reason"] or "",
        )
        for row in session.execute(statement).mappings()
    }


def insert_key(session: Session, key: AgencyKey, registered_by: str) -> bool:
    """Register a key; False when it is registered already, for whomever."""
    statement = (
        upsert(_key)
        .values(
            key_id=key.key_id,
            agency_code=key.agency,
            jwk=dict(key.jwk),
            valid_from=key.valid_from,
            registered_by=registered_by,
        )
        .on_conflict_do_nothing()
    )
    return bool(session.execute(statement.returning(_key.c.key_id)).first())


def end_key(session: Session, *, key_id: str, reason: str, at: datetime) -> bool:
    """End a key; False when none of that thumbprint holds."""
    statement = (
        update(_key)
        .where(_key.c.key_id == key_id, _key.c.ended_at.is_(None), _key.c.valid_from < at)
        .values(ended_at=at, end_reason=reason)
    )
    return bool(session.execute(statement.returning(_key.c.key_id)).first())


def is_agency(session: Session, agency: str) -> bool:
    """Test whether an agency is entered."""
    code = tables.agency.c.agency_code
    return session.execute(select(code).where(code == agency)).first() is not None


def list_names(session: Session) -> dict[str, str]:
    """List the names of agencies in Vietnamese, by code."""
    rows = session.execute(select(tables.agency.c.agency_code, tables.agency.c.name_vi))
    return {row.agency_code: row.name_vi for row in rows}


def list_delegations(session: Session, *, delegate: str | None = None) -> list[Delegation]:
    """List who may act for whom, ended ones too."""
    statement = select(_delegation).order_by(_delegation.c.delegation_id)
    if delegate is not None:
        statement = statement.where(_delegation.c.delegate_code == delegate)
    return [
        Delegation(
            row["delegation_id"],
            row["agency_code"],
            row["delegate_code"],
            row["legal_basis"],
            row["valid_from"],
            row["ended_at"],
        )
        for row in session.execute(statement).mappings()
    ]


def insert_delegation(
    session: Session, *, agency: str, delegate: str, legal_basis: str, actor: Actor, at: datetime
) -> int:
    """Enter that an agency may act for another; give its number."""
    statement = insert(_delegation).values(
        agency_code=agency,
        delegate_code=delegate,
        legal_basis=legal_basis,
        valid_from=at,
        registered_by=f"{actor.agency} by {actor.client}",
    )
    return int(session.execute(statement.returning(_delegation.c.delegation_id)).scalar_one())


def end_delegation(session: Session, *, delegation_id: int, reason: str, at: datetime) -> bool:
    """End a delegation; False when none of that number stands."""
    statement = (
        update(_delegation)
        .where(_delegation.c.delegation_id == delegation_id, _delegation.c.ended_at.is_(None))
        .values(ended_at=at, end_reason=reason)
    )
    return bool(session.execute(statement.returning(_delegation.c.delegation_id)).first())
