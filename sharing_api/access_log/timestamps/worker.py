"""Asks the authorities of a site in turn; a thread of the committer's process."""

import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from databases.sessions import Databases
from sharing_api.access_log.timestamps import service

log = logging.getLogger(__name__)
_RETRY_SECONDS = 60.0


def run(
    databases: Databases, authorities: Sequence[str], every: timedelta, stop: threading.Event
) -> None:
    """Have checkpoints stamped until told to stop; an authority that is down is asked again."""
    while authorities and not stop.is_set():
        for authority in authorities:
            try:
                with databases.writing("exchange", "integrator") as session:
                    now = datetime.now(UTC)  # noqa: TID251  an edge: it asks when it is time
                    service.stamp(session, authority, now, every=every)
            except (service.AuthorityUnavailable, SQLAlchemyError) as error:
                log.warning("no timestamp, will try again: %s", type(error).__name__)
        stop.wait(min(_RETRY_SECONDS, every.total_seconds()))
