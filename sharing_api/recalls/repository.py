"""All SQL of recalls: how far corrections were followed, who was told, under which agreements."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.access_log import entries

_cursor = tables.notices.recall_cursor
_entry = tables.access_entry
# A page of a walk tells of everybody and names nobody; the work that walks reads all that changed
# since again by itself (docs/adr/0030). A feed tells no value.
_WITHOUT_VALUES = ("linkage", "feed")


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that told something about a data subject.

    Args:
        fields: delivered.
        change, valid_on: state that it was read from.
    """

    entry_id: uuid.UUID
    agency: str
    client: str
    fields: frozenset[str]
    change: int
    valid_on: date
    agreement_hash: str


def find_cursor(session: Session, dataset: str) -> tuple[int, bytes]:
    """Give up to which change a dataset was followed, and the sealed key to go on behind."""
    row = session.execute(select(_cursor).where(_cursor.c.dataset == dataset)).one_or_none()
    return (0, b"") if row is None else (int(row.change), bytes(row.sealed_key))


def save_cursor(session: Session, dataset: str, change: int, sealed_key: bytes) -> None:
    """Keep up to which change a dataset was followed."""
    values = {"change": change, "sealed_key": sealed_key}
    statement = insert(_cursor).values(dataset=dataset, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["dataset"], set_=values))


def wait_to_recall_alone(session: Session) -> None:
    """Wait until no other run works; held to the end of the transaction."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("recall_run"))))


def list_told(
    session: Session,
    subject_tags: Sequence[bytes],
    *,
    dataset: str,
    before_change: int,
    fields: Iterable[str],
    without_client: str,
) -> list[Told]:
    """List the answers that told some fields of a subject as they were before a change.

    Found by the index of subjects: costs what the log holds about them.

    Args:
        without_client: system whose own reading does not count.
    """
    statement = (
        select(_entry)
        .where(
            _entry.c.subject_tag.in_(subject_tags),
            _entry.c.dataset == dataset,
            _entry.c.register_change < before_change,
            _entry.c.register_change > 0,
            _entry.c.decision == entries.PERMITTED,
            _entry.c.operation.not_in(_WITHOUT_VALUES),
            _entry.c.fields.overlap(sorted(fields)),
            _entry.c.client != without_client,
        )
        .order_by(_entry.c.position)
    )
    return [
        Told(
            row["entry_id"],
            row["agency"],
            row["client"],
            frozenset(row["fields"]),
            row["register_change"],
            row["valid_on"],
            row["agreement_hash"],
        )
        for row in session.execute(statement).mappings()
    ]


def list_contents(session: Session, hashes: Iterable[str]) -> Mapping[str, bytes]:
    """Give the contents of agreements by their hashes, whatever became of them."""
    agreement = tables.agreement
    statement = select(agreement.c.agreement_hash, agreement.c.content)
    statement = statement.where(agreement.c.agreement_hash.in_(sorted(set(hashes))))
    return {row.agreement_hash: bytes(row.content) for row in session.execute(statement)}
