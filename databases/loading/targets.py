"""The register's side of a load, as the loader knows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from databases.changes.ledger import Act


@dataclass(frozen=True)
class Target:
    """How a register takes staged rows.

    Args:
        register: its name, as mappings write it.
        act: name of the change that a load records.
        key: column that identifies a record.
        staging_columns: name → type in PostgreSQL of the columns that the merge reads; a column
            that a mapping does not fill is null.
        merge: (session, staging table, day, act) records the staged rows in one change, opens it
            only if there is something to record, and gives its number, or None. It leaves the
            temporary table `merge_outcome` (key, outcome): inserted, amended, unchanged or
            not_in_force for every row, or an outcome of `refusals`. It is called again when rows
            were refused for their outcome.
        refusals: further outcome of a row that is not recorded → rule and sentence.
    """

    register: str
    act: str
    key: str
    staging_columns: Mapping[str, str]
    merge: Callable[[Session, str, date, Act], int | None]
    refusals: Mapping[str, tuple[str, str]] = field(default_factory=dict)
