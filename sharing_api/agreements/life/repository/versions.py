"""Versions, their signatures and steps; what was signed and done is added, never changed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import RowMapping, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.agreements.life import errors
from sharing_api.agreements.life.values import (
    Act,
    Grounds,
    Signature,
    State,
    Step,
    Version,
)

_agreement = tables.agreement
_signature = tables.agreement_signature
_event = tables.agreement_event
_TAKEN = ("uq_agreement_version", "uq_agreement_pending", "uq_agreement_standing")


def insert_draft(
    session: Session, *, content: bytes, version: Version, state: State = State.DRAFTED
) -> bool:
    """Enter a version; False when it is there already.

    Raises:
        WrongVersion: another version stands where this one would.
    """
    known = session.execute(
        select(_agreement.c.agreement_hash).where(
            _agreement.c.agreement_hash == version.agreement_hash
        )
    ).first()
    if known is not None:
        return False
    _guarded(
        session,
        insert(_agreement).values(
            agreement_hash=version.agreement_hash,
            content=content,
            provider=version.provider,
            consumer=version.consumer,
            status=state,
            recorded_at=version.recorded_at,
            agreement_name=version.name,
            version=version.number,
        ),
    )
    return True


def find(session: Session, agreement_hash: str) -> Version | None:
    """Find a version by its hash."""
    row = _first(session, select(_agreement).where(_agreement.c.agreement_hash == agreement_hash))
    return None if row is None else _version(row)


def list_hashes(session: Session, beginning: str) -> list[str]:
    """List the hashes that begin so; at most ten."""
    column = _agreement.c.agreement_hash
    statement = select(column).where(column.startswith(beginning, autoescape=True)).limit(10)
    return list(session.execute(statement).scalars())


def lock_versions(session: Session, name: str) -> list[Version]:
    """Lock all versions of an agreement, oldest first: who acts on one may end another."""
    statement = (
        select(_agreement)
        .where(_agreement.c.agreement_name == name)
        .order_by(_agreement.c.version, _agreement.c.agreement_hash)
        .with_for_update()
    )
    return [_version(row) for row in session.execute(statement).mappings()]


def read_document(session: Session, agreement_hash: str) -> bytes:
    """Read the document of a version, byte for byte as it was signed."""
    statement = select(_agreement.c.content).where(_agreement.c.agreement_hash == agreement_hash)
    return bytes(session.execute(statement).scalar_one())


def list_versions(
    session: Session,
    *,
    parties: Iterable[str] | None = None,
    states: Iterable[State] | None = None,
    name: str | None = None,
) -> list[Version]:
    """List versions, newest entry first.

    Args:
        parties: only those that one of these agencies is party to; None: all.
        states: only those recorded in one of these states; None: all.
        name: only of this agreement.
    """
    statement = select(_agreement).order_by(
        _agreement.c.recorded_at.desc(), _agreement.c.agreement_hash
    )
    if parties is not None:
        wanted = list(parties)
        statement = statement.where(
            or_(_agreement.c.provider.in_(wanted), _agreement.c.consumer.in_(wanted))
        )
    if states is not None:
        statement = statement.where(_agreement.c.status.in_(list(states)))
    if name is not None:
        statement = statement.where(_agreement.c.agreement_name == name)
    return [_version(row) for row in session.execute(statement).mappings()]


def record(session: Session, step: Step) -> None:
    """Record a step and move the version to its state.

    Raises:
        WrongVersion: another version of the agreement stands in the way.
    """
    session.execute(
        insert(_event).values(
            agreement_hash=step.agreement_hash,
            happened_at=step.at,
            act=step.act,
            from_state=step.from_state,
            to_state=step.to_state,
            party_code=step.party,
            agency_code=step.agency,
            client=step.client,
            officer=step.officer,
            reason=step.grounds.reason,
            legal_basis=step.grounds.legal_basis,
        )
    )
    if step.from_state:
        _guarded(
            session,
            update(_agreement)
            .where(_agreement.c.agreement_hash == step.agreement_hash)
            .values(status=step.to_state),
        )


def list_steps(session: Session, hashes: Sequence[str]) -> list[Step]:
    """List what became of versions, in order."""
    statement = (
        select(_event).where(_event.c.agreement_hash.in_(hashes)).order_by(_event.c.event_id)
    )
    return [
        Step(
            agreement_hash=row["agreement_hash"],
            at=row["happened_at"],
            act=Act(row["act"]),
            from_state=row["from_state"],
            to_state=State(row["to_state"]),
            party=row["party_code"],
            agency=row["agency_code"],
            client=row["client"],
            officer=row["officer"],
            grounds=Grounds(row["reason"], row["legal_basis"]),
        )
        for row in session.execute(statement).mappings()
    ]


def insert_signature(session: Session, agreement_hash: str, signature: Signature) -> None:
    """Keep a signature of a party; one party signs once."""
    session.execute(
        insert(_signature).values(
            agreement_hash=agreement_hash,
            agency_code=signature.agency,
            signer_code=signature.signer,
            key_id=signature.key_id,
            signature=signature.jws,
            recorded_at=signature.at,
        )
    )


def list_signatures(session: Session, hashes: Sequence[str]) -> dict[str, list[Signature]]:
    """List the signatures of versions, by hash."""
    statement = (
        select(_signature)
        .where(_signature.c.agreement_hash.in_(hashes))
        .order_by(_signature.c.recorded_at, _signature.c.agency_code)
    )
    found: dict[str, list[Signature]] = {}
    for row in session.execute(statement).mappings():
        one = Signature(
            row["agency_code"],
            row["signer_code"],
            row["key_id"],
            row["signature"],
            row["recorded_at"],
        )
        found.setdefault(row["agreement_hash"], []).append(one)
    return found


def _guarded(session: Session, statement: Any) -> None:
    try:
        with session.begin_nested():
            session.execute(statement)
    except IntegrityError as error:
        diagnosis: Any = getattr(error.orig, "diag", None)
        if getattr(diagnosis, "constraint_name", "") in _TAKEN:
            raise errors.WrongVersion(
                "Another version of this agreement has the number, or is proposed or in force."
            ) from error
        raise


def _first(session: Session, statement: Any) -> RowMapping | None:
    return session.execute(statement).mappings().first()


def _version(row: Mapping[str, Any] | RowMapping) -> Version:
    content = orjson.loads(bytes(row["content"]))
    return Version(
        agreement_hash=row["agreement_hash"],
        name=content["agreement"],
        number=content["version"],
        provider=row["provider"],
        consumer=row["consumer"],
        state=State(row["status"]),
        recorded_at=row["recorded_at"],
        content=content,
    )
