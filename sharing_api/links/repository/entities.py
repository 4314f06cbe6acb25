"""Which records are of one entity; ids are given once: of two that are joined the older goes on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.links.repository import links

_entity = tables.link.entity
_member = tables.link.member


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of the entities of two records: the one that goes on, and one that went up."""

    entity_id: int
    former: int | None


def join(session: Session, pairs: Sequence[tuple[bytes, bytes]], subject: str) -> list[Joined]:
    """Join the entities of pairs of records, pair after pair; records without one get one.

    Returns:
        for each pair, what became of it.
    """
    entity_of = _read(session, {tag for pair in pairs for tag in pair})
    new = iter(_create(session, _count_new(pairs, entity_of), subject))
    joined, moved = [], {}
    members: dict[int, set[bytes]] = {}
    for tag, entity in entity_of.items():
        members.setdefault(entity, set()).add(tag)
    for left, right in pairs:
        found = sorted({entity_of[tag] for tag in (left, right) if tag in entity_of})
        entity = found[0] if found else next(new)
        former = found[1] if len(found) == 2 else None
        if former is not None:
            moved[former] = entity
            for tag in members.pop(former):
                entity_of[tag] = entity
                members[entity].add(tag)
        for tag in (left, right):
            entity_of[tag] = entity
            members.setdefault(entity, set()).add(tag)
        joined.append(Joined(entity, former))
    # Records of the entities that went up, those that are in no pair here too.
    for former, entity in moved.items():
        last = entity
        while last in moved:
            last = moved[last]
        session.execute(update(_member).where(_member.c.entity_id == former).values(entity_id=last))
    _write(session, entity_of)
    return joined


def part(session: Session, left: bytes, right: bytes, subject: str) -> Joined | None:
    """Part what only a link held together that no longer holds.

    The records that hang together with the right one keep the id, those with the left one get a new
    one; a record that nothing holds any more is of no entity.

    Returns:
        the entity of the right record and the new one of the left; None if nothing was parted.
    """
    entity = _read(session, [left, right])
    if left not in entity or right not in entity or entity[left] != entity[right]:
        return None
    kept = _connected(session, right)
    if left in kept:
        return None
    loose = _connected(session, left)
    session.execute(delete(_member).where(_member.c.mention_tag == func.any(list(loose))))
    if len(kept) == 1:
        session.execute(delete(_member).where(_member.c.mention_tag == right))
    if len(loose) == 1:
        return Joined(entity[right], None)
    (fresh,) = _create(session, 1, subject)
    _write(session, dict.fromkeys(loose, fresh))
    return Joined(entity[right], fresh)


def _connected(session: Session, start: bytes) -> set[bytes]:
    """Give the records that links which hold connect with one, itself included."""
    found, edge = {start}, {start}
    while edge:
        pairs = links.list_holding_of(session, edge)
        edge = {tag for pair in pairs for tag in pair} - found
        found |= edge
    return found


def _read(session: Session, tags: Iterable[bytes]) -> dict[bytes, int]:
    statement = select(_member).where(_member.c.mention_tag == func.any(list(tags)))
    return {bytes(row.mention_tag): int(row.entity_id) for row in session.execute(statement)}


def _count_new(pairs: Sequence[tuple[bytes, bytes]], entity_of: Mapping[bytes, int]) -> int:
    known = set(entity_of)
    number = 0
    for left, right in pairs:
        number += left not in known and right not in known
        known |= {left, right}
    return number


def _create(session: Session, number: int, subject: str) -> list[int]:
    if not number:
        return []
    rows = select(literal(subject)).select_from(func.generate_series(1, number))
    made = insert(_entity).from_select(["subject"], rows).returning(_entity.c.entity_id)
    return sorted(int(one) for one in session.scalars(made))


def _write(session: Session, entity_of: Mapping[bytes, int]) -> None:
    rows = [{"mention_tag": tag, "entity_id": entity} for tag, entity in sorted(entity_of.items())]
    if rows:
        statement = postgresql.insert(_member)
        changed = {"entity_id": statement.excluded.entity_id}
        session.execute(
            statement.on_conflict_do_update(index_elements=["mention_tag"], set_=changed), rows
        )
