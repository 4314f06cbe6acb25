"""The rights in force, held in memory by each process and renewed the moment they change.

A revocation is announced by NOTIFY at its commit; a process that has lost its listening connection
cannot know what changed and answers nothing until it listens again and has read all rights anew.
"""

import dataclasses
import logging
import select as io
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from databases.sessions import Databases
from sharing_api import errors
from sharing_api.agreements import documents, repository
from sharing_api.agreements.life import signing
from sharing_api.agreements.life.repository import agencies, versions
from sharing_api.agreements.life.values import State
from sharing_api.agreements.values import Terms

log = logging.getLogger(__name__)
_RETRY_SECONDS = 0.5
_QUIET_SECONDS = 2.0


@dataclass(frozen=True)
class Rights:
    """One consistent reading of all rights.

    Args:
        clients: client id → agency code and public keys.
        agreements: agency → the agreements under which it may ask, as consumer or as delegate, in
            the order in which they are tried.
        protected: tags of protected subjects.
    """

    clients: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    agreements: Mapping[str, tuple[Terms, ...]] = field(default_factory=dict)
    protected: frozenset[bytes] = frozenset()


def read_rights(
    session: Session, vintages: documents.Vintages, known: dict[str, Terms] | None = None
) -> Rights:
    """Read the rights that hold now; one that is unsound does not act.

    An accepted version acts from its first day; the one before acts until then. So a day brings
    both about in every process at the same moment, without anybody doing anything.

    Args:
        known: terms of agreements that were found sound before, by hash; those found now are added.
            What a hash says never changes, nor what bound its parties then.
    """
    known = {} if known is None else known
    acting = repository.list_acting(session)
    learn(session, [one for one, *_ in acting if one not in known], vintages, known)
    return Rights(
        clients={row["client_id"]: dict(row) for row in repository.list_clients(session)},
        agreements=by_agency(acting, known),
        protected=repository.list_protected(session),
    )


def by_agency(
    acting: Sequence[tuple[str, str, str]], known: Mapping[str, Terms]
) -> dict[str, tuple[Terms, ...]]:
    """Give the agreements under which each agency may ask, with the ends that states bring.

    Args:
        acting: hash, name and state of agreements, in the order of trial.
        known: terms of those that are sound, by hash.
    """
    successors = {
        name: known[one].valid_from
        for one, name, state in acting
        if state == State.ACCEPTED and one in known
    }
    agreements: dict[str, list[Terms]] = {}
    for agreement_hash, name, state in acting:
        terms = known.get(agreement_hash)
        if terms is None:
            continue
        until = successors.get(name)
        if state == State.IN_FORCE and until and (not terms.valid_to or until < terms.valid_to):
            terms = dataclasses.replace(terms, valid_to=until)
        if state == State.EXPIRED:
            # It ended early or in time; from its first day on it says so, whatever its own end.
            terms = dataclasses.replace(terms, valid_to=terms.valid_from)
        for agency in dict.fromkeys((terms.consumer, *(one.agency for one in terms.delegates))):
            agreements.setdefault(agency, []).append(terms)
    return {agency: tuple(several) for agency, several in agreements.items()}


def learn(
    session: Session,
    hashes: list[str],
    vintages: documents.Vintages,
    known: dict[str, Terms],
) -> None:
    """Add the terms of agreements that are sound to those that are known."""
    if not hashes:
        return
    signatures = versions.list_signatures(session, hashes)
    keys = agencies.list_keys(session)
    delegations = agencies.list_delegations(session)
    for row in repository.list_agreements(session, hashes):
        agreement_hash, content = row["agreement_hash"], bytes(row["content"])
        given = signatures.get(agreement_hash, ())
        parties = (row["provider"], row["consumer"])
        if documents.content_hash(content) != agreement_hash or not signing.bind_both(
            content, parties, given, keys, delegations
        ):
            log.error("agreement %s is not sound and does not act", agreement_hash)
            continue
        try:
            known[agreement_hash] = documents.terms(content, in_force=True, vintages=vintages)
        except errors.AgreementUnsound:
            # One agreement must not cost the others their rights, nor this process its hearing.
            log.exception("agreement %s cannot be enforced and does not act", agreement_hash)


class RightsRegistry:
    """Keeps `Rights` current in one process by listening to the exchange's database."""

    def __init__(self, databases: Databases, vintages: documents.Vintages) -> None:
        self._databases = databases
        self._vintages = vintages
        self._rights: Rights | None = None
        self._known: dict[str, Terms] = {}
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
            self._rights = read_rights(session, self._vintages, self._known)
        self._ready.set()
