"""Engines and sessions: one engine per database and role, made once per process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import PoolProxiedConnection

from databases import settings as settings_module
from databases.settings import Role, Settings


@dataclass
class Databases:
    """The engines of one process.

    Reading sessions are autocommit: a single statement is its own snapshot and no BEGIN travels.

    Args:
        pool_size: connections per database and role.
        ping: ask each connection whether it still lives before it is used. One round trip each
            time: the corridor does without and asks again when a connection turns out dead.
    """

    settings: Settings
    application_name: str = "natdb"
    pool_size: int = 4
    ping: bool = True
    _engines: dict[tuple[str, Role], Engine] = field(default_factory=dict)

    def engine(self, database: str, role: Role = "service") -> Engine:
        """Give the engine of a database for a role.

        Raises:
            MissingSetting: no URL is set for it.
        """
        key = (database, role)
        if key not in self._engines:
            self._engines[key] = create_engine(
                self.settings.url(database, role),
                pool_size=self.pool_size,
                max_overflow=0,
                pool_pre_ping=self.ping,
                json_deserializer=orjson.loads,  # lists of an answer come as JSON
                isolation_level="AUTOCOMMIT" if role == "reader" else "READ COMMITTED",
                pool_reset_on_return=None if role == "reader" else "rollback",
                connect_args={
                    "application_name": self.application_name,
                    "options": "-c timezone=UTC -c datestyle=ISO",
                    "connect_timeout": 5,
                    # A peer that has vanished without a word is found out, not waited for.
                    "tcp_user_timeout": 10_000,
                },
            )
        return self._engines[key]

    @contextmanager
    def writing(self, database: str, role: Role = "service") -> Iterator[Session]:
        """Open a transaction that commits when the block ends without an error."""
        with Session(self.engine(database, role)) as session, session.begin():
            yield session

    @contextmanager
    def reading(self, database: str) -> Iterator[Session]:
        """Open a session of the reading role, on the replica if there is one."""
        with Session(self.engine(database, "reader")) as session:
            yield session

    @contextmanager
    def committing(self, database: str) -> Iterator[PoolProxiedConnection]:
        """Borrow a driver's connection on which each statement is a transaction of its own.

        For the statement that stands in the way of every answer: no BEGIN, no COMMIT travels.
        """
        connection = self.engine(database).raw_connection()
        driver: Any = connection.dbapi_connection
        try:
            driver.autocommit = True
            yield connection
            driver.autocommit = False
        except BaseException:
            # Whatever state it is in, nobody should inherit it.
            connection.invalidate()
            raise
        finally:
            connection.close()

    def dispose(self) -> None:
        """Close all connections."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()


def open_databases(application_name: str, *, pool_size: int = 4) -> Databases:
    """Open the databases that the settings of this machine name."""
    return Databases(settings_module.load(), application_name, pool_size)
