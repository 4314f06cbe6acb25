"""Loads a staged file as one change."""

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy.orm import Session

from databases.changes import ledger, staged
from databases.changes.ledger import Act
from enterprise import tables, values
from enterprise.repository import staging

STAGING_COLUMNS: Mapping[str, str] = staging.STAGING_COLUMNS


def load_staged(session: Session, *, act: Act, staging_table: str, on: date) -> values.Loaded:
    """Merge a staging table (shape: `STAGING_COLUMNS`): one change, or none if nothing is new.

    Args:
        on: day from which values that differ are to hold.

    Raises:
        WrongStagingTable: the table's name is not a plain one.
    """
    staged.lock_register(session, tables.ledger)
    counts = staging.compare_staged(session, staging_table, on=on)
    if not counts.inserted and not counts.amended:
        return values.Loaded(None, counts)
    change = ledger.open_act(session, tables.ledger, act, "file.loaded")
    staging.merge_compared(session, staging_table, on=on, change=change)
    return values.Loaded(change, counts)


def iterate_outcomes(session: Session) -> Iterator[tuple[str, str]]:
    """Give code and outcome of every row that `load_staged` saw in this transaction."""
    return staging.iterate_outcomes(session)
