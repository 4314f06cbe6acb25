"""Who was told of a record between two changes: those who must hear that it was wrong.

The log names whom an answer was about by a keyed hash, and a page of a walk by nobody, for it is
about everybody alike (docs/adr/0030). Both count here: a walk may have told of the record or not,
so it names too many readers, never too few.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from sharing_api.access_log import entries, repository


@dataclass(frozen=True, slots=True)
class Disclosure:
    """An entry by which something was told.

    Args:
        register_change: state of the register that was told.
        is_walk: a page of a walk through the whole dataset, not a question about the record.
    """

    entry_id: uuid.UUID
    logged_at: datetime
    dataset: str
    operation: str
    purpose: str
    case_reference: str
    fields: tuple[str, ...]
    register_change: int
    is_walk: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who was told, and by which entries, the oldest first."""

    agency: str
    client: str
    officer: str
    disclosures: tuple[Disclosure, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What may have been told to somebody.

    Args:
        register: that the record is in.
        keys: numbers under which the record was found.
        from_change: first state that shows it as it should not have been.
        until_change: first state that does so no longer.
        since: moment of `from_change`; nothing before it can have told that state.
    """

    register: str
    keys: tuple[str, ...]
    from_change: int
    until_change: int
    since: datetime


def list_recipients(session: Session, told: Told, subject_key: bytes) -> list[Recipient]:
    """List who was told of a record while it was wrong, by agency, system and officer.

    Answers about the record are found by an index; walks among the entries since the moment.

    Args:
        session: of the exchange's database, reading.
        subject_key: of the log's subject tags.
    """
    tags = [entries.subject_tag(subject_key, told.register, key) for key in told.keys]
    rows = repository.list_told(
        session,
        tags,
        register=told.register,
        from_change=told.from_change,
        until_change=told.until_change,
        since=told.since,
    )
    found: dict[tuple[str, str, str], list[Disclosure]] = {}
    for row in rows:
        who = (row["agency"], row["client"], row["officer"])
        found.setdefault(who, []).append(
            Disclosure(
                entry_id=row["entry_id"],
                logged_at=row["logged_at"],
                dataset=row["dataset"],
                operation=row["operation"],
                purpose=row["purpose"],
                case_reference=row["case_reference"],
                fields=tuple(row["fields"]),
                register_change=row["register_change"],
                is_walk=row["subject_tag"] is None,
            )
        )
    return [Recipient(*who, tuple(some)) for who, some in sorted(found.items())]
