"""Proofs as the documents that `verify_receipt.py` reads."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from databases.journal import errors as journal_errors
from databases.journal import store
from sharing_api import tables
from sharing_api.access_log import repository
from sharing_api.access_log.witnesses import service


def entry_document(session: Session, entry_id: uuid.UUID, witnesses: int = 0) -> dict[str, Any]:
    """Write the proof that an entry stands under the newest checkpoint with cosignatures.

    Args:
        witnesses: how many must have cosigned it.

    Raises:
        EntryNotInLog: no checkpoint covers the entry yet.
        NotWitnessed: no checkpoint has as many cosignatures.
    """
    checkpoint = service.get_checkpoint(session, witnesses)
    proof = store.get_entry_proof(
        session, journal=tables.journal, entry_id=entry_id, checkpoint=checkpoint
    )
    return proof.document()


def consistency_document(session: Session, old_size: int, new_size: int) -> dict[str, Any]:
    """Write the proof that a log continues an earlier checkpoint, as the verifier reads it.

    Raises:
        EntryNotInLog: no checkpoint was signed at the earlier size.
    """
    older = store.find_checkpoint(session, journal=tables.journal, tree_size=old_size)
    if older is None:
        raise journal_errors.EntryNotInLog("No checkpoint was signed at that size.")
    path = store.get_consistency_proof(
        session, journal=tables.journal, old_size=old_size, new_size=new_size
    )
    return {
        "old_checkpoint": older.note,
        "consistency_path": [store.encode_hash(one) for one in path],
    }


def answer_document(session: Session, answer_id: uuid.UUID, witnesses: int = 0) -> dict[str, Any]:
    """Write the proofs of all entries of an answer, in order, under the newest checkpoint.

    Args:
        witnesses: how many must have cosigned it.

    Raises:
        NotWitnessed: no checkpoint has as many cosignatures.
        EntryNotInLog: the answer is unknown, or not all of its entries are under a checkpoint yet.
    """
    rows = repository.list_answer(session, answer_id)
    checkpoint = service.get_checkpoint(session, witnesses)
    ids = [row["entry_id"] for row in rows]
    places = repository.list_leaf_indexes(session, ids)
    covered = [one for one in places.values() if one < checkpoint.tree_size]
    if not ids or len(covered) < len(ids):
        raise journal_errors.EntryNotInLog("No checkpoint covers this answer yet, if it exists.")
    proofs = store.list_inclusion_proofs(
        session,
        journal=tables.journal,
        leaf_indexes=[places[one] for one in ids],
        tree_size=checkpoint.tree_size,
    )
    return {"proofs": [store.EntryProof(one, checkpoint).document() for one in proofs]}
