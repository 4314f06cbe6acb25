"""All SQL of cursors; each work has a table of its own for them."""

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sharing_api.following.cursors import Cursor


def list_cursors(session: Session, table: Table) -> Mapping[str, Cursor]:
    """Give how far each dataset is read, by its name."""
    return {
        row["dataset"]: Cursor(**{**row, "sealed_after": bytes(row["sealed_after"])})
        for row in session.execute(select(table)).mappings()
    }


def save_cursor(session: Session, table: Table, cursor: Cursor) -> None:
    """Keep how far a dataset is read."""
    values = asdict(cursor)
    statement = insert(table).values(values)
    session.execute(statement.on_conflict_do_update(index_elements=["dataset"], set_=values))
