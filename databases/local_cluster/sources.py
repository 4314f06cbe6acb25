"""Where PostgreSQL comes from on this machine, in a fixed order, told to the person."""

import os

from databases import settings
from databases.local_cluster import binaries, errors, homes, packages, reports

CHOICE = "NATDB_POSTGRES"
_CHOICES = ("auto", "system", "apt", "unpack")


def bring(
    home: homes.Home, report: reports.Reporter, choice: str = "auto"
) -> binaries.Installation:
    """Find a PostgreSQL with its extensions, or bring one.

    The order: the system's own; unpacked earlier; the system's packages if root; the same packages
    unpacked under the home folder.

    Args:
        home: where an unpacked one lies.
        report: is told which one was taken, and asked before the system is changed.
        choice: `auto`, or one of `system`, `apt`, `unpack` to take that one only.

    Raises:
        PostgresNotFound: there is none and none can be brought.
        InstallFailed: bringing it failed, or the person said no.
    """
    if choice not in _CHOICES:
        raise errors.PostgresNotFound(f"{CHOICE} is {choice}; it may be {', '.join(_CHOICES)}.")
    if choice == "unpack":
        return _unpacked(home, report)
    found = find(home)
    if found is not None and not found.missing:
        return _taken(found, report)
    if choice == "system" or not packages.is_debian():
        raise _instructions(found)
    if choice == "apt" or os.geteuid() == 0:
        return _installed(home, binaries.find_system(), report)
    return _unpacked(home, report)


def find(home: homes.Home) -> binaries.Installation | None:
    """Find a PostgreSQL that is on this machine already: the system's, or an unpacked one."""
    system = binaries.find_system()
    if system is not None and not system.missing:
        return system
    return binaries.best([system, binaries.find_unpacked(home.unpacked / "root")])


def find_for_tests(home: homes.Home) -> binaries.Installation:
    """Find a PostgreSQL without bringing anything.

    Raises:
        PostgresNotFound: there is none with the extensions that the registers need.
    """
    found = find(home)
    if found is None or found.missing:
        raise errors.PostgresNotFound(
            "No PostgreSQL 15 or newer with its contrib extensions and PostGIS is on this machine. "
            "./natdb test finds or brings one."
        )
    return found


def _taken(found: binaries.Installation, report: reports.Reporter) -> binaries.Installation:
    report.say(f"Taking PostgreSQL {found.major} with PostGIS from {found.folder}")
    return found


def _unpacked(home: homes.Home, report: reports.Reporter) -> binaries.Installation:
    if not packages.is_debian():
        raise _instructions(None)
    return _taken(packages.unpack(home, report), report)


def _installed(
    home: homes.Home, found: binaries.Installation | None, report: reports.Reporter
) -> binaries.Installation:
    packages.install(home, found, report)
    now = binaries.find_system()
    if now is None or now.missing:
        raise errors.InstallFailed("The packages were installed, but PostgreSQL is not complete.")
    return _taken(now, report)


def _instructions(found: binaries.Installation | None) -> errors.PostgresNotFound:
    lacking = (
        f"PostgreSQL {found.major} in {found.folder} lacks {', '.join(found.missing)}"
        if found
        else "No PostgreSQL 15 or newer was found"
    )
    return errors.PostgresNotFound(
        f"{lacking}, and it cannot be brought here by itself. Do one of these and run the command "
        "again:\n"
        "  Debian, Ubuntu:  apt-get install postgresql postgresql-contrib postgis "
        "postgresql-postgis\n"
        "  Fedora:          dnf install postgresql-server postgresql-contrib postgis\n"
        "  macOS:           brew install postgresql@17 postgis\n"
        "  your own server: set NATDB_<DATABASE>_OWNER_URL and NATDB_<DATABASE>_URL for "
        f"{', '.join(settings.DATABASES)} (a container of postgis/postgis will do)"
    )
