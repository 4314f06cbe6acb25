"""The clock of reviews: every process of the API looks who is late, whoever comes first acts."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from databases.errors import RegisterError
from databases.sessions import Databases
from sharing_api.emergencies import service

log = logging.getLogger(__name__)
SECONDS = 30.0


class ReviewClock:
    """Suspends agreements for emergencies whose review is missed.

    Args:
        databases: of the process.
        clock: gives the moment.
        seconds: between two looks.
    """

    def __init__(
        self, databases: Databases, clock: Callable[[], datetime], seconds: float = SECONDS
    ) -> None:
        self._databases = databases
        self._clock = clock
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reviews", daemon=True)

    def start(self) -> None:
        """Start looking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stop.set()
        self._thread.join(timeout=3)

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            try:
                with self._databases.writing("exchange") as session:
                    missed = service.suspend_missed(session, at=self._clock())
            except (SQLAlchemyError, RegisterError) as error:
                log.warning("reviews cannot be looked at: %s", type(error).__name__)
                continue
            for one in missed:
                log.error("the review of emergency %s was missed", one.answer_id)
