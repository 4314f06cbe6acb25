"""All SQL of timestamps; the table is append-only."""

from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from sharing_api import tables


def find_last(session: Session, authority: str) -> tuple[int | None, datetime | None]:
    """Find the size of the tree and the moment of an authority's newest timestamp."""
    table = tables.evidence.checkpoint_timestamp
    statement = select(func.max(table.c.tree_size), func.max(table.c.stamped_at))
    size, stamped_at = session.execute(statement.where(table.c.authority == authority)).one()
    return size, stamped_at


def insert_token(
    session: Session, *, tree_size: int, authority: str, token: bytes, stamped_at: datetime
) -> None:
    """Keep the timestamp of a checkpoint."""
    session.execute(
        insert(tables.evidence.checkpoint_timestamp).values(
            tree_size=tree_size, authority=authority, token=token, stamped_at=stamped_at
        )
    )
