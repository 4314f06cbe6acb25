"""Which databases there are and where each role connects; the only place that reads them.

A site sets one environment variable per database and role; a fresh machine has them written to
`settings.env` in the home folder by `databases.local_cluster`. The environment wins.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import URL, make_url

from databases import errors

Role = Literal["owner", "service", "reader", "integrator"]

REGISTERS = (
    "population",
    "enterprise",
    "land",
    "insurance",
    "finance",
    "population_statistics",
)
EXCHANGE = "exchange"
DATABASES = (*REGISTERS, EXCHANGE)
NEEDS_POSTGIS = frozenset({"land"})
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent", "pgcrypto")
SETTINGS_FILE = "settings.env"
DRIVER = "postgresql+psycopg2"

_SUFFIX: Mapping[Role, str] = {
    "owner": "_OWNER_URL",
    "service": "_URL",
    "reader": "_READER_URL",
    "integrator": "_INTEGRATOR_URL",
}


class MissingSetting(errors.Unavailable):
    """A database has no URL for the role that is asked for."""

    code = "settings.missing"


def variable(database: str, role: Role) -> str:
    """Name the environment variable that holds the URL of a database for a role.

    >>> variable("population", "reader")
    'NATDB_POPULATION_READER_URL'
    """
    return f"NATDB_{database.upper()}{_SUFFIX[role]}"


@dataclass(frozen=True)
class Settings:
    """Where things are.

    Args:
        home: folder of the private cluster, keys, logs; `.natdb` on a fresh machine.
        values: variable → value, file and environment merged.
    """

    home: Path
    values: Mapping[str, str]

    def url(self, database: str, role: Role) -> URL:
        """Give the URL for a role, always with the psycopg2 driver.

        The reader falls back to the service role, so that a site may set one URL only; a reader URL
        may point to a streaming replica.

        Raises:
            MissingSetting: the variable is not set.
        """
        wanted: tuple[Role, ...] = (role, "service") if role == "reader" else (role,)
        for candidate in wanted:
            text = self.values.get(variable(database, candidate))
            if text:
                # SQLAlchemy 2.1 reads a bare postgresql:// as psycopg 3.
                return make_url(text).set(drivername=DRIVER)
        name = variable(database, role)
        raise MissingSetting(f"Set {name}, or run ./natdb up to start the local cluster.")

    @property
    def keys(self) -> Path:
        """Folder of private keys; readable by its owner only."""
        return self.home / "keys"


def default_home(environ: Mapping[str, str] | None = None) -> Path:
    """Find the home folder: `$NATDB_HOME`, else `.natdb` beside the packages."""
    environ = os.environ if environ is None else environ
    here = environ.get("NATDB_HOME")
    return Path(here) if here else Path(__file__).resolve().parent.parent / ".natdb"


def load(home: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read `settings.env` of the home folder and lay the environment over it."""
    environ = os.environ if environ is None else environ
    home = home or default_home(environ)
    values: dict[str, str] = {}
    path = home / SETTINGS_FILE
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, separator, value = line.partition("=")
            if separator and not name.startswith("#"):
                values[name.strip()] = value.strip()
    values.update({k: v for k, v in environ.items() if k.startswith("NATDB_")})
    return Settings(home=home, values=values)
