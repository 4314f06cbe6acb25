"""The private PostgreSQL of a fresh machine: found or brought, made, started, stopped.

It listens on a socket, and on 127.0.0.1 while nobody else has its port; it never runs as root and
keeps everything in the home folder. A site with servers of its own does not need it: see
`sites`.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from databases import settings as settings_module
from databases.local_cluster import clusters, homes, reports, settings_file, sources

_TEST_FOLDER = "test"
_TEST_SHARED_MB = 128


def start_cluster(home: Path, report: reports.Reporter | None = None) -> clusters.Cluster:
    """Start the private cluster of a home folder, bringing and making all that is missing.

    When it returns, every database and role is there and `settings.env` holds their URLs.

    Raises:
        LocalClusterError: one of its kinds; the message says what to do.
    """
    told: reports.Reporter = report or reports.Silent()
    opened = homes.open_home(home)
    choice = os.environ.get(sources.CHOICE, "auto")
    cluster = clusters.ensure_running(opened, lambda: sources.bring(opened, told, choice), told)
    return settings_file.prepare_databases(cluster)


def stop_cluster(home: Path) -> bool:
    """Stop the private cluster of a home folder.

    Returns:
        False when it did not run.
    """
    return homes.is_ours(home) and clusters.stop(homes.open_home(home))


def start_test_cluster(home: Path, report: reports.Reporter | None = None) -> str:
    """Start the throw-away cluster of the tests, which lies beside the real one.

    Args:
        home: the home folder of this checkout.
        report: with one, a missing PostgreSQL is brought; without, the call is refused then, since
            a test run should not install anything.

    Returns:
        The URL of its superuser. The tests make and drop databases and roles by themselves.

    Raises:
        PostgresNotFound: no PostgreSQL is on the machine and `report` is None.
    """
    opened = homes.open_home(home)
    inner = homes.open_home(home / _TEST_FOLDER)
    choice = os.environ.get(sources.CHOICE, "auto")
    cluster = clusters.ensure_running(
        inner,
        lambda: sources.bring(opened, report, choice) if report else sources.find_for_tests(opened),
        report or reports.Silent(),
        shared_mb=_TEST_SHARED_MB,
    )
    return cluster.superuser_url().render_as_string(hide_password=False)


def stop_test_cluster(home: Path) -> None:
    """Stop the throw-away cluster of the tests and remove its data."""
    folder = home / _TEST_FOLDER
    if not homes.is_ours(folder):
        return
    inner = homes.open_home(folder)
    clusters.stop(inner)
    if inner.place != inner.path:
        shutil.rmtree(inner.place)
    shutil.rmtree(folder)


def remove_data(home: Path) -> None:
    """Stop the private cluster and remove everything of it but programs that were unpacked.

    Raises:
        ForeignHome: the folder is not ours; nothing is removed.
    """
    opened = homes.open_home(home)
    clusters.stop(opened)
    kept = {opened.unpacked, opened.path / homes.MARKER, opened.path / _TEST_FOLDER}
    for folder in dict.fromkeys((opened.path, opened.place)):
        for entry in folder.iterdir():
            if entry in kept:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def load_settings(home: Path, environ: Mapping[str, str] | None = None) -> settings_module.Settings:
    """Read the settings of a home folder with the environment over them."""
    return settings_module.load(home, environ)
