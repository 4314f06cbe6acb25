"""Commits the chains of all subjects, every few seconds, beside the integrator.

A process of its own, so that it never delays a checkpoint: a report is complete up to a few
seconds ago, a receipt is proved within one. Where the site has authorities that stamp checkpoints,
they are asked beside it, by a thread of their own. Run as
`python -m sharing_api.access_log.subjects.committer`; of two, one waits for the other.
"""

import logging
import signal
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from databases.journal import errors as journal_errors
from databases.journal import notes
from databases.sessions import Databases, open_databases
from sharing_api import keys
from sharing_api import settings as exchange_settings
from sharing_api.access_log.subjects import committing
from sharing_api.access_log.timestamps import worker

log = logging.getLogger(__name__)
INTERVAL_SECONDS = 10.0
CATCHING_UP_SECONDS = 0.5


def extend_once(
    databases: Databases, log_keys: Sequence[notes.KeyPeriod], *, most: int = committing.CHUNK
) -> int:
    """Commit what is new, at most a chunk of it; returns how many leaves."""
    with databases.writing("exchange", "integrator") as session:
        now = datetime.now(UTC)  # noqa: TID251  the committer is an edge: it commits for a moment
        return committing.put_into_log(session, log_keys, now, most=most)


def run(databases: Databases, log_keys: Sequence[notes.KeyPeriod], stop: threading.Event) -> None:
    """Commit until told to stop; a damaged log stops the committer and says so."""
    while not stop.is_set():
        count = 0
        try:
            count = extend_once(databases, log_keys)
        except journal_errors.LogDamaged:
            log.critical("the access log is damaged; nothing is committed any more")
            raise
        except SQLAlchemyError as error:
            log.warning("commitment failed, will try again: %s", type(error).__name__)
        # A whole chunk: there is more, once the integrator has taken up the commitment.
        behind = count >= committing.CHUNK // 2
        stop.wait(CATCHING_UP_SECONDS if behind else INTERVAL_SECONDS)


def main() -> None:
    """Run the committer of this site in the foreground."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    databases = open_databases("natdb-committer", pool_size=2)
    settings = exchange_settings.load(databases.settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stamping = threading.Thread(
        target=worker.run,
        args=(databases, settings.timestamp_authorities, settings.timestamp_every, stop),
        daemon=True,
    )
    stamping.start()
    run(databases, keys.load(settings).log_keys(settings.log_name), stop)


if __name__ == "__main__":
    main()
