"""Takes cosignatures of known witnesses and hands them out with the checkpoints."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from databases import errors
from databases.journal import errors as journal_errors
from databases.journal import notes, store
from databases.journal.repository import SignedCheckpoint
from sharing_api import tables
from sharing_api.access_log.witnesses import repository


class WitnessUnknown(errors.Refused):
    """The note is cosigned by no witness that is registered here."""

    code = "access_log.witness_unknown"


class WitnessTaken(errors.Conflict):
    """There is a witness of that name already."""

    code = "access_log.witness_taken"


class NotWitnessed(errors.NotFound):
    """No checkpoint has as many cosignatures as were asked for."""

    code = "access_log.not_witnessed"


def register(session: Session, verifier_key: str, now: datetime) -> notes.Verifier:
    """Enter a witness by its public key.

    Raises:
        MalformedVerifierKey: it is no key of a witness (C2SP tlog-cosignature).
        WitnessTaken: there is one of that name.
    """
    witness = notes.parse_verifier_key(verifier_key, notes.COSIGNATURE)
    if not repository.insert_witness(session, name=witness.name, verifier_key=verifier_key, at=now):
        raise WitnessTaken(f"There is a witness named {witness.name} already.")
    return witness


def take(session: Session, text: str) -> int:
    """Keep the cosignatures under a checkpoint; signature lines of others are left aside.

    Args:
        text: a checkpoint of this log with lines of one or more witnesses.

    Returns:
        size of the tree of the checkpoint.

    Raises:
        MalformedNote: it is no signed note or no checkpoint.
        EntryNotInLog: the log never signed this checkpoint.
        NoteNotVerified: the cosignature of a known witness is wrong.
        WitnessUnknown: no known witness cosigned.
    """
    note = notes.parse_note(text)
    checkpoint = notes.parse_checkpoint(note.text)
    own = store.find_checkpoint(session, journal=tables.journal, tree_size=checkpoint.tree_size)
    if own is None or notes.parse_note(own.note).text != note.text:
        raise journal_errors.EntryNotInLog("The log has no such checkpoint.")
    keys = repository.list_keys(session)
    taken = 0
    for one in note.signatures:
        if one.name not in keys:
            continue
        witness = notes.parse_verifier_key(keys[one.name], notes.COSIGNATURE)
        moment = notes.verify_cosignature(note.text, one, witness)
        repository.insert_line(
            session,
            tree_size=checkpoint.tree_size,
            witness=one.name,
            line=one.line(),
            cosigned_at=datetime.fromtimestamp(min(moment, 253_402_300_799), UTC),
        )
        taken += 1
    if not taken:
        raise WitnessUnknown("The note is cosigned by no witness that is registered here.")
    return checkpoint.tree_size


def get_checkpoint(session: Session, witnesses: int) -> SignedCheckpoint:
    """Give the newest checkpoint that a number of witnesses cosigned, with their lines.

    Raises:
        EntryNotInLog: the log has no checkpoint yet.
        NotWitnessed: none has as many cosignatures.
    """
    if witnesses:
        size = repository.find_size(session, witnesses)
        if size is None:
            raise NotWitnessed("No checkpoint has as many cosignatures yet.")
        found = store.find_checkpoint(session, journal=tables.journal, tree_size=size)
    else:
        found = store.find_latest_checkpoint(session, journal=tables.journal)
    if found is None:
        raise journal_errors.EntryNotInLog("The log has no checkpoint yet.")
    return with_lines(session, found)


def with_lines(session: Session, one: SignedCheckpoint) -> SignedCheckpoint:
    """Put the cosignatures of witnesses under a checkpoint's own signatures."""
    lines = repository.list_lines(session, one.tree_size)
    note = one.note + "".join(lines.values())
    return SignedCheckpoint(one.tree_size, one.root_hash, one.signed_at, note)
