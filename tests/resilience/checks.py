"""What must hold after every disaster, read from the database and not from the API."""

import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from sqlalchemy import select
from sqlalchemy.orm import Session

from databases.journal import errors as journal_errors
from databases.journal import notes, store, tree
from log_checker import run
from sharing_api import keys as exchange_keys
from sharing_api import settings as exchange_settings
from sharing_api import tables
from sharing_api.access_log import repository as log_repository
from sharing_api.agreements import repository
from tests.resilience import load
from tests.resilience import site as sites

INTEGRATED_SECONDS = 30.0
HEARD_SECONDS = 10.0
_CHUNK = 1_000
_STRANGERS = 6


@dataclass(frozen=True)
class State:
    """The log after a disaster.

    Args:
        entries: rows of the access log.
        lost: promises that the log does not keep, in words; must be empty.
        problem: why the log does not verify; must be empty.
        checkpoint: the newest, which continues the one before.
    """

    entries: int
    lost: list[str]
    problem: str
    checkpoint: notes.Checkpoint | None


def judge(
    site: sites.Site, receipts: Sequence[load.Receipt], earlier: notes.Checkpoint | None
) -> State:
    """Check every receipt against the log, and the log against what it signed before."""
    settings = exchange_settings.load(site.databases.settings)
    keys = exchange_keys.load(settings)
    verifier = keys.log_signer(settings.log_name).verifier
    late = wait_until_integrated(site)
    with site.databases.reading("exchange") as session:
        log_repository.read_one_snapshot(session)
        lost = find_lost(session, receipts)
        lost += [one for one in (_forged(keys, each) for each in receipts) if one]
        cursor = session.connection().connection.cursor()
        published = {"log_keys": [verifier.key_string()]}
        verdict = run.verify_with(cursor, run.Wishes("", published, workers=1))
        latest = store.find_latest_checkpoint(session, journal=tables.journal)
        checkpoint = notes.open_checkpoint(latest.note, verifier) if latest else None
        problem = late or verdict.problem or _waiting(verdict)
        problem = problem or _broken_off(session, earlier, checkpoint)
    return State(verdict.entries + verdict.waiting, lost, problem, checkpoint)


def find_lost(session: Session, receipts: Sequence[load.Receipt]) -> list[str]:
    """Name the receipts whose entries are not in the log as promised."""
    lost = []
    for start in range(0, len(receipts), _CHUNK):
        chunk = receipts[start : start + _CHUNK]
        rows = _rows_of(session, chunk)
        for receipt in chunk:
            reason = _why_lost(receipt, rows.get(receipt.promise["entry_id"], []))
            if reason:
                lost.append(f"{receipt.promise['entry_id']}: {reason}")
    return lost


def _rows_of(session: Session, receipts: Iterable[load.Receipt]) -> dict[str, list[Any]]:
    """Read the rows of answers; the first entry of an answer has the answer's own id."""
    ids = [uuid.UUID(one.promise["entry_id"]) for one in receipts]
    entry = tables.access_entry
    statement = (
        select(
            entry.c.answer_id,
            entry.c.leaf_hash,
            entry.c.answer_hash,
            entry.c.request_hash,
            entry.c.decision,
        )
        .where(entry.c.answer_id.in_(ids))
        .order_by(entry.c.entry_id)
    )
    rows: dict[str, list[Any]] = {}
    for row in session.execute(statement):
        rows.setdefault(str(row.answer_id), []).append(row)
    return rows


def _why_lost(receipt: load.Receipt, rows: Sequence[Any]) -> str:
    promise = receipt.promise
    if not rows:
        return "no entry"
    leaves = [bytes(row.leaf_hash) for row in rows]
    if len(rows) != promise.get("entries", 1):
        return f"{len(rows)} entries instead of {promise.get('entries', 1)}"
    promised = promise.get("leaf_hash") or promise["entries_root"]
    if load.decode(promised) != (leaves[0] if "leaf_hash" in promise else tree.root(leaves)):
        return "another leaf hash than the receipt's"
    if {bytes(row.answer_hash).hex() for row in rows} != {receipt.body_hash}:
        return "the entry names another answer"
    if {bytes(row.request_hash).hex() for row in rows} != {receipt.question_hash}:
        return "the entry names another question"
    permitted = rows[0].decision == "permitted"
    return "" if permitted or receipt.status != 200 else "data were given, a refusal was logged"


def _forged(keys: exchange_keys.ExchangeKeys, receipt: load.Receipt) -> str:
    try:
        keys.receipt.public_key().verify(receipt.signature, receipt.signed)
    except InvalidSignature:
        return f"{receipt.promise['entry_id']}: the receipt is not signed"
    return ""


def _waiting(verdict: run.Verdict) -> str:
    return f"{verdict.waiting} entries under no checkpoint" if verdict.waiting else ""


def _broken_off(
    session: Session, earlier: notes.Checkpoint | None, later: notes.Checkpoint | None
) -> str:
    if earlier is None or later is None:
        return "" if earlier is None else "the checkpoint is gone"
    try:
        path = store.get_consistency_proof(
            session, journal=tables.journal, old_size=earlier.tree_size, new_size=later.tree_size
        )
        tree.verify_consistency(
            old=earlier.tree_size,
            new=later.tree_size,
            old_root=earlier.root_hash,
            new_root=later.root_hash,
            path=path,
        )
    except (
        journal_errors.ProofRefuted,
        journal_errors.InvalidTreeArgument,
        journal_errors.TreeSizeNotReached,
    ) as found:
        return f"checkpoint {later.tree_size} does not continue {earlier.tree_size}: {found}"
    return ""


def wait_until_integrated(site: sites.Site) -> str:
    """Wait until a checkpoint covers every entry; say so when that does not happen."""
    until = time.monotonic() + INTEGRATED_SECONDS
    while time.monotonic() < until:
        entries = sites.count_rows(site, "access_entry")
        with site.databases.reading("exchange") as session:
            latest = store.find_latest_checkpoint(session, journal=tables.journal)
        if entries == (latest.tree_size if latest else 0):
            return ""
        time.sleep(0.05)
    return f"no checkpoint covers the {entries} entries after {INTEGRATED_SECONDS} s"


def hears_revocations(site: sites.Site, token: str) -> str:
    """Suspend the agreement and give it back: every process must act on both at once.

    Returns:
        what went wrong; empty when all was well.
    """
    try:
        _set_status(site, "suspended")
        if not _all_answer(site, token, 403):
            return "a suspended agreement still gives data"
    finally:
        _set_status(site, "in_force")
    return "" if _all_answer(site, token, 200) else "an agreement in force does not give data"


def _set_status(site: sites.Site, status: str) -> None:
    agreement = tables.agreement
    with site.databases.writing("exchange") as session:
        statement = select(agreement.c.agreement_hash).where(agreement.c.consumer == "G15")
        repository.set_agreement_status(
            session, agreement_hash=session.execute(statement).scalar_one(), status=status
        )


def _all_answer(site: sites.Site, token: str, status: int) -> bool:
    until = time.monotonic() + HEARD_SECONDS
    while time.monotonic() < until:
        asked = [load.ask_once(site.port, load.look_up(), token) for _ in range(_STRANGERS)]
        if all(one.status == status for one in asked):
            return True
        time.sleep(0.1)
    return False
