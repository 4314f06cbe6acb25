"""Questions of the access log, alike ones taken together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, func, or_, select
from sqlalchemy.orm import Session

from sharing_api import tables

_entry = tables.access_entry
_TAG = func.encode(_entry.c.subject_tag, "hex", type_=Text)
# What a decision depends on, and what became of the question.
_KEYS = (
    _entry.c.agency,
    _entry.c.client,
    _entry.c.dataset,
    _entry.c.operation,
    _entry.c.purpose,
    _entry.c.legal_basis,
    _entry.c.procedure,
    _entry.c.agreement_hash,
    _entry.c.decision,
    _entry.c.rule,
    _entry.c.fields,
    func.coalesce(_entry.c.transport["asked"].astext, ""),
)


@dataclass(frozen=True, slots=True)
class Alike:
    """Questions that any version decides alike.

    Args:
        fields: delivered; empty where nothing was.
        asked: names of what was asked, as the log keeps them where they are not those delivered.
        questions, entries: how many questions, and how many entries they left.
        persons: 64-bit hashes of the tags of whom they were about.
        examples: up to two tags, hex.
    """

    agency: str
    client: str
    dataset: str
    operation: str
    purpose: str
    legal_basis: str
    procedure: str
    agreement_hash: str
    is_permitted: bool
    rule: str
    fields: tuple[str, ...]
    asked: str
    questions: int
    entries: int
    persons: tuple[int, ...]
    examples: tuple[str, ...]


def list_alike(
    session: Session,
    *,
    agencies: Iterable[str],
    hashes: Iterable[str],
    datasets: Iterable[str],
    since: datetime,
) -> list[Alike]:
    """List questions of agencies since a moment, alike ones together.

    One pass over the entries since then: the cost grows with them, and what is kept in memory with
    the number of persons.

    Args:
        agencies: that asked.
        hashes: versions under which questions were decided; such questions count.
        datasets: of which refused questions count too, whatever they were decided under.
    """
    statement = (
        select(
            *_KEYS,
            func.count(_entry.c.answer_id.distinct()),
            func.count(),
            func.array_agg(func.hashtextextended(_TAG, 0).distinct()).filter(
                _entry.c.subject_tag.is_not(None)
            ),
            func.min(_TAG),
            func.max(_TAG),
        )
        .where(
            _entry.c.logged_at >= since,
            _entry.c.agency.in_(list(agencies)),
            or_(
                _entry.c.agreement_hash.in_(list(hashes)),
                (_entry.c.decision == "refused") & _entry.c.dataset.in_(list(datasets)),
            ),
        )
        .group_by(*_KEYS)
    )
    return [
        Alike(
            *row[:8],
            is_permitted=row[8] == "permitted",
            rule=row[9],
            fields=tuple(row[10]),
            asked=row[11],
            questions=int(row[12]),
            entries=int(row[13]),
            persons=tuple(row[14] or ()),
            examples=tuple(dict.fromkeys(one for one in row[15:17] if one)),
        )
        for row in session.execute(statement)
    ]
