"""Keeps the search indexes of record matching current, a moment behind the registers.

Run as `python -m sharing_api.indexer`. Once a second it asks each register for the number of its
last change; only what changed is then read through the corridor, and leaves an entry in the log.
"""

import getpass
import logging
import signal
import threading
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from databases import periods
from databases import settings as settings_module
from databases.errors import RegisterError
from sharing_api import app, bootstrap
from sharing_api.disclosure.in_house import Desk, Errand
from sharing_api.matching.index import sources
from sharing_api.matching.index.filling import Filler
from sharing_api.matching.index.keeping import Keeper
from sharing_api.matching.model import read_model

log = logging.getLogger(__name__)
CLIENT, PURPOSE = "matching", "registers.linkage"
INTERVAL_SECONDS = 1.0
_AFTER_FAILURE_SECONDS = 10.0


def run(filler: Filler, stop: threading.Event) -> None:
    """Keep all indexes current until told to stop; what fails is tried again."""
    failed: dict[str, str] = {}
    while not stop.is_set():
        wait = INTERVAL_SECONDS
        for dataset in sources.MATCHED:
            try:
                on = periods.day_in_vietnam(_now())
                if filler.is_behind(dataset, on):
                    filler.update(dataset, on, lambda *_: None)
                failed.pop(dataset, None)
            except (RegisterError, SQLAlchemyError) as error:
                wait = _AFTER_FAILURE_SECONDS
                reason = type(error).__name__
                if failed.get(dataset) != reason:  # once, and not each time
                    log.warning("the index of %s is not kept current: %s", dataset, reason)
                failed[dataset] = reason
        stop.wait(wait)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the edge: records are indexed as of today


def main() -> None:
    """Run the indexer of this site in the foreground."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with app.open_corridor(settings_module.load()) as corridor:
        basis = bootstrap.usual_legal_basis(CLIENT)
        errand = Errand(CLIENT, getpass.getuser(), PURPOSE, basis, "index")
        keeper = Keeper(corridor.subject_key)
        desk = Desk(corridor, _now)
        run(Filler(desk, corridor.databases, keeper, errand, read_model()), stop)


if __name__ == "__main__":
    main()
