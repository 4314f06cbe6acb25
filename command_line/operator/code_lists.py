"""Brings the code lists of the registers to those of this version of the suite."""

from collections.abc import Iterable

from databases import sessions
from databases import settings as settings_module
from databases.code_lists import reading, repository
from databases.loading import installed
from databases.local_cluster import reports
from databases.settings import Settings


def install(
    settings: Settings, databases: Iterable[str], report: reports.Reporter | None = None
) -> tuple[str, ...]:
    """Install the code lists in the registers that do not have them as they are here.

    Each register is one transaction. What a steward loaded stays.

    Args:
        settings: where the databases are.
        databases: at the newest revision; those that are no registers are passed over.
        report: is told what is done.

    Returns:
        the registers that were written to; none where everything was up to date.
    """
    chosen = [name for name in databases if name in settings_module.REGISTERS]
    if not chosen:
        return ()
    told = report or reports.Silent()
    catalogue = reading.load_catalogue()
    described = repository.describe(catalogue)
    opened = sessions.Databases(settings, "natdb migrate")
    written = []
    try:
        for name in chosen:
            tables = installed.code_tables(name)
            with opened.writing(name) as session:
                if repository.is_installed(session, described, code_tables=tables):
                    continue
                with told.step(f"Installing the code lists of {name}"):
                    done = repository.install(session, catalogue, code_tables=tables)
            if done.has_written:
                written.append(name)
    finally:
        opened.dispose()
    return tuple(written)
