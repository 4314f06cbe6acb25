"""Puts the entries of the access log into its Merkle tree and signs a checkpoint, once a moment.

Run as `python -m sharing_api.access_log.integrator`; a second one waits until the first has gone.
"""

import logging
import signal
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from databases.journal import errors as journal_errors
from databases.journal import notes, store
from databases.sessions import Databases, open_databases
from sharing_api import keys, tables
from sharing_api import settings as exchange_settings
from sharing_api.access_log import entries, repository

log = logging.getLogger(__name__)
INTERVAL_SECONDS = 0.25
CHUNK = 20_000


class EntryAltered(journal_errors.LogDamaged):
    """A row no longer hashes to the leaf that was computed when it was written."""

    code = "access_log.entry_altered"


def integrate(
    session: Session,
    signer: notes.Signer,
    now: datetime,
    *,
    until: int,
    earlier: Sequence[notes.Signer] = (),
) -> int:
    """Append the next entries to the tree and sign the new head, in one transaction.

    Every leaf hash is computed again from its row before it is signed for: a bit that flipped
    between writing and signing is found here and not in a court.

    Args:
        until: last position to take; all writers up to it have finished.
        earlier: keys that sign along while keys are changed over.

    Returns:
        number of entries appended.

    Raises:
        EntryAltered: a row does not hash to its own leaf hash.
        LogDamaged: the stored tree contradicts its last checkpoint.
    """
    position = repository.integrated_position(session)
    rows = repository.list_after(session, position=position, until=until, limit=CHUNK)
    leaves = []
    for row in rows:
        leaf = entries.leaf_hash(repository.to_entry(row))
        if leaf != bytes(row["leaf_hash"]):
            raise EntryAltered(f"Entry {row['entry_id']} was altered after it was written.")
        leaves.append((row["entry_id"], leaf))
    if leaves:
        store.append(session, journal=tables.journal, leaves=leaves)
        store.sign_checkpoint(
            session,
            journal=tables.journal,
            signer=signer,
            signed_at=now,
            earlier_signers=earlier,
        )
    return len(leaves)


def integrate_all(
    databases: Databases, signer: notes.Signer, earlier: Sequence[notes.Signer] = ()
) -> int:
    """Integrate everything that is committed now; returns how many entries."""
    with databases.writing("exchange", "integrator") as session:
        until = repository.wait_for_writers(session)
    total = 0
    while True:
        with databases.writing("exchange", "integrator") as session:
            now = datetime.now(UTC)  # noqa: TID251  the integrator is an edge: it signs for a moment
            count = integrate(session, signer, now, until=until, earlier=earlier)
        total += count
        if count < CHUNK:
            return total


def run(
    databases: Databases,
    signer: notes.Signer,
    stop: threading.Event,
    earlier: Sequence[notes.Signer] = (),
) -> None:
    """Integrate until told to stop; a damaged log stops the integrator and says so."""
    while not stop.is_set():
        try:
            _run_alone(databases, signer, stop, earlier)
        except journal_errors.LogDamaged:
            log.critical("the access log is damaged; nothing is signed any more")
            raise
        except (SQLAlchemyError, journal_errors.EntryAlreadyInLog) as error:
            log.warning("integration failed, will try again: %s", type(error).__name__)
            stop.wait(1.0)


def _run_alone(
    databases: Databases,
    signer: notes.Signer,
    stop: threading.Event,
    earlier: Sequence[notes.Signer],
) -> None:
    engine = databases.engine("exchange", "integrator")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
        guard.detach()  # closed in the end, never pooled: the lock goes with it
        repository.wait_to_integrate_alone(guard)
        while not stop.is_set():
            repository.require_alive(guard)  # whoever lost the lock's connection lost the lock
            integrate_all(databases, signer, earlier)
            stop.wait(INTERVAL_SECONDS)


def main() -> None:
    """Run the integrator of this site in the foreground."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    databases = open_databases("natdb-integrator", pool_size=3)
    settings = exchange_settings.load(databases.settings)
    secrets = keys.load(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    signer = secrets.log_signer(settings.log_name)
    run(databases, signer, stop, secrets.earlier_log_signers(settings.log_name))


if __name__ == "__main__":
    main()
