"""Writes the URLs of the private cluster to the settings file of the home folder."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import make_url

from databases import settings
from databases.local_cluster import clusters, homes, repository, sites

_HEADER = "# Written by ./natdb for its private cluster; variables of the environment win over it."


def prepare_databases(cluster: clusters.Cluster) -> clusters.Cluster:
    """Make roles, databases, extensions and schemas, and write their URLs.

    Doing it again changes nothing: passwords stay, and nothing is asked of the server while the
    settings file and the cluster's own record agree.
    """
    path = cluster.home.path / settings.SETTINGS_FILE
    present = settings.load(cluster.home.path, {}).values
    urls = wanted_urls(cluster, present)
    done = cluster.state.prepared == settings.DATABASES
    if done and all(present.get(name) == url for name, url in urls.items()):
        return cluster
    if not done or not urls.keys() <= present.keys():
        _create(cluster, urls)
    write(path, {**present, **urls})
    state = replace(cluster.state, prepared=settings.DATABASES)
    clusters.write_state(cluster.home, state)
    return replace(cluster, state=state)


def wanted_urls(cluster: clusters.Cluster, present: Mapping[str, str]) -> dict[str, str]:
    """Give variable → URL for every role, with the passwords that are known and new ones else."""
    urls = {}
    for database in settings.DATABASES:
        for role in repository.roles_of(database):
            name = settings.variable(database, role)
            known = make_url(present[name]).password if name in present else None
            password = known or secrets.token_urlsafe(24)
            url = cluster.url(database, repository.role_name(database, role), password)
            urls[name] = url.render_as_string(hide_password=False)
    return urls


def write(path: Path, values: Mapping[str, str]) -> None:
    """Write the variables, readable by their owner only."""
    lines = [_HEADER, *(f"{name}={value}" for name, value in sorted(values.items()))]
    homes.write_private(path, "\n".join(lines) + "\n")


def _create(cluster: clusters.Cluster, urls: Mapping[str, str]) -> None:
    with repository.connect(cluster.superuser_url()) as cursor:
        for database in settings.DATABASES:
            for role in repository.roles_of(database):
                password = make_url(urls[settings.variable(database, role)]).password or ""
                repository.set_role(cursor, repository.role_name(database, role), password)
            repository.create_database(cursor, database)
    for database in settings.DATABASES:
        with repository.connect(cluster.superuser_url(database)) as cursor:
            repository.create_extensions(cursor, sites.needed_extensions(database))
            if database in settings.NEEDS_POSTGIS:
                repository.grant_reference_systems(cursor, database)
            repository.create_schema(cursor, database)
