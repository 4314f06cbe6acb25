"""Links as they stand, and what became of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.links.values import Event, Evidence, Link, Side, State

_link = tables.link.link
_event = tables.link.event
_SIDES = ("left", "right")
_SIDE_COLUMNS = ("dataset", "tag", "sealed_key", "content_tag", "change")


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair as a run judges it.

    Args:
        state: where it stands, unless a person has decided.
    """

    tag: bytes
    comparison: str
    subject: str
    left: Side
    right: Side
    model_version: str
    weight: float
    probability: float
    evidence: tuple[Evidence, ...]
    state: State


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the life of a link: who, when, to which state, why."""

    officer: str
    at: datetime
    to_state: State
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken, with what became of the entities of the two records."""

    link: Link
    step: Step
    entity_id: int | None = None
    former_entity_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which links; None: any."""

    comparison: str | None = None
    state: State | None = None


def list_by_tag(session: Session, tags: Sequence[bytes]) -> dict[bytes, Link]:
    """Give the links of some pairs, by their tags."""
    found = session.execute(select(_link).where(_link.c.link_tag == func.any(list(tags))))
    return {one.tag: one for one in map(_read, found.mappings())}


def list_of_mentions(session: Session, comparison: str, mentions: Sequence[bytes]) -> list[Link]:
    """List the links of a comparison that some records are in, on either side."""
    either = or_(
        _link.c.left_tag == func.any(list(mentions)), _link.c.right_tag == func.any(list(mentions))
    )
    found = session.execute(
        select(_link).where(_link.c.comparison == comparison, either).order_by(_link.c.link_id)
    )
    return [_read(row) for row in found.mappings()]


def list_wanted(session: Session, wanted: Wanted, *, after: int = 0, limit: int) -> list[Link]:
    """List links by comparison and state, the oldest first, behind a number."""
    statement = select(_link).where(_link.c.link_id > after).order_by(_link.c.link_id).limit(limit)
    for name in ("comparison", "state"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(_link.c[name] == str(value))
    return [_read(row) for row in session.execute(statement).mappings()]


def find(session: Session, link_id: int, *, locked: bool = False) -> Link | None:
    """Give a link, and keep others from deciding it meanwhile; None where there is none."""
    statement = select(_link).where(_link.c.link_id == link_id)
    if locked:
        statement = statement.with_for_update(key_share=True)
    row = session.execute(statement).mappings().one_or_none()
    return None if row is None else _read(row)


def count(session: Session) -> list[tuple[str, State, int]]:
    """Count links by comparison and state."""
    statement = (
        select(_link.c.comparison, _link.c.state, func.count())
        .group_by(_link.c.comparison, _link.c.state)
        .order_by(_link.c.comparison, _link.c.state)
    )
    return [(name, State(state), int(number)) for name, state, number in session.execute(statement)]


def list_weights(session: Session, comparison: str) -> list[tuple[int, float]]:
    """List the links of a comparison that records speak for now, with their weights."""
    statement = (
        select(_link.c.link_id, _link.c.weight)
        .where(_link.c.comparison == comparison, _link.c.state != State.SUPERSEDED.value)
        .order_by(_link.c.weight.desc(), _link.c.link_id)
    )
    return [(int(row.link_id), float(row.weight)) for row in session.execute(statement)]


def list_left_tags(session: Session, comparison: str) -> list[bytes]:
    """List the left records of the links of a comparison."""
    statement = select(_link.c.left_tag).where(_link.c.comparison == comparison).distinct()
    return [bytes(tag) for tag in session.scalars(statement)]


def list_events(session: Session, link_id: int) -> list[Event]:
    """List what became of a link, the oldest step first."""
    statement = select(_event).where(_event.c.link_id == link_id).order_by(_event.c.event_id)
    return [
        Event(
            at=row.happened_at,
            officer=row.officer,
            from_state=row.from_state,
            to_state=row.to_state,
            reason=row.reason,
            weight=row.weight,
            left_change=row.left_change,
            right_change=row.right_change,
            entity_id=row.entity_id,
            former_entity_id=row.former_entity_id,
        )
        for row in session.execute(statement)
    ]


def add(session: Session, judged: Sequence[Judged]) -> list[Link]:
    """Enter links that are new; `note` writes their first event."""
    if not judged:
        return []
    rows = [
        {
            "link_tag": one.tag,
            "comparison": one.comparison,
            "subject": one.subject,
            **_side_values("left", one.left),
            **_side_values("right", one.right),
            **_judgement(one),
            "state": one.state.value,
            "is_decided": False,
            "first_reviewer": "",
            "reason": "",
        }
        for one in judged
    ]
    found = session.execute(insert(_link).returning(_link), rows)
    return [_read(row) for row in found.mappings()]


def revise(session: Session, link: Link, one: Judged) -> None:
    """Note how alike the records of a link are now; a first reviewer saw something else."""
    compared = {
        f"{side}_{name}": getattr(getattr(one, side), name)
        for side in _SIDES
        for name in ("content_tag", "change")
    }
    session.execute(
        update(_link)
        .where(_link.c.link_id == link.link_id)
        .values(**compared, **_judgement(one), first_reviewer="")
    )


def set_state(session: Session, link: Link, step: Step, *, is_decided: bool) -> None:
    """Move a link to another state; `note` writes the event.

    Args:
        is_decided: a person decided it: no run moves it on while its records are alike.
    """
    session.execute(
        update(_link)
        .where(_link.c.link_id == link.link_id)
        .values(
            state=step.to_state.value,
            reason=step.reason,
            is_decided=is_decided,
            first_reviewer="",
        )
    )


def note(session: Session, taken: Sequence[Taken], *, is_new: bool = False) -> None:
    """Write down steps that were taken; new links had no state before."""
    rows = [_event_row(one, "" if is_new else one.link.state.value) for one in taken]
    if rows:
        session.execute(insert(_event), rows)


def note_first_reviewer(session: Session, link: Link, step: Step) -> None:
    """Note that one of two reviewers accepts; the state stays."""
    session.execute(
        update(_link)
        .where(_link.c.link_id == link.link_id)
        .values(first_reviewer=step.officer, reason=step.reason)
    )
    session.execute(insert(_event), [_event_row(Taken(link, step), link.state.value)])


def _event_row(one: Taken, from_state: str) -> dict[str, Any]:
    return {
        "link_id": one.link.link_id,
        "happened_at": one.step.at,
        "officer": one.step.officer,
        "from_state": from_state,
        "to_state": one.step.to_state.value,
        "reason": one.step.reason,
        "weight": one.link.weight,
        "model_version": one.link.model_version,
        "left_change": one.link.left.change,
        "right_change": one.link.right.change,
        "entity_id": one.entity_id,
        "former_entity_id": one.former_entity_id,
    }


def _side_values(name: str, side: Side) -> dict[str, Any]:
    return {f"{name}_{column}": getattr(side, column) for column in _SIDE_COLUMNS}


def _judgement(one: Judged) -> dict[str, Any]:
    return {
        "model_version": one.model_version,
        "weight": one.weight,
        "probability": one.probability,
        "evidence": [asdict(each) for each in one.evidence],
    }


def _read(row: Mapping[Any, Any]) -> Link:
    sides = {
        name: Side(
            row[f"{name}_dataset"],
            bytes(row[f"{name}_tag"]),
            bytes(row[f"{name}_sealed_key"]),
            bytes(row[f"{name}_content_tag"]),
            int(row[f"{name}_change"]),
        )
        for name in _SIDES
    }
    return Link(
        link_id=row["link_id"],
        tag=bytes(row["link_tag"]),
        comparison=row["comparison"],
        subject=row["subject"],
        left=sides["left"],
        right=sides["right"],
        model_version=row["model_version"],
        weight=row["weight"],
        probability=row["probability"],
        evidence=tuple(Evidence(**one) for one in row["evidence"]),
        state=State(row["state"]),
        is_decided=row["is_decided"],
        first_reviewer=row["first_reviewer"],
        reason=row["reason"],
    )


def list_holding_of(session: Session, mentions: Iterable[bytes]) -> list[tuple[bytes, bytes]]:
    """List the pairs of records that links hold together, of which one is among these."""
    tags = list(mentions)
    holding = _link.c.state.in_([State.AUTOMATIC.value, State.ACCEPTED.value])
    statement = select(_link.c.left_tag, _link.c.right_tag).where(
        holding,
        or_(_link.c.left_tag == func.any(tags), _link.c.right_tag == func.any(tags)),
    )
    return [(bytes(left), bytes(right)) for left, right in session.execute(statement)]
