"""Findings as they stand, and what became of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.consistency.values import Confidence
from sharing_api.worklists import repository
from sharing_api.worklists.values import State, Step

_finding = tables.consistency_finding
_record = tables.consistency_record
BOOK = repository.Book(_finding, tables.consistency_event)


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """A record of a finding, its key sealed."""

    dataset: str
    sealed_key: bytes
    change: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finding that a run made and that the worklist may or may not hold already."""

    tag: bytes
    rank: int
    subject_tag: bytes
    rule: str
    confidence: Confidence
    steward: str
    records: tuple[SealedRecord, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding of the worklist, without its records."""

    finding_id: int
    tag: bytes
    rule: str
    confidence: Confidence
    steward: str
    state: State
    reason: str
    run_id: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings of the worklist; None: any."""

    rule: str | None = None
    state: State | None = None
    steward: str | None = None


def list_of_subjects(session: Session, subject_tags: Sequence[bytes]) -> list[Standing]:
    """List the findings about some subjects."""
    condition = _finding.c.subject_tag == func.any(list(subject_tags))
    return [
        _standing(dict(row))
        for row in session.execute(select(_finding).where(condition)).mappings()
    ]


def list_wanted(session: Session, wanted: Wanted, *, limit: int) -> list[Standing]:
    """List findings by rule, state and steward, the oldest first."""
    statement = select(_finding).order_by(_finding.c.finding_id).limit(limit)
    for name in ("rule", "state", "steward"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(_finding.c[name] == str(value))
    return [_standing(dict(row)) for row in session.execute(statement).mappings()]


def find(session: Session, finding_id: int) -> Standing | None:
    """Give a finding and keep others from settling it meanwhile; None where there is none."""
    row = repository.find(session, BOOK, finding_id)
    return None if row is None else _standing(row)


def list_records(
    session: Session, finding_ids: Sequence[int]
) -> dict[int, tuple[SealedRecord, ...]]:
    """Give the records of findings, in order."""
    statement = (
        select(_record)
        .where(_record.c.finding_id == func.any(list(finding_ids)))
        .order_by(_record.c.finding_id, _record.c.ordinal)
    )
    found: dict[int, tuple[SealedRecord, ...]] = {}
    for row in session.execute(statement):
        one = SealedRecord(row.dataset, bytes(row.sealed_key), int(row.register_change))
        found[row.finding_id] = (*found.get(row.finding_id, ()), one)
    return found


def add(session: Session, drawn: Drawn, *, run_id: int, step: Step) -> None:
    """Enter a finding that is new."""
    finding_id = session.execute(
        insert(_finding)
        .values(
            finding_tag=drawn.tag,
            rank=drawn.rank,
            subject_tag=drawn.subject_tag,
            rule=drawn.rule,
            confidence=drawn.confidence.value,
            steward=drawn.steward,
            state=step.to_state.value,
            reason="",
            run_id=run_id,
        )
        .returning(_finding.c.finding_id)
    ).scalar_one()
    session.execute(
        insert(_record),
        [
            {
                "finding_id": finding_id,
                "ordinal": ordinal,
                "dataset": one.dataset,
                "sealed_key": one.sealed_key,
                "register_change": one.change,
            }
            for ordinal, one in enumerate(drawn.records, start=1)
        ],
    )
    repository.note(session, BOOK, finding_id, "", step)


def move(session: Session, standing: Iterable[Standing], step: Step) -> None:
    """Move findings to another state."""
    repository.move(session, BOOK, ((one.finding_id, one.state) for one in standing), step)


def weigh(session: Session, one: Standing, confidence: Confidence) -> None:
    """Note that a finding is surer, or less sure, than it was."""
    session.execute(
        update(_finding)
        .where(_finding.c.finding_id == one.finding_id)
        .values(confidence=confidence.value)
    )


def _standing(values: Mapping[str, Any]) -> Standing:
    return Standing(
        finding_id=values["finding_id"],
        tag=bytes(values["finding_tag"]),
        rule=values["rule"],
        confidence=Confidence(values["confidence"]),
        steward=values["steward"],
        state=State(values["state"]),
        reason=values["reason"],
        run_id=values["run_id"],
    )
