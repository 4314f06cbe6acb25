"""The report about one person: every entry in the log, and the proof that none is missing.

The document is what `verify_receipt.py --subject-report` checks offline; docs/log-format.md says
what stands where. What is withheld keeps its place and its hash in it, so that the proof still
counts it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy.orm import Session

from databases import errors
from databases.journal import errors as journal_errors
from databases.journal import store
from sharing_api import tables
from sharing_api.access_log import entries
from sharing_api.access_log import repository as log_repository
from sharing_api.access_log.subjects import nodes, repository
from sharing_api.access_log.subjects.chain import State
from sharing_api.access_log.witnesses import service

STANDARD = "subject_report/1.0"


class ReportNotReady(errors.Unavailable):
    """The newest commitment over the subjects is not under a checkpoint yet."""

    code = "access_log.report_not_ready"


@dataclass(frozen=True, slots=True)
class Subject:
    """One name that a person has in a register, and its tag in the log."""

    register: str
    tag: bytes


def build(session: Session, log_name: str, subjects: Sequence[Subject], on: date) -> bytes:
    """Write the report about the subjects that one person is, as a JSON document.

    Args:
        session: one that reads a single snapshot (`access_log.repository.read_one_snapshot`).
        on: day of the report; what is withheld beyond it is counted and not told.

    Raises:
        ReportNotReady: nothing is committed yet, or the newest commitment is not under a
            checkpoint yet: ask again in a second.
        LogDamaged: the tree over the subjects contradicts itself.
    """
    commitment = repository.find_last_commitment(session)
    if commitment is None:
        raise ReportNotReady("The log has no commitment over its subjects yet.")
    try:
        proof = _prove(session, commitment.entry_id)
    except journal_errors.EntryNotInLog as early:
        raise ReportNotReady("A commitment was just made; ask again in a second.") from early
    row = repository.find_entry(session, commitment.entry_id)
    if row is None:
        raise journal_errors.LogDamaged("The entry of the last commitment is missing.")
    size = proof.checkpoint.tree_size
    hashes = _Hashes()
    chains = [
        _Chain(session, one, commitment.tree_size, size, on).document(session, hashes)
        for one in subjects
    ]
    registers = sorted({one.register for one in subjects})
    document = {
        "standard": STANDARD,
        "log": log_name,
        "checkpoint": proof.checkpoint.note,
        "covers": commitment.tree_size,
        "commitment": {
            "entry": _fragment(log_repository.to_entry(row)),
            "leaf_index": proof.inclusion.leaf_index,
            "inclusion_path": [store.encode_hash(one) for one in proof.inclusion.path],
        },
        "chains": chains,
        "walks": [_walk(one) for one in repository.list_walks(session, registers)],
        "hashes": hashes.written,
    }
    return orjson.dumps(document)


def _prove(session: Session, entry_id: uuid.UUID) -> store.EntryProof:
    """Prove the commitment under the newest checkpoint that is witnessed, or the newest at all."""
    for witnesses in (1, 0):
        try:
            checkpoint = service.get_checkpoint(session, witnesses)
            return store.get_entry_proof(
                session, journal=tables.journal, entry_id=entry_id, checkpoint=checkpoint
            )
        except journal_errors.EntryNotInLog:
            if not witnesses:
                raise
        except service.NotWitnessed:
            continue
    raise journal_errors.EntryNotInLog("The log has no checkpoint yet.")


class _Hashes:
    """The hashes of all paths, each written once; entries near each other share most of theirs."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self._places: dict[bytes, int] = {}

    def place(self, one: bytes) -> int:
        found = self._places.get(one)
        if found is None:
            found = self._places[one] = len(self.written)
            self.written.append(store.encode_hash(one))
        return found


class _Chain:
    """The entries of one subject as the log holds them."""

    def __init__(
        self, session: Session, subject: Subject, covered: int, size: int, on: date
    ) -> None:
        self._subject = subject
        self._covered = covered
        self._size = size
        found = repository.list_of_subject(session, subject.tag)
        self._rows = [row for row in found if row["leaf_index"] < size]
        self._withheld = repository.list_withheld(
            session, [row["entry_id"] for row in self._rows], on
        )

    def document(self, session: Session, hashes: _Hashes) -> dict[str, Any]:
        """Write entries and proofs."""
        tag = self._subject.tag
        state = repository.read_states(session, [tag]).get(tag, State())
        path = nodes.path_of(tag, repository.read_nodes(session, [tag]) or {"": nodes.EMPTY})
        proofs = store.list_inclusion_proofs(
            session,
            journal=tables.journal,
            leaf_indexes=[row["leaf_index"] for row in self._rows],
            tree_size=self._size,
        )
        told: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
        for row, proof in zip(self._rows, proofs, strict=True):
            one = self._tell(row)
            one["path"] = [hashes.place(each) for each in proof.path]
            told[row["leaf_index"] < self._covered].append(one)
        return {
            "register": self._subject.register,
            "subject_tag": tag.hex(),
            "count": state.entries,
            "head": store.encode_hash(state.head),
            "tree_path": [store.encode_hash(one) for one in path],
            "entries": told[True],
            "later": told[False],
        }

    def _tell(self, row: Mapping[str, Any]) -> dict[str, Any]:
        until = self._withheld.get(row["entry_id"])
        if until is None:
            entry = _fragment(log_repository.to_entry(row))
            return {"leaf_index": row["leaf_index"], "entry": entry}
        return {
            "leaf_index": row["leaf_index"],
            "leaf_hash": store.encode_hash(bytes(row["leaf_hash"])),
            "withheld_until": until.isoformat(),
        }


def _fragment(entry: entries.Entry) -> orjson.Fragment:
    return orjson.Fragment(entries.canonical(entry))


def _walk(row: Mapping[str, Any]) -> dict[str, Any]:
    """Tell of a walk: it concerned everybody in the dataset, or those changed since a state."""
    return {
        "dataset": row["dataset"],
        "agency": row["agency"],
        "client": row["client"],
        "officer": row["officer"],
        "purpose": row["purpose"],
        "legal_basis": row["legal_basis"],
        "agreement_hash": row["agreement_hash"],
        "case_reference": row["case_reference"],
        "fields": sorted(set(row["fields"])),
        "first_at": entries.moment(row["first_at"]),
        "last_at": entries.moment(row["last_at"]),
        "pages": row["pages"],
        "concerns": (
            f"those of whom something changed after change {row['since']}"
            if row["since"]
            else "everybody in the dataset"
        ),
    }
