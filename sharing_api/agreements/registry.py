"""The rights in force, held in memory by each process and renewed the moment they change.

A revocation is announced by NOTIFY at its commit; a process that has lost its listening connection
cannot know what changed and answers nothing until it listens again and has read all rights anew.
"""

import logging
import select as io
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from databases.sessions import Databases
from sharing_api import errors
from sharing_api.agreements import documents, repository
from sharing_api.agreements.values import Terms

log = logging.getLogger(__name__)
_RETRY_SECONDS = 0.5
_QUIET_SECONDS = 2.0


@dataclass(frozen=True)
class Rights:
    """One consistent reading of all rights.

    Args:
        clients: client id → agency code and public keys.
        agreements: consumer → its agreements in the order in which they are tried.
    """

    clients: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    agreements: Mapping[str, tuple[Terms, ...]] = field(default_factory=dict)


def read_rights(session: Session, vintages: documents.Vintages) -> Rights:
    """Read the rights that hold now; one that is unsound does not act."""
    keys = {row["agency_code"]: row["jwks"] for row in repository.list_agencies(session)}
    agreements: dict[str, list[Terms]] = {}
    for row in repository.list_agreements(session):
        content = bytes(row["content"])
        parties = (row["provider"], row["consumer"])
        if not is_sound(content, row["agreement_hash"], row["signatures"], parties, keys):
            log.error("agreement %s is not sound and does not act", row["agreement_hash"])
            continue
        try:
            terms = documents.terms(content, in_force=True, vintages=vintages)
        except errors.AgreementUnsound:
            # One agreement must not cost the others their rights, nor this process its hearing.
            log.exception("agreement %s cannot be enforced and does not act", row["agreement_hash"])
            continue
        agreements.setdefault(terms.consumer, []).append(terms)
    return Rights(
        clients={row["client_id"]: dict(row) for row in repository.list_clients(session)},
        agreements={consumer: tuple(several) for consumer, several in agreements.items()},
    )


def is_sound(
    content: bytes,
    agreement_hash: str,
    signatures: Mapping[str, str],
    parties: tuple[str, str],
    keys: Mapping[str, Mapping[str, Any]],
) -> bool:
    """Test that content, hash and the signatures of both parties belong together."""
    return documents.content_hash(content) == agreement_hash and all(
        party in signatures
        and party in keys
        and documents.is_signed_by(content, signatures[party], keys[party])
        for party in parties
    )


class RightsRegistry:
    """Keeps `Rights` current in one process by listening to the exchange's database."""

    def __init__(self, databases: Databases, vintages: documents.Vintages) -> None:
        self._databases = databases
        self._vintages = vintages
        self._rights: Rights | None = None
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rights", daemon=True)

    def start(self) -> None:
        """Read the rights once and listen from now on."""
        self._thread.start()
        self._ready.wait(timeout=10)

    def stop(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join(timeout=3)

    @property
    def rights(self) -> Rights:
        """The rights that hold now.

        Raises:
            RegisterUnavailable: they cannot be known while the database is out of reach.
        """
        if self._rights is None:
            raise errors.RegisterUnavailable("The agreements in force cannot be read now.")
        return self._rights

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001  polling raises the driver's own errors too
                # Rights that cannot be renewed are not used, and this thread lives to renew them.
                self._rights = None
                log.warning("rights cannot be read: %s", type(error).__name__)
                self._stop.wait(_RETRY_SECONDS)

    def _listen(self) -> None:
        # The service's database, never a replica: a replica hears nothing and may lag behind.
        engine = self._databases.engine("exchange", "service")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # Through the engine, not the driver: it throws a dead connection out of its pool.
            connection.exec_driver_sql(f"LISTEN {repository.CHANNEL}")
            raw: Any = connection.connection.dbapi_connection
            self._renew()  # after LISTEN: what changes from here on is heard
            while not self._stop.is_set():
                if not io.select([raw], [], [], _QUIET_SECONDS)[0]:
                    connection.exec_driver_sql("SELECT 1")  # is anybody still there?
                raw.poll()
                if raw.closed:
                    raise OSError("listening connection lost")
                if raw.notifies:
                    raw.notifies.clear()
                    self._renew()

    def _renew(self) -> None:
        with self._databases.writing("exchange") as session:
            self._rights = read_rights(session, self._vintages)
        self._ready.set()
