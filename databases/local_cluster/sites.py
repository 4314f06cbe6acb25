"""Servers that a site brings itself: which are named, and whether they have what is needed."""

from collections.abc import Mapping

import psycopg2

from databases import settings
from databases.local_cluster import binaries, errors, repository


def is_site(environ: Mapping[str, str]) -> bool:
    """Test whether the environment names the site's own servers.

    Raises:
        SiteNotReady: it names some databases and not others.
    """
    wanted = [
        settings.variable(database, role)
        for database in settings.DATABASES
        for role in repository.roles_of(database)
        if role != "reader"  # falls back to the service role
    ]
    named = [name for name in wanted if environ.get(name)]
    if named and len(named) < len(wanted):
        lacking = ", ".join(name for name in wanted if name not in named)
        raise errors.SiteNotReady(
            f"{named[0]} is set but not {lacking}. Set them all to use your own servers, or none "
            "to let ./natdb make a private one."
        )
    return bool(named)


def check_site(site: settings.Settings) -> dict[str, int]:
    """Check every database of a site.

    Returns:
        Database → major version of its server.

    Raises:
        SiteNotReady: a server cannot be reached, is too old, or lacks an extension; every lack
            of every database is named, with the statement that heals it.
    """
    versions: dict[str, int] = {}
    problems: list[str] = []
    for database in settings.DATABASES:
        try:
            with repository.connect(site.url(database, "owner")) as cursor:
                versions[database] = repository.server_version(cursor) // 10000
                present = repository.list_extensions(cursor)
        except psycopg2.OperationalError as error:
            problems.append(f"{database}: cannot connect ({str(error).strip()})")
            continue
        if versions[database] < binaries.OLDEST_MAJOR:
            problems.append(
                f"{database}: PostgreSQL {versions[database]} is too old; "
                f"{binaries.OLDEST_MAJOR} or newer is needed"
            )
        missing = [name for name in needed_extensions(database) if name not in present]
        problems += [f"{database}: run as superuser: CREATE EXTENSION {name};" for name in missing]
    if problems:
        raise errors.SiteNotReady("Your servers are not ready:\n  " + "\n  ".join(problems))
    return versions


def needed_extensions(database: str) -> tuple[str, ...]:
    """Name the extensions that a database needs."""
    land = ("postgis",) if database in settings.NEEDS_POSTGIS else ()
    return (*settings.EXTENSIONS, *land)
