"""What registers do alike when they merge a staged file: lock, compare as sets, count outcomes.

A register compares a staging table with what it holds in statements over whole tables and leaves
the temporary table `merge_outcome`: what became of every row.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from databases import errors
from databases.changes.ledger import Ledger

OUTCOMES: Final = "merge_outcome"
_WORK_MEMORY: Final = "128MB"  # a load joins and sorts whole tables, and there is one at a time
_TABLE_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?", re.ASCII)


class WrongStagingTable(errors.Invalid):
    """A staging table does not have a plain name."""

    code = "changes.wrong_staging_table"


def lock_register(session: Session, ledger: Ledger) -> None:
    """Make other writers wait, so that what is compared still holds when it is merged."""
    session.execute(select(ledger.head.c.last_change).with_for_update())


def prepare(session: Session) -> None:
    """Set this transaction up for work on whole tables.

    Tables that a load itself fills have no statistics yet: a merge join along an index of few
    distinct values then looks cheap and does not end (the check of 3 million lines for overlaps); a
    hash join takes seconds.
    """
    session.execute(text(f"SET LOCAL work_mem = '{_WORK_MEMORY}'"))
    session.execute(text("SET LOCAL enable_mergejoin = off"))


def drop_temporary(session: Session, names: Iterable[str]) -> None:
    """Remove what an earlier merge of this transaction compared."""
    for name in names:
        session.execute(text(f"DROP TABLE IF EXISTS pg_temp.{name}"))


def run(
    session: Session,
    statement: str,
    staging_table: str,
    bound: Mapping[str, Any] | None = None,
) -> None:
    """Run a statement over the staging table, which it calls `$staging$`.

    Raises:
        WrongStagingTable: the name is not a plain one, with or without schema.
    """
    if not _TABLE_NAME.fullmatch(staging_table):
        raise WrongStagingTable("Name the staging table in plain lower case.")
    session.execute(text(statement.replace("$staging$", staging_table)), bound or {})


def run_over(session: Session, statement: str, given: Iterable[Mapping[str, Any]]) -> None:
    """Run a statement once over all given rows, which it reads by `json_to_recordset(:given)`."""
    rows = [dict(one) for one in given]
    if rows:
        session.execute(text(statement), {"given": json.dumps(rows, default=str)})


def count_outcomes(session: Session) -> dict[str, int]:
    """Count the rows of each outcome."""
    rows = session.execute(
        text(f"SELECT outcome, count(*) AS total FROM pg_temp.{OUTCOMES} GROUP BY 1")  # noqa: S608 - constant
    )
    return {row.outcome: row.total for row in rows}
