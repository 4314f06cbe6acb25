"""All SQL of witnesses and their cosignatures."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from sharing_api import tables


def insert_witness(session: Session, *, name: str, verifier_key: str, at: datetime) -> bool:
    """Enter a witness; False when one of that name is there already."""
    statement = postgresql.insert(tables.evidence.witness).values(
        name=name, verifier_key=verifier_key, recorded_at=at
    )
    added = session.execute(
        statement.on_conflict_do_nothing().returning(tables.evidence.witness.c.name)
    )
    return added.one_or_none() is not None


def list_keys(session: Session) -> dict[str, str]:
    """List the witnesses: name → verifier key."""
    witness = tables.evidence.witness
    rows = session.execute(select(witness.c.name, witness.c.verifier_key))
    return {row.name: row.verifier_key for row in rows}


def list_lines(session: Session, tree_size: int) -> Mapping[str, str]:
    """List the cosignatures of a checkpoint: witness → signature line."""
    table = tables.evidence.checkpoint_cosignature
    statement = (
        select(table.c.witness, table.c.line)
        .where(table.c.tree_size == tree_size)
        .order_by(table.c.witness)
    )
    return {row.witness: row.line for row in session.execute(statement)}


def find_size(session: Session, witnesses: int) -> int | None:
    """Find the size of the newest checkpoint that a number of witnesses cosigned, one at least."""
    table = tables.evidence.checkpoint_cosignature
    statement = (
        select(table.c.tree_size)
        .group_by(table.c.tree_size)
        .having(func.count() >= witnesses)
        .order_by(table.c.tree_size.desc())
        .limit(1)
    )
    return session.scalar(statement)


def insert_line(
    session: Session, *, tree_size: int, witness: str, line: str, cosigned_at: datetime
) -> None:
    """Keep a cosignature; the first of a witness under a checkpoint stays."""
    statement = postgresql.insert(tables.evidence.checkpoint_cosignature).values(
        tree_size=tree_size, witness=witness, line=line, cosigned_at=cosigned_at
    )
    session.execute(statement.on_conflict_do_nothing())
