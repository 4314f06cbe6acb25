"""How versions, proposals and keys are written for those whose they are."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sharing_api.access_log.entries import moment
from sharing_api.agreements.life.values import AgencyKey, Signature, Step, Version
from sharing_api.agreements.life.waiting import Waiting
from sharing_api.simulation.replay import Change
from sharing_api.simulation.service import Simulation


def write_version(version: Version, today: date) -> dict[str, Any]:
    """Write a version without its document.

    Args:
        today: in Viet Nam; what it brings holds whether or not it is recorded yet.
    """
    return {
        "hash": version.agreement_hash,
        "agreement": version.name,
        "version": version.number,
        "previous": version.content.get("previous"),
        "title": version.content["title"],
        "provider": version.provider,
        "consumer": version.consumer,
        "state": version.state_on(today),
        "valid_from": version.content["valid_from"],
        "valid_to": version.content.get("valid_to"),
        "recorded_at": moment(version.recorded_at),
    }


def write_whole(
    version: Version, today: date, signatures: Iterable[Signature], steps: Iterable[Step]
) -> dict[str, Any]:
    """Write a version with its content, signatures and what became of it."""
    return {
        **write_version(version, today),
        "content": version.content,
        "signatures": [
            {
                "party": one.agency,
                "signer": one.signer,
                "key": one.key_id,
                "signature": one.jws,
                "signed_at": moment(one.at),
            }
            for one in signatures
        ],
        "events": [_write_step(one) for one in steps],
    }


def write_waiting(waiting: Sequence[Waiting], today: date) -> list[dict[str, Any]]:
    """Write the proposals that wait, each with its last day."""
    return [
        {
            **write_version(one.version, today),
            "proposed_at": moment(one.proposed_at),
            "proposed_by": one.proposed_by,
            "due_on": one.deadline.day.isoformat(),
            "is_overdue": one.is_overdue,
            "years_without_holidays": list(one.deadline.years_without_data),
        }
        for one in waiting
    ]


def write_simulation(found: Simulation) -> dict[str, Any]:
    """Write what a version would change: in words, and in the questions of the log."""
    outcome = found.outcome
    return {
        "compared_with": found.before,
        "differences": [
            {"kind": one.kind, "dataset": one.place, "name": one.name, "sentence": one.sentence}
            for one in found.differences
        ],
        "questions": outcome.questions,
        "entries": outcome.entries,
        "same": outcome.same,
        "unknown": outcome.untold,
        "stopped": [_write_change(one) for one in outcome.stopped.values()],
        "started": [_write_change(one) for one in outcome.started.values()],
        "altered": [_write_change(one) for one in outcome.altered.values()],
        "persons_lost": outcome.persons_lost,
        "persons_gained": outcome.persons_gained,
    }


def _write_change(change: Change) -> dict[str, Any]:
    return {
        "dataset": change.dataset,
        "operation": change.operation,
        "reason": change.reason,
        "questions": change.questions,
        "persons": len(change.persons),
        "examples": list(change.examples),
    }


def write_key(key: AgencyKey) -> dict[str, Any]:
    """Write a key with its period."""
    return {
        "key": key.key_id,
        "agency": key.agency,
        "jwk": dict(key.jwk),
        "valid_from": moment(key.valid_from),
        "ended_at": _moment(key.ended_at),
        "end_reason": key.end_reason,
    }


def _write_step(step: Step) -> dict[str, Any]:
    return {
        "at": moment(step.at),
        "act": step.act,
        "from": step.from_state,
        "to": step.to_state,
        "party": step.party,
        "agency": step.agency,
        "client": step.client,
        "officer": step.officer,
        "reason": step.grounds.reason,
        "legal_basis": step.grounds.legal_basis,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else moment(at)
