"""Opens the exchange for a command: its database, the clock, and who acts."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import typer

from command_line import in_house

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from databases.settings import Settings
    from sharing_api.agreements.life.values import Actor, Version


@dataclass(frozen=True)
class Opened:
    """One transaction of a command."""

    session: "Session"
    site: "Settings"
    now: datetime

    @property
    def today(self) -> date:
        """Today in Viet Nam."""
        from databases import periods

        return periods.day_in_vietnam(self.now)

    def actor(self, agency: str) -> "Actor":
        """Name who acts: the operator, for an agency."""
        from sharing_api.agreements.life.values import Actor

        return Actor(agency, "operator", getpass.getuser())

    def find(self, wanted: str) -> "Version":
        """Find a version by its hash or by the beginning of it.

        Raises:
            AgreementUnknown: none begins so.
        """
        from sharing_api.agreements.life import service
        from sharing_api.agreements.life.repository import versions

        found = versions.list_hashes(self.session, wanted)
        if len(found) > 1:
            raise typer.BadParameter(f"several begin with {wanted}: {', '.join(found)}")
        return service.get(self.session, found[0] if found else wanted)


@contextmanager
def exchange() -> Iterator[Opened]:
    """Open a transaction on the exchange's database; it commits when the block ends well."""
    from databases.sessions import open_databases

    databases = open_databases("natdb agreements")
    try:
        with databases.writing("exchange") as session:
            yield Opened(session, databases.settings, in_house.now())
    finally:
        databases.dispose()
