"""The register's side of a load, as the loader knows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
        compare: (session, staging table, day) makes the temporary table `merge_outcome` (key,
            outcome): what merging would do with each row (inserted, amended, unchanged or
            not_in_force). It is called again after rows were taken out.
        merge: (session, staging table, day, act) opens the change, records what `compare` found
            last and gives the number of the change.
    """

    register: str
    act: str
    key: str
    staging_columns: Mapping[str, str]
    compare: Callable[[Session, str, date], object]
    merge: Callable[[Session, str, date, Act], int]
